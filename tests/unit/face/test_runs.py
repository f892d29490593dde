"""Kept runs from Python: whole when they come back, the same when they run again, and what stands in the way."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.command_line import SMA, csv_of

import tradewright as tw
from tradewright.bootstrap.run_archive import run_archive
from tradewright.domain.errors import ConfigError, DataError, DataNotAvailableError
from tradewright.domain.kept_run import RunQuery
from tradewright.reporting.metric_registry import METRICS
from tradewright.reporting.result import Result

CLOCK = {"calendar": "24/7", "timeframe": "1d"}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "sma.py").write_text(SMA)
    (tmp_path / "ACME.csv").write_text(csv_of())
    return tmp_path


@pytest.fixture
def strategy(desk: Path) -> Any:
    return tw.load_strategy(str(desk / "sma.py"))


@pytest.fixture
def bars(desk: Path) -> tw.Bars:
    return tw.read_bars(desk / "ACME.csv", symbol="ACME", **CLOCK)


def rerun_is_same(result: Result) -> bool:
    again = tw.rerun(tw.keep_run(result))
    assert again.meta["differences"] == []
    return bool(again.meta["same_bytes"]) and again.hash == result.hash


def test_a_kept_run_comes_back_whole(strategy: Any, bars: tw.Bars, tmp_path: Path) -> None:
    before = tw.backtest(strategy, bars, seed=3, risk_free=0.02)
    after = tw.load_run(tw.keep_run(before, "first"))
    assert (after.hash, dict(after.metrics), after.to_json()) == (before.hash, dict(before.metrics), before.to_json())
    assert after.summary() == before.summary()
    pages = [result.report(tmp_path / name).read_bytes() for name, result in (("a", before), ("b", after))]
    assert pages[0] == pages[1]


def test_an_intraday_run_comes_back_whole(strategy: Any, tmp_path: Path) -> None:
    before = tw.backtest(strategy, tw.synthetic_bars(timeframe="1h", bars=300, calendar="24/7"), start="2015-01-04")
    after = tw.load_run(tw.keep_run(before))
    assert after.to_json() == before.to_json()
    assert after.report(tmp_path / "a").read_bytes() == before.report(tmp_path / "b").read_bytes()


def test_a_run_without_its_bars_keeps_its_numbers(strategy: Any, bars: tw.Bars, desk: Path) -> None:
    before = tw.backtest(strategy, bars)
    run_id = tw.keep_run(before)
    (desk / "ACME.csv").unlink()
    after = tw.load_run(run_id)
    assert dict(after.record.bars) == {}
    assert after.to_json() == before.to_json()
    assert after.metrics["benchmark_return"] == before.metrics["benchmark_return"]
    page = after.report(desk / "report.html").read_text()
    assert re.search(r"the bars of ACME \(fingerprint \w{12}\) cannot be had again: [^<]*ACME.csv is gone", page)


def test_a_run_gets_another_label_and_stays_what_it_was(strategy: Any, bars: tw.Bars) -> None:
    run_id, archive = tw.keep_run(tw.backtest(strategy, bars), "first"), run_archive()
    changed = archive.relabel(archive.found(run_id), lambda label: replace(label, name="best", star=True, tags=("a",)))
    assert (changed.label.name, changed.label.star, changed.label.tags) == ("best", True, ("a",))
    assert archive.page(RunQuery(star=True)) == ([changed], 1)
    assert rerun_is_same(tw.load_run(run_id))


# ---------------------------------------------------------------- running again


def buy_and_hold(ctx: Any, units: int = 10) -> None:
    """Hold every symbol."""
    for symbol in ctx.symbols:
        if not ctx.has_position(symbol):
            ctx.buy(units, symbol)


@pytest.mark.parametrize(
    "options",
    [
        {"costs": tw.Costs(slippage=tw.SquareRootImpact(0.02), commission=tw.Tiered(((0, 0.002), (5_000, 0.001))))},
        {"costs": tw.Costs.none(), "margin": tw.Margin(0.4, 0.2), "fill_at": "close", "insufficient": "clip"},
        {"limits": "cautious", "size_at": "fill", "intrabar": "ohlc", "limit_fill": "touch", "finalize": True},
        {"limits": tw.Limits(positions=3), "lots": "lifo", "latency_bars": 1, "metrics_from": "ready", "seed": 9},
        {"start": "2024-02-01", "end": "2024-03-31", "shorts": True, "cash": 5_000, "risk_free": 0.03},
    ],
)
def test_every_policy_runs_again_to_the_same_bytes(strategy: Any, bars: tw.Bars, options: dict[str, Any]) -> None:
    assert rerun_is_same(tw.backtest(strategy, bars, **options))


def test_several_strategies_symbols_and_a_benchmark_run_again() -> None:
    market = tw.synthetic_bars(["A", "B", "IDX"], bars=90, seed=2)
    index = market.pop("IDX")
    result = tw.backtest([buy_and_hold, buy_and_hold], market, params=[{}, {"units": 3}], benchmark=index)
    assert rerun_is_same(result)


def with_levels(ctx: Any, levels: tuple[float, ...], names: dict[str, Any], most: float = float("inf")) -> None:
    """Hold by the first level."""
    if not ctx.has_position():
        ctx.buy(levels[0] if most > 1 else names["a"])


def test_parameters_of_every_kind_run_again(bars: tw.Bars) -> None:
    params = {"levels": (3, 4.5), "names": {"a": {"$b": [1]}}}
    assert rerun_is_same(tw.backtest(with_levels, bars, params=params))


OWN_PARTS = """import tradewright as tw
from dataclasses import dataclass

@tw.metric("face_runs_bars", label="Bars", unit="count")
def bars(run):
    return len(run.returns)

@tw.report_section("face_runs_note", title="A note")
def note(findings):
    return "noted"

@tw.commission("face_runs_fee")
@dataclass(frozen=True)
class Fee(tw.Commission):
    def terms(self):
        return tw.FeeTerms(per_order=2.0)

def hold(ctx):
    ctx.buy(1)
"""


def test_a_file_that_registers_parts_beside_its_strategy_runs_again(desk: Path) -> None:
    (desk / "own.py").write_text(OWN_PARTS)
    program = """
import tradewright as tw
from own import Fee, hold
result = tw.backtest(hold, tw.synthetic_bars(bars=30), costs=tw.Costs(commission=Fee()))
again = tw.rerun(tw.keep_run(result))
print(again.meta["same_bytes"], again.metrics["face_runs_bars"], again.metrics["commission"] > 0)
"""
    command = [sys.executable, "-c", program]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=desk, check=False)
    assert (ran.stdout, ran.stderr) == ("True 30 True\n", "")


def test_a_metric_that_is_another_now_than_when_the_run_was_kept_is_told(strategy: Any, bars: tw.Bars) -> None:
    result = tw.backtest(strategy, bars)
    result.metrics._found["sharpe"] = (12.5, None)
    (difference,) = tw.rerun(tw.keep_run(result)).meta["differences"]
    assert difference.startswith("The metric 'sharpe' was 12.5 when the run was kept and is ")


def test_a_metric_that_is_gone_since_the_run_was_kept_is_told(
    strategy: Any, bars: tw.Bars, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as installed:
        installed.setattr(METRICS, "_known", dict(METRICS._known))
        tw.metric("face_runs_gone", label="Gone")(lambda run: 1.0)
        run_id = tw.keep_run(tw.backtest(strategy, bars))
    (difference,) = tw.rerun(run_id).meta["differences"]
    assert difference == "The metric 'face_runs_gone' was kept and is not known any more."


def test_a_metric_of_a_users_own_is_kept(bars: tw.Bars, monkeypatch: pytest.MonkeyPatch) -> None:
    result = tw.backtest(buy_and_hold, bars)
    monkeypatch.setitem(result.metrics._found, "trades", (np.int64(3), None))
    assert run_archive().found(tw.keep_run(result)).metrics["trades"] == (3.0, None)


def test_rates_and_finer_bars_run_again(desk: Path) -> None:
    euro = tw.read_bars(desk / "ACME.csv", instrument=tw.Crypto("ACME", currency="EUR"), timeframe="1d")
    rate = tw.synthetic_bars("EURUSD", bars=200, calendar="24/7", start="2023-12-01")
    assert rerun_is_same(tw.backtest(buy_and_hold, euro, fx={"EUR": rate}))
    assert rerun_is_same(tw.backtest(buy_and_hold, euro, fx={"EUR": 1.1}))
    fine = tw.synthetic_bars(timeframe="1h", bars=480, calendar="24/7")
    assert rerun_is_same(tw.backtest(buy_and_hold, tw.resample_bars(fine, "1d"), detail=fine, latency_ms=60_000))


def test_bars_given_under_another_name_run_again(strategy: Any, bars: tw.Bars) -> None:
    assert rerun_is_same(tw.backtest(strategy, {"OTHER": bars}))


def test_bars_of_the_store_run_again(strategy: Any, bars: tw.Bars) -> None:
    from tradewright.bootstrap.bar_store import bar_store

    with bar_store().writing() as writer:
        writer.add(bars)
    assert rerun_is_same(tw.backtest(strategy, tw.load_bars("ACME")))
    assert rerun_is_same(tw.backtest(strategy, tw.load_bars("ACME", "2024-01-10", "2024-03-20")))


PROGRAM = """import tradewright as tw

UNITS = 7


def hold(ctx):
    if not ctx.has_position():
        ctx.buy(UNITS)


result = tw.backtest(hold, tw.synthetic_bars(bars=30))
print(tw.keep_run(result))
"""


def test_a_program_runs_again_without_being_run(desk: Path) -> None:
    (desk / "main.py").write_text(PROGRAM)
    done = subprocess.run([sys.executable, "main.py"], cwd=desk, capture_output=True, text=True, check=True)
    assert tw.rerun(done.stdout.strip()).meta["same_bytes"]


def test_a_run_of_another_version_says_so(strategy: Any, bars: tw.Bars, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = tw.keep_run(tw.backtest(strategy, bars))
    monkeypatch.setattr("tradewright.face.version.__version__", "99.0")
    again = tw.rerun(run_id)
    assert not again.meta["same_bytes"]
    assert again.meta["differences"][0] == "The run is of version 0.1.0, this is 99.0."


# ---------------------------------------------------------------- what stands in the way


@dataclass(frozen=True, slots=True)
class Mine(tw.NoSlippage):  # type: ignore[misc]
    """A slippage of the author's own, under no name."""


def obstacles(result: Result) -> list[str]:
    run_id = tw.keep_run(result)
    with pytest.raises(ConfigError) as refused:
        tw.rerun(run_id)
    found: list[str] = run_archive().found(run_id).recipe["obstacles"]
    assert refused.value.message == found[0]
    assert tw.load_run(run_id).hash == result.hash
    return found


def test_bars_from_memory_are_said_when_kept(strategy: Any, bars: tw.Bars) -> None:
    prices = {name: bars.columns()[name] for name in ("open", "high", "low", "close", "volume")}
    columns = {"date": pd.to_datetime(bars.labels()), **prices}
    found = obstacles(tw.backtest(strategy, tw.bars_from(columns, symbol="ACME", **CLOCK)))
    assert found == ["The bars of ACME lived in memory only, and are in no file or store."]


def test_bars_that_were_cut_are_said_when_kept(strategy: Any, bars: tw.Bars) -> None:
    (found,) = obstacles(tw.backtest(strategy, bars.rows(10, 90)))
    assert re.match("The bars of ACME were changed after they were read from .*ACME.csv", found)


def test_a_lambda_is_said_when_kept(bars: tw.Bars) -> None:
    assert "is a lambda" in obstacles(tw.backtest(lambda ctx: None, bars))[0]


def test_a_cost_model_that_nobody_can_build_is_said_when_kept(strategy: Any, bars: tw.Bars) -> None:
    assert "slippage" in obstacles(tw.backtest(strategy, bars, costs=tw.Costs(slippage=Mine())))[0]


def test_a_margin_account_that_describes_itself_as_none_is_said_when_kept(strategy: Any, bars: tw.Bars) -> None:
    account = tw.Margin(initial=1.0, maintenance=0.0, shorts=False)
    assert "margin account" in obstacles(tw.backtest(strategy, bars, margin=account))[0]


def test_a_result_put_together_by_hand_is_said_when_kept(strategy: Any, bars: tw.Bars) -> None:
    assert "put together by hand" in obstacles(Result(tw.backtest(strategy, bars).record))[0]


def test_changed_bars_are_refused_with_both_fingerprints(strategy: Any, bars: tw.Bars, desk: Path) -> None:
    run_id = tw.keep_run(tw.backtest(strategy, bars))
    (desk / "ACME.csv").write_text(csv_of().replace("100000", "5", 1))
    now = tw.read_bars(desk / "ACME.csv", symbol="ACME", **CLOCK)
    with pytest.raises(DataError, match=f"fingerprint {now.fingerprint[:12]} now, {bars.fingerprint[:12]} then"):
        tw.rerun(run_id)


# ---------------------------------------------------------------- the list


def test_kept_runs_are_a_frame(strategy: Any, bars: tw.Bars) -> None:
    assert tw.kept_runs().empty
    run_id = tw.keep_run(tw.backtest(strategy, bars), "first", "a note", ["a", "a", "b"])
    frame = tw.kept_runs(strategy="SMA", symbol="ACME", tag="b", since="2020-01-01")
    assert list(frame.index) == [run_id]
    row = frame.loc[run_id]
    assert (row["name"], row["note"], row["tags"], row["symbols"]) == ("first", "a note", ["a", "b"], ["ACME"])
    assert str(frame["created"].dt.tz) == "UTC"
    assert row["sharpe"] == tw.load_run(run_id).metrics["sharpe"]


def test_the_latest_is_first_and_a_deleted_one_is_gone(strategy: Any, bars: tw.Bars) -> None:
    first, second = (tw.keep_run(tw.backtest(strategy, bars)) for _ in range(2))
    assert list(tw.kept_runs().index) == [second, first]
    tw.delete_run(second)
    assert list(tw.kept_runs().index) == [first]
    with pytest.raises(DataNotAvailableError, match="There is no kept run"):
        tw.load_run(second)


@pytest.mark.parametrize("tags", [[""], [" "], ("a", ""), [5]])
def test_empty_tags_are_refused(strategy: Any, bars: tw.Bars, tags: Any) -> None:
    with pytest.raises(ConfigError, match="are not words"):
        tw.keep_run(tw.backtest(strategy, bars), tags=tags)


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ({"name": 5}, "name=5 is not str"),
        ({"note": None, "name": "\ud800"}, r"name='\\ud800' is not text"),
        ({"tags": ["\ud800"]}, "tags='.*' is not text"),
        ({"tags": 5}, "tags=5 are not words"),
    ],
)
def test_labels_that_are_no_text_are_refused(strategy: Any, bars: tw.Bars, label: Any, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        tw.keep_run(tw.backtest(strategy, bars), **label)
    assert tw.kept_runs().empty


@pytest.mark.parametrize(
    "ask",
    [
        lambda: tw.rerun(5),
        lambda: tw.delete_run(5),
        lambda: tw.kept_runs(strategy=5),
        lambda: tw.kept_runs(tag=5),
    ],
)
def test_what_is_no_text_is_refused_in_a_sentence(ask: Any) -> None:
    with pytest.raises(ConfigError, match="=5 is not str"):
        ask()


def test_only_results_are_kept() -> None:
    with pytest.raises(ConfigError, match="is not Result"):
        tw.keep_run("a result")  # type: ignore[arg-type]


def test_a_backtest_itself_writes_nothing(strategy: Any, bars: tw.Bars, storage: Path) -> None:
    tw.backtest(strategy, bars)
    assert not storage.exists()


def test_results_and_ids_compare(strategy: Any, bars: tw.Bars) -> None:
    first, second = tw.backtest(strategy, bars), tw.backtest(strategy, bars, seed=1)
    found = tw.compare(first, tw.keep_run(second), tw.keep_run(first))
    assert [row.path for row in found.choices if row.differs] == ["seed"]
    assert "seed" in repr(found)
    assert "<td>seed</td>" in found._repr_html_()


def test_a_folder_without_a_result_is_named(desk: Path) -> None:
    with pytest.raises(DataError, match=r"holds no result.json"):
        tw.compare(str(desk), str(desk))


@pytest.mark.parametrize("runs", [(), ("one",), (3, 4)])
def test_what_cannot_be_compared_is_refused(runs: Any) -> None:
    with pytest.raises(ConfigError):
        tw.compare(*runs)
