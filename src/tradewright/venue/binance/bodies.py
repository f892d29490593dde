"""What Binance's clients send, read into what the venue understands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from tradewright.domain.grid import limit_on_grid, lots_of
from tradewright.domain.order import OrderSide, OrderType, TimeInForce
from tradewright.venue.asks import OrderAsk
from tradewright.venue.refusals import Refusal, Why

from .errors import missing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .pairs import Pair

T = TypeVar("T")

__all__ = ["ORDER_TYPES", "SIDES", "TIMES", "ask_of", "instant_of", "number_of", "whole_of"]

SIDES = {"BUY": OrderSide.BUY, "SELL": OrderSide.SELL}
ORDER_TYPES = {
    "LIMIT": OrderType.LIMIT,
    "MARKET": OrderType.MARKET,
    "STOP_LOSS": OrderType.STOP,
    "STOP_LOSS_LIMIT": OrderType.STOP_LIMIT,
}
TIMES = {"GTC": TimeInForce.GTC, "IOC": TimeInForce.IOC, "FOK": TimeInForce.FOK}
_NEEDS: dict[str, tuple[str, ...]] = {
    "LIMIT": ("timeInForce", "quantity", "price"),
    "MARKET": ("quantity",),
    "STOP_LOSS": ("quantity", "stopPrice"),
    "STOP_LOSS_LIMIT": ("timeInForce", "quantity", "price", "stopPrice"),
}
_TAKES = ("timeInForce", "quantity", "price", "stopPrice")
_NUMBER = re.compile(r"[0-9]{1,20}(\.[0-9]{1,20})?")
_CLIENT_ID = re.compile(r"[a-zA-Z0-9\-_.:/]{1,36}")


def ask_of(said: Mapping[str, str], pair: Pair) -> OrderAsk:
    """The order in a request.

    Raises
    ------
    Refusal
        By the code that Binance has for it.
    """
    side = _word(said, "side", SIDES, -1117, "Invalid side.")
    kind = said.get("type", "")
    order_type = _word(said, "type", ORDER_TYPES, -1116, "Invalid orderType.")
    for name in _NEEDS[kind]:
        if not said.get(name):
            raise missing(name)
    for name in _TAKES:
        if said.get(name) and name not in _NEEDS[kind]:
            raise Refusal(Why.BAD_FIELD, f"Parameter '{name}' sent when not required.", code=-1106)
    given = said.get("timeInForce")
    tif = _word(said, "timeInForce", TIMES, -1115, "Invalid timeInForce.") if given else TimeInForce.GTC
    return OrderAsk(
        symbol=pair.symbol,
        side=side,
        quantity=_quantity(said, pair),
        order_type=order_type,
        time_in_force=tif,
        limit_price=_price(said, "price", pair),
        stop_price=_price(said, "stopPrice", pair),
        client_order_id=_client_id(said),
        forgets_ended=True,
        words={"type": kind, "timeInForce": given or "GTC"},
    )


def _word(said: Mapping[str, str], name: str, words: Mapping[str, T], code: int, sentence: str) -> T:
    value = said.get(name)
    if not value:
        raise missing(name)
    if value not in words:
        raise Refusal(Why.BAD_FIELD, sentence, code=code)
    return words[value]


def number_of(said: Mapping[str, str], name: str) -> float | None:
    """A positive decimal number; None where it is missing.

    Raises
    ------
    Refusal
    """
    value = said.get(name)
    if not value:
        return None
    if _NUMBER.fullmatch(value) is None:
        sentence = (
            f"Illegal characters found in parameter '{name}'; legal range is '^([0-9]{{1,20}})(\\.[0-9]{{1,20}})?$'."
        )
        raise Refusal(Why.MALFORMED, sentence, code=-1100)
    if len(value.partition(".")[2].rstrip("0")) > 8:
        raise Refusal(Why.BAD_FIELD, f"Parameter '{name}' has too much precision.", code=-1111)
    return float(value)


def _quantity(said: Mapping[str, str], pair: Pair) -> float:
    number = number_of(said, "quantity") or 0.0
    if number <= 0.0 or abs(lots_of(number, pair.instrument.lot) - number) > pair.instrument.lot * 1e-6:
        raise Refusal(Why.INVALID, "Filter failure: LOT_SIZE")
    return lots_of(number, pair.instrument.lot)


def _price(said: Mapping[str, str], name: str, pair: Pair) -> float | None:
    number = number_of(said, name)
    if number is None:
        return None
    nearest = limit_on_grid(number, 1, pair.instrument.tick)
    if number <= 0.0 or abs(nearest - number) > pair.instrument.tick * 1e-6:
        raise Refusal(Why.INVALID, "Filter failure: PRICE_FILTER")
    return nearest


def _client_id(said: Mapping[str, str]) -> str | None:
    value = said.get("newClientOrderId")
    if value is not None and _CLIENT_ID.fullmatch(value) is None:
        sentence = "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[a-zA-Z0-9-_]{1,36}$'."
        raise Refusal(Why.MALFORMED, sentence, code=-1100)
    return value


def whole_of(said: Mapping[str, str], name: str) -> int | None:
    """A whole number; None where it is missing.

    Raises
    ------
    Refusal
    """
    value = said.get(name)
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 18):
        raise Refusal(Why.MALFORMED, f"Illegal characters found in parameter '{name}'.", code=-1100)
    return int(value)


def instant_of(said: Mapping[str, str], name: str) -> int | None:
    """An instant in milliseconds, as UTC nanoseconds; None where it is missing.

    Raises
    ------
    Refusal
    """
    found = whole_of(said, name)
    return None if found is None else found * 1_000_000
