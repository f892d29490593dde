"""What Alpaca's symbols are: US shares, as its list of assets has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import BrokerError, SymbolNotFoundError
from tradewright.domain.instrument import Instrument, InstrumentKind

if TYPE_CHECKING:
    from .door import Door

__all__ = ["AlpacaInstruments"]

CALENDAR = "XNYS"
_EXCHANGES = {"NASDAQ": "XNAS", "NYSE": "XNYS", "ARCA": "ARCX", "BATS": "BATS", "AMEX": "XASE", "NYSEARCA": "ARCX"}
_FRACTION = 1e-6
_CENT = 0.01


class AlpacaInstruments:
    """A `tradewright.ports.bar_stream.InstrumentSource`.

    All US exchanges keep the same days, so all shares have one calendar. A share that Alpaca trades in fractions has a
    lot of a millionth, any other of one.

    Parameters
    ----------
    door : Door
    is_for_history : bool
        Whether what is traded no more is known, too: its bars can be had.
    """

    def __init__(self, door: Door, *, is_for_history: bool = False) -> None:
        self._door = door
        self._is_for_history = is_for_history

    async def instrument(self, symbol: str) -> Instrument:
        """The instrument behind a symbol.

        Raises
        ------
        SymbolNotFoundError
            When Alpaca does not know it, does not trade it, or it is no share on an exchange.
        BrokerError
            When it did not answer.
        """
        if not symbol or not symbol.isascii() or not symbol.replace(".", "").isalnum():
            raise SymbolNotFoundError(f"'{symbol}' is no symbol of a US share.")
        said = await self._door.ask(f"/v2/assets/{symbol}")
        if said is None:
            raise SymbolNotFoundError(f"Alpaca does not know {symbol}.")
        if not isinstance(said, dict):
            raise BrokerError(f"Alpaca sent no asset for {symbol}.")
        if not self._is_for_history and (said.get("status") != "active" or said.get("tradable") is not True):
            raise SymbolNotFoundError(f"Alpaca does not trade {symbol}.")
        exchange = _EXCHANGES.get(str(said.get("exchange")))
        if said.get("class") != "us_equity" or exchange is None:
            raise SymbolNotFoundError(f"{symbol} is no share on a US exchange: {said.get('class')} on "
                                      f"{said.get('exchange')}.")  # fmt: skip
        return Instrument(
            symbol,
            exchange,
            InstrumentKind.EQUITY,
            calendar=CALENDAR,
            lot=_step(said, "min_trade_increment") or (_FRACTION if said.get("fractionable") is True else 1.0),
            tick=_step(said, "price_increment") or _CENT,
            venue="alpaca",
        )


def _step(said: dict[str, Any], name: str) -> float | None:
    value = said.get(name)
    try:
        step = None if value is None else float(value)
    except (TypeError, ValueError):
        raise BrokerError(f"Alpaca says that the {name} of {said.get('symbol')} is {value!r}.") from None
    return step
