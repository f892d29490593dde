"""Sessions in trouble: killed, hung, refused, beside others on their account; real processes over a local venue."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.alpaca_clients import LimitOrderRequest, MarketOrderRequest, OrderSide, TimeInForce, TradingClient
from tests.live_project import Project, orders_of, until
from tests.markets import Row, intraday
from tests.sandboxes import Sandbox, sandbox_over

import tradewright as tw
from tradewright.domain.live.session import Logged, StrategyFailed

pytestmark = pytest.mark.slow

WARM = 20
SESSION = ("--broker", "alpaca", "--symbols", "ACME", "--timeframe", "1m", "--warmup", "10")
AT_VENUE = (*SESSION, "--fills", "venue", "--risk", "bold")
HEAD = "import os, sys\nimport tradewright as tw\n\n\n"


def market(prices: Sequence[Row], volume: float = 1e9) -> Any:
    """A session of minutes: enough to warm up with at 100, and then these."""
    return intraday([[100.0] * WARM + list(prices)], volume=volume)


@pytest.fixture
def trading(tmp_path: Path) -> Iterator[Any]:
    """Opens a project over a market of these prices, with one strategy file."""
    opened: list[Any] = []

    def begin(text: str, prices: Sequence[Row], *names: str, volume: float = 1e9, **terms: Any) -> Project:
        context = sandbox_over(market(prices, volume), **terms)
        venue: Sandbox = context.__enter__()
        opened.append(context)
        (tmp_path / "s.py").write_text(HEAD + text)
        venue.advance(WARM)
        project = Project(tmp_path, venue)
        for name in names or ("S",):
            project.allow(f"s.py:{name}", "ACME")
        return project

    yield begin
    for context in opened:
        context.__exit__(None, None, None)


LIMITS = """
class S(tw.Strategy):
    def on_start(self, ctx):
        self.bars = 0

    def on_bar(self, ctx):
        self.bars += 1
        if self.bars == 2:
            ctx.buy(10, limit_price=95.0, time_in_force="gtc")
        if self.bars == 8:
            ctx.close_position()

    def on_fill(self, ctx, fill):
        ctx.log("filled", units=fill.quantity)
"""


def test_a_killed_session_goes_on_with_its_working_order_and_books_what_filled_meanwhile(trading: Any) -> None:
    project = trading(LIMITS, [100.0, 100.0, 100.0, 100.0, 94.0, 94.0, 100, 100, 100, 100, 100, 100, 100, 100])
    first = project.begin("one", "paper", "s.py:S", *AT_VENUE)
    first.advance(3)
    first.kill()
    assert [each["status"] for each in orders_of(project)] == ["new"]
    project.venue.advance(2)
    assert [each["status"] for each in orders_of(project)] == ["filled"]
    again = project.begin("one", "paper", "s.py:S", *AT_VENUE)
    until(lambda: again.inputs("Filled"), "the fill that came meanwhile")
    again.advance(6)
    again.stop()
    assert again.process.returncode == 0
    assert [(each["side"], each["filled_qty"]) for each in orders_of(project)] == [("buy", "10"), ("sell", "10")]
    assert again.outputs("Logged")[0]["fields"] == {"units": 10.0}
    assert project.said("replay", "one")["identical"]


PARTS = """
class S(tw.Strategy):
    def on_start(self, ctx):
        self.bars = 0

    def on_bar(self, ctx):
        self.bars += 1
        if self.bars == 2:
            ctx.buy(10)
        ctx.log("holds", units=ctx.position().quantity)
"""


def test_a_session_that_is_killed_with_half_an_order_filled_goes_on_with_the_other_half(trading: Any) -> None:
    project = trading(PARTS, [100.0] * 20, volume=40.0, policies={"costs": tw.Costs(participation=0.1)})
    first = project.begin("one", "paper", "s.py:S", *AT_VENUE)
    first.advance(3)
    until(lambda: first.inputs("Filled"), "the first part")
    first.kill()
    assert [each["status"] for each in orders_of(project)] == ["partially_filled"]
    project.venue.advance(1)
    again = project.begin("one", "paper", "s.py:S", *AT_VENUE)
    again.advance(3)
    again.stop()
    assert [each["filled_qty"] for each in orders_of(project)] == ["10"]
    held = [each["fields"]["units"] for each in again.outputs("Logged")]
    assert held[-1] == 10.0
    assert project.said("replay", "one")["identical"]


BRACKET = """
class S(tw.Strategy):
    way = tw.Param("none")

    def on_start(self, ctx):
        self.bars = 0

    def on_bar(self, ctx):
        self.bars += 1
        if self.bars == 2:
            ctx.buy(10, stop_loss=95.0, take_profit=110.0)
        if self.bars == 6 and self.way == "sell":
            ctx.sell()
        if self.bars == 6 and self.way == "close":
            ctx.close_position()
        ctx.log("holds", units=ctx.position().quantity, orders=len(ctx.open_orders()))
"""
WAYS = {
    "target": ([100.0] * 4 + [112.0] * 16, ["canceled", "filled"]),
    "stop": ([100.0] * 4 + [94.0] * 16, ["filled"]),
    "sell": ([100.0] * 20, ["canceled", "filled"]),
    "close": ([100.0] * 20, ["canceled", "filled"]),
}


@pytest.mark.parametrize("way", list(WAYS))
def test_a_bracket_outlives_its_program_and_ends_once(trading: Any, way: str) -> None:
    prices, ends = WAYS[way]
    project = trading(BRACKET, prices)
    project.allow("s.py:S", "ACME", way=way)
    words = ("paper", "s.py:S", *AT_VENUE, "--param", f"way={way}")
    first = project.begin("one", *words)
    first.advance(4)
    until(lambda: len(orders_of(project)) == 2, "the stop at the venue")
    first.kill()
    again = project.begin("one", *words)
    again.advance(3)
    until(lambda: len(orders_of(project)) == 1 + len(ends), "the bracket's last order", 20.0)
    again.advance(3)
    again.stop()
    entry, *exits = orders_of(project)
    assert (entry["side"], entry["filled_qty"]) == ("buy", "10")
    assert [each["status"] for each in exits] == ends
    assert sum(int(each["filled_qty"]) for each in exits) == 10
    told = again.outputs("Logged")[-1]["fields"]
    assert told == {"units": 0.0, "orders": 0}
    assert project.said("replay", "one")["identical"]


BUYS = """
class S(tw.Strategy):
    def on_bar(self, ctx):
        ctx.buy(10, limit_price=90.0)

    def on_order(self, ctx, order):
        ctx.log("told", status=str(order.status), reason=order.reason)
"""


def test_what_others_have_in_the_account_stays_and_the_kill_switch_holds_over_a_restart(trading: Any) -> None:
    project = trading(BUYS, [100.0 + n * 0.1 for n in range(40)])
    by_hand = TradingClient("PKPAPER", "secret", url_override=project.venue.url)
    by_hand.submit_order(
        MarketOrderRequest(symbol="ACME", qty=7, side=OrderSide.BUY, time_in_force=TimeInForce.DAY)
    )  # fmt: skip
    project.venue.advance()
    by_hand.submit_order(
        LimitOrderRequest(symbol="ACME", qty=3, side=OrderSide.BUY, time_in_force=TimeInForce.GTC, limit_price=50)
    )
    first = project.begin("one", "paper", "s.py:S", *AT_VENUE)
    first.advance(3)
    assert project.run("kill", "--reason", "A look at it.").returncode == 0
    assert [each["status"] for each in orders_of(project)] == ["filled", "new", *["canceled"] * 3]
    account = project.logs.read("one").standing["account"]
    assert (account["foreign_orders"], account["positions"]) == (1, {"ACME": "7"})
    first.kill()

    again = project.begin("one", "paper", "s.py:S", *AT_VENUE)
    again.advance(2)
    told = again.outputs("Logged")[-1]["fields"]
    assert told == {"status": "rejected", "reason": "Nothing new is sent for ACME: The kill switch is latched."}
    assert project.logs.read("one").standing["account"]["is_latched"]
    again.stop()
    assert len(orders_of(project)) == 5
    assert project.run("rearm", "--reason", "Looked.", "--risk", "bold").returncode == 0
    armed = project.begin("one", "paper", "s.py:S", *AT_VENUE)
    armed.advance(1)
    armed.kill()
    assert [each["status"] for each in orders_of(project)][5:] == ["new"]
    assert project.said("replay", "one")["identical"]


def test_one_account_has_one_session_and_a_dry_run_sends_nothing(trading: Any) -> None:
    project = trading(BUYS, [100.0 + n * 0.1 for n in range(40)])
    dry = project.begin("dry", "paper", "s.py:S", *AT_VENUE, "--dry-run")
    dry.advance(2)
    until(lambda: len(dry.outputs("Logged")) == 2, "the word of the gate")
    second = project.run("paper", "s.py:S", *AT_VENUE, "--session", "two")
    assert second.returncode == 1
    assert "The account is held by another process." in second.stderr
    dry.stop()
    assert [each["fields"] for each in dry.outputs("Logged")] == [
        {"status": "cancelled", "reason": "A dry run sends nothing."}
    ] * 2
    assert orders_of(project) == []


ZOO = """
class Good(tw.Strategy):
    def on_bar(self, ctx):
        ctx.log("good")


class Nth(tw.Strategy):
    def on_start(self, ctx):
        self.bars = 0

    def on_bar(self, ctx):
        self.bars += 1
        if self.bars == self.bar:
            self.misbehave(ctx)


class Raises(Nth):
    bar = 1

    def misbehave(self, ctx):
        ctx.buy(1, limit_price=50.0)
        raise KeyError("gone")


class Leaves(Nth):
    bar = 2

    def misbehave(self, ctx):
        sys.exit(3)


class Hangs(Nth):
    bar = 3

    def misbehave(self, ctx):
        while True:
            pass


class Dies(Nth):
    bar = 4

    def misbehave(self, ctx):
        os._exit(9)


class Nonsense(tw.Strategy):
    def on_bar(self, ctx):
        return {"hello": 1}
"""
BESIDE = """
import sys, time
import tradewright as tw
from tradewright.strategy.registry import load_strategy

made = [load_strategy(f"s.py:{name}") for name in sys.argv[1:]]
session = tw.paper(
    made, symbols="ACME", broker="alpaca", fills="venue", risk="bold", session="zoo", warmup=10, deadline=10.0
)
print("It runs.", flush=True)
sys.stdin.readline()
session.stop()
session.wait()
"""


def test_strategies_that_misbehave_stop_alone(trading: Any) -> None:
    names = ("Good", "Raises", "Leaves", "Hangs", "Dies", "Nonsense")
    project = trading(ZOO, [100.0] * 20, *names)
    (project.folder / "beside.py").write_text(BESIDE)
    beside = subprocess.Popen(
        [sys.executable, "beside.py", *names], cwd=project.folder, env=project.environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert beside.stdout is not None
    assert beside.stdout.readline() == "It runs.\n"
    until(lambda: project.venue.control("GET", "")["listeners"]["bars"] > 0, "its bar stream")

    def said(kind: type[Any]) -> list[Any]:
        return [each for _, _, outputs in project.logs.read("zoo").entries() for each in outputs if type(each) is kind]

    for bar in range(1, 7):
        project.venue.advance()
        until(lambda bar=bar: beside.poll() is not None or len(said(Logged)) >= bar, "the good one's word")  # type: ignore[misc]
    _, told = beside.communicate("\n", timeout=60)
    assert beside.returncode == 0, told
    failed = {names[each.strategy]: each.sentence for each in said(StrategyFailed)}
    assert set(failed) == set(names[1:])
    assert "raised KeyError in <s.py as kept" in failed["Raises"]
    assert failed["Leaves"] == "Leaves wanted to end the program: SystemExit(3)."
    assert failed["Hangs"] == "watchdog: Hangs did not come back within 10 s."
    assert "Dies ended its process" in failed["Dies"]
    assert "which is no order" in failed["Nonsense"]
    assert "Traceback" not in told
    assert [each["status"] for each in orders_of(project)] in ([], ["canceled"])
    assert project.said("replay", "zoo")["identical"]


@pytest.mark.parametrize("fault", ["mute", "disconnect"])
def test_a_feed_that_is_lost_leaves_no_gap(trading: Any, fault: str) -> None:
    project = trading(BUYS, [100.0 + n * 0.1 for n in range(60)])
    session = project.begin("one", "paper", "s.py:S", *SESSION)
    session.advance(2)
    project.venue.control("POST", "/faults", {"kind": fault, "on": "data", "count": 1})
    for _ in range(5):
        project.venue.advance()
    project.venue.control("DELETE", "/faults")
    until(lambda: project.venue.control("GET", "")["listeners"]["bars"] > 0, "its bar stream again")
    project.venue.advance()
    until(lambda: len([each for each in session.inputs("Row") if each["acts"]]) > 2, "rows to act on again")
    session.stop()
    rows = session.inputs("Row")
    opens = [each["open_ns"] for each in rows]
    assert opens == list(range(opens[0], opens[-1] + 1, 60_000_000_000))
    assert project.said("replay", "one")["identical"]


DAYS = """
class S(tw.Strategy):
    def on_start(self, ctx):
        self.bars = 0

    def on_bar(self, ctx):
        self.bars += 1
        if self.bars == 2:
            ctx.buy(5, limit_price=92.0, time_in_force="day")

    def on_order(self, ctx, order):
        ctx.log("told", status=str(order.status), reason=order.reason)

    def on_session_close(self, ctx):
        ctx.log("close")
        ctx.buy(1)
"""


def test_a_day_order_ends_with_its_session_while_nobody_is_there(tmp_path: Path) -> None:
    with sandbox_over(intraday([[100.0 + n % 3 for n in range(390)], [100.0] * 30])) as venue:
        (tmp_path / "s.py").write_text(HEAD + DAYS)
        venue.advance(380)
        project = Project(tmp_path, venue)
        project.allow("s.py:S", "ACME")
        first = project.begin("one", "paper", "s.py:S", *AT_VENUE)
        first.advance(3)
        first.kill()
        venue.advance(9)
        assert [each["status"] for each in orders_of(project)] == ["expired"]
        again = project.begin("one", "paper", "s.py:S", *AT_VENUE)
        again.advance(2)
        until(lambda: again.inputs("Ended"), "the end of the order")
        again.stop()
        told = [(each["message"], each["fields"]) for each in again.outputs("Logged")]
        assert ("told", {"status": "expired", "reason": "Its time in force ended."}) in told
        assert ("close", {}) in told
        late = "It was decided on a bar that is too old to act on."
        assert ("told", {"status": "rejected", "reason": late}) in told
        assert len(orders_of(project)) == 1
        assert project.said("replay", "one")["identical"]
