"""Live quotes beside the bars: what is judged by them, what is written down, and that replays need none."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from tests.live_project import DEADLINE_S, PROGRAM, Project, until
from tests.markets import intraday
from tests.sandboxes import sandbox_over

pytestmark = pytest.mark.slow

STRATEGY = '''"""Buys at the market, and once far from it."""

import tradewright as tw


class Eager(tw.Strategy):
    """One share with every bar; with the third one an order at half the price."""

    def setup(self):
        self.seen = 0

    def on_bar(self, ctx):
        self.seen += 1
        if self.seen == 3:
            ctx.buy(1, order_type="limit", limit_price=ctx.close() / 2)
        else:
            ctx.buy(1)
'''
TRADE = ("eager.py", "--broker", "alpaca", "--symbols", "ACME", "--timeframe", "1m", "--warmup", "5")
VENUE = ("--fills", "venue", "--risk", "bold")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("quotes")
    bars = intraday([[100.0 + 0.25 * (minute % 5) for minute in range(120)]])
    with sandbox_over(bars) as venue:
        made = Project(folder, venue)
        settings = folder / "tradewright.yaml"
        settings.write_text(settings.read_text().replace("  alpaca:\n", "  alpaca:\n    quotes: true\n"))
        (folder / "eager.py").write_text(STRATEGY)
        made.allow("eager.py:Eager", "ACME")
        venue.advance(10)
        yield made


def test_a_session_judges_by_quotes_writes_them_down_and_replays_without(project: Project) -> None:
    paper = project.begin("paper-1", "paper", *TRADE, *VENUE)
    paper.advance(5)
    until(lambda: len(paper.inputs("Filled")) >= 2, "two fills")
    paper.stop()

    assert {round(each["half_spread"], 10) for each in paper.inputs("Filled")} == {0.01}
    (refused,) = [each for each in paper.inputs("Ended") if each["status"] == "rejected"]
    assert refused["reason"].startswith("Its price is too far from the last trusted one. It was judged by a bid of ")
    kept = b"".join(each.read_bytes() for each in (project.folder / "store" / "accounts").rglob("*") if each.is_file())
    assert kept.count(b'"quote":{"ask":"') == len(paper.outputs("Placed")) - 1

    standing = project.said("sessions", "show", "paper-1")["standing"]
    assert standing["quotes"]["taken"] >= 5
    (last,) = standing["quotes"]["last"]
    assert round(last["ask"] - last["bid"], 10) == 0.02
    assert project.said("replay", "paper-1")["identical"]


def quoting(project: Project, *words: str) -> subprocess.Popen[str]:
    """`data quotes`, once it listens."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "data", "quotes", "ACME", "--source", "alpaca", "--json", *words],
        cwd=project.folder, env=project.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    listeners = lambda: project.venue.control("GET", "")["listeners"]["bars"]  # noqa: E731 - read again and again
    until(lambda: process.poll() is not None or listeners() > 0, "its quotes to be asked for")
    return process


def test_quotes_are_printed_as_they_come_until_stopped(project: Project) -> None:
    process = quoting(project)
    assert process.stdout is not None
    seen = []
    for _ in range(2):
        project.venue.advance()
        seen.append(json.loads(process.stdout.readline()))
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 0, errors
    assert [round(each["half_spread"], 10) for each in seen] == [0.01, 0.01]
    assert seen[0]["at_ns"] < seen[1]["at_ns"]


def test_once_is_over_with_the_first_quote_and_says_when_none_came(project: Project) -> None:
    process = quoting(project, "--once")
    project.venue.advance()
    out, errors = process.communicate(timeout=DEADLINE_S)
    assert (process.returncode, len(out.splitlines())) == (0, 1), errors
    late = project.run("data", "quotes", "ACME", "--source", "alpaca", "--once", "--within", "0.2")
    assert late.returncode == 1
    assert "No quote of ACME came within 0.2 s" in late.stderr


def test_a_source_without_quotes_names_those_that_have_some(project: Project) -> None:
    done = project.run("data", "quotes", "ACME", "--source", "synthetic")
    assert done.returncode == 2
    assert "streams no quotes" in done.stderr
    assert "alpaca" in done.stderr
