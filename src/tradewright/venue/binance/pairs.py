"""The names of what is traded: Binance writes ``BTCUSDT`` for ``BTC/USDT``."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, NamedTuple

from tradewright.venue.refusals import Refusal, Why

if TYPE_CHECKING:
    from tradewright.domain.instrument import Instrument
    from tradewright.venue.exchange import SandboxVenue

__all__ = ["Pair", "pair_named", "pairs_of", "plain"]

_DECIMALS = Decimal("1e-8")


class Pair(NamedTuple):
    """A symbol of the venue, its number on the tape, its name at Binance, and the two assets that change hands."""

    symbol: str
    number: int
    id: str
    base: str
    quote: str
    instrument: Instrument


def pairs_of(venue: SandboxVenue) -> list[Pair]:
    """Everything that is traded."""
    tracks = venue.tape.market.tracks
    return [_pair(track.bars.symbol, track.number, track.bars.instrument) for track in tracks]


def _pair(symbol: str, number: int, instrument: Instrument) -> Pair:
    base, slash, quote = symbol.partition("/")
    if not slash:
        quote = instrument.currency
        base = symbol.removesuffix(quote).rstrip("-_") or symbol
    return Pair(symbol, number, f"{base}{quote}".upper(), base.upper(), quote.upper(), instrument)


def pair_named(venue: SandboxVenue, name: object) -> Pair:
    """The pair that Binance calls so.

    Raises
    ------
    Refusal
        When there is none.
    """
    found = next((pair for pair in pairs_of(venue) if pair.id == name), None)
    if found is None:
        raise Refusal(Why.UNKNOWN_SYMBOL, "Invalid symbol.")
    return found


def plain(value: float | None) -> str:
    """A number with Binance's eight decimals."""
    return format(Decimal(repr(float(value or 0.0))).quantize(_DECIMALS, ROUND_HALF_EVEN), "f")
