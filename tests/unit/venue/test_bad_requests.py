"""Whatever a client sends, the answer is in Alpaca's form, and never a failure of the server."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sandboxes import KEY, SECRET, venue_over

from tradewright.venue.alpaca.data import DATA
from tradewright.venue.alpaca.errors import error_body, status_of
from tradewright.venue.alpaca.trading import TRADING, Call
from tradewright.venue.fields import json_object
from tradewright.venue.openalgo.calls import CALLS
from tradewright.venue.refusals import Refusal

FLAT = [100.0] * 12
GOOD = {"symbol": "ACME", "qty": "1", "side": "buy", "type": "market", "time_in_force": "day"}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["buy", "sell", "limit", "stop", "trailing_stop", "gtc", "opg", "cls", "bracket", "oco", "oto"]),
    st.sampled_from(["ACME", "1", "95", "105", "1e400", "-1", "0", "NaN", "2020-01-01", "1Day", "LIMIT", "SL"]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(
        st.sampled_from(["limit_price", "stop_price"]), st.one_of(st.none(), st.integers(), st.text()), max_size=2
    ),
)
FIELDS = st.sampled_from(
    ["symbol", "qty", "notional", "side", "type", "order_type", "time_in_force", "limit_price", "stop_price",
     "trail_price", "trail_percent", "trail", "extended_hours", "client_order_id", "order_class", "take_profit",
     "stop_loss", "position_intent"]
)  # fmt: skip
QUERIES = st.sampled_from(
    ["status", "limit", "after", "until", "direction", "nested", "symbols", "side", "qty", "percentage", "start", "end",
     "timeframe", "page_token", "sort", "client_order_id", "activity_types", "page_size", "cancel_orders"]
)  # fmt: skip


@pytest.fixture(scope="module")
def venue() -> Any:
    return venue_over(FLAT)


def answered(call: Any) -> int:
    """The status of an answer; a refusal must be one that can be written down."""
    try:
        status, _ = call()
    except Refusal as refusal:
        body = error_body(refusal)
        assert {"code", "message"} <= body.keys()
        return status_of(refusal)
    return int(status)


@settings(max_examples=150, deadline=None)
@given(said=st.dictionaries(FIELDS, ODD, max_size=6), is_complete=st.booleans())
def test_no_order_body_breaks_the_venue(venue: Any, said: dict[str, Any], is_complete: bool) -> None:
    body = json.dumps({**GOOD, **said} if is_complete else said).encode()
    account = venue.account(KEY, SECRET)
    status = answered(lambda: TRADING["POST", "/v2/orders"](Call(account, {}, {}, body)))
    assert status in (200, 400, 403, 422)
    path = {"order_id": next((order.id for order in reversed(account.orders.all())), "")}
    changed = answered(lambda: TRADING["PATCH", "/v2/orders/{order_id}"](Call(account, path, {}, body)))
    assert changed in (200, 400, 403, 404, 422)


@settings(max_examples=150, deadline=None)
@given(
    place=st.sampled_from(sorted({**TRADING, **DATA})),
    query=st.dictionaries(
        QUERIES, st.text(max_size=12) | st.sampled_from(["1Min", "7Day", "2020-01-06T00:00:00Z"]), max_size=4
    ),
    path=st.sampled_from(["ACME", "NOBODY", "", "../x", "904837e3-3b76-47ec-b432-046db621571b"]),
    body=st.binary(max_size=20),
)
def test_no_query_breaks_the_venue(
    venue: Any, place: tuple[str, str], query: dict[str, str], path: str, body: bytes
) -> None:
    account = venue.account(KEY, SECRET)
    names = {name: path for name in ("order_id", "symbol", "kind") if f"{{{name}" in place[1]}
    status = answered(lambda: {**TRADING, **DATA}[place](Call(account, names, query, body)))
    assert status in (200, 204, 207, 400, 403, 404, 422)


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(sorted(CALLS)),
    said=st.dictionaries(
        st.sampled_from(["symbol", "action", "exchange", "quantity", "pricetype", "price", "trigger_price", "product",
                         "orderid", "interval", "start_date", "end_date", "disclosed_quantity"]),
        ODD, max_size=8,
    ),
)  # fmt: skip
def test_no_body_of_openalgo_breaks_the_venue(venue: Any, name: str, said: dict[str, Any]) -> None:
    account = venue.account(KEY, SECRET)
    assert answered(lambda: (200, CALLS[name](account, said))) in (200, 400, 403, 404, 422)


@pytest.mark.parametrize(
    ("said", "status", "code", "words"),
    [
        ({"symbol": None}, 422, 40010001, "symbol is required"),
        ({"symbol": "NOBODY"}, 422, 42210000, 'asset "NOBODY" not found'),
        ({"qty": None}, 422, 40010001, "qty or notional is required"),
        ({"qty": "-1"}, 422, 40010001, "qty must be a positive number"),
        ({"qty": "1.5"}, 403, 40310000, 'asset "ACME" is not fractionable'),
        ({"side": "hold"}, 422, 40010001, "invalid side"),
        ({"time_in_force": None}, 422, 40010001, "time_in_force is required"),
        ({"type": "limit"}, 422, 40010001, "limit orders require limit price"),
        ({"limit_price": 99}, 422, 40010001, "market orders must not have limit price"),
        ({"type": "limit", "limit_price": 99.001}, 422, 42210000, "invalid limit_price 99.001. sub-penny"),
        ({"type": "trailing_stop"}, 422, 40010001, "trailing_stop orders require one of"),
        ({"order_class": "bracket"}, 422, 42210000, "bracket orders require take_profit and stop_loss"),
        ({"extended_hours": True}, 422, 42210000, "extended hours order must be DAY limit orders"),
        ({"client_order_id": "x" * 129}, 422, 40010001, "client_order_id must be text of at most 128"),
    ],
)
def test_a_bad_order_is_refused_with_its_code(said: dict[str, Any], status: int, code: int, words: str) -> None:
    account = venue_over(FLAT).account(KEY, SECRET)
    body = json.dumps({**GOOD, **said}).encode()
    with pytest.raises(Refusal) as refused:
        TRADING["POST", "/v2/orders"](Call(account, {}, {}, body))
    assert (status_of(refused.value), error_body(refused.value)["code"]) == (status, code)
    assert error_body(refused.value)["message"].startswith(words)


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff", b'"text"', b"[" * 100_000])
def test_what_is_no_json_object_is_malformed(body: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        json_object(body)
    assert status_of(refused.value) == 400
