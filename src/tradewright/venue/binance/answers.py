"""Orders, trades, balances and events as Binance writes them: decimals are text, instants are milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.order import OrderSide
from tradewright.venue.admission import held_back
from tradewright.venue.placed import Standing

from .pairs import pairs_of, plain

if TYPE_CHECKING:
    from tradewright.venue.account import VenueAccount
    from tradewright.venue.exchange import SandboxVenue
    from tradewright.venue.placed import Happening, PlacedOrder

    from .pairs import Pair

__all__ = ["account_json", "cancelled_json", "number_of_order", "order_json", "report_json", "taken_json", "trades_of"]

_STATUSES = {
    Standing.PENDING_NEW: "NEW",
    Standing.NEW: "NEW",
    Standing.HELD: "PENDING_NEW",
    Standing.PARTIALLY_FILLED: "PARTIALLY_FILLED",
    Standing.FILLED: "FILLED",
    Standing.CANCELED: "CANCELED",
    Standing.EXPIRED: "EXPIRED",
    Standing.REPLACED: "CANCELED",
    Standing.REJECTED: "REJECTED",
}
_EXECUTIONS = {"new": "NEW", "fill": "TRADE", "partial_fill": "TRADE", "expired": "EXPIRED", "rejected": "REJECTED"}
_NO_LIST = {"orderListId": -1}


def _ms(nanoseconds: int) -> int:
    return nanoseconds // 1_000_000


def number_of_order(account: VenueAccount, order: PlacedOrder) -> int:
    """The number of an order; like Binance's, it counts within one symbol."""
    if "number" not in order.words:
        mine = (each for each in account.orders.all() if each.symbol == order.symbol)
        for number, each in enumerate(mine, 1):
            each.words = {**each.words, "number": number}
    return int(order.words["number"])


def _named(account: VenueAccount, pair: Pair, order: PlacedOrder) -> dict[str, Any]:
    return {"symbol": pair.id, "orderId": number_of_order(account, order), **_NO_LIST}


def _said(order: PlacedOrder) -> dict[str, Any]:
    """What was asked for and what became of it."""
    return {
        "price": plain(order.limit_price),
        "origQty": plain(order.quantity),
        "executedQty": plain(order.filled),
        "origQuoteOrderQty": plain(0.0),
        "cummulativeQuoteQty": plain(order.spent),
        "status": _STATUSES[order.standing],
        "timeInForce": order.words.get("timeInForce", "GTC"),
        "type": _type_of(order),
        "side": order.side.name,
        **({} if order.stop_price is None else {"stopPrice": plain(order.stop_price)}),
        "selfTradePreventionMode": "NONE",
    }


def _type_of(order: PlacedOrder) -> str:
    words = {"market": "MARKET", "limit": "LIMIT", "stop": "STOP_LOSS", "stop_limit": "STOP_LOSS_LIMIT"}
    return str(order.words.get("type") or words.get(str(order.order_type), "MARKET"))


def order_json(account: VenueAccount, pair: Pair, order: PlacedOrder) -> dict[str, Any]:
    """An order that was asked for."""
    return {
        **_named(account, pair, order),
        "clientOrderId": order.client_order_id,
        "stopPrice": plain(order.stop_price),
        "icebergQty": plain(0.0),
        "time": _ms(order.created_at),
        "updateTime": _ms(order.updated_at),
        "isWorking": True,
        "workingTime": _ms(order.created_at),
        **_said(order),
    }


def taken_json(account: VenueAccount, pair: Pair, order: PlacedOrder, form: str) -> dict[str, Any]:
    """The answer to a new order, in one of Binance's three forms."""
    named = {
        **_named(account, pair, order),
        "clientOrderId": order.client_order_id,
        "transactTime": _ms(account.tape.now_ns),
    }
    if form == "ACK":
        return named
    said = {**named, **_said(order), "workingTime": _ms(order.created_at)}
    return {**said, "fills": _fills(account, pair, order)} if form == "FULL" else said


def _fills(account: VenueAccount, pair: Pair, order: PlacedOrder) -> list[dict[str, Any]]:
    names = ("price", "qty", "commission", "commissionAsset")
    rows = (row for row in trades_of(account, pair) if row["orderId"] == number_of_order(account, order))
    return [{**{name: row[name] for name in names}, "tradeId": row["id"]} for row in rows]


def cancelled_json(account: VenueAccount, pair: Pair, order: PlacedOrder, client_id: str) -> dict[str, Any]:
    """The answer to a cancel; the cancel has an id of its own."""
    return {
        **_named(account, pair, order),
        "origClientOrderId": order.client_order_id,
        "clientOrderId": client_id,
        "transactTime": _ms(account.tape.now_ns),
        **_said(order),
    }


def trades_of(account: VenueAccount, pair: Pair) -> list[dict[str, Any]]:
    """Every fill of an account in a pair, oldest first; numbers count within the pair."""
    fills = [each for each in account.happenings if each.execution_id is not None and each.order.symbol == pair.symbol]
    return [_trade(account, pair, number, fill) for number, fill in enumerate(fills, 1)]


def _trade(account: VenueAccount, pair: Pair, number: int, fill: Happening) -> dict[str, Any]:
    units, price = fill.quantity or 0.0, fill.price or 0.0
    return {
        "symbol": pair.id,
        "id": number,
        "orderId": number_of_order(account, fill.order),
        **_NO_LIST,
        "price": plain(price),
        "qty": plain(units),
        "quoteQty": plain(units * price),
        "commission": plain(0.0),
        "commissionAsset": pair.quote,
        "time": _ms(fill.at_ns),
        "isBuyer": fill.order.side is OrderSide.BUY,
        "isMaker": fill.order.limit_price is not None,
        "isBestMatch": True,
    }


def account_json(venue: SandboxVenue, account: VenueAccount) -> dict[str, Any]:
    """The account: what is there of each asset, and what working orders hold back."""
    money = account.desk.account()
    balances = [_balance(money.currency, max(0.0, money.available), max(0.0, money.cash - money.available))]
    for pair in pairs_of(venue):
        held = account.book(pair.symbol).position
        locked = min(max(held, 0.0), held_back(account.orders.open(pair.symbol), OrderSide.SELL))
        balances.append(_balance(pair.base, held - locked, locked))
    return {
        "makerCommission": 0,
        "takerCommission": 0,
        "buyerCommission": 0,
        "sellerCommission": 0,
        "canTrade": True,
        "canWithdraw": False,
        "canDeposit": False,
        "updateTime": _ms(account.tape.now_ns),
        "accountType": "SPOT",
        "balances": balances,
        "permissions": ["SPOT"],
        "uid": 1,
        "venue": "SANDBOX",
    }


def _balance(asset: str, free: float, locked: float) -> dict[str, str]:
    return {"asset": asset, "free": plain(free), "locked": plain(locked)}


def report_json(account: VenueAccount, pair: Pair, happening: Happening) -> dict[str, Any]:
    """An event of the account's stream."""
    order = happening.order
    at = _ms(happening.at_ns)
    is_fill = happening.execution_id is not None
    numbers = [each.number for each in account.happenings if each.execution_id and each.order.symbol == pair.symbol]
    is_cancel = happening.event in ("canceled", "replaced")
    units, price = happening.quantity or 0.0, happening.price or 0.0
    return {
        "e": "executionReport",
        "E": at,
        "s": pair.id,
        "c": f"c{order.client_order_id}"[:36] if is_cancel else order.client_order_id,
        "S": order.side.name,
        "o": _type_of(order),
        "f": order.words.get("timeInForce", "GTC"),
        "q": plain(order.quantity),
        "p": plain(order.limit_price),
        "P": plain(order.stop_price),
        "F": plain(0.0),
        "g": -1,
        "C": order.client_order_id if is_cancel else "",
        "x": _EXECUTIONS.get(happening.event, "CANCELED"),
        "X": _STATUSES[happening.standing],
        "r": "NONE",
        "i": number_of_order(account, order),
        "l": plain(units),
        "z": plain(happening.filled),
        "L": plain(price),
        "n": plain(0.0),
        "N": pair.quote if is_fill else None,
        "T": at,
        "t": numbers.index(happening.number) + 1 if is_fill else -1,
        "w": order.is_open,
        "m": is_fill and order.limit_price is not None,
        "O": _ms(order.created_at),
        "Z": plain(order.spent),
        "Y": plain(units * price),
        "Q": plain(0.0),
        "V": "NONE",
    }
