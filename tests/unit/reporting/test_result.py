"""The result that users hold."""

from __future__ import annotations

import doctest
import importlib
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.builders import Refused, random_walk, round_trips, run_record

import tradewright.reporting
from tradewright.domain.events import Reason
from tradewright.domain.record import LogLine
from tradewright.reporting.metric_registry import METRICS
from tradewright.reporting.presentation import groups
from tradewright.reporting.result import Result

USE_WITHOUT_FRAMES = """
import sys
from tests.builders import random_walk, round_trips, run_record
from tradewright.reporting.result import Result
closes = random_walk(80)
result = Result(run_record(closes, round_trips(closes)))
dict(result.metrics), result.warnings, result.trust, result.summary()
repr(result), result._repr_html_(), result.to_json()
heavy = {"pandas", "plotly", "pyarrow", "polars", "talib", "numba"} & set(sys.modules)
sys.exit(", ".join(sorted(heavy)) or 0)
"""


@pytest.fixture
def result() -> Result:
    closes = random_walk(600, seed=5)
    refused = [Refused(3, 10, Reason.CANNOT_BE_PAID)]
    logs = (LogLine(0, "SmaCross", "crossed", {}),)
    return Result(run_record(closes, round_trips(closes), refused=refused, logs=logs))


def test_reading_a_result_imports_neither_frames_nor_plots(project: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": f"{project}/src:{project}"}
    command = [sys.executable, "-c", USE_WITHOUT_FRAMES]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_repr_is_one_line_with_the_headline(result: Result) -> None:
    assert repr(result).startswith("<Result SmaCross · ACME · 1d · 2020-01-06 … 2022-04-22: total return ")
    assert "\n" not in repr(result)


def test_summary_shows_choices_metrics_and_warnings_in_that_order(result: Result) -> None:
    text = result.summary()
    heads = ["Choices", *(name for name, _ in groups()), "Warnings"]
    positions = [text.index(f"\n{head}\n") for head in heads]
    assert positions == sorted(positions)
    assert "slippage 10 bps, commission 1 per order" in text
    assert "Limits    none" in text
    assert "! 1 of 101 orders refused" in text


def test_summary_aligns_its_numbers(result: Result) -> None:
    lines = result.summary().splitlines()
    start, stop = lines.index("Return"), lines.index("Warnings")
    values = [line for line in lines[start:stop] if line.startswith("  ")]
    assert all(line[29:45].rstrip() == line[29:45] for line in values if len(line) >= 45)
    assert {len(line[:45]) for line in values} == {45}


def test_summary_says_why_a_number_is_missing(result: Result) -> None:
    assert "n/a (not part of a search)" in result.summary()


def test_frames_are_built_once(result: Result) -> None:
    assert result.trades is result.trades
    assert len(result.trades) == result.metrics["trades"]
    assert len(result.fills) == result.metrics["fills"]
    assert len(result.orders) == result.metrics["orders"]
    assert len(result.equity) == 600
    assert len(result.events) == 100


def test_changing_a_frame_does_not_change_the_record(result: Result) -> None:
    before = result.record.equity.copy()
    result.equity["equity"] = 0.0
    result.trades.loc[:, "net"] = 0.0
    assert (result.record.equity == before).all()
    assert result.record.trades["net"].any()


def test_the_record_is_at_hand(result: Result) -> None:
    assert result.hash == result.record.hash
    assert result.config.cash == 100_000
    assert result.open_positions == ()
    assert result.meta["tier"] == "interpreted"
    assert result.logs[0].message == "crossed"


@pytest.mark.parametrize("name", [module.name for module in pkgutil.iter_modules(tradewright.reporting.__path__)])
def test_examples_of_the_docstrings_are_true(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # The metric that an example adds is in no result of the tests that follow.
    monkeypatch.setattr(METRICS, "_known", dict(METRICS._known))
    module = importlib.import_module(f"tradewright.reporting.{name}")
    assert doctest.testmod(module).failed == 0
