"""What Yahoo's symbols are, as their charts say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.errors import SymbolNotFoundError
from tradewright.domain.instrument import Instrument, InstrumentKind

from .places import place_of, symbol_of

if TYPE_CHECKING:
    from .chart import YahooDoor

__all__ = ["YahooInstruments"]

_LEAST_COIN = 1e-8


class YahooInstruments:
    """A `tradewright.ports.bar_stream.InstrumentSource`.

    Parameters
    ----------
    door : YahooDoor
    """

    def __init__(self, door: YahooDoor) -> None:
        self._door = door

    async def instrument(self, symbol: str) -> Instrument:
        """The instrument behind a symbol.

        Raises
        ------
        SymbolNotFoundError
            When Yahoo does not know it, or its bars cannot be placed.
        BrokerError
            When it did not answer.
        """
        chart = await self._door.about(symbol)
        if chart is None:
            raise SymbolNotFoundError(f"Yahoo does not know {symbol}.")
        place = place_of(chart.meta, symbol)
        return Instrument(
            symbol_of(symbol),
            place.exchange,
            place.kind,
            currency=place.currency,
            calendar=place.calendar,
            lot=_LEAST_COIN if place.kind is InstrumentKind.CRYPTO else 1.0,
            tick=place.tick / place.per_unit,
            has_volume=place.kind is not InstrumentKind.INDEX,
        )
