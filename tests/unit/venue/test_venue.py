"""The sandbox venue below its protocols: accounts, ids, time, pace."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import subprocess
import sys
import threading
import time
from dataclasses import replace
from typing import Any

import pytest
import requests
from tests.markets import daily, intraday, share, split_on
from tests.sandboxes import KEY, SECRET, sandbox_over, venue_over
from websockets.sync.client import connect

import tradewright as tw
from tradewright.domain.errors import ConfigError, MissingExtraError
from tradewright.domain.order import OrderSide, OrderType, TimeInForce
from tradewright.venue import dealing
from tradewright.venue.asks import Changes, OrderAsk, OrderClass
from tradewright.venue.barrier import Barrier
from tradewright.venue.pace import Mode, Pace
from tradewright.venue.placed import Standing
from tradewright.venue.refusals import Refusal
from tradewright.venue.server import make_server
from tradewright.venue.terms import Dedupe

FLAT = [100.0] * 12
BUY, SELL = OrderSide.BUY, OrderSide.SELL


def ask(side: OrderSide = BUY, quantity: float = 10, **said: Any) -> OrderAsk:
    return OrderAsk(symbol="ACME", side=side, quantity=quantity, **{"time_in_force": TimeInForce.GTC, **said})


def limit(price: float, side: OrderSide = BUY, **said: Any) -> OrderAsk:
    return ask(side, order_type=OrderType.LIMIT, limit_price=price, **said)


# ---------------------------------------------------------------- ids


@pytest.mark.parametrize(("dedupe", "while_open", "after"), [("for-ever", 1, 1), ("open-only", 1, 2), ("none", 2, 3)])
def test_a_used_client_id_is_refused_as_the_venue_does(dedupe: str, while_open: int, after: int) -> None:
    account = venue_over(FLAT, dedupe=Dedupe(dedupe)).account(KEY)

    def place() -> int:
        with contextlib.suppress(Refusal):
            dealing.submit(account, limit(90, client_order_id="mine"))
        return len(account.orders.all())

    place()
    assert place() == while_open
    for order in account.orders.open():
        dealing.cancel(account, order)
    assert place() == after


def test_a_refused_order_does_not_use_up_its_id() -> None:
    account = venue_over(FLAT).account(KEY)
    with pytest.raises(Refusal):
        dealing.submit(account, ask(quantity=1e6, client_order_id="mine"))
    assert dealing.submit(account, ask(client_order_id="mine")).client_order_id == "mine"


def test_the_same_calls_give_the_same_answers() -> None:
    def story(seed: int) -> list[str]:
        with sandbox_over(FLAT, seed=seed) as sandbox:
            body = {"symbol": "ACME", "qty": "3", "side": "buy", "type": "market", "time_in_force": "day"}
            texts = [sandbox.ask("POST", "/v2/orders", body).text]
            sandbox.advance(2)
            return [*texts, *(sandbox.ask("GET", f"/v2/{name}").text for name in ("account", "positions", "orders"))]

    assert story(1) == story(1)
    assert story(1) != story(2)


# ---------------------------------------------------------------- keys and accounts


def test_every_key_has_an_account_of_its_own() -> None:
    venue = venue_over(FLAT)
    one, other = venue.account("one"), venue.account("other")
    dealing.submit(one, ask())
    venue.advance()
    assert (one.held(), other.held()) == (["ACME"], [])
    assert venue.account("one") is one


def test_an_account_opened_late_begins_now() -> None:
    venue = venue_over(FLAT)
    venue.advance(3)
    account = venue.account("late")
    dealing.submit(account, ask())
    venue.advance()
    assert account.happenings[-1].at_ns == int(venue.tape.market.open_time[4])


@pytest.mark.parametrize(
    ("key", "secret", "status"), [("A", "x", 200), ("A", "y", 401), ("B", "x", 401), ("", "", 401)]
)
def test_only_the_keys_that_were_named_are_let_in(key: str, secret: str, status: int) -> None:
    with sandbox_over(FLAT, keys={"A": "x"}) as sandbox:
        headers = {"APCA-API-KEY-ID": key, "APCA-API-SECRET-KEY": secret}
        assert requests.get(f"{sandbox.url}/v2/account", headers=headers, timeout=60).status_code == status


def test_a_stream_without_the_key_is_refused_and_closed() -> None:
    with (
        sandbox_over(FLAT, keys={"A": "x"}) as sandbox,
        connect(sandbox.url.replace("http", "ws") + "/stream") as socket,
    ):
        socket.send(json.dumps({"action": "authenticate", "data": {"key_id": "A", "secret_key": "no"}}))
        assert json.loads(socket.recv(timeout=60))["data"]["status"] == "unauthorized"


def test_every_answer_says_that_it_is_of_the_sandbox() -> None:
    with sandbox_over(FLAT) as sandbox:
        paths = ("/v2/account", "/v2/orders/none", "/sandbox", "/nowhere")
        answers = [sandbox.ask("GET", path) for path in paths]
        refused = requests.get(f"{sandbox.url}/v2/account", timeout=60)
    assert {answer.headers["x-tradewright-venue"] for answer in [*answers, refused]} == {"SANDBOX"}
    assert [answer.status_code for answer in [*answers, refused]] == [200, 404, 200, 404, 401]


# ---------------------------------------------------------------- orders


def test_a_replacement_counts_what_was_filled_or_not_as_the_venue_does() -> None:
    costs = tw.Costs(slippage_bps=0, commission=tw.PerTrade(0.0))

    def left(*, gross: bool) -> float:
        venue = venue_over(daily(FLAT, volume=40), policies={"costs": costs}, replaces_gross=gross)
        account = venue.account(KEY)
        order = dealing.submit(account, limit(101))
        venue.advance()
        assert order.filled == 4
        return dealing.replace(account, order, Changes(quantity=12)).quantity

    assert (left(gross=False), left(gross=True)) == (8, 12)


def test_an_order_that_cannot_be_replaced_stays_as_it_was() -> None:
    account = venue_over(FLAT).account(KEY)
    order = dealing.submit(account, limit(90))
    for changes in (Changes(stop_price=80.0), Changes(), Changes(limit_price=90.001)):
        with pytest.raises(Refusal):
            dealing.replace(account, order, changes)
    assert (order.standing, order.limit_price) == (Standing.NEW, 90)


def test_an_oco_whose_stop_is_refused_leaves_nothing() -> None:
    venue = venue_over(FLAT)
    account = venue.account(KEY)
    dealing.submit(account, ask())
    venue.advance()
    pair = ask(SELL, order_class=OrderClass.OCO, take_profit=110.0, stop_loss=90.0, stop_loss_limit=-1.0)
    with pytest.raises(Refusal):
        dealing.submit(account, pair)
    assert account.orders.open() == []


def test_orders_and_positions_follow_a_split() -> None:
    venue = venue_over(daily([100.0, 100.0, 50.0, 50.0], actions=split_on(2, 2.0)))
    account = venue.account(KEY)
    dealing.submit(account, ask())
    venue.advance(2)
    assert account.desk.quantity(0) == 20


def test_a_day_order_ends_with_its_session() -> None:
    venue = venue_over(intraday([[100.0, 100.0], [100.0, 100.0]]))
    account = venue.account(KEY)
    order = dealing.submit(account, limit(90, time_in_force=TimeInForce.DAY))
    venue.advance(1)
    assert (order.standing, account.happenings[-1].event) == (Standing.EXPIRED, "expired")


def test_a_margin_call_is_told_as_an_order_that_nobody_asked_for() -> None:
    rows = [100.0, 100.0, 60.0, 60.0, 60.0]
    venue = venue_over(rows, policies={"cash": 1000.0, "margin": tw.Margin(0.5, 0.4)})
    account = venue.account(KEY)
    dealing.submit(account, ask(quantity=18))
    venue.advance(3)
    assert [each.side for each in account.orders.all()] == [BUY, SELL]
    assert account.orders.all()[-1].standing is Standing.FILLED


def test_fractions_and_sums_of_money_are_taken_where_the_lot_allows_it() -> None:
    venue = venue_over(daily(FLAT, replace(share(), lot=0.001)))
    account = venue.account(KEY)
    order = dealing.submit(account, ask(quantity=None, notional=250.0))  # type: ignore[arg-type]
    venue.advance()
    assert (order.quantity, order.filled) == (2.5, 2.5)


# ---------------------------------------------------------------- time


@pytest.mark.parametrize(
    ("words", "mode", "factor"),
    [
        ("lockstep", Mode.LOCKSTEP, 1.0),
        ("ack", Mode.ACKNOWLEDGED, 1.0),
        ("max", Mode.MAX, 1.0),
        ("2.5x", Mode.CLOCK, 2.5),
    ],
)
def test_a_pace_in_words(words: str, mode: Mode, factor: float) -> None:
    pace = Pace.parse(words)
    assert (pace.mode, pace.factor, str(pace)) == (mode, factor, words)


@pytest.mark.parametrize("words", ["", "x", "fast", "60", "-1x", "0x", "nanx", "infx"])
def test_a_pace_that_is_none_is_refused(words: str) -> None:
    with pytest.raises(ConfigError):
        Pace.parse(words)


def passed(sandbox: Any) -> int:
    """How many bars have passed."""
    return int(sandbox.control("GET", "")["row"])


def test_at_full_speed_the_tape_runs_from_the_first_request_to_the_end() -> None:
    with sandbox_over([100.0] * 500, "max") as sandbox:
        assert passed(sandbox) == 0
        sandbox.ask("GET", "/v2/account")
        deadline = time.monotonic() + 10.0
        while not sandbox.control("GET", "")["is_over"]:
            assert time.monotonic() < deadline
        assert sandbox.ask("GET", "/v2/clock").status_code == 200


def test_by_a_clock_an_order_inside_a_bar_meets_the_next_one() -> None:
    bars = intraday([[100.0 + place for place in range(60)]])
    with sandbox_over(bars, "600x") as sandbox:
        sandbox.ask("GET", "/v2/account")
        threading.Event().wait(0.02)
        body = {"symbol": "ACME", "qty": "1", "side": "buy", "type": "market", "time_in_force": "day"}
        order = sandbox.ask("POST", "/v2/orders", body).json()
        while not (found := sandbox.ask("GET", f"/v2/orders/{order['id']}").json())["filled_at"]:
            assert not sandbox.control("GET", "")["is_over"]
    minutes = [dt.datetime.fromisoformat(found[name]).minute - 30 for name in ("created_at", "filled_at")]
    assert minutes[1] == minutes[0] + 1
    assert float(found["filled_avg_price"]) == 100.0 + minutes[1]


def test_the_tape_waits_for_everybody_who_listens() -> None:
    moves: list[int] = []
    barrier = Barrier(lambda: moves.append(1))
    barrier.join("one")
    barrier.join("two")
    barrier.acknowledge("one")
    assert moves == []
    barrier.acknowledge("two")
    assert len(moves) == 1
    barrier.acknowledge("one")
    barrier.leave("two")
    assert len(moves) == 2


def test_an_acknowledged_bar_brings_the_next() -> None:
    with sandbox_over(FLAT, "ack") as sandbox, connect(sandbox.url.replace("http", "ws") + "/v2/iex") as socket:

        def say(**said: Any) -> Any:
            socket.send(json.dumps(said))
            return json.loads(socket.recv(timeout=60))[0]

        assert json.loads(socket.recv(timeout=60))[0]["msg"] == "connected"
        assert say(action="auth", key=KEY, secret=SECRET)["msg"] == "authenticated"
        assert say(action="subscribe", bars=["ACME"])["bars"] == ["ACME"]
        stamps = [say(action="ack")["t"] for _ in range(3)]
        assert passed(sandbox) == 3
    assert stamps == ["2020-01-07T05:00:00Z", "2020-01-08T05:00:00Z", "2020-01-09T05:00:00Z"]


def test_who_only_asks_over_http_acknowledges_there() -> None:
    with sandbox_over(FLAT, "ack") as sandbox:
        for wanted in (1, 2):
            assert sandbox.control("POST", "/ack")["venue"] == "SANDBOX"
            deadline = time.monotonic() + 10.0
            while passed(sandbox) < wanted:
                assert time.monotonic() < deadline
        assert passed(sandbox) == 2
        refused = requests.post(f"{sandbox.url}/sandbox/ack", timeout=60)
    assert refused.status_code == 401


def test_a_tape_without_a_bar_to_come_is_refused() -> None:
    with pytest.raises(ConfigError):
        venue_over([100.0])


def test_the_tape_begins_with_the_first_day_and_what_lies_before_is_history() -> None:
    with sandbox_over([100.0 + day for day in range(8)], policies={"start": "2020-01-09"}) as sandbox:
        assert sandbox.ask("GET", "/v2/clock").json()["timestamp"].startswith("2020-01-09T16:00")
        bars = sandbox.ask("GET", "/v2/stocks/bars?symbols=ACME&timeframe=1Day&start=2020-01-01").json()["bars"]["ACME"]
    assert [bar["c"] for bar in bars] == [100, 101, 102, 103]


# ---------------------------------------------------------------- libraries


def test_the_venue_itself_loads_no_web_library() -> None:
    program = (
        "import sys, tradewright.venue.dealing, tradewright.venue.exchange, tradewright.venue.alpaca.trading\n"
        "print(sorted({'starlette', 'uvicorn', 'msgpack', 'websockets', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_without_the_extra_it_says_which_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tradewright.venue.server._LIBRARIES", ("starlette", "no_such_library"))
    with pytest.raises(MissingExtraError, match="tradewright\\[server\\]"):
        make_server(venue_over(FLAT), Pace.parse("max"))
