"""The symbols of one account: those it was asked about, which markets they are, and which coins count as positions."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import SymbolNotFoundError
from tradewright.domain.order import OrderSide, OrderType, TimeInForce

from .words import decimal_in

if TYPE_CHECKING:
    from tradewright.domain.live.wire import WireOrder

__all__ = ["Pairs", "step_of"]

_DECIMAL_PLACES, _TICK_SIZE = 2, 4
"""How ccxt says that a precision is to be read."""


class Pairs:
    """What an account trades against one currency.

    Exchanges list orders and executions by symbol, so a list is complete over the symbols that are known here: those
    that were named, asked about, ordered in, held, or seen among open orders.

    Parameters
    ----------
    quote : str
        What everything is paid in.
    named : iterable of str
        Symbols known from the beginning.
    """

    def __init__(self, quote: str, named: tuple[str, ...] = ()) -> None:
        self.quote = quote
        self._known = dict.fromkeys(named)

    def learn(self, symbol: str) -> None:
        """A symbol that matters to the account."""
        self._known[symbol] = None

    @property
    def known(self) -> tuple[str, ...]:
        """Every symbol that matters."""
        return tuple(self._known)

    def market(self, made: Any, symbol: str) -> dict[str, Any]:
        """A spot market, as ccxt has it.

        Raises
        ------
        SymbolNotFoundError
            When there is none, it does not trade, or it is paid in another currency.
        """
        market: dict[str, Any] | None = made.markets.get(symbol)
        if market is None or not market.get("spot"):
            raise SymbolNotFoundError(f"{made.id} has no spot market '{symbol}'.", hint=_nearest(made, symbol))
        if market.get("active") is False:
            raise SymbolNotFoundError(f"{symbol} does not trade at {made.id} at present.")
        if market["quote"] != self.quote:
            raise SymbolNotFoundError(
                f"{symbol} is paid in {market['quote']}, and this account in {self.quote}.",
                hint=f"Open the account with the option quote={market['quote']}.",
            )
        return market

    def refusal(self, made: Any, wire: WireOrder) -> str | None:
        """Why the exchange is not asked for an order, or None: nothing may be rounded on its way."""
        try:
            market = self.market(made, wire.symbol)
        except SymbolNotFoundError as error:
            return str(error)
        if wire.order_type is OrderType.STOP and wire.time_in_force is not TimeInForce.GTC:
            return f"A stop order for {wire.symbol} works until it is triggered: its time in force must be gtc."
        if wire.reduce_only and wire.side is OrderSide.BUY:
            return f"A purchase of {wire.symbol} reduces nothing: there are no short positions."
        for name, number in (("amount", wire.quantity), ("price", wire.limit_price), ("price", wire.stop_price)):
            step = step_of(made, market, name)
            if number is not None and step > 0 and number % step != 0:
                return f"The {name} {number} of an order for {wire.symbol} is no multiple of {step.normalize():f}."
        return None

    def held(self, made: Any, totals: dict[str, Any]) -> dict[str, Decimal]:
        """Units by symbol, of the coins that trade against the currency of the account."""
        found = {}
        for coin in totals:
            units, symbol = decimal_in(totals, coin), f"{coin}/{self.quote}"
            if units != 0 and symbol in made.markets:
                found[symbol] = units
                self.learn(symbol)
        return found


def step_of(made: Any, market: dict[str, Any], name: str) -> Decimal:
    """The step of amounts or prices in a market; 0 where the exchange does not say it."""
    said = decimal_in(market["precision"], name)
    if made.precisionMode == _TICK_SIZE:
        return said
    is_places = made.precisionMode == _DECIMAL_PLACES and market["precision"].get(name) is not None
    return Decimal(1).scaleb(-int(said)) if is_places else Decimal(0)


def _nearest(made: Any, symbol: str) -> str:
    same = [name for name, each in made.markets.items() if each["id"] == symbol and each.get("spot")]
    return f"Write {same[0]}." if same else "Write it as BTC/USDT."
