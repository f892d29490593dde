"""One strategy file: backtest, approval, paper, approval, live, replay. The venue is local, everything else is real."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.live_project import Project
from tests.sandboxes import sandbox_over

import tradewright as tw

pytestmark = pytest.mark.slow

TURNS = '''"""Turns with two averages."""

import tradewright as tw


class Turns(tw.Strategy):
    """Long while the fast average is above the slow one."""

    fast = tw.Param(3)
    slow = tw.Param(8)

    def setup(self):
        self.quick = self.use(tw.indicators.sma, "close", self.fast)
        self.calm = self.use(tw.indicators.sma, "close", self.slow)

    def on_bar(self, ctx):
        if self.quick.crossed_above(self.calm):
            ctx.target_percent(0.4)
        elif self.quick.crossed_below(self.calm):
            ctx.close_position()
'''
PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "live-sessions.md").read_text(encoding="utf-8")
ROWS = PAGE.partition("## `standing.json`")[2].partition("\n## ")[0].splitlines()
FIELDS = {name for row in ROWS if row.startswith("| `") for name in re.findall(r"`(\w+)`", row.split(" | ")[0])}
FILE = "intraday/IBM_1m_20131004_20131011_trades.csv"
TOLD = ("--symbols", "IBM", "--calendar", "XNYS", "--timeframe", "1m", "--sessions", "regular")
TRADE = ("turns.py", "--broker", "alpaca", "--symbols", "IBM", "--timeframe", "1m", "--warmup", "40")


@pytest.fixture
def project(tmp_path: Path, shared_data: Path) -> Iterator[Project]:
    with pytest.warns(UserWarning, match="left out"):
        bars = tw.read_bars(shared_data / FILE, symbol="IBM", calendar="XNYS", timeframe="1m", sessions="regular")
    with sandbox_over(bars) as venue:
        (tmp_path / "turns.py").write_text(TURNS)
        venue.advance(60)
        yield Project(tmp_path, venue)


def test_a_strategy_travels_from_backtest_to_live_and_its_sessions_replay(project: Project, shared_data: Path) -> None:
    refused = project.run("paper", *TRADE)
    assert refused.returncode == 3
    assert "may not go on paper: its backtest evidence was never approved" in refused.stderr

    assert project.run("backtest", "turns.py", "--data", str(shared_data / FILE), *TOLD).returncode == 0
    (kept,) = project.said("runs", "list")["runs"]
    assert project.run("approvals", "approve", kept["id"], "--reason", "The evidence holds.").returncode == 0

    paper = project.begin("paper-1", "paper", *TRADE, "--fills", "venue", "--risk", "standard")
    paper.advance(40)
    paper.stop()
    assert paper.process.returncode == 0
    assert len(paper.outputs("Placed")) >= 2
    assert project.said("replay", "paper-1")["identical"]
    standing = project.said("sessions", "show", "paper-1")["standing"]
    assert set(standing) == FIELDS
    assert 0 < standing["feed"]["availability"]["able_s"] <= standing["feed"]["availability"]["market_s"]

    refused = project.run("live", *TRADE, "--risk", "cautious")
    assert refused.returncode == 3
    assert "may not go live: its paper evidence was never approved" in refused.stderr
    assert project.run("approvals", "approve", "paper-1", "--reason", "It did what it should.").returncode == 0

    live = project.begin("live-1", "live", *TRADE, "--risk", "bold")
    live.advance(40)
    live.stop()
    orders = live.outputs("Placed")
    assert len(orders) >= 2
    replayed = project.said("replay", "live-1")
    assert replayed["identical"]
    assert replayed["orders"] == len(orders)

    for change, told in (("self.slow - 1", "is said now and was not"), ("0.4 + 1e-2", "Placed: quantity was")):
        where = "self.slow" if "slow" in change else "0.4"
        (project.folder / "off.py").write_text(TURNS.replace(f"{where})", f"{change})"))
        other = project.run("replay", "live-1", "--with", "off.py:Turns")
        assert other.returncode == 1
        assert "At the bar closing 2013-10-04T" in other.stdout
        assert told in other.stdout

    drift = project.said("replay", "live-1", "--fills", "simulated")
    assert drift["matched"] >= 2
    assert abs(drift["mean_bps"]) < 50
    sessions = project.said("sessions", "list")["sessions"]
    assert [(each["session"], each["mode"], each["fills"]) for each in sessions] == [
        ("live-1", "live", "venue"), ("paper-1", "paper", "venue"),
    ]  # fmt: skip


def test_people_pause_close_and_end_a_running_session(project: Project, shared_data: Path) -> None:
    assert project.run("backtest", "turns.py", "--data", str(shared_data / FILE), *TOLD).returncode == 0
    (kept,) = project.said("runs", "list")["runs"]
    assert project.run("approvals", "approve", kept["id"], "--reason", "The evidence holds.").returncode == 0
    trading = project.begin("paper-2", "paper", *TRADE, "--fills", "venue", "--risk", "standard")
    while not trading.outputs("Happened"):
        trading.advance(1)
    told = project.run("sessions", "tell", "paper-2", "pause", "--reason", "news")
    assert told.stdout == "pause: asked of all strategies.\n"
    assert project.run("sessions", "tell", "paper-2", "close-all", "--reason", "news").returncode == 0
    trading.advance(3)
    # Whoever was first to close it, the strategy or the person: nothing is held, and nothing new is entered.
    assert sum(each["quantity"] for each in trading.outputs("Happened") if each["event"] == "fill") == 0.0
    refused = project.run("sessions", "tell", "paper-2", "thaw", "IBM", "--reason", "why not")
    assert refused.returncode == 1
    ended = project.run("sessions", "tell", "paper-2", "end", "--reason", "enough")
    assert "orders and positions stay as they are" in ended.stdout
    trading.process.wait(30)
    assert trading.process.returncode == 0
    trading.stop()
    assert project.said("replay", "paper-2")["identical"]
