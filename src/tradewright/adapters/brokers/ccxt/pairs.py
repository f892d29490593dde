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

    Exchanges list and look up orders by symbol. So that a list is complete, and an order that is not found is not
    there, whatever this process has seen: orders are placed in symbols that were named, and in no other. Those that
    others trade in join them as they are seen, among open orders or as coins that are held.

    Parameters
    ----------
    quote : str
        What everything is paid in.
    named : tuple of str
        Symbols that orders are placed in.
    """

    def __init__(self, quote: str, named: tuple[str, ...]) -> None:
        self.quote = quote
        self._named = frozenset(named)
        self._known = dict.fromkeys(named)

    def learn(self, symbol: str) -> None:
        """A symbol that somebody trades in on this account."""
        self._known[symbol] = None

    @property
    def known(self) -> tuple[str, ...]:
        """Every symbol whose orders and executions are listed."""
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

    def tradable(self, made: Any, symbol: str) -> dict[str, Any]:
        """A market that orders may be placed in; errors as of `market`, and where the symbol was not named."""
        market = self.market(made, symbol)
        if symbol not in self._named:
            raise SymbolNotFoundError(
                f"{symbol} is not among the symbols that this account is opened for.",
                hint=f'Write symbols: "{",".join([*sorted(self._named), symbol])}" among the options of the broker.',
            )
        return market

    def refusal(self, made: Any, wire: WireOrder) -> str | None:
        """Why the exchange is not asked for an order, or None: nothing may be rounded on its way."""
        try:
            market = self.tradable(made, wire.symbol)
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
