"""Sessions whose process died are begun again: their record and the journal of the account say where they were.

What a person or a rule decided is never begun again: an end that was asked for, an approval that was refused, a halt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradewright.domain.control.jobs import Job

    from .endings import Ended

__all__ = ["RESTARTS", "begins_again", "pause_s"]

RESTARTS = 5
"""How often a session is begun again where nobody says."""

_LONGEST_S = 30.0
_PASSING = frozenset(
    {"BrokerError", "ConnectionError", "RateLimitError", "StorageError", "JournalError", "ResourceError"}
)
"""Failures that may be over the next time: the venue, the store, a process that still holds the account."""
_FAILED = 1


def begins_again(job: Job, ended: Ended) -> bool:
    """Whether the process of a job is to be begun again.

    Parameters
    ----------
    job : Job
    ended : Ended
        A process that was killed or crashed, or that ended with a failure that may pass.
    """
    if not job.kind.is_session or ended.stop is not None or job.attempt >= job.attempts_most:
        return False
    if ended.exit.signal is not None:
        return True
    return ended.exit.code == _FAILED and ended.error is not None and ended.error.get("type") in _PASSING


def pause_s(attempt: int) -> float:
    """Seconds before it is begun again, longer each time: a venue that is away is not asked without end."""
    return min(2.0 ** (attempt - 1), _LONGEST_S)
