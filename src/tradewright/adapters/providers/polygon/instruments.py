"""What Polygon's tickers are: US shares, as its reference has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.errors import BrokerError, SymbolNotFoundError
from tradewright.domain.instrument import Instrument, InstrumentKind

from .words import CALENDAR, EXCHANGES, ticker_of

if TYPE_CHECKING:
    from .door import PolygonDoor

__all__ = ["PolygonInstruments"]


class PolygonInstruments:
    """A `tradewright.ports.bar_stream.InstrumentSource`.

    All US exchanges keep the same days, so all shares have one calendar.

    Parameters
    ----------
    door : PolygonDoor
    """

    def __init__(self, door: PolygonDoor) -> None:
        self._door = door

    async def instrument(self, symbol: str) -> Instrument:
        """The instrument behind a symbol.

        Raises
        ------
        SymbolNotFoundError
            When Polygon neither knows nor knew it, or it is no share on a US exchange.
        BrokerError
            When it did not answer.
        """
        said = await self._door.ask(f"/v3/reference/tickers/{ticker_of(symbol)}", {})
        about = await self._was(symbol) if said is None else said.get("results")
        if not isinstance(about, dict) or about.get("ticker") != symbol:
            raise BrokerError(f"Polygon sent nothing about {symbol}.")
        exchange = about.get("primary_exchange")
        if about.get("market") != "stocks" or exchange not in EXCHANGES:
            raise SymbolNotFoundError(
                f"{symbol} is no share on a US exchange: Polygon has it under '{about.get('market')}' on '{exchange}'."
            )
        return Instrument(
            symbol, str(exchange), InstrumentKind.EQUITY, currency=_currency(about.get("currency_name"), symbol),
            calendar=CALENDAR,
        )  # fmt: skip

    async def _was(self, symbol: str) -> object:
        """What bore a name last that nothing bears now."""
        said = await self._door.ask("/v3/reference/tickers", {"ticker": symbol, "active": "false"})
        rows = [] if said is None else said.get("results", [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise BrokerError(f"Polygon sent no list of what {symbol} was.")
        if not rows:
            raise SymbolNotFoundError(f"Polygon does not know {symbol}.")
        return max(rows, key=lambda row: str(row.get("delisted_utc")))


def _currency(said: object, symbol: str) -> str:
    if not isinstance(said, str) or len(said) != 3 or not said.isalpha():
        raise BrokerError(f"Polygon does not say in which currency {symbol} is quoted.")
    return said.upper()
