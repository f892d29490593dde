"""Orders as a gateway keeps them, and the words in which it tells of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tradewright.domain.order import OrderSide, OrderType, TimeInForce
from tradewright.venue.asks import Changes, OrderAsk
from tradewright.venue.placed import Standing
from tradewright.venue.refusals import Refusal, Why

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.venue.placed import PlacedOrder

__all__ = ["ENDED", "GatewayOrder", "ask_of", "changes_of", "instant_of", "moment_text"]

ENDED = frozenset({"Filled", "Cancelled", "Inactive"})
"""Statuses that end an order here."""

_TYPES = {
    "MKT": OrderType.MARKET,
    "LMT": OrderType.LIMIT,
    "STP": OrderType.STOP,
    "STP LMT": OrderType.STOP_LIMIT,
}
_USES = {"LMT": ("lmtPrice",), "STP": ("auxPrice",), "STP LMT": ("lmtPrice", "auxPrice")}
_TIMES = {"": TimeInForce.DAY, **{each.name: each for each in TimeInForce}}
_SIDES = {"BUY": OrderSide.BUY, "SELL": OrderSide.SELL}
_STATUSES = {
    Standing.FILLED: "Filled",
    Standing.CANCELED: "Cancelled",
    Standing.EXPIRED: "Cancelled",
    Standing.REJECTED: "Inactive",
}
_KEPT = ("action", "totalQuantity", "orderType", "lmtPrice", "auxPrice", "tif", "ocaGroup", "orderRef", "goodTillDate")


@dataclass(slots=True, kw_only=True)
class GatewayOrder:
    """One order, under the number its client gave it and the one that it keeps for ever.

    Parameters
    ----------
    order_id, client_id : int
        As its client named itself and it; zero for an order that somebody placed by hand.
    perm_id : int
    symbol : str
    words : dict
        What its client sent, by field.
    """

    order_id: int
    client_id: int
    perm_id: int
    symbol: str
    words: dict[str, str]
    placed: PlacedOrder | None = None
    filled_before: float = 0.0
    spent_before: float = 0.0
    status: str = "PendingSubmit"
    ended_at: int = 0
    reason: str = ""
    waits_for: int = 0
    last_price: float = 0.0
    executions: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether it still works, or waits to."""
        return self.status not in ENDED

    @property
    def quantity(self) -> float:
        """Units in all, those filled before it was changed included."""
        return float(self.words["totalQuantity"])

    @property
    def filled(self) -> float:
        """Units filled."""
        return self.filled_before + (self.placed.filled if self.placed is not None else 0.0)

    @property
    def average(self) -> float:
        """Average price of its fills; 0 before the first."""
        spent = self.spent_before + (self.placed.spent if self.placed is not None else 0.0)
        return spent / self.filled if self.filled else 0.0

    def is_paired_with(self, other: GatewayOrder) -> bool:
        """Whether they end each other: exits of one entry do, and orders that were put in one group."""
        names = ("ocaGroup", "parentId")
        said = [(self.words.get(name, ""), other.words.get(name, "")) for name in names]
        return other is not self and any(mine == theirs and mine not in ("", "0") for mine, theirs in said)

    def stand(self, placed: PlacedOrder, standing: Standing) -> None:
        """Stand as the exchange says."""
        waiting = "PreSubmitted" if placed.stop_price is not None and not placed.filled else "Submitted"
        self.status = _STATUSES.get(standing, waiting)
        if standing is Standing.EXPIRED:
            self.reason = "Order Expired"

    def change(self, placed: PlacedOrder, words: Mapping[str, str]) -> None:
        """Stand for another order of the exchange from now on, with other words."""
        if self.placed is not None:
            self.filled_before += self.placed.filled
            self.spent_before += self.placed.spent
        self.placed = placed
        self.words.update({name: words.get(name, "") for name in _KEPT})

    def fields(self, account: str) -> dict[str, Any]:
        """What every message about it may carry."""
        return {
            **{name: self.words.get(name, "") for name in (*_KEPT, "parentId")},
            "orderId": self.order_id,
            "clientId": self.client_id,
            "permId": self.perm_id,
            "parentId": self.words.get("parentId") or 0,
            "account": account,
            "status": self.status,
            "filled": self.filled,
            "remaining": max(0.0, self.quantity - self.filled),
            "avgFillPrice": self.average,
            "lastFillPrice": self.last_price,
        }

    def completed_fields(self, account: str) -> dict[str, Any]:
        """What the list of completed orders carries: no number of the client's, and of a filled order no quantity."""
        is_filled = self.status == "Filled"
        return {
            **self.fields(account),
            "totalQuantity": 0.0 if is_filled else self.quantity,
            "filledQuantity": self.filled,
            "status": self.status,
            "completedTime": moment_text(self.ended_at),
            "completedStatus": f"Filled Size: {self.filled:g}" if is_filled else self.reason or "Cancelled by Trader",
        }


def ask_of(symbol: str, said: Mapping[str, str]) -> OrderAsk:
    """The order that a client means.

    Raises
    ------
    Refusal
    """
    return OrderAsk(
        symbol=symbol,
        side=_word(_SIDES, said, "action"),
        quantity=_number(said, "totalQuantity") or 0.0,
        order_type=_word(_TYPES, said, "orderType"),
        time_in_force=_word(_TIMES, said, "tif"),
        expires_ns=_expiry(said),
        limit_price=_price(said, "lmtPrice"),
        stop_price=_price(said, "auxPrice"),
    )


def changes_of(order: GatewayOrder, said: Mapping[str, str]) -> Changes:
    """What a client means by placing an order again under its number.

    Raises
    ------
    Refusal
        When another side or contract stands in it.
    """
    if said.get("action") != order.words["action"]:
        raise Refusal(Why.BAD_FIELD, "Order being modified does not match original order")
    total = _number(said, "totalQuantity") or 0.0
    return Changes(
        quantity=total - order.filled_before,
        order_type=_word(_TYPES, said, "orderType"),
        time_in_force=_word(_TIMES, said, "tif"),
        limit_price=_price(said, "lmtPrice"),
        stop_price=_price(said, "auxPrice"),
    )


def _price(said: Mapping[str, str], name: str) -> float | None:
    """A price, where the type of the order uses it."""
    return _number(said, name) if name in _USES.get(said.get("orderType", ""), ()) else None


def _word(words: Mapping[str, Any], said: Mapping[str, str], name: str) -> Any:
    found = words.get(said.get(name, ""))
    if found is None:
        raise Refusal(Why.BAD_FIELD, f"Error validating request: invalid {name}")
    return found


def _number(said: Mapping[str, str], name: str) -> float | None:
    text = said.get(name, "")
    try:
        return float(text) if text else None
    except ValueError:
        raise Refusal(Why.BAD_FIELD, f"Error validating request: invalid {name}") from None


def _expiry(said: Mapping[str, str]) -> int | None:
    if said.get("tif") != "GTD":
        return None
    found = instant_of(said.get("goodTillDate", ""))
    if found is None:
        raise Refusal(Why.BAD_FIELD, "Error validating request: invalid goodTillDate")
    return found


def instant_of(text: str) -> int | None:
    """An instant as clients write it, ``20240131-14:30:00`` in UTC or with a zone behind; None where it is none."""
    day, _, rest = text.replace("-", " ").partition(" ")
    clock, _, zone = rest.partition(" ")
    try:
        moment = dt.datetime.strptime(f"{day} {clock}", "%Y%m%d %H:%M:%S").replace(tzinfo=ZoneInfo(zone or "UTC"))
    except (ValueError, ZoneInfoNotFoundError):
        return None
    return int(moment.timestamp()) * 1_000_000_000


def moment_text(nanoseconds: int) -> str:
    """An instant as the gateway writes it, to the second."""
    return f"{dt.datetime.fromtimestamp(nanoseconds // 1_000_000_000, dt.UTC):%Y%m%d %H:%M:%S} UTC"
