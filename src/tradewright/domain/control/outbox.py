"""Messages on their way to channels, each written down before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..notice import NoticeKind
    from .alerts import Severity

__all__ = ["NoticeState", "QueuedNotice"]


class NoticeState(StrEnum):
    """What became of a message."""

    HELD = "held"
    """The channel is quiet; a digest will tell it."""
    DUE = "due"
    """It is to be sent, at `next_ns` or later."""
    SENDING = "sending"
    """Somebody is sending it."""
    SENT = "sent"
    FAILED = "failed"
    """It will not be tried again."""
    GATHERED = "gathered"
    """A digest tells it."""
    UNKNOWN = "unknown"
    """Who sent it died before saying what became of it. It is not sent again: nobody is told twice."""


@dataclass(frozen=True, slots=True)
class QueuedNotice:
    """One message to one channel.

    Parameters
    ----------
    id : str
        Made of what it tells and to whom, so that the same is never queued twice.
    kind : NoticeKind
    channel : str
    severity : Severity
    alert_ids : tuple of str
    state : NoticeState
    made_ns : int
        UTC nanoseconds, as all instants here.
    next_ns : int
        Before which it is not sent.
    attempts : int
        How often it was begun.
    error : str or None
        Why the last attempt failed.
    """

    id: str
    kind: NoticeKind
    channel: str
    severity: Severity
    alert_ids: tuple[str, ...]
    state: NoticeState
    made_ns: int
    next_ns: int
    attempts: int = 0
    error: str | None = None
