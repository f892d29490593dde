"""What became of a job, from how its process ended, what it told, and why it was stopped."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NamedTuple

from tradewright.domain.control.jobs import JobState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradewright.domain.control.jobs import JobLimits
    from tradewright.ports.children import ChildExit

__all__ = ["Ended", "Ending", "Stop", "ending_of", "failure"]

_INTERRUPTED = 130
_LOOK = "Read what it printed last, or all of it: tradewright jobs log {}"


class Stop(Enum):
    """Why a process was stopped."""

    CANCEL = auto()
    TIME = auto()
    MEMORY = auto()
    LEAVING = auto()
    """Its worker ends: the job goes back into the queue."""
    NOT_OURS = auto()
    """The job was given to another worker meanwhile."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that is gone.

    Parameters
    ----------
    job_id : str
    exit : ChildExit
    stop : Stop or None
        Why it was stopped; None where it ended by itself.
    run_id : str or None
    error : mapping or None
        What it said of its failure.
    last_lines : sequence of str
    """

    job_id: str
    exit: ChildExit
    stop: Stop | None
    run_id: str | None
    error: Mapping[str, Any] | None
    last_lines: Sequence[str]


class Ending(NamedTuple):
    """What is written down of the end."""

    state: JobState
    run_id: str | None
    error: dict[str, Any] | None


def failure(kind: str, sentence: str, hint: str | None = None, last_lines: Sequence[str] = ()) -> dict[str, Any]:
    """Why a job failed, as it is kept."""
    said = {"type": kind, "sentence": sentence, "hint": hint, "file": None, "line": None}
    return {**said, "last_lines": list(last_lines)} if last_lines else said


def ending_of(ended: Ended, limits: JobLimits) -> Ending:
    """The state, the kept run and the reason.

    A job that came to its end in the moment in which it was stopped is done: its run is there.
    """
    if ended.exit.code == 0:
        return Ending(JobState.DONE, ended.run_id, None)
    if ended.stop is Stop.CANCEL:
        return Ending(JobState.CANCELLED, ended.run_id, None)
    return Ending(JobState.FAILED, ended.run_id, _reason(ended, limits))


def _reason(ended: Ended, limits: JobLimits) -> dict[str, Any]:
    if ended.stop is Stop.TIME:
        return failure(
            "TimeLimit",
            f"The job was stopped: it took longer than its limit of {limits.seconds:,g} s.",
            "Give it more time, or less to do.",
            ended.last_lines,
        )
    if ended.stop is Stop.MEMORY or (limits.memory_mb is not None and _is_memory(ended)):
        return failure(
            "MemoryLimit",
            f"The job was stopped: it needed more memory than its limit of {limits.memory_mb:,} MB.",
            "Give it more memory, or fewer symbols, a shorter range or a longer timeframe.",
            ended.last_lines,
        )
    if ended.error is not None:
        lines = {"last_lines": list(ended.last_lines)} if ended.last_lines else {}
        return {**ended.error, **lines}
    return _crash(ended)


def _is_memory(ended: Ended) -> bool:
    return ended.error is not None and ended.error.get("type") == "MemoryError"


def _crash(ended: Ended) -> dict[str, Any]:
    hint = _LOOK.format(ended.job_id)
    signal, code = ended.exit.signal, ended.exit.code
    if signal == "SIGKILL":
        sentence = "The process of the job was killed (SIGKILL), as the system does when memory runs out."
        return failure("Killed", sentence, hint, ended.last_lines)
    if signal is not None:
        return failure("Crashed", f"The process of the job crashed with {signal}.", hint, ended.last_lines)
    if code == _INTERRUPTED:
        return failure("Interrupted", "The process of the job was interrupted from outside.", hint, ended.last_lines)
    return failure("Failed", f"The process of the job ended with exit code {code}.", hint, ended.last_lines)
