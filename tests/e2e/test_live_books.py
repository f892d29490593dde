"""What a session's engine holds is what its account holds, whoever closed it and however it was taken up."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.live_project import PROGRAM, Project, until
from tests.markets import intraday
from tests.sandboxes import sandbox_over

pytestmark = pytest.mark.slow

WARM = 20
HOLDS = """
import tradewright as tw


class Holds(tw.Strategy):
    def on_start(self, ctx):
        self.has_bought = False

    def on_bar(self, ctx):
        if not self.has_bought and not ctx.has_position():  # what it knew itself may be lost with its record
            self.has_bought = True
            ctx.buy(10)
        ctx.log("holds", units=ctx.quantity())
"""
TRADE = (
    "paper", "holds.py:Holds", "--broker", "alpaca", "--symbols", "ACME", "--timeframe", "1m", "--warmup", "10",
    "--fills", "venue", "--risk", "bold",
)  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with sandbox_over(intraday([[100.0] * 300])) as venue:
        (tmp_path / "holds.py").write_text(HOLDS)
        venue.advance(WARM)
        project = Project(tmp_path, venue)
        project.allow("holds.py:Holds", "ACME")
        yield project


def holds(project: Project) -> float:
    standing = project.logs.read("one").standing or {"positions": []}
    return float(sum(each["quantity"] for each in standing["positions"]))


def is_resting(project: Project) -> bool:
    headers = {"APCA-API-KEY-ID": "PKPAPER", "APCA-API-SECRET-KEY": "secret"}
    answer = project.venue.session.get(f"{project.venue.url}/v2/orders?status=open", headers=headers, timeout=60)
    return bool(answer.json())


def test_an_engine_hears_what_the_kill_switch_closed_in_its_place(project: Project) -> None:
    session = project.begin("one", *TRADE)
    session.advance(3)
    until(lambda: holds(project) == 10.0, "the position")
    session.kill()
    kill = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "kill", "--flatten", "--reason", "enough", "--json"], cwd=project.folder,
        env=project.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip

    def is_done() -> bool:
        if is_resting(project):
            project.venue.advance()
        return kill.poll() is not None

    until(is_done, "the kill switch")
    kill.communicate()
    again = project.begin("one", *TRADE)
    again.advance(1)
    (booked,) = again.inputs("Booked")
    assert (booked["strategy"], booked["symbol"], booked["quantity"]) == (0, "ACME", -10.0)
    until(lambda: holds(project) == 0.0, "the engine to know")
    again.stop()
    assert [each["what"] for each in again.inputs("Command")] == ["ended"]
    assert project.said("replay", "one")["identical"]


def test_fills_are_in_the_books_though_the_session_s_record_lost_their_order(project: Project) -> None:
    session = project.begin("one", *TRADE)
    session.advance(1)
    session.kill()
    record = next((project.folder / "store" / "sessions").glob("one*/record.log"))
    lost = record.read_bytes()
    record.write_bytes(lost[: lost.rindex(b'"kind":"Row"') - 40])  # the power went: the last row is gone
    project.venue.advance(1)
    again = project.begin("one", *TRADE)
    again.advance(2)
    held = again.inputs("Booked", "Filled")
    assert sum(each["quantity"] for each in held) == 10.0
    until(lambda: holds(project) == 10.0, "the engine to know")
    again.stop()
    assert [each["what"] for each in again.inputs("Command")] == ["ended"]
