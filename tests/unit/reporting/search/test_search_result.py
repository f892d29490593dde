"""What a search says of its best, wherever it says it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pytest
from tests.searches import (
    grid_trials,
    honesty,
    made_run,
    made_search,
    made_trial,
    run_search,
    search_record,
)

import tradewright as tw
from tradewright.domain.errors import ConfigError, DataError
from tradewright.domain.honesty import SearchHonesty
from tradewright.domain.search import Objective, TrialState
from tradewright.reporting.result import Result
from tradewright.reporting.search.result import SearchResult
from tradewright.reporting.trust import State

SPACE = {"fast": range(5, 60, 5), "slow": range(20, 250, 20)}
RUN_CHIPS = ["costs", "fill_rule", "sample", "trials", "pbo", "open_positions", "data", "look_ahead"]


class Cross(tw.Strategy):
    """Long while the fast average is above the slow one."""

    fast = tw.Param(5)
    slow = tw.Param(20)

    def setup(self) -> None:
        self.quick = self.use(tw.indicators.sma, "close", self.fast)
        self.steady = self.use(tw.indicators.sma, "close", self.slow)

    def on_bar(self, ctx: Any) -> None:
        if self.quick.crossed_above(self.steady):
            ctx.target_percent(0.9)
        elif self.quick.crossed_below(self.steady):
            ctx.close_position()


def really_searched(**options: Any) -> SearchResult:
    bars = tw.synthetic_bars(bars=420, seed=4)
    grid = {"fast": range(3, 15, 4), "slow": range(10, 50, 13)}
    return run_search(Cross, bars, grid, where=lambda p: p["fast"] < p["slow"], start="2015-04-01", **options)


# ---------------------------------------------------------------- N, DSR and PBO are never left out


@pytest.mark.parametrize("said", [honesty(), SearchHonesty(3)], ids=["computed", "not computed"])
def test_no_line_shows_the_best_without_its_trials_dsr_and_pbo(said: SearchHonesty) -> None:
    search = made_search(said=said)
    lines = [repr(search), *search.summary().splitlines()]
    showing = [line for line in lines if "1.60 in sample" in line]
    assert len(showing) == 2
    assert all(f"{said.trials:,} trials · DSR" in line and "PBO" in line for line in showing)


def test_the_table_of_the_best_few_says_beside_it_of_how_many_they_are() -> None:
    assert "Best 10 of 120 in sample · 430 trials · DSR 0.71 · PBO 0.34" in made_search().summary()


def test_the_json_headline_holds_the_best_and_what_must_stand_beside_it() -> None:
    head = made_search().to_dict()["headline"]
    assert head["best"]["params"] == {"fast": 20, "slow": 120}
    assert (head["trials"], head["deflated_sharpe"], head["pbo"]) == (430, 0.71, 0.34)
    assert head["verdict"]["word"] == "doubtful"


def test_the_run_of_the_best_knows_of_how_many_trials_it_is_one() -> None:
    result = really_searched(earlier=100).best_result
    assert result.evidence.trials == 111
    chips = {chip.code: chip for chip in result.trust}
    assert chips["trials"].value.startswith("111 trials, DSR ")
    assert chips["pbo"].state is not State.NOT_COMPUTED


def test_the_dsr_of_the_best_run_is_that_of_the_search() -> None:
    search = really_searched(earlier=20)
    assert search.honesty.deflated_sharpe is not None
    assert search.best_result.metrics["deflated_sharpe"] == pytest.approx(search.honesty.deflated_sharpe, rel=1e-12)


def test_every_trial_that_is_run_again_knows_of_how_many_it_is_one() -> None:
    search = made_search()
    assert search.backtest(3).evidence.trials == 430
    assert search.backtest({"fast": 5, "slow": 60}).evidence.pbo == 0.34


# ---------------------------------------------------------------- lazy, once


def test_nothing_is_asked_before_it_is_needed_and_nothing_twice() -> None:
    asked: list[str] = []

    def say() -> SearchHonesty:
        asked.append("honesty")
        return honesty()

    def run(params: Mapping[str, Any]) -> Result:
        asked.append(f"run {dict(params)}")
        return made_run(params)

    search = SearchResult(made_search().record, say, run)
    assert search.best_params == {"fast": 20, "slow": 120}
    assert list(search.trials["number"]) == list(range(120))
    assert asked == []
    for _ in range(2):
        search.summary()
        search.to_json()
    assert asked == ["honesty", "run {'fast': 20, 'slow': 120}"]


# ---------------------------------------------------------------- trials


def test_the_frame_has_one_row_per_trial_and_its_columns_in_their_order() -> None:
    frame = made_search().trials
    assert list(frame.columns) == [
        "number", "fast", "slow", "sharpe", "total_return", "max_drawdown", "trades", "cagr", "state", "reason",
    ]  # fmt: skip
    assert str(frame["fast"].dtype) == "int64"
    assert str(frame["trades"].dtype) == "int64"


def test_a_trial_that_failed_has_no_numbers_and_a_reason() -> None:
    failed = made_trial(1, {"fast": 10}, None, state=TrialState.FAILED, reason="It divided by zero.")
    record = search_record([made_trial(0, {"fast": 5}, 1.0), failed], {"fast": [5, 10]})
    row = made_search(record).trials.iloc[1]
    assert math.isnan(row["sharpe"])
    assert math.isnan(row["trades"])
    assert (row["state"], row["reason"]) == ("failed", "It divided by zero.")


def test_a_parameter_called_like_a_column_keeps_its_values_under_another_name() -> None:
    record = search_record([made_trial(0, {"trades": 5}, 1.0), made_trial(1, {"trades": 6}, 2.0)], {"trades": [5, 6]})
    frame = made_search(record).trials
    assert list(frame["param_trades"]) == [5, 6]
    assert list(frame["trades"]) == [60, 60]


def test_the_csv_file_reads_back_as_the_frame(tmp_path: Any) -> None:
    import pandas as pd

    search = made_search()
    again = pd.read_csv(search.to_csv(tmp_path / "trials.csv"))
    pd.testing.assert_frame_equal(again.drop(columns="reason"), search.trials.drop(columns="reason"))


def test_an_unknown_trial_is_said() -> None:
    with pytest.raises(ConfigError, match="no trial 999"):
        made_search().backtest(999)


# ---------------------------------------------------------------- several objectives


def test_the_pareto_front_holds_what_no_other_beats_in_everything() -> None:
    objectives = (Objective("sharpe"), Objective("max_drawdown"), Objective("pain", maximize=False, is_metric=False))
    values = [(1.0, -0.2, 3.0), (1.0, -0.1, 3.0), (0.5, -0.3, 1.0), (0.4, -0.3, 1.0), (2.0, None, 0.0)]
    trials = [made_trial(n, {"fast": n}, 1.0, values=each) for n, each in enumerate(values)]
    search = made_search(search_record(trials, {"fast": range(5)}, objectives=objectives))
    assert [trial.number for trial in search.pareto] == [1, 2]
    assert search.to_dict()["pareto"] == [1, 2]


def test_what_is_not_a_sharpe_ratio_is_shown_with_the_sharpe_ratio_beside_it() -> None:
    record = search_record(grid_trials([5], [20, 40]), {"fast": [5], "slow": [20, 40]}, objectives=[Objective("cagr")])
    assert "CAGR +71.11 %, Sharpe 1.90 in sample · 430 trials · DSR 0.71" in repr(made_search(record))


# ---------------------------------------------------------------- trust


def test_the_trust_bar_is_that_of_a_run_with_its_eight_states_in_order() -> None:
    chips = made_search().trust
    assert [chip.code for chip in chips] == RUN_CHIPS
    assert chips[3].value == "430 trials, DSR 0.71"


def test_without_the_run_of_the_best_its_states_are_not_computed_and_say_why() -> None:
    def gone(params: Mapping[str, Any]) -> Result:
        raise DataError("The bars of 'ACME' are gone.")

    search = SearchResult(made_search().record, honesty, gone)
    chips = {chip.code: chip for chip in search.trust}
    assert list(chips) == RUN_CHIPS
    assert chips["data"].state is State.NOT_COMPUTED
    assert chips["data"].sentence == "The bars of 'ACME' are gone."
    assert "slippage 10 bps" in chips["costs"].value
    with pytest.raises(DataError, match="are gone"):
        _ = search.best_result


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "doubtful"),
        ({"deflated_sharpe": 0.49}, "luck"),
        ({"deflated_sharpe": 0.49, "pbo": 0.51}, "luck"),
        ({"deflated_sharpe": 0.99, "pbo": 0.51}, "overfit"),
        ({"deflated_sharpe": 0.96, "pbo": 0.2}, "stands out"),
        ({"deflated_sharpe": 0.96, "pbo": 0.2, "neighbour_share": 0.1}, "doubtful"),
        ({"deflated_sharpe": 0.96, "pbo": None}, "doubtful"),
    ],
)
def test_the_verdict_is_luck_until_everything_speaks_against_it(changes: dict[str, Any], word: str) -> None:
    search = made_search(said=honesty(**changes))
    assert search.verdict.word == word
    assert search.findings.is_unreliable == (word in {"luck", "overfit"})


def test_where_the_choice_is_noise_the_median_trial_is_what_to_expect() -> None:
    record = search_record(
        [made_trial(n, {"fast": n}, value) for n, value in enumerate((0.5, 0.7, 1.9))], {"fast": range(3)}
    )
    sentence = made_search(record, honesty(deflated_sharpe=0.99, pbo=0.77)).verdict.sentence
    assert sentence.endswith("Expect the median trial, 0.70, not the best.")


def test_a_best_at_the_border_does_not_stand_out() -> None:
    record = search_record(grid_trials([20, 25, 30], [120]), {"fast": [20, 25, 30], "slow": [120]})
    assert made_search(record, honesty(deflated_sharpe=0.99, pbo=0.1)).verdict.word == "doubtful"


def test_a_search_without_any_value_has_no_best_and_says_why() -> None:
    reason = "there are no closed trades"
    trials = [made_trial(n, {"fast": n}, None, reason=reason) for n in (1, 2)]
    search = made_search(search_record(trials, {"fast": [1, 2]}), SearchHonesty(2))
    assert search.best_params is None
    assert search.verdict.word == "nothing found"
    assert repr(search).endswith(": nothing found · 2 trials · DSR n/a · PBO n/a>")
    assert "None of 2 trials has a value, most often (2 ×): there are no closed trades." in search.summary()
    with pytest.raises(ConfigError, match="no best one"):
        _ = search.best_result


def test_synthetic_data_is_said_in_every_title() -> None:
    search = really_searched()
    assert repr(search).startswith("<SearchResult SYNTHETIC · ")
    assert search.summary().startswith("SYNTHETIC · ")
    assert search.to_dict()["synthetic"] is True
