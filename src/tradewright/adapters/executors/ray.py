"""Ray: actors on this machine, or on a cluster that the program or `RAY_ADDRESS` has joined it to.

Where Ray is not running it is started for this machine alone: without dashboard, reports of usage, or a word on the
terminal; and stopped again when the last crew is gone. What others started is left as it is.
"""

from __future__ import annotations

import logging
import os
import secrets
import sys
import threading
import warnings
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import MissingExtraError, ResourceError
from tradewright.ports.executor import Outcome, Work

from .crew import ThreadedCrew, gone
from .tasks import carried_out, made, refusal, require_start, said, worker_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

__all__ = ["RayExecutor"]

_ADDRESS = "RAY_ADDRESS"
_STORE_AT_LEAST = 100 * 2**20
_START_S = 60.0
"""How long an actor may take to stand ready: a cluster may have to make room for it."""

_SURROUNDINGS = {
    "RAY_USAGE_STATS_ENABLED": "0",
    # Else Ray puts a `print` of its own in the place of Python's, and leaves it there.
    "RAY_TQDM_PATCH_PRINT": "0",
    # Else Ray would fetch what an environment of `uv run` names, for every worker again.
    "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    # Read when Ray is imported: that a worker died is an outcome, and nothing to be printed among results.
    "RAY_DEDUP_LOGS_SKIP_REGEX": "A worker died or was killed",
}
_ALONE = {
    # Sets of text have the same order in every worker: an outcome must not depend on who carried out the task.
    "PYTHONHASHSEED": "0",
    # Nobody else shall use what listens for this program alone; and no token is written into the user's home.
    "RAY_AUTH_MODE": "token",
    "RAY_AUTH_TOKEN": secrets.token_hex(32),
}
_ALONE_HINT = "Use threads or processes."
_JOIN_HINT = "Look whether it runs there; where it asks for a token, set RAY_AUTH_MODE=token and RAY_AUTH_TOKEN."
_NOT_TO_STAY = ("PYTHONBREAKPOINT", "PYTHONHASHSEED")
"""What concerns more than Ray, and is put back as soon as Ray runs."""


class RayExecutor:
    """See `tradewright.ports.executor.Executor`.

    Parameters
    ----------
    workers : int, optional
        By default one for each processor that this process may use, or that the cluster has which the program or
        `RAY_ADDRESS` has joined it to.

    Raises
    ------
    MissingExtraError
        When Ray is not installed.
    ResourceError
        When the cluster of `RAY_ADDRESS` cannot be joined.
    """

    name = "ray"
    shares_memory = False

    def __init__(self, workers: int | None = None) -> None:
        if find_spec("ray") is None:
            raise MissingExtraError(
                "The executor 'ray' needs Ray.", hint="Install it with: pip install 'tradewright[cluster]'"
            )
        self.workers = worker_count(workers if workers is not None else _processors_there())

    @contextmanager
    def open(self, work: Work) -> Iterator[ThreadedCrew]:
        """A crew; each actor starts when there is a task for it."""
        size = sum(array.nbytes for array in work.arrays.values())
        with _running(self.workers, size) as is_own:
            # Actors that count no processor are never kept waiting; on a cluster they must find their places.
            hiring = _hiring(work, 0 if is_own else 1)
            with ThreadedCrew(lambda: _Worker(hiring), self.workers).held() as crew:
                yield crew


@dataclass(frozen=True)
class _Hiring:
    """What every actor is made with."""

    introduction: tuple[list[str], Mapping[str, Any], bytes]
    arrays: Mapping[str, Any]
    """References to arrays in the object store."""
    processors: int


class _Actor:
    """A worker, in a process of Ray's."""

    def __init__(self, introduction: tuple[list[str], Mapping[str, Any], bytes], arrays: Mapping[str, Any]) -> None:
        self._introduction = introduction
        self._arrays = arrays
        self._function: Callable[[Any], Any] | None = None

    def start(self) -> Any:
        """Make the function; what is given back is why it cannot be made."""
        try:
            self._function = self._made()
        except Exception as error:  # noqa: BLE001 - the border of the process: the other side says it
            return refusal(error)
        return None

    def carry(self, index: int, task: Any) -> Outcome:
        """Carry out one task."""
        if self._function is None:
            raise gone()
        return carried_out(self._function, index, task)

    def _made(self) -> Callable[[Any], Any]:
        import numpy as np
        import ray
        from ray import cloudpickle

        path, errors, content = self._introduction
        sys.path += [each for each in path if each not in sys.path]
        np.seterr(**errors)
        found: list[NDArray[Any]] = ray.get(list(self._arrays.values()))
        make, given = cloudpickle.loads(content)
        return made(Work(make, given, dict(zip(self._arrays, found, strict=True))))


class _Worker:
    """One actor after another: one that dies is replaced."""

    def __init__(self, hiring: _Hiring) -> None:
        self._hiring = hiring
        self._lock = threading.Lock()
        self._actor: Any = None
        self._abandoned = False

    def carry(self, index: int, task: Any) -> Outcome:
        """Carry out one task, a second time where the actor died of the first."""
        from ray.exceptions import RayError, RayTaskError

        how = ""
        for _ in range(2):
            actor = self._actor or self._started()
            try:
                answer = actor.carry.remote(index, task)
            except Exception as error:  # noqa: BLE001 - what the user's objects raise when they are pickled
                return Outcome(index, None, f"The task cannot travel between processes: {said(error)}.")
            try:
                outcome: Outcome = _got(answer)
                return outcome
            except RayTaskError as error:
                return Outcome(index, None, f"What the task gave cannot travel between processes: {_told(error)}.")
            except RayError as error:
                how = _told(error)
                self._bury()
        return Outcome(index, None, f"Two worker processes died of the task, the second thus: {how}.")

    def end(self) -> None:
        """Let the actor go."""
        with self._lock:
            self._kill()

    def abandon(self) -> None:
        """Kill the actor, whatever it does."""
        with self._lock:
            self._abandoned = True
            self._kill()

    def _started(self) -> Any:
        import ray
        from ray.exceptions import GetTimeoutError, RayError

        with self._lock:
            if self._abandoned:
                raise gone()
            hired: Any = ray.remote(num_cpus=self._hiring.processors, max_restarts=0)(_Actor)
            actor = self._actor = hired.remote(self._hiring.introduction, self._hiring.arrays)
        try:
            require_start(_got(actor.start.remote(), _START_S))
        except GetTimeoutError as error:
            raise ResourceError(
                f"A Ray worker did not start within {_START_S:.0f} seconds.", hint="Ask for fewer workers."
            ) from error
        except RayError as error:
            self._bury()
            raise ResourceError(f"A Ray worker cannot start: {_told(error)}.") from error
        return actor

    def _bury(self) -> None:
        with self._lock:
            self._kill()
        if self._abandoned:
            raise gone()

    def _kill(self) -> None:
        if self._actor is not None:
            import ray

            # The border of a process that is given up: Ray knows no error of its own for one that is gone already.
            with suppress(Exception):
                ray.kill(self._actor)
            self._actor = None


class _OwnRay:
    """Ray as crews of this program started it or joined it: how many of them need it, and whether for themselves."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.crews = 0
        self.is_alone = False
        self.before: dict[str, str] = {}


_OWN = _OwnRay()


@contextmanager
def _running(workers: int, size: int) -> Iterator[bool]:
    """Ray, started where it is not running; whether it is for the crews of this program alone."""
    with _OWN.lock:
        is_ours = _OWN.crews > 0 or not _is_initialized()
        if is_ours and _OWN.crews == 0:
            _begin(workers, size)
        _OWN.crews += is_ours
    try:
        yield is_ours and _OWN.is_alone
    finally:
        if is_ours:
            with _OWN.lock:
                _OWN.crews -= 1
                if _OWN.crews == 0:
                    _end()


def _is_initialized() -> bool:
    ray = sys.modules.get("ray")
    return ray is not None and bool(ray.is_initialized())


def _begin(workers: int, size: int) -> None:
    """Start Ray, or join the cluster that the environment names."""
    _OWN.before = dict(os.environ)
    _OWN.is_alone = _ADDRESS not in os.environ
    options: dict[str, Any] = {"logging_level": logging.CRITICAL, "log_to_driver": False}
    if _OWN.is_alone:
        options |= {
            "address": "local", "num_cpus": workers, "num_gpus": 0, "include_dashboard": False,
            "object_store_memory": max(_STORE_AT_LEAST, 2 * size),
        }  # fmt: skip
    try:
        _init(_SURROUNDINGS | (_ALONE if _OWN.is_alone else {}), options)
    except (OSError, RuntimeError, ValueError) as error:
        _put_back(_OWN.before, [*_OWN.before, *os.environ])
        what, hint = ("start", _ALONE_HINT) if _OWN.is_alone else ("join the cluster of RAY_ADDRESS", _JOIN_HINT)
        raise ResourceError(f"Ray cannot {what}: {said(error)}.", hint=hint) from error
    _put_back(_OWN.before, _NOT_TO_STAY)


def _init(surroundings: Mapping[str, str], options: Mapping[str, Any]) -> None:
    os.environ.update({name: value for name, value in surroundings.items() if name not in os.environ})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import ray

        ray.init(**options)


def _end() -> None:
    import ray

    ray.shutdown()
    _put_back(_OWN.before, [name for name in os.environ if name.startswith("RAY_")])


def _put_back(before: Mapping[str, str], names: Iterable[str]) -> None:
    """Give variables of the environment the values they had."""
    for name in names:
        if name in before:
            os.environ[name] = before[name]
        else:
            os.environ.pop(name, None)


def _hiring(work: Work, processors: int) -> _Hiring:
    """What every actor is made with; the arrays are copied once, into the object store.

    Raises
    ------
    ResourceError
        When the work cannot travel, or there is no room for the arrays.
    """
    import numpy as np
    import ray
    from ray import cloudpickle
    from ray.exceptions import RayError

    try:
        content = cloudpickle.dumps((work.make, work.given))  # type: ignore[no-untyped-call]
    except Exception as error:
        raise ResourceError(f"The work cannot travel between processes: {said(error)}.", hint="Use threads.") from error
    try:
        arrays = {name: ray.put(array) for name, array in work.arrays.items()}
    except RayError as error:
        raise ResourceError(f"There is no room to share the arrays: {_told(error)}.", hint="Use threads.") from error
    return _Hiring((list(sys.path), np.geterr(), content), arrays, processors)


def _got(reference: Any, timeout_s: float | None = None) -> Any:
    import ray

    return ray.get(reference, timeout=timeout_s)


def _told(error: Exception) -> str:
    """What Ray says, on one line and without its advice."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:300].rstrip(".")


def _processors_there() -> int | None:
    """The processors of the cluster that was joined or is named to be joined; None where Ray will run here alone."""
    if not _is_initialized() and _ADDRESS not in os.environ:
        return None
    with _running(1, 0):
        ray: Any = sys.modules["ray"]
        return max(1, int(ray.cluster_resources().get("CPU", 1)))
