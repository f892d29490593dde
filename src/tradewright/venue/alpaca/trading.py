"""Alpaca's trading API: orders, positions, the account, the clock, the calendar, the assets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.venue import dealing
from tradewright.venue.fields import amount, choice, flag, instant, json_object, text, whole
from tradewright.venue.placed import Standing
from tradewright.venue.refusals import Refusal, Why

from .answers import account_json, activity_json, asset_id, asset_json, order_json, position_json
from .bodies import ask_of, changes_of
from .errors import error_body, status_of
from .hours import calendar_json, clock_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.venue.account import VenueAccount
    from tradewright.venue.placed import PlacedOrder

__all__ = ["TRADING", "Call"]

_STATUSES = {name: name for name in ("open", "closed", "all")}
_DIRECTIONS = {"asc": False, "desc": True}
_SIDES = {"buy": "buy", "sell": "sell"}


class Call:
    """One request: the account it is for, its path parameters, its query, and its body."""

    def __init__(
        self, account: VenueAccount, path: Mapping[str, Any], query: Mapping[str, str], body: bytes = b""
    ) -> None:
        self.account = account
        self.path = path
        self.query = query
        self.body = body


Answer = tuple[int, Any]
"""A status, and what stands in the answer's body; None is an empty one."""


# Orders.


def submit(call: Call) -> Answer:
    """Place an order."""
    account = call.account
    ask = ask_of(json_object(call.body), intraday=account.tape.market.timeframe.is_intraday)
    order = dealing.submit(account, ask)
    said = order_json(account, order)
    if order.standing is Standing.NEW:
        # The answer leaves before the order reaches the book; the stream says when it has.
        said["status"] = str(Standing.PENDING_NEW) if account.tape.clock(account.tape.now_ns)[0] else "accepted"
    return 200, said


def orders(call: Call) -> Answer:
    """The orders that a query selects, newest first unless asked otherwise."""
    account, query = call.account, call.query
    status = choice(query, "status", _STATUSES, "open")
    found = [order for order in account.orders.shown() if status == "all" or order.is_open == (status == "open")]
    after, until = instant(query, "after"), instant(query, "until")
    found = [each for each in found if (after is None or each.created_at > after)]
    found = [each for each in found if (until is None or each.created_at < until)]
    found = _of_symbols(found, query)
    nested = flag(query, "nested")
    if nested:
        found = [order for order in found if order.parent is None]
    if choice(query, "direction", _DIRECTIONS, "desc"):
        found.reverse()
    limit = whole(query, "limit", 50, most=500)
    return 200, [order_json(account, order, nested=nested) for order in found[:limit]]


def _of_symbols(found: list[PlacedOrder], query: Mapping[str, str]) -> list[PlacedOrder]:
    symbols, side = text(query, "symbols", most=4000), query.get("side")
    if symbols is not None:
        names = set(symbols.split(","))
        found = [order for order in found if order.symbol in names]
    if side:
        wanted = choice(query, "side", _SIDES)
        found = [order for order in found if order.side.name.lower() == wanted]
    return found


def order_by_id(call: Call) -> Answer:
    """One order by the venue's id."""
    return 200, order_json(call.account, call.account.orders.shown_by_id(call.path["order_id"]))


def order_by_client_id(call: Call) -> Answer:
    """One order by its client's id."""
    wanted = text(call.query, "client_order_id")
    if wanted is None:
        raise Refusal(Why.BAD_FIELD, "client_order_id is required")
    return 200, order_json(call.account, call.account.orders.shown_by_client_id(wanted))


def replace(call: Call) -> Answer:
    """Put a changed order in the place of a working one."""
    account = call.account
    order = account.orders.of_id(call.path["order_id"])
    return 200, order_json(account, dealing.replace(account, order, changes_of(json_object(call.body))))


def cancel(call: Call) -> Answer:
    """Ask for the end of an order."""
    dealing.cancel(call.account, call.account.orders.of_id(call.path["order_id"]))
    return 204, None


def cancel_all(call: Call) -> Answer:
    """Ask for the end of every working order."""
    account, ended = call.account, []
    for order in account.orders.open():
        if order.is_open:
            dealing.cancel(account, order)
        ended.append({"id": order.id, "status": 200, "body": None})
    return 207, ended


# Positions.


def positions(call: Call) -> Answer:
    """Every position."""
    return 200, [position_json(call.account, symbol) for symbol in call.account.held()]


def position(call: Call) -> Answer:
    """One position, by symbol or asset id."""
    symbol = _symbol(call)
    if symbol not in call.account.held():
        raise Refusal(Why.UNKNOWN_POSITION, "position does not exist")
    return 200, position_json(call.account, symbol)


def close_position(call: Call) -> Answer:
    """Close a position, or a part of it."""
    account, symbol = call.account, _symbol(call)
    quantity, percent = amount(call.query, "qty"), amount(call.query, "percentage")
    if quantity is not None and percent is not None:
        raise Refusal(Why.BAD_FIELD, "only one of qty or percentage is accepted")
    if percent is not None:
        if percent > 100.0:
            raise Refusal(Why.BAD_FIELD, "percentage must be at most 100")
        quantity = account.part_of(symbol, percent / 100.0)
    return 200, order_json(account, dealing.close_position(account, symbol, quantity))


def close_all(call: Call) -> Answer:
    """Close every position, after ending every order where that is asked for."""
    account = call.account
    if flag(call.query, "cancel_orders"):
        cancel_all(call)
    return 207, [_closing(account, symbol) for symbol in account.held()]


def _closing(account: VenueAccount, symbol: str) -> dict[str, Any]:
    try:
        order = dealing.close_position(account, symbol)
    except Refusal as refusal:
        return {"symbol": symbol, "status": status_of(refusal), "body": error_body(refusal)}
    return {"symbol": symbol, "status": 200, "order_id": order.id, "body": order_json(account, order)}


def _symbol(call: Call) -> str:
    """The symbol in a path, where an asset's id may stand instead."""
    named: str = call.path["symbol"]
    symbols = call.account.tape.market.symbols
    found = next((symbol for symbol in symbols if named in (symbol, asset_id(symbol))), None)
    if found is None:
        raise Refusal(Why.UNKNOWN_POSITION, f"{named} is not known here")
    return found


# The account and the market.


def account_itself(call: Call) -> Answer:
    """Money."""
    return 200, account_json(call.account)


def configuration(call: Call) -> Answer:
    """How the account is set up."""
    return 200, {
        "dtbp_check": "entry",
        "fractional_trading": any(book.lot < 1.0 for book in call.account.board.books),
        "max_margin_multiplier": str(call.account.multiplier),
        "no_shorting": call.account.board.exchange.shorts == 0,
        "pdt_check": "entry",
        "suspend_trade": False,
        "trade_confirm_email": "none",
        "ptp_no_exception_entry": False,
    }


def activities(call: Call) -> Answer:
    """Fills, oldest first where asked for."""
    kind = call.path.get("kind") or call.query.get("activity_types") or "FILL"
    after, until = instant(call.query, "after"), instant(call.query, "until")
    fills = [each for each in call.account.happenings if each.execution_id is not None and kind == "FILL"]
    fills = [each for each in fills if after is None or each.at_ns > after]
    fills = [each for each in fills if until is None or each.at_ns < until]
    if choice(call.query, "direction", _DIRECTIONS, "desc"):
        fills.reverse()
    said = [activity_json(each) for each in fills]
    token = text(call.query, "page_token")
    names = [each["id"] for each in said]
    first = names.index(token) + 1 if token in names else 0
    return 200, said[first : first + whole(call.query, "page_size", 100, most=100)]


def clock(call: Call) -> Answer:
    """The time at the venue, and whether the market is open."""
    return 200, clock_json(call.account.tape, call.account.tape.shown_ns)


def calendar(call: Call) -> Answer:
    """The sessions of the market."""
    return 200, calendar_json(call.account.tape, text(call.query, "start"), text(call.query, "end"))


def assets(call: Call) -> Answer:
    """What is traded."""
    status, kind = call.query.get("status"), call.query.get("asset_class")
    found = [asset_json(call.account, symbol) for symbol in call.account.tape.market.symbols]
    return 200, [each for each in found if status in (None, "", each["status"]) and kind in (None, "", each["class"])]


def asset(call: Call) -> Answer:
    """One asset, by symbol or id."""
    try:
        return 200, asset_json(call.account, _symbol(call))
    except Refusal as refusal:
        raise Refusal(Why.UNKNOWN_POSITION, f"asset not found for {call.path['symbol']}") from refusal


TRADING = {
    ("POST", "/v2/orders"): submit,
    ("GET", "/v2/orders"): orders,
    ("DELETE", "/v2/orders"): cancel_all,
    ("GET", "/v2/orders:by_client_order_id"): order_by_client_id,
    ("GET", "/v2/orders/{order_id}"): order_by_id,
    ("PATCH", "/v2/orders/{order_id}"): replace,
    ("DELETE", "/v2/orders/{order_id}"): cancel,
    ("GET", "/v2/positions"): positions,
    ("DELETE", "/v2/positions"): close_all,
    ("GET", "/v2/positions/{symbol:path}"): position,
    ("DELETE", "/v2/positions/{symbol:path}"): close_position,
    ("GET", "/v2/account"): account_itself,
    ("GET", "/v2/account/configurations"): configuration,
    ("GET", "/v2/account/activities"): activities,
    ("GET", "/v2/account/activities/{kind}"): activities,
    ("GET", "/v2/clock"): clock,
    ("GET", "/v2/calendar"): calendar,
    ("GET", "/v2/assets"): assets,
    ("GET", "/v2/assets/{symbol:path}"): asset,
}
"""What answers which method and path."""
