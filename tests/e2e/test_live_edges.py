"""Sessions at the edges of the market's hours, with real processes over a local venue, and the same bars backtested."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.live_project import Project, Trading, orders_of, until
from tests.markets import FREE, Row, share
from tests.sandboxes import Sandbox, sandbox_over

import tradewright as tw
from tradewright.bootstrap.kill import account_folders, latch_status
from tradewright.domain.bars import Bars, SessionIndex
from tradewright.domain.live.session import Happened, Placed
from tradewright.domain.timeframe import NS_PER_MINUTE, Timeframe
from tradewright.strategy.registry import load_strategy

pytestmark = pytest.mark.slow

HEAD = "import tradewright as tw\n\n\n"
SESSION = ("--broker", "alpaca", "--symbols", "ACME", "--timeframe", "1m", "--warmup", "5", "--costs", "none")
AT_VENUE = (*SESSION, "--fills", "venue", "--risk", "bold")
WARM = 6
Stretch = tuple[str, Sequence[Row]]


def tape(*stretches: Stretch) -> Bars:
    """Minutes of ACME from each of these UTC instants on, each stretch in the session of its date."""
    opens = [
        np.datetime64(start, "ns").astype(np.int64) + NS_PER_MINUTE * np.arange(len(rows)) for start, rows in stretches
    ]
    labels = [np.full(len(rows), np.datetime64(start[:10]).astype(np.int64)) for start, rows in stretches]
    full = [[row] * 4 if isinstance(row, (int, float)) else list(row) for _, rows in stretches for row in rows]
    table = np.array(full, np.float64)
    open_time = np.concatenate(opens)
    return Bars(
        instrument=share(), timeframe=Timeframe.parse("1m"), open_time=open_time, close_time=open_time + NS_PER_MINUTE,
        open=table[:, 0].copy(), high=table[:, 1].copy(), low=table[:, 2].copy(), close=table[:, 3].copy(),
        volume=np.full(len(table), 1e9), sessions=SessionIndex.of_labels(np.concatenate(labels)),
    )  # fmt: skip


@pytest.fixture
def trading(tmp_path: Path) -> Iterator[Any]:
    """Opens a project over such minutes, with one strategy file."""
    opened: list[Any] = []

    def begin(text: str, bars: Bars, warm: int = WARM) -> Project:
        context = sandbox_over(bars)
        venue: Sandbox = context.__enter__()
        opened.append(context)
        (tmp_path / "s.py").write_text(HEAD + text)
        venue.advance(warm - 1)
        project = Project(tmp_path, venue)
        project.allow("s.py:S", "ACME")
        return project

    yield begin
    for context in opened:
        context.__exit__(None, None, None)


def backtested(project: Project, bars: Bars) -> tw.Result:
    """The same file over the same bars."""
    return tw.backtest(load_strategy(str(project.folder / "s.py:S")), bars, costs=FREE)


def decided(project: Project, name: str) -> list[tuple[Any, ...]]:
    """Every order that a session decided, with what it asked for."""
    outputs = [each for _, _, said in project.logs.read(name).entries() for each in said]
    return [
        (each.order_id, each.side, each.quantity, each.order_type, each.time_in_force, each.tag or "")
        for each in outputs if isinstance(each, Placed)
    ]  # fmt: skip


def decided_in(made: tw.Result, before: str) -> list[tuple[Any, ...]]:
    """Every order that a backtest decided before an instant; its data end a session there, and a live one's do not."""
    frame = made.orders[(made.orders["time"] < before) & (made.orders["role"] == "plain")]
    names = ["id", "side", "quantity", "type", "tif", "tag"]
    sides = {"buy": 1, "sell": -1}
    return [(each[0], sides[each[1]], *each[2:]) for each in frame[names].itertuples(index=False, name=None)]


def filled(project: Project, name: str) -> list[tuple[int, float, float]]:
    """Every fill of a session, as its strategy was told: order, signed units, price."""
    outputs = [each for _, _, said in project.logs.read(name).entries() for each in said]
    return [
        (each.order_id, each.quantity, each.price)
        for each in outputs if isinstance(each, Happened) and each.event == "fill"
    ]  # fmt: skip


def filled_in(made: tw.Result) -> list[tuple[int, float, float]]:
    """The same of a backtest."""
    frame = made.fills
    signs = np.where(frame["side"] == "buy", 1.0, -1.0)
    return list(zip(frame["order_id"], frame["quantity"] * signs, frame["price"], strict=True))


def at(row: dict[str, Any]) -> str:
    """The close of a row, in UTC."""
    return str(np.datetime64(row["close_ns"], "ns").astype("datetime64[m]"))


HALF_DAY = '''
class S(tw.Strategy):
    """Orders of every kind about the close of a half day."""

    def on_bar(self, ctx):
        minute = ctx.timestamp.strftime("%d %H:%M")
        if minute == "29 17:57":
            ctx.buy(1, limit_price=85.0, time_in_force="day", tag="day")
            ctx.buy(2, limit_price=90.0, time_in_force="gtc", tag="gtc")
        if minute == "29 18:00":
            ctx.buy(3, tag="last bar")

    def on_session_close(self, ctx):
        ctx.log("close", at=str(ctx.timestamp))
        ctx.buy(4, limit_price=85.0, time_in_force="day", tag="after")
        ctx.buy(5, tag="after, at the market")

    def on_order(self, ctx, order):
        ctx.log("told", tag=order.tag, status=str(order.status))
'''


def test_a_half_day_ends_at_one_and_what_was_ordered_at_its_close_works_on_the_next_trading_day(trading: Any) -> None:
    bars = tape(("2024-11-29T17:49", [100.0] * 11), ("2024-12-02T14:30", [101.0, 101.0, 89.0, 101.0, 101.0]))
    project = trading(HALF_DAY, bars)
    session = project.begin("one", "paper", "s.py:S", *AT_VENUE)
    session.advance_to("2024-11-29T17:59")
    project.venue.control("POST", "/faults", {"kind": "lost-event", "count": 1})
    session.advance_to("2024-11-29T18:00")
    until(lambda: session.inputs("Ended"), "the end of the order for the day, which the venue did not tell")
    session.advance_to("2024-12-02T14:34")
    until(lambda: len(session.inputs("Filled")) == 3, "the fills of Monday")
    session.stop()
    rows = session.inputs("Row")
    assert [(at(each), each["ends"]) for each in rows[-6:-3]] == [
        ("2024-11-29T17:59", []), ("2024-11-29T18:00", ["ACME"]), ("2024-12-02T14:31", []),
    ]  # fmt: skip
    assert not session.inputs("SessionClosed")
    said = [(each["message"], each["fields"]) for each in session.outputs("Logged")]
    assert [fields for message, fields in said if message == "close"] == [{"at": "2024-11-29 18:00:00+00:00"}]
    assert [(fields["tag"], fields["status"]) for message, fields in said if message == "told"] == [
        ("day", "expired"), ("last bar", "filled"), ("after, at the market", "filled"), ("gtc", "filled"),
    ]  # fmt: skip
    assert filled(project, "one") == [(3, 3.0, 101.0), (5, 5.0, 101.0), (2, 2.0, 89.0)]
    # This venue lives in a time of its own, which jumps: how long things took is not measured by it.
    assert project.logs.read("one").standing["latency_ms"] == {"p50": None, "p99": None}
    assert project.said("replay", "one")["identical"]
    made = backtested(project, bars)
    assert decided(project, "one") == decided_in(made, before="2024-12-02 14:35")
    assert filled(project, "one") == filled_in(made)


GAPS = '''
class S(tw.Strategy):
    """A bracket over the weekend in which the clocks change."""

    def on_bar(self, ctx):
        if ctx.timestamp.strftime("%d %H:%M") == "08 20:58":
            ctx.buy(10, stop_loss=95.0, take_profit=110.0)

    def on_session_close(self, ctx):
        ctx.log("close", at=str(ctx.timestamp))
'''


def test_summer_time_begins_and_a_stop_is_jumped_over_at_the_open(trading: Any) -> None:
    wild = [90.0, 112.0, 89.0, 104.0]
    bars = tape(("2024-03-08T20:50", [100.0] * 10), ("2024-03-11T13:30", [wild, *[104.0] * 5]))
    project = trading(GAPS, bars)
    session = project.begin("one", "paper", "s.py:S", *AT_VENUE)
    session.advance_to("2024-03-08T20:59")
    until(lambda: len(orders_of(project)) == 2, "the stop at the venue")
    asked = project.venue.control("POST", "/faults", {"kind": "latency", "on": "data", "ms": 0})["number"]
    session.advance_to("2024-03-11T13:31")
    until(lambda: session.inputs("Filled")[1:], "the stop's fill")
    session.advance_to("2024-03-11T13:35")
    (met,) = [each["met"] for each in project.venue.control("GET", "/faults")["faults"] if each["number"] == asked]
    session.stop()
    rows = session.inputs("Row")
    assert [each["open_ns"] for each in rows] == bars.open_time[len(bars) - 1 - len(rows) : len(bars) - 1].tolist()
    assert [(at(each), each["ends"]) for each in rows[-6:-4]] == [
        ("2024-03-08T21:00", ["ACME"]), ("2024-03-11T13:31", []),
    ]  # fmt: skip
    assert not session.inputs("SessionClosed")
    feed = project.logs.read("one").standing["feed"]
    assert [met, *(feed[name] for name in ("refused", "outside", "unverified", "late"))] == [0] * 5
    assert [(each["side"], each["type"], each["status"], each["filled_avg_price"]) for each in orders_of(project)] == [
        ("buy", "market", "filled", "100"), ("sell", "stop", "filled", "90"),
    ]  # fmt: skip
    assert project.said("replay", "one")["identical"]
    made = backtested(project, bars)
    assert decided(project, "one") == decided_in(made, before="2024-03-11 13:36")
    assert filled(project, "one") == filled_in(made)


NIGHT = '''
class S(tw.Strategy):
    """Orders after the close, for a day that begins an hour later in UTC."""

    def on_session_close(self, ctx):
        ctx.log("close", at=str(ctx.timestamp))
        if ctx.date.day == 1:
            ctx.buy(4, limit_price=90.0, time_in_force="day", tag="for Monday")
            ctx.buy(5, tag="at the open")

    def on_bar(self, ctx):
        pass

    def on_order(self, ctx, order):
        ctx.log("told", tag=order.tag, status=str(order.status))
'''


def test_winter_time_begins_and_orders_for_the_day_outlive_a_death_at_night_and_end_with_their_day(
    trading: Any,
) -> None:
    bars = tape(
        ("2024-11-01T19:50", [100.0] * 10), ("2024-11-04T14:30", [101.0] * 3), ("2024-11-04T20:58", [101.0] * 2),
        ("2024-11-05T14:30", [101.0] * 3),
    )  # fmt: skip
    project = trading(NIGHT, bars)
    words = ("paper", "s.py:S", *AT_VENUE)
    first = project.begin("one", *words)
    first.advance_to("2024-11-01T20:00")
    first.kill()
    assert [each["status"] for each in orders_of(project)] == ["new", "new"]
    again = project.begin("one", *words)
    again.advance_to("2024-11-04T14:32")
    until(lambda: again.inputs("Filled"), "the fill at the open")
    assert [each["status"] for each in orders_of(project)] == ["new", "filled"]
    again.advance_to("2024-11-05T14:31")
    until(lambda: again.inputs("Ended"), "the end of the order for the day")
    again.stop()
    assert [each["status"] for each in orders_of(project)] == ["expired", "filled"]
    rows = [(at(each), each["ends"]) for each in again.inputs("Row")]
    assert rows == [
        ("2024-11-04T14:31", []), ("2024-11-04T14:32", []), ("2024-11-04T14:33", []), ("2024-11-04T20:59", []),
        ("2024-11-04T21:00", ["ACME"]), ("2024-11-05T14:31", []),
    ]  # fmt: skip
    closes = [each["fields"] for each in (*first.outputs("Logged"), *again.outputs("Logged")) if "at" in each["fields"]]
    assert [each["at"][:16] for each in closes] == ["2024-11-01 20:00", "2024-11-04 21:00"]
    assert project.said("replay", "one")["identical"]
    made = backtested(project, bars)
    assert decided(project, "one") == decided_in(made, before="2024-11-05 14:33")
    assert filled(project, "one") == filled_in(made)

    other = project.begin("two", *words)
    other.advance(1)
    other_said = "The account has 5 ACME that this session did not make and does not touch."
    assert f"ALARM beside two: {other_said}" in other.stop()
    assert other_said in project.run("sessions", "show", "two").stdout


LIMITS = '''
class S(tw.Strategy):
    """Holds much, and goes on asking after the market fell."""

    def on_bar(self, ctx):
        minute = ctx.timestamp.strftime("%d %H:%M")
        if minute == "29 17:54":
            ctx.buy(700, tag="large")
        if minute == "29 17:56":
            ctx.sell(300, tag="exit")
        if minute == "02 14:31":
            ctx.buy(50, stop_loss=70.0, tag="bracket")
        if minute == "02 14:37":
            ctx.close_position(tag="exit")
        if minute in ("29 17:56", "02 14:34", "02 14:38", "03 14:31", "03 14:33"):
            ctx.buy(10, tag="more")

    def on_order(self, ctx, order):
        if order.tag:
            ctx.log("told", tag=order.tag, status=str(order.status), reason=order.reason)
'''
PAUSED = "New exposure is paused after the day's loss."
HALTED = "New exposure is halted after the drawdown."


def told(session: Trading) -> list[tuple[str, str, str]]:
    """What became of each order, as the strategy heard it; fills and refusals of one bar come as they come."""
    said = [each["fields"] for each in session.outputs("Logged")]
    return sorted((each["tag"], each["status"], each["reason"] or "") for each in said)


def test_a_days_loss_pauses_until_the_next_day_and_a_drawdown_halts_until_a_person_arms(
    trading: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bars = tape(
        ("2024-11-29T17:36", [100.0] * 18 + [[100.0, 100.0, 95.0, 95.0]] + [95.0] * 2),
        ("2024-12-02T14:30", [95.0, 95.0, 90.0, 75.0, 75.0, 69.0, 69.0, 69.0, 69.0]),
        ("2024-12-03T14:30", [69.0] * 6),
    )
    project = trading(LIMITS, bars, warm=17)
    monkeypatch.setenv("TRADEWRIGHT_STORAGE__FOLDER", project.environment["TRADEWRIGHT_STORAGE__FOLDER"])
    words = ("paper", "s.py:S", *AT_VENUE, "--warmup", "16")
    first = project.begin("one", *words)
    first.advance_to("2024-12-02T14:32")
    until(lambda: len(orders_of(project)) == 4, "the stop at the venue")
    first.advance_to("2024-12-02T14:36")
    until(lambda: [each for each in first.inputs("Filled") if each["leg"]], "the stop's fill under the latch")
    first.advance_to("2024-12-02T14:37")
    until(lambda: first.inputs("Ended"), "what became of the exit")
    until(lambda: latch_status(account_folders()[0])["worked"], "the kill switch to come to its end")
    first.stop()
    assert [each["limit"] for each in first.outputs("Tripped")] == ["day_loss", "drawdown", "day_loss"]
    assert told(first) == [
        ("bracket", "filled", ""), ("exit", "filled", ""),
        ("exit", "rejected", "Nothing new is sent for ACME: The kill switch is latched."),
        ("large", "filled", ""), ("more", "rejected", HALTED), ("more", "rejected", PAUSED),
    ]  # fmt: skip
    assert project.run("rearm", "--reason", "Looked.", "--risk", "bold").returncode == 0
    again = project.begin("one", *words)
    again.advance_to("2024-12-03T14:32")
    until(lambda: again.inputs("Filled"), "the fill of the day after")
    again.kill()
    assert [(each["what"], each["reason"]) for each in again.inputs("Command")] == [("rearm", "Looked.")]
    assert told(again) == [("more", "filled", ""), ("more", "rejected", PAUSED)]
    last = project.begin("one", *words)
    last.advance_to("2024-12-03T14:34")
    until(lambda: last.inputs("Filled"), "another fill")
    last.stop()
    assert told(last) == [("more", "filled", "")]
    assert [each["what"] for each in last.inputs("Command")] == ["ended"]
    assert project.said("replay", "one")["identical"]
