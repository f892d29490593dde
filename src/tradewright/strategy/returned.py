"""Orders that a strategy returns, or hands over as a value, instead of calling for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import OrderError, StrategyError
from tradewright.domain.moments import utc
from tradewright.domain.order import Order, OrderRequest, OrderType

from .desk import OrderRef

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .context import Context

__all__ = ["place", "submit_returned"]

_NAMES: dict[str, tuple[str, ...]] = {
    "symbol": ("symbol", "ticker", "instrument", "tradingsymbol"),
    "side": ("side", "action", "direction", "transaction_type"),
    "quantity": ("quantity", "qty", "size", "units", "shares"),
    "order_type": ("order_type", "type", "pricetype", "price_type"),
    "limit_price": ("limit_price", "price"),
    "stop_price": ("stop_price", "trigger_price"),
    "trail_amount": ("trail_amount", "trail_price"),
    "trail_percent": ("trail_percent",),
    "time_in_force": ("time_in_force", "tif", "validity"),
    "stop_loss": ("stop_loss",),
    "take_profit": ("take_profit",),
    "display_quantity": ("display_quantity", "disclosed_quantity"),
    "client_order_id": ("client_order_id",),
    "tag": ("tag",),
}
_ALIAS = {alias: name for name, aliases in _NAMES.items() for alias in aliases}
_NUMBERS = frozenset({"limit_price", "stop_price", "trail_amount", "trail_percent", "stop_loss", "take_profit"})
_BUYS = frozenset({"buy", "b", "long"})
_SELLS = frozenset({"sell", "s", "short"})
_TYPES = {"mkt": "market", "lmt": "limit", "stp": "stop", "sl": "stop_limit", "sl-m": "stop", "slm": "stop"}
_PLAIN = (str, bytes, int, float, bool)


def submit_returned(context: Context, answer: Any) -> None:
    """Submit what `on_bar` returned: an order, a list of them, or references to orders already placed.

    Raises
    ------
    StrategyError
        For anything else.
    """
    for item in answer if isinstance(answer, (list, tuple)) else (answer,):
        if item is not None and not isinstance(item, OrderRef):
            place(context, item)


def place(context: Context, item: Any) -> OrderRef:
    """Submit one order given as a value: an `OrderRequest`, a mapping, or an object with the usual attributes.

    ``symbol``, ``side`` (or ``action``), ``quantity`` (or ``qty``), ``order_type`` (or ``type``), ``price``,
    ``trigger_price`` and their like are understood; prices of 0 are none; without a side the sign of the quantity says
    it.

    Raises
    ------
    StrategyError
        When it is no order, or names no quantity.
    OrderError
        When its side is neither buy nor sell.
    """
    if isinstance(item, OrderRequest):
        return _place_request(context, item)
    words = _words(item)
    quantity = _quantity(item, words)
    side = words.pop("side", None)
    if side is not None:
        quantity = abs(quantity) * _sign(side)
    for name in _NUMBERS & words.keys():
        words[name] = float(words[name])
    if "order_type" in words:
        words["order_type"] = _type(words["order_type"])
        _drop_idle_prices(words)
    if "time_in_force" in words:
        words["time_in_force"] = str(words["time_in_force"]).lower()
    return context.order(quantity, words.pop("symbol", None), **words)


def _place_request(context: Context, request: OrderRequest) -> OrderRef:
    for name in ("extended_hours", "structure_id"):
        if getattr(request, name):
            raise StrategyError(
                f"An order for {request.symbol} asks for {name}, which the simulated venue does not trade.",
                hint="Leave it out.",
            )
    options: Any = {
        name: getattr(request, name)
        for name in _NAMES
        if name not in ("symbol", "side", "quantity") and getattr(request, name) is not None
    }
    if request.expires_ns is not None:
        options["expires"] = utc(request.expires_ns)
    return context.order(request.quantity * int(request.side), request.symbol, **options)


def _words(item: Any) -> dict[str, Any]:
    """The order's fields under our names, without those that say nothing."""
    if isinstance(item, (*_PLAIN, Order)):
        raise _no_order(item)
    fields: Mapping[str, Any] = item if hasattr(item, "keys") else _attributes(item)
    found = {_ALIAS[name]: fields[name] for name in fields if name in _ALIAS and fields[name] is not None}
    return {name: value for name, value in found.items() if name not in _NUMBERS or float(value) != 0.0}


def _attributes(item: Any) -> dict[str, Any]:
    return {name: getattr(item, name) for name in _ALIAS if hasattr(item, name)}


def _quantity(item: Any, words: dict[str, Any]) -> float:
    try:
        return float(words.pop("quantity"))
    except (KeyError, TypeError, ValueError):
        raise _no_order(item) from None


def _no_order(item: Any) -> StrategyError:
    return StrategyError(
        f"The strategy returned {item!r:.60}, which is no order.",
        hint="Return an OrderRequest, a mapping with symbol, side and quantity, a list of them, or None.",
    )


def _word(value: Any) -> str:
    """The text of a word, an enum's value or its name."""
    text = getattr(value, "value", value)
    return str(text if isinstance(text, str) else getattr(value, "name", text)).strip().lower()


def _sign(side: Any) -> int:
    word = _word(side)
    if word in _BUYS or side in (1, 1.0):
        return 1
    if word in _SELLS or side in (-1, -1.0):
        return -1
    raise OrderError(f"An order's side cannot be {side!r}.", hint="Use buy or sell.")


def _type(value: Any) -> str:
    word = _word(value).replace(" ", "_")
    return _TYPES.get(word, word)


def _drop_idle_prices(words: dict[str, Any]) -> None:
    """Other systems send a price with every order; a market or stop order has no use for a limit."""
    if words["order_type"] in (OrderType.MARKET, OrderType.STOP):
        words.pop("limit_price", None)
    if words["order_type"] in (OrderType.MARKET, OrderType.LIMIT):
        words.pop("stop_price", None)
