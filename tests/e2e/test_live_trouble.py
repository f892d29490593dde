"""Sessions in trouble: killed, hung, refused, beside others on their account; real processes over a local venue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.live_project import Project, until
from tests.markets import Row, intraday
from tests.sandboxes import Sandbox, sandbox_over

import tradewright as tw

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


def orders_of(project: Project) -> list[Any]:
    """Every order that the venue was ever given by the paper account, oldest first."""
    headers = {"APCA-API-KEY-ID": "PKPAPER", "APCA-API-SECRET-KEY": "secret"}
    answer = project.venue.session.get(
        f"{project.venue.url}/v2/orders", params={"status": "all", "limit": 500, "direction": "asc"}, headers=headers,
        timeout=10,
    )  # fmt: skip
    assert answer.ok, answer.text
    return list(answer.json())


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
