"""What is told to people outside: one message to one channel, and what a channel needs to be opened."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradewright.domain.control.alerts import Alert, Severity

__all__ = ["ChannelField", "Notice", "NoticeKind"]


class NoticeKind(StrEnum):
    """Why a message is sent."""

    RAISED = "raised"
    RESOLVED = "resolved"
    DIGEST = "digest"
    """What was held back during the quiet hours, together."""
    TEST = "test"
    """A person asked whether the channel works."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One message.

    Parameters
    ----------
    id : str
        The same at every attempt: by it a receiver knows a message that comes twice.
    kind : NoticeKind
    severity : Severity
        The highest of its alerts.
    at_ns : int
        When this attempt is made.
    alerts : tuple of Alert
        One, or those of a digest in the order in which they were raised.
    """

    id: str
    kind: NoticeKind
    severity: Severity
    at_ns: int
    alerts: tuple[Alert, ...]


@dataclass(frozen=True, slots=True)
class ChannelField:
    """Something that a kind of channel is opened with.

    Parameters
    ----------
    name : str
        As the settings say it.
    meaning : str
    is_secret : bool
        Said as where it is kept, beside ``kind``; what is no secret stands under ``options``.
    is_needed : bool
    """

    name: str
    meaning: str
    is_secret: bool = False
    is_needed: bool = False
