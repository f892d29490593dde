"""How a live feed is doing: its status as a value, what it noted, and what it counts on the way."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Availability", "FeedNote", "FeedStatus", "NoteKind", "Tally"]

_KEPT_NOTES = 1000


class NoteKind(StrEnum):
    """What a feed notes."""

    LATE = "late"
    """A bar came after its row was given; strategies never see it."""
    CORRECTION = "correction"
    """A bar was sent again with other values after strategies saw it."""
    REFUSED = "refused"
    """A bar that cannot be."""
    UNVERIFIED = "unverified"
    """A row went without a bar of which the history did not say whether there is one."""
    SHORT = "short history"
    """The history holds fewer bars than were asked for."""
    HISTORY = "history failed"
    """The history did not answer."""
    CONNECTED = "connected"
    """A stream was opened; names the feed and what it is late by design."""
    LOST = "lost"
    """A stream failed, ended, or went mute."""
    SWITCHED = "switched"
    """Another feed was taken."""


@dataclass(frozen=True, slots=True)
class FeedNote:
    """One thing worth a line in the log.

    Parameters
    ----------
    kind : NoteKind
    at_ns : int
        When it was noted.
    sentence : str
    symbol : str
        Empty where it concerns all.
    close_ns : int, optional
        Of the bar that it is about.
    """

    kind: NoteKind
    at_ns: int
    sentence: str
    symbol: str = ""
    close_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Availability:
    """How long the feed could be acted on, in seconds of market hours.

    Parameters
    ----------
    able_s : float
        Connected, not mute, and no row overdue.
    market_s : float
        In which any of its markets was open.
    """

    able_s: float = 0.0
    market_s: float = 0.0

    @property
    def share(self) -> float | None:
        """The share of market hours in which it was able, None before the first of them."""
        return self.able_s / self.market_s if self.market_s > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedStatus:
    """A live feed at one instant.

    Parameters
    ----------
    is_connected : bool
        Whether a stream is open and not found mute.
    feed : str
        Name of the feed that bars come from.
    is_fallback : bool
        Whether that is the fallback.
    delay_s : float
        What the feed is late by design.
    is_market_open : bool
    is_behind : bool
        Whether a row is overdue.
    last_close_ns : int, optional
        Close of the last row that was given.
    last_bar_age_s : float, optional
        Seconds since that close.
    rows, reconnects, late, corrections, duplicates, filled, refused, outside, unverified : int
        Rows given; streams opened after the first; bars that came too late, were sent again with other values, sent
        again as they were, came from the history into a gap, cannot be, lie outside the hours that count; and rows'
        bars of which it is not known whether there are any.
    availability : Availability
    """

    is_connected: bool
    feed: str
    is_fallback: bool
    delay_s: float
    is_market_open: bool
    is_behind: bool
    last_close_ns: int | None
    last_bar_age_s: float | None
    rows: int
    reconnects: int
    late: int
    corrections: int
    duplicates: int
    filled: int
    refused: int
    outside: int
    unverified: int
    availability: Availability


@dataclass(slots=True)
class Tally:
    """What is counted, the last notes, and who is told of new ones."""

    tell: Callable[[FeedNote], None] | None = None
    rows: int = 0
    opened: int = 0
    late: int = 0
    corrections: int = 0
    duplicates: int = 0
    filled: int = 0
    refused: int = 0
    outside: int = 0
    unverified: int = 0
    notes: deque[FeedNote] = field(default_factory=lambda: deque(maxlen=_KEPT_NOTES))

    def note(self, note: FeedNote) -> None:
        """Keep a note, and tell it."""
        self.notes.append(note)
        if self.tell is not None:
            self.tell(note)

    def counts(self) -> dict[str, int]:
        """The counts of a status, by name."""
        names = ("rows", "late", "corrections", "duplicates", "filled", "refused", "outside", "unverified")
        return {name: getattr(self, name) for name in names} | {"reconnects": max(self.opened - 1, 0)}
