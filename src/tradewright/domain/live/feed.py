"""What live feeds say: bars as they close, quotes as they change, signs of life, and how late a feed is by design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from tradewright.domain.quote import Quote

if TYPE_CHECKING:
    from tradewright.domain.bars import Bar

__all__ = ["FeedEvent", "FeedKind", "Pulse", "QuoteEvent", "RefusedQuote", "StreamBar"]


@dataclass(frozen=True, slots=True)
class StreamBar:
    """A bar that has closed at its source.

    Parameters
    ----------
    bar : Bar
        Born valid; times are its open and its close, UTC nanoseconds.
    is_correction : bool
        Whether it replaces a bar of the same times that was sent before.
    """

    bar: Bar
    is_correction: bool = False


@dataclass(frozen=True, slots=True)
class Pulse:
    """A sign of life of the stream without a bar: a heartbeat, or the answer to a ping."""

    at_ns: int


@dataclass(frozen=True, slots=True)
class RefusedQuote:
    """What came and is no quote: nothing is known of its symbol until the next.

    Parameters
    ----------
    symbol : str
        Empty where the message names none.
    sentence : str
    """

    symbol: str
    sentence: str


FeedEvent: TypeAlias = StreamBar | Pulse
"""What comes out of a stream of bars."""

QuoteEvent: TypeAlias = Quote | RefusedQuote | Pulse
"""What comes out of a stream of quotes."""


@dataclass(frozen=True, slots=True)
class FeedKind:
    """Which feed it is.

    Parameters
    ----------
    name : str
        As the venue calls it: ``"iex"``, ``"sip"``, ``"delayed_sip"``.
    delay_s : float
        How late its bars are by design; 0 where they come as they close. A delayed feed is refused for live trading.
    is_whole_market : bool
        Whether its volumes are those of the whole market.
    """

    name: str
    delay_s: float = 0.0
    is_whole_market: bool = True

    @property
    def is_delayed(self) -> bool:
        """Whether bars come later than they close by design."""
        return self.delay_s > 0.0
