"""What counts as a trial: configurations, once each, by family and overlapping data, over searches and single runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.compiled_worlds import load

import tradewright as tw
from tradewright.bootstrap.trial_ledger import trial_ledger
from tradewright.domain.search import DataSpan, configuration_of
from tradewright.face.search import counted

TEXT = '''
from tradewright import Param, Strategy
from tradewright import indicators as ta


class Cross(Strategy):
    """Words."""

    fast = Param(3)
    slow = Param(9)
    weight = Param(0.5)

    def setup(self):
        self.fast_ma = self.use(ta.sma, "close", self.fast)
        self.slow_ma = self.use(ta.sma, "close", self.slow)

    def on_bar(self, ctx):
        if self.fast_ma.crossed_above(self.slow_ma):
            ctx.target_percent(self.weight)
        elif self.fast_ma.crossed_below(self.slow_ma):
            ctx.close_position()
'''
RENAMED = (
    TEXT.replace("Cross(", "Crossing(")
    .replace("fast", "quick")
    .replace("Words", "Others")
    .replace("Param(9)", "Param(11)")
)
OTHER = TEXT.replace("crossed_above(self.slow_ma)", "crossed_above(50)")
BARS = tw.synthetic_bars(["ACME"], bars=200, seed=3)
SPACE = {"fast": [2, 4], "slow": [8, 10]}


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """Where trials of a test are counted."""
    return str(tmp_path / "ledger")


def cross(tmp_path: Path, text: str = TEXT, name: str = "Cross") -> Any:
    return load(text, tmp_path / f"counted_{abs(hash(text))}.py", name)


def search(strategy: Any, folder: str, params: Any = None, **options: Any) -> int:
    """Search, and say how many configurations there are."""
    found = tw.optimize(strategy, options.pop("bars", BARS), params=params or SPACE, ledger=folder, engine="python",
                        executor="threads", **options)  # fmt: skip
    return found.record.count.configurations


def test_a_search_again_counts_nothing_twice_and_a_wider_one_what_is_new(tmp_path: Path, folder: str) -> None:
    strategy = cross(tmp_path)
    assert [search(strategy, folder) for _ in range(2)] == [4, 4]
    assert search(strategy, folder, {"fast": [2, 4, 5], "slow": [8, 30]}) == 4 + 2 + 2
    assert search(strategy, folder, {"fast": [2]}, fixed={"slow": 8}) == 8
    assert search(strategy, folder, {"fast": [2]}, fixed={"slow": 20}) == 9


def test_parameters_that_are_not_searched_make_another_configuration(tmp_path: Path, folder: str) -> None:
    strategy = cross(tmp_path)
    assert search(strategy, folder, fixed={"weight": 0.4}) == 4
    assert search(strategy, folder, fixed={"weight": 0.6}) == 8
    assert search(strategy, folder, {**SPACE, "weight": [0.4, 0.6]}) == 8


def test_other_policies_are_another_configuration(tmp_path: Path, folder: str) -> None:
    strategy = cross(tmp_path)
    assert search(strategy, folder) == 4
    assert search(strategy, folder, costs=tw.Costs.none()) == 8
    assert search(strategy, folder, seed=1) == 12


def test_names_words_and_defaults_make_no_new_family(tmp_path: Path, folder: str) -> None:
    assert search(cross(tmp_path), folder) == 4
    assert search(cross(tmp_path, RENAMED, "Crossing"), folder, {"quick": [2, 4], "slow": [8, 10]}) == 8


def test_another_idea_is_another_family_unless_it_is_declared_the_same(tmp_path: Path, folder: str) -> None:
    assert search(cross(tmp_path), folder) == 4
    assert search(cross(tmp_path, OTHER), folder) == 4
    assert search(cross(tmp_path), folder, family="mine") == 4
    assert search(cross(tmp_path, OTHER), folder, family="mine") == 8
    declared = cross(tmp_path, OTHER.replace("    fast = Param", "    family = 'mine'\n    fast = Param"))
    assert search(declared, folder) == 12


def test_data_that_overlap_count_together_and_others_do_not(tmp_path: Path, folder: str) -> None:
    strategy = cross(tmp_path)
    days = [str(day)[:10] for day in BARS["ACME"].labels().astype("datetime64[ns]")]
    assert search(strategy, folder, end=days[99]) == 4
    assert search(strategy, folder, {"fast": [5]}, start=days[100], end=days[180]) == 1
    assert search(strategy, folder, {"fast": [6]}, start=days[90]) == 6
    other = tw.synthetic_bars(["BETA"], bars=200, seed=3)
    assert search(strategy, folder, bars=other) == 4


def test_the_same_on_a_day_more_of_history_is_no_new_configuration(tmp_path: Path, folder: str) -> None:
    strategy = cross(tmp_path)
    days = [str(day)[:10] for day in BARS["ACME"].labels().astype("datetime64[ns]")]
    assert [search(strategy, folder, end=day) for day in days[150:153]] == [4, 4, 4]


def test_processes_count_together(tmp_path: Path, folder: str) -> None:
    (tmp_path / "cross.py").write_text(TEXT)
    code = (
        "import tradewright as tw, cross; tw.optimize(cross.Cross, tw.synthetic_bars(['ACME'], bars=200, seed=3),"
        f" params={{'fast': [2, 4], 'slow': [8, 10, 12]}}, ledger={folder!r}, engine='python', executor='threads')"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    assert search(cross(tmp_path), folder) == 6


def test_a_run_of_what_a_search_tried_is_no_new_trial_and_another_is_one(tmp_path: Path, folder: str) -> None:
    strategy = cross(tmp_path)
    assert search(strategy, folder) == 4
    for params, trials in (({"fast": 2, "slow": 8}, 4), ({"fast": 2, "slow": 8, "weight": 1}, 5), ({"fast": 3}, 6)):
        result = counted(tw.backtest(strategy, BARS, params=params), strategy, ledger=folder)
        assert result.evidence.trials == trials
    assert search(strategy, folder) == 6


def test_a_counted_run_is_the_same_run_that_knows_of_its_trials(tmp_path: Path, folder: str) -> None:
    strategy = cross(tmp_path)
    plain = tw.backtest(strategy, BARS)
    first = counted(plain, strategy, ledger=folder)
    assert first.hash == plain.hash
    assert (first.trust[3].value, first.trust[3].state) == ("1 trial", "ok")
    second = counted(tw.backtest(strategy, BARS, params={"fast": 5}), strategy, ledger=folder)
    assert second.trust[3].value.startswith("2 trials, DSR ")
    assert second.metrics["deflated_sharpe"] is not None
    assert counted(plain, strategy, ledger=folder).evidence.trials == 2


def test_the_ratio_that_is_counted_is_per_period(tmp_path: Path, folder: str) -> None:
    strategy = cross(tmp_path)
    results = [tw.backtest(strategy, BARS, params={"fast": fast}) for fast in (2, 5)]
    for result in results:
        counted(result, strategy, ledger=folder)
    span = DataSpan((BARS["ACME"].instrument.id,), "1d", "2015-01-01", "2099-01-01")
    family = tw.optimize(strategy, BARS, params={"fast": [2]}, ledger=False, executor="threads").record.header.family
    ratios = [result.metrics["sharpe"] / 252**0.5 for result in results]
    variance = trial_ledger(folder).count(family, span).variance
    assert variance == pytest.approx((ratios[0] - ratios[1]) ** 2 / 2)


def test_a_whole_number_is_the_same_however_it_is_written() -> None:
    assert configuration_of("s", {"weight": 1}) == configuration_of("s", {"weight": 1.0})
    assert configuration_of("s", {"weight": 1}) != configuration_of("s", {"weight": True})
    assert configuration_of("s", {"weight": 1.5}) != configuration_of("s", {"weight": 1})
