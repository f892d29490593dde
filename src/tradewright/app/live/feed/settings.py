"""What a live feed is told: how long it waits, which hours it keeps, and when it gives a stream up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.domain.errors import ConfigError
from tradewright.marketdata.placement import Hours

if TYPE_CHECKING:
    from tradewright.domain.timeframe import Timeframe

__all__ = ["FeedSettings"]

_NS = 1_000_000_000
_TIMES = ("patience_s", "ask_s", "healthy_s", "connect_s", "backoff_s", "backoff_most_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSettings:
    """How a live feed behaves; all durations in seconds.

    Parameters
    ----------
    patience_s : float
        How long after its close a row waits for the bars of other symbols; then the history is asked for them.
    stale_after_s : float, optional
        Rows whose close is older are not acted on; by default one timeframe and the patience. What a delayed feed is
        late by design is added.
    hours : Hours
        Which intraday bars count: those of the session (`REGULAR` leaves others out, `STRICT` counts them as refused),
        or those around it, too (`EXTENDED`).
    asks_missing : bool
        Whether the history is asked for a bar that did not come while the stream was connected. Without it a bar that
        the stream lost is lost, and a market without trades costs no requests. Gaps are always asked for.
    ask_s : float
        How long such questions are repeated while the history does not answer; then the row goes without the bar.
    hold_s : float
        How much longer than the patience rows wait while no stream is connected, before the history is asked.
    healthy_s : float
        How long a stream must have been well to be trusted again: to forget its failures, and to come back to it.
    connect_s : float
        After which an attempt to connect has failed.
    backoff_s, backoff_most_s : float
        Wait before the first new attempt, doubled by each failure up to the most.
    stream_timeframe : Timeframe, optional
        For venues that stream shorter bars than the session trades on: the stream of these shows that the feed lives,
        and the rows' own bars are read from the history when the patience is over. By default the rows' own timeframe,
        and minutes where the stream does not have it.
    failures : int
        Failures in a row after which the other feed is taken.

    Raises
    ------
    ConfigError
        When a number is impossible.
    """

    patience_s: float = 3.0
    stale_after_s: float | None = None
    hours: Hours = Hours.REGULAR
    asks_missing: bool = True
    ask_s: float = 10.0
    hold_s: float = 60.0
    healthy_s: float = 60.0
    connect_s: float = 30.0
    backoff_s: float = 1.0
    backoff_most_s: float = 60.0
    stream_timeframe: Timeframe | None = None
    failures: int = 2

    def __post_init__(self) -> None:
        for name in _TIMES:
            if not 0 < getattr(self, name) < float("inf"):
                raise ConfigError(f"The {name} of a live feed must be positive, not {getattr(self, name)}.")
        if self.hold_s < 0 or (self.stale_after_s is not None and self.stale_after_s <= 0) or self.failures < 1:
            raise ConfigError("A live feed's hold_s, stale_after_s or failures cannot be.", hint="Give positive ones.")

    @property
    def patience_ns(self) -> int:
        """The patience in nanoseconds."""
        return round(self.patience_s * _NS)

    def stale_after_ns(self, timeframe: Timeframe) -> int:
        """Age of a row in nanoseconds from which on it is not acted on."""
        if self.stale_after_s is None:
            return timeframe.nanoseconds + self.patience_ns
        return round(self.stale_after_s * _NS)
