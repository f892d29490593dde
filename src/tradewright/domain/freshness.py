"""How far stored bars lie behind their market, and what their sources were asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from .moments import instant_text

if TYPE_CHECKING:
    from .spans import Spans
    from .stored import StoredVersion

__all__ = ["Asked", "Freshness", "SeriesFreshness", "Standing"]


class Standing(StrEnum):
    """How fresh bars are."""

    FRESH = "fresh"
    """Nothing that can be there is missing at their end."""
    LATE = "late"
    """Their end is missing, and not yet longer than is allowed."""
    STALE = "stale"
    """More sessions have closed since their last bar than are allowed."""
    UNKNOWN = "unknown"
    """Nobody knows what should be there."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far a series lies behind.

    Parameters
    ----------
    standing : Standing
    sentence : str
        What that rests on, with the numbers; complete in itself.
    last_close_ns : int
        When the last bar closed, UTC nanoseconds.
    expected_close_ns : int or None
        When the last bar closed that can be there by the calendar; None where nobody knows.
    sessions : int or None
        Sessions that have closed since the last bar.
    bars : int or None
        Bars that can be there and are missing after the last one.
    """

    standing: Standing
    sentence: str
    last_close_ns: int
    expected_close_ns: int | None = None
    sessions: int | None = None
    bars: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a source was asked for of a series.

    Parameters
    ----------
    source : str
        With its feed, and the hours where they are longer: ``alpaca iex``. Bars that came of it name it so.
    days : Spans
        Of which it has said everything.
    at_ns : int
        When it was asked last, UTC nanoseconds.
    delay_s : float or None
        What it is late by design; None where that was not written down.
    """

    source: str
    days: Spans
    at_ns: int
    delay_s: float | None = None


@dataclass(frozen=True, slots=True)
class SeriesFreshness:
    """A stored series, how fresh it is, and the source that it is fetched from; None where it is not."""

    stored: StoredVersion
    freshness: Freshness
    asked: Asked | None = None

    @property
    def is_due(self) -> bool:
        """Whether a source feeds it and it is stale all the same: somebody has to look."""
        return self.asked is not None and self.freshness.standing is Standing.STALE

    def to_dict(self) -> dict[str, Any]:
        """What is known of it beside the series itself, as plain values; instants are ISO 8601 in UTC."""
        found, asked = self.freshness, self.asked
        return {
            "fetched_from": asked and asked.source,
            "delay_s": asked and asked.delay_s,
            "asked_at": asked and instant_text(asked.at_ns),
            "state": found.standing.value,
            "last_close": instant_text(found.last_close_ns),
            "expected_close": None if found.expected_close_ns is None else instant_text(found.expected_close_ns),
            "sessions_behind": found.sessions,
            "bars_behind": found.bars,
            "sentence": found.sentence,
        }
