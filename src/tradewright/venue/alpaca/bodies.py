"""What Alpaca's clients send, read into what the venue understands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.order import OrderSide, OrderType, TimeInForce
from tradewright.venue.asks import Changes, OrderAsk, OrderClass
from tradewright.venue.fields import amount, choice, flag, text
from tradewright.venue.refusals import Refusal, Why

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ask_of", "changes_of"]

_SIDES = {"buy": OrderSide.BUY, "sell": OrderSide.SELL}
_TYPES: dict[str, OrderType] = {str(kind): kind for kind in OrderType if kind is not OrderType.MARKET_ON_CLOSE}
_CLASSES = {str(each): each for each in OrderClass}
_TIFS = {"day": TimeInForce.DAY, "gtc": TimeInForce.GTC, "ioc": TimeInForce.IOC, "fok": TimeInForce.FOK}
_AUCTIONS = ("opg", "cls")
_INTENTS = {name: name for name in ("buy_to_open", "buy_to_close", "sell_to_open", "sell_to_close")}
_NEEDED: dict[OrderType, tuple[str, ...]] = {
    OrderType.MARKET: (),
    OrderType.LIMIT: ("limit_price",),
    OrderType.STOP: ("stop_price",),
    OrderType.STOP_LIMIT: ("limit_price", "stop_price"),
    OrderType.TRAILING_STOP: (),
}


def ask_of(said: Mapping[str, Any], *, intraday: bool) -> OrderAsk:
    """The order in a body.

    Parameters
    ----------
    said : mapping
    intraday : bool
        Whether bars are shorter than a session: then the sandbox knows no auctions.

    Raises
    ------
    Refusal
    """
    symbol = text(said, "symbol", most=32)
    if symbol is None:
        raise Refusal(Why.BAD_FIELD, "symbol is required")
    order_class = choice(said, "order_class", _CLASSES, "simple")
    kind = choice({"type": said.get("type") or said.get("order_type")}, "type", _TYPES)
    kind, tif, word = _meeting(said, kind, intraday=intraday)
    prices = {name: amount(said, name) for name in ("limit_price", "stop_price")}
    exits = _exits(said, order_class, prices)
    if order_class is not OrderClass.OCO:
        _require_prices(kind, prices)
    quantity, notional = _size(said, kind, order_class)
    given: dict[str, Any] = {**prices, **_trail(said, kind), **exits}
    return OrderAsk(
        symbol=symbol,
        side=choice(said, "side", _SIDES),
        quantity=quantity,
        notional=notional,
        order_type=kind,
        time_in_force=tif,
        order_class=order_class,
        client_order_id=text(said, "client_order_id"),
        words=_words(said, kind, word, notional),
        **given,
    )


def _meeting(said: Mapping[str, Any], kind: OrderType, *, intraday: bool) -> tuple[OrderType, TimeInForce, str]:
    """How an order meets the market: its type and life at the exchange, and the word its client gave for the life."""
    word = choice(said, "time_in_force", {name: name for name in (*_TIFS, *_AUCTIONS)})
    if word in _TIFS:
        return kind, _TIFS[word], word
    if intraday:
        raise Refusal(Why.INVALID, f"the SANDBOX takes {word} orders on daily bars only: shorter ones hold no auction")
    if word == "opg" and kind in (OrderType.MARKET, OrderType.LIMIT):
        return kind, TimeInForce.IOC, word
    if word == "cls" and kind is OrderType.MARKET:
        return OrderType.MARKET_ON_CLOSE, TimeInForce.DAY, word
    raise Refusal(Why.INVALID, f"a {kind} order cannot be {word} in the SANDBOX")


def _size(said: Mapping[str, Any], kind: OrderType, order_class: OrderClass) -> tuple[float | None, float | None]:
    quantity, notional = amount(said, "qty"), amount(said, "notional")
    if quantity is None and notional is None:
        raise Refusal(Why.BAD_FIELD, "qty or notional is required")
    if quantity is not None and notional is not None:
        raise Refusal(Why.BAD_FIELD, "only one of qty or notional is accepted")
    if notional is not None and (kind is not OrderType.MARKET or order_class is not OrderClass.SIMPLE):
        raise Refusal(Why.INVALID, "notional is accepted for simple market orders only")
    return quantity, notional


def _require_prices(kind: OrderType, prices: Mapping[str, float | None]) -> None:
    needed = _NEEDED.get(kind, ())
    for name, price in prices.items():
        if price is None and name in needed:
            raise Refusal(Why.BAD_FIELD, f"{kind} orders require {name.replace('_', ' ')}")
        if price is not None and name not in needed:
            raise Refusal(Why.BAD_FIELD, f"{kind} orders must not have {name.replace('_', ' ')}")


def _trail(said: Mapping[str, Any], kind: OrderType) -> dict[str, float | None]:
    money, percent = amount(said, "trail_price"), amount(said, "trail_percent")
    given = (money is not None) + (percent is not None)
    if kind is OrderType.TRAILING_STOP and given != 1:
        raise Refusal(Why.BAD_FIELD, "trailing_stop orders require one of trail_price or trail_percent")
    if kind is not OrderType.TRAILING_STOP and given:
        raise Refusal(Why.BAD_FIELD, f"{kind} orders must not have a trail")
    if percent is not None and percent >= 100.0:
        raise Refusal(Why.BAD_FIELD, "trail_percent must be below 100")
    return {"trail_amount": money, "trail_percent": percent}


def _exits(
    said: Mapping[str, Any], order_class: OrderClass, prices: dict[str, float | None]
) -> dict[str, float | None]:
    """The exits of a group; an OCO's limit price may stand in either place."""
    target, stop = _part(said, "take_profit"), _part(said, "stop_loss")
    found = {
        "take_profit": amount(target, "limit_price"),
        "stop_loss": amount(stop, "stop_price"),
        "stop_loss_limit": amount(stop, "limit_price"),
    }
    if order_class is OrderClass.OCO:
        found["take_profit"] = found["take_profit"] or prices["limit_price"]
        prices.update(limit_price=None, stop_price=None)
    _require_exits(order_class, found)
    return found


def _part(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = said.get(name)
    if part is None:
        return {}
    if not isinstance(part, dict):
        raise Refusal(Why.BAD_FIELD, f"{name} must be an object")
    return part


def _require_exits(order_class: OrderClass, found: Mapping[str, float | None]) -> None:
    target, stop, limit = found["take_profit"], found["stop_loss"], found["stop_loss_limit"]
    given = (target is not None) + (stop is not None)
    needed = {OrderClass.SIMPLE: 0, OrderClass.OTO: 1}.get(order_class, 2)
    if given != needed:
        words = {0: "no exits", 1: "take_profit or stop_loss, one of them", 2: "take_profit and stop_loss"}
        raise Refusal(Why.INVALID, f"{order_class} orders require {words[needed]}")
    if limit is not None and (stop is None or order_class is not OrderClass.OCO):
        raise Refusal(Why.INVALID, "the SANDBOX takes stop_loss.limit_price in oco orders only")


def _words(said: Mapping[str, Any], kind: OrderType, word: str, notional: float | None) -> dict[str, Any]:
    """What the answers repeat."""
    extended = flag(said, "extended_hours")
    if extended and (kind is not OrderType.LIMIT or word != "day"):
        raise Refusal(Why.INVALID, "extended hours order must be DAY limit orders")
    intent = said.get("position_intent")
    return {
        "time_in_force": word,
        "extended_hours": extended,
        "position_intent": None if intent is None else choice(said, "position_intent", _INTENTS),
        "notional": None if notional is None else f"{notional:.2f}",
    }


def changes_of(said: Mapping[str, Any]) -> Changes:
    """The replacement in a body.

    Raises
    ------
    Refusal
    """
    return Changes(
        quantity=amount(said, "qty"),
        limit_price=amount(said, "limit_price"),
        stop_price=amount(said, "stop_price"),
        trail=amount(said, "trail"),
        time_in_force=None if said.get("time_in_force") is None else choice(said, "time_in_force", _TIFS),
        client_order_id=text(said, "client_order_id"),
    )
