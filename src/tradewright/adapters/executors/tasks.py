"""What every executor does alike: making a worker's function, calling it once, and saying in a sentence what failed."""

from __future__ import annotations

import os
import pickle
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError, ResourceError, TradewrightError
from tradewright.ports.executor import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from tradewright.ports.executor import Work

__all__ = ["carried_out", "made", "read_only", "refusal", "require_start", "said", "with_frozen_arrays", "worker_count"]

_LONGEST = 500
"""Characters of a foreign error that stand in a sentence."""


def worker_count(asked: int | None) -> int:
    """How many workers: what was asked for, else one for each processor that this process may use.

    Raises
    ------
    ConfigError
        When fewer than one is asked for.
    """
    if asked is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if isinstance(asked, bool) or not hasattr(asked, "__index__"):
        raise ConfigError(f"workers={asked!r:.60} is no number of workers.", hint="Give a whole number.")
    if asked < 1:
        raise ConfigError(f"No work is done by {asked} workers.", hint="Give at least 1, or leave it out.")
    return asked


def made(work: Work) -> Callable[[Any], Any]:
    """The function of one worker.

    Raises
    ------
    TradewrightError
        What making it raised, if it is of the house.
    ResourceError
        Anything else that making it raised, in a sentence.
    """
    try:
        return work.make(work.given, work.arrays)
    except TradewrightError:
        raise
    except Exception as error:
        raise ResourceError(f"A worker cannot start: {said(error)}.") from error


def carried_out(function: Callable[[Any], Any], index: int, task: Any) -> Outcome:
    """One task, with whatever it raises as its failure."""
    try:
        return Outcome(index, function(task))
    except TradewrightError as error:
        return Outcome(index, None, str(error))
    except BaseException as error:  # noqa: BLE001 - the border where a task is contained: what it raised is its outcome
        return Outcome(index, None, f"The task raised {said(error)}.")


def refusal(error: Exception) -> TradewrightError | str:
    """Why a worker in another process cannot start, as it travels: an error of the house as it is, others in words."""
    if not isinstance(error, TradewrightError):
        return said(error)
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    except Exception:  # noqa: BLE001 - an error of another package may refuse in any way; its text is enough
        return str(error)
    return error


def require_start(refused: TradewrightError | str | None) -> None:
    """Raise why a worker in another process could not start, if it could not."""
    if isinstance(refused, TradewrightError):
        raise refused
    if refused is not None:
        raise ResourceError(f"A worker process cannot start: {refused}.")


def said(error: BaseException) -> str:
    """An error as part of a sentence: its kind and its text on one line, without the full stop."""
    text = " ".join(str(error).split())[:_LONGEST].rstrip(".")
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def with_frozen_arrays(work: Work) -> Work:
    """The same work, its arrays as views that cannot be written."""
    return replace(work, arrays=read_only(work.arrays))


def read_only(arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Views that cannot be written."""
    views = {name: array.view() for name, array in arrays.items()}
    for view in views.values():
        view.flags.writeable = False
    return views
