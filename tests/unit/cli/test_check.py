"""`tradewright check`: what it prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.command_line import SAY, Tw

PEEKING = """
import numpy as np
import tradewright as tw


class Peeking(tw.Strategy):
    def setup(self):
        self.next = self.use(lambda close: np.roll(close, -1), "close")

    def on_bar(self, ctx):
        print("heard")
        ctx.target_percent(0.9 if self.next.value > ctx.close() else 0.0)
"""


@pytest.fixture
def peeking(desk: Path) -> Path:
    path = desk / "peeking.py"
    path.write_text(PEEKING)
    return path


def test_a_clean_strategy_passes(tw: Tw) -> None:
    run = tw("check", "sma.py", "--data", "ACME.csv", *SAY, "--cuts", "4")
    assert run.code == 0, run.err
    assert "no bias was found" in run.out
    assert "✓ look-ahead" in run.out


def test_a_leak_fails_and_names_its_line(tw: Tw, peeking: Path) -> None:
    run = tw("check", "peeking.py", "--data", "ACME.csv", *SAY, "--cuts", "4")
    assert run.code == 1
    assert "✕ look-ahead" in run.out
    assert f"{peeking.name}:8:" in run.out


def test_json_is_the_document_alone(tw: Tw, peeking: Path) -> None:
    run = tw("check", "peeking.py", "--data", "ACME.csv", *SAY, "--cuts", "4", "--json")
    document = json.loads(run.out)
    assert run.code == 1
    assert document["passed"] is False
    assert {finding["kind"] for finding in document["findings"]} == {"look-ahead", "repainting"}
    assert {finding["line"] for finding in document["findings"]} == {8}


def test_nothing_is_written(tw: Tw, desk: Path) -> None:
    tw("check", "sma.py", "--data", "ACME.csv", *SAY, "--cuts", "2")
    assert not (desk / "runs").exists()


def test_a_slip_in_an_option_is_told_as_by_backtest(tw: Tw) -> None:
    run = tw("check", "sma.py", "--data", "ACME.csv", *SAY, "--param", "fats=3")
    assert run.code == 2
    assert "Did you mean 'fast'?" in run.err
