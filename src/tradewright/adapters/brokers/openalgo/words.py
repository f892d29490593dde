"""OpenAlgo's words: symbols with their exchanges, instants, and the rows of its books."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import BrokerError
from tradewright.domain.live.venue import VenueFill, VenueOrder, VenueStatus
from tradewright.domain.order import OrderSide, OrderType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from zoneinfo import ZoneInfo

    from tradewright.domain.live.wire import WireOrder

    Row = Mapping[str, Any]

__all__ = ["PRICE_TYPES", "Names", "Stamps", "fields_of", "fills_of", "number", "order_of"]

NS = 1_000_000_000
PRICE_TYPES = {
    OrderType.MARKET: "MARKET",
    OrderType.LIMIT: "LIMIT",
    OrderType.STOP: "SL-M",
    OrderType.STOP_LIMIT: "SL",
}
"""OpenAlgo's words for the types of orders."""

_SHAPES = {word: kind.value for kind, word in PRICE_TYPES.items()}
_STATUSES = {
    "complete": VenueStatus.FILLED,
    "cancelled": VenueStatus.CANCELLED,
    "canceled": VenueStatus.CANCELLED,
    "rejected": VenueStatus.REJECTED,
    "expired": VenueStatus.EXPIRED,
}
_DERIVATIVE = re.compile(r".*\d{2}[A-Z]{3}\d{2}(FUT|\d+(\.\d+)?(CE|PE))")
_FORMS = ("%d-%b-%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d-%m-%Y %H:%M:%S")
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Names:
    """From our symbols to OpenAlgo's pairs of symbol and exchange, and back.

    A symbol alone is of `exchange`, or of `derivatives` where it has the form of a future or an option; ``INFY@BSE``
    names another one.
    """

    exchange: str = "NSE"
    derivatives: str = "NFO"

    def pair(self, symbol: str) -> tuple[str, str]:
        """Symbol and exchange."""
        name, at, exchange = symbol.partition("@")
        return (name, exchange) if at else (name, self._usual(name))

    def symbol(self, name: str, exchange: str) -> str:
        """Our symbol of a pair."""
        return name if exchange == self._usual(name) else f"{name}@{exchange}"

    def _usual(self, name: str) -> str:
        return self.derivatives if _DERIVATIVE.fullmatch(name) else self.exchange


@dataclass(frozen=True, slots=True)
class Stamps:
    """Reads the venue's instants: local time, to the second, without a zone.

    Parameters
    ----------
    zone : ZoneInfo
    now_ns : int
        What stands for an instant that cannot be read: the latest it can be.
    """

    zone: ZoneInfo
    now_ns: int

    def latest_ns(self, text: Any) -> int:
        """The end of the second that is meant, UTC nanoseconds: no order was taken later than that."""
        for form in _FORMS:
            try:
                moment = dt.datetime.strptime(str(text), form).replace(tzinfo=self.zone)
            except ValueError:
                continue
            return int(moment.timestamp()) * NS + NS - 1
        return self.now_ns


def number(row: Row, name: str) -> Decimal:
    """A number of a row, whether it is written as one or as text; 0 where it is missing.

    Raises
    ------
    BrokerError
        When it is none.
    """
    said = row.get(name)
    try:
        value = _ZERO if said is None or said == "" else Decimal(str(said))
    except InvalidOperation:
        value = Decimal("nan")
    if not value.is_finite():
        raise BrokerError(f"OpenAlgo says a {name} that is no number.")
    return value


def order_of(row: Row, names: Names, stamps: Stamps, traded: Mapping[str, Decimal]) -> VenueOrder:
    """An order of the order book; where that does not say how much has filled, the trade book does.

    Raises
    ------
    BrokerError
        When the row cannot be read: a list with a hole is no evidence.
    """
    vid, quantity = _text(row, "orderid"), number(row, "quantity")
    status = _STATUSES.get(str(row.get("order_status", "")).lower(), VenueStatus.OPEN)
    filled = number(row, "filled_quantity") if "filled_quantity" in row else traded.get(vid, _ZERO)
    if status is VenueStatus.FILLED:
        filled = max(filled, quantity)
    return VenueOrder(
        vid=vid, cid=None, symbol=names.symbol(_text(row, "symbol"), _text(row, "exchange")), side=_side(row),
        quantity=quantity, filled=filled, status=status, created_ns=stamps.latest_ns(row.get("timestamp")),
        shape=_SHAPES.get(str(row.get("pricetype", "")).upper(), ""),
    )  # fmt: skip


def fills_of(rows: Iterable[Row], names: Names, stamps: Stamps) -> list[VenueFill]:
    """The trade book as executions, oldest first: each is known by what its order had filled with it."""
    ordered = sorted(rows, key=lambda row: stamps.latest_ns(row.get("timestamp")))
    filled: dict[str, Decimal] = {}
    found = []
    for row in ordered:
        vid, quantity = _text(row, "orderid"), number(row, "quantity")
        filled[vid] = filled.get(vid, _ZERO) + quantity
        found.append(
            VenueFill(
                execution_id=None, vid=vid, cid=None, side=_side(row), quantity=quantity, cumulative=filled[vid],
                symbol=names.symbol(_text(row, "symbol"), _text(row, "exchange")),
                price=number(row, "average_price"), at_ns=stamps.latest_ns(row.get("timestamp")),
            )
        )  # fmt: skip
    return found


def fields_of(wire: WireOrder, names: Names, product: str) -> dict[str, str]:
    """The fields that place an order, and that are all sent again to modify it."""
    symbol, exchange = names.pair(wire.symbol)
    return {
        "symbol": symbol,
        "exchange": exchange,
        "action": wire.side.name,
        "product": product,
        "pricetype": PRICE_TYPES[wire.order_type],
        "quantity": f"{wire.quantity:f}",
        "price": _price(wire.limit_price),
        "trigger_price": _price(wire.stop_price),
        "disclosed_quantity": "0",
    }


def _price(price: Decimal | None) -> str:
    """A price as it is sent; "0" stands for none."""
    return "0" if price is None else f"{price:f}"


def _side(row: Row) -> OrderSide:
    word = str(row.get("action", "")).upper()
    if word not in OrderSide.__members__:
        raise BrokerError("OpenAlgo lists an order that neither buys nor sells.")
    return OrderSide[word]


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    if value is None or value == "":
        raise BrokerError(f"OpenAlgo lists a row without '{name}'.")
    return str(value)
