"""Binance's signed calls: orders, trades, the account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tradewright.domain.order import OrderType
from tradewright.venue import dealing
from tradewright.venue.refusals import Refusal, Why

from .answers import account_json, cancelled_json, number_of_order, order_json, taken_json, trades_of
from .bodies import ask_of, instant_of, whole_of
from .errors import error_body, missing
from .pairs import pair_named, pairs_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.venue.account import VenueAccount
    from tradewright.venue.asks import OrderAsk
    from tradewright.venue.exchange import SandboxVenue
    from tradewright.venue.placed import PlacedOrder

    from .pairs import Pair

__all__ = ["TRADING", "Call"]

_FORMS = ("ACK", "RESULT", "FULL")
_MOST = 1_000


class Call(NamedTuple):
    """One request: the venue, the account it is for, and its parameters."""

    venue: SandboxVenue
    account: VenueAccount
    said: Mapping[str, str]

    @property
    def pair(self) -> Pair:
        """What it is about.

        Raises
        ------
        Refusal
        """
        if not self.said.get("symbol"):
            raise missing("symbol")
        return pair_named(self.venue, self.said["symbol"])


def submit(call: Call) -> Any:
    """Place an order."""
    pair = call.pair
    order = _placed(call, pair, ask_of(call.said, pair))
    default = "ACK" if "STOP" in order.words["type"] else "FULL"
    form = call.said.get("newOrderRespType", default)
    return taken_json(call.account, pair, order, form if form in _FORMS else default)


def _placed(call: Call, pair: Pair, ask: OrderAsk) -> PlacedOrder:
    if ask.order_type in (OrderType.STOP, OrderType.STOP_LIMIT):
        _require_waiting(call, pair, ask)
    return dealing.submit(call.account, ask)


def _require_waiting(call: Call, pair: Pair, ask: OrderAsk) -> None:
    bar = call.venue.tape.last_bar(pair.number)
    if bar is not None and ask.stop_price is not None and (bar.close - ask.stop_price) * ask.side >= 0:
        raise Refusal(Why.INVALID, "Order would trigger immediately.", code=-2010)


def test(call: Call) -> Any:
    """Read an order and do nothing."""
    ask_of(call.said, call.pair)
    return {}


def order(call: Call) -> Any:
    """One order, by its number or by its client's id, where look-ups show it."""
    pair = call.pair
    found = _named(call, pair)
    if found is None or not call.account.orders.delay.seen([found]):
        raise Refusal(Why.UNKNOWN_ORDER, "Order does not exist.")
    return order_json(call.account, pair, found)


def _named(call: Call, pair: Pair) -> PlacedOrder | None:
    """The order that a request names; of several with one client's id the newest."""
    number, client_id = whole_of(call.said, "orderId"), call.said.get("origClientOrderId")
    if number is None and not client_id:
        sentence = "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!"
        raise Refusal(Why.BAD_FIELD, sentence, code=-1102)
    return next((each for each in reversed(_of(call, pair)) if _is(call, each, number, client_id)), None)


def _is(call: Call, order: PlacedOrder, number: int | None, client_id: str | None) -> bool:
    if number is not None and number_of_order(call.account, order) != number:
        return False
    return client_id is None or order.client_order_id == client_id


def _of(call: Call, pair: Pair) -> list[PlacedOrder]:
    return [each for each in call.account.orders.all() if each.symbol == pair.symbol]


def cancel(call: Call) -> Any:
    """Ask for the end of an order. One that is unknown and one that has ended are refused with the same words."""
    pair = call.pair
    found = _named(call, pair)
    if found is None or not found.is_open:
        raise Refusal(Why.TOO_LATE, "Unknown order sent.")
    dealing.cancel(call.account, found)
    return cancelled_json(
        call.account, pair, found, call.said.get("newClientOrderId", f"c{found.client_order_id}"[:36])
    )


def cancel_all(call: Call) -> Any:
    """Ask for the end of every working order in a symbol."""
    pair, ended = call.pair, []
    for each in call.account.orders.open(pair.symbol):
        if each.is_open:
            dealing.cancel(call.account, each)
            ended.append(cancelled_json(call.account, pair, each, f"c{each.client_order_id}"[:36]))
    if not ended:
        raise Refusal(Why.TOO_LATE, "Unknown order sent.")
    return ended


def cancel_replace(call: Call) -> Any:
    """Cancel an order and place another, which knows nothing of what the first one has filled."""
    pair = call.pair
    ask = ask_of(call.said, pair)
    named = Call(call.venue, call.account, _cancel_words(call.said))
    ended, why_not = _tried(cancel, named)
    if why_not is not None and call.said.get("cancelReplaceMode") == "STOP_ON_FAILURE":
        raise _half_done(-2022, why_not, None, "FAILURE", "NOT_ATTEMPTED")
    try:
        placed = taken_json(call.account, pair, _placed(call, pair, ask), "FULL")
    except Refusal as refusal:
        code = -2021 if why_not is None else -2022
        raise _half_done(code, why_not or ended, error_body(refusal), _result(why_not), "FAILURE") from refusal
    if why_not is not None:
        raise _half_done(-2021, why_not, placed, "FAILURE", "SUCCESS")
    words = {"cancelResult": "SUCCESS", "newOrderResult": "SUCCESS"}
    return {**words, "cancelResponse": ended, "newOrderResponse": placed}


def _result(why_not: Any) -> str:
    return "SUCCESS" if why_not is None else "FAILURE"


def _cancel_words(said: Mapping[str, str]) -> dict[str, str]:
    names = {"cancelOrderId": "orderId", "cancelOrigClientOrderId": "origClientOrderId", "symbol": "symbol"}
    return {name: said[given] for given, name in names.items() if said.get(given)}


def _tried(act: Any, call: Call) -> tuple[Any, dict[str, Any] | None]:
    try:
        return act(call), None
    except Refusal as refusal:
        return None, error_body(refusal)


def _half_done(code: int, ended: Any, placed: Any, cancelled: str, new: str) -> Refusal:
    partially = "partially failed." if code == -2021 else "failed."
    data = {
        "cancelResult": cancelled, "newOrderResult": new, "cancelResponse": ended, "newOrderResponse": placed,
    }  # fmt: skip
    return Refusal(Why.INVALID, f"Order cancel-replace {partially}", code=code, data=data)


def open_orders(call: Call) -> Any:
    """Working orders, of one symbol or of all."""
    pairs = [call.pair] if call.said.get("symbol") else pairs_of(call.venue)
    shown = [each for each in call.account.orders.shown() if each.is_open]
    return [
        order_json(call.account, pair, each) for pair in pairs for each in shown if each.symbol == pair.symbol
    ]  # fmt: skip


def all_orders(call: Call) -> Any:
    """Orders of a symbol: from a number on, from an instant on, or the last ones."""
    pair = call.pair
    shown = [each for each in call.account.orders.shown() if each.symbol == pair.symbol]
    rows = [order_json(call.account, pair, each) for each in shown]
    return _page(call.said, rows, "orderId", "orderId")


def my_trades(call: Call) -> Any:
    """Fills in a symbol, of one order or of all: from a number on, from an instant on, or the last ones."""
    rows, number = trades_of(call.account, call.pair), whole_of(call.said, "orderId")
    rows = [row for row in rows if number in (None, row["orderId"])]
    return _page(call.said, rows, "id", "fromId")


def _page(said: Mapping[str, str], rows: list[dict[str, Any]], name: str, first: str) -> list[dict[str, Any]]:
    limit = min(whole_of(said, "limit") or 500, _MOST)
    begins, start, end = whole_of(said, first), instant_of(said, "startTime"), instant_of(said, "endTime")
    if begins is not None:
        return [row for row in rows if row[name] >= begins][:limit]
    if end is not None:
        rows = [row for row in rows if row["time"] * 1_000_000 <= end]
    if start is not None:
        return [row for row in rows if row["time"] * 1_000_000 >= start][:limit]
    return rows[-limit:]


def account(call: Call) -> Any:
    """Balances."""
    said: dict[str, Any] = account_json(call.venue, call.account)
    if call.said.get("omitZeroBalances") == "true":
        kept = [row for row in said["balances"] if float(row["free"]) or float(row["locked"])]
        said = {**said, "balances": kept}
    return said


TRADING = {
    ("POST", "order"): submit,
    ("POST", "order/test"): test,
    ("GET", "order"): order,
    ("DELETE", "order"): cancel,
    ("POST", "order/cancelReplace"): cancel_replace,
    ("GET", "openOrders"): open_orders,
    ("DELETE", "openOrders"): cancel_all,
    ("GET", "allOrders"): all_orders,
    ("GET", "myTrades"): my_trades,
    ("GET", "account"): account,
}
"""What needs a signature, by method and the last part of the path."""
