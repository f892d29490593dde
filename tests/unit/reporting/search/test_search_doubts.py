"""What a search warns of, and when it does not."""

from __future__ import annotations

from typing import Any

import pytest
from tests.searches import data_key, grid_trials, honesty, made_search, made_trial, search_record

from tradewright.domain.search import TrialState
from tradewright.domain.space import Range
from tradewright.reporting.search.result import SearchResult


def codes(search: SearchResult) -> list[str]:
    return [warning.code for warning in search.warnings]


def sentence(search: SearchResult, code: str) -> str:
    return next(warning.sentence for warning in search.warnings if warning.code == code)


def with_failures(count: int, failed: int) -> SearchResult:
    trials = [
        made_trial(n, {"fast": n}, None, state=TrialState.FAILED, reason="It divided by zero.")
        if n < failed
        else made_trial(n, {"fast": n}, 1.0 + (n == count // 2))
        for n in range(count)
    ]
    return made_search(search_record(trials, {"fast": range(count)}))


def test_a_search_with_nothing_to_say_against_it_warns_of_nothing() -> None:
    assert codes(made_search(said=honesty(trials=120))) == []


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("luck", {"best_sharpe": 1.6}),
        ("short_record", {"track_record_years": 2.5}),
        ("isolated_peak", {"neighbour_share": 0.49}),
        ("earlier_trials", {"trials": 121}),
    ],
)
def test_each_number_warns_by_itself(code: str, changes: dict[str, Any]) -> None:
    assert codes(made_search(said=honesty(**{"trials": 120} | changes))) == [code]


def test_a_single_neighbour_is_no_peak() -> None:
    said = honesty(trials=120, neighbours=1, neighbour_share=0.0)
    assert codes(made_search(said=said)) == []


def test_failed_trials_are_counted_with_the_most_frequent_reason() -> None:
    search = with_failures(40, 3)
    assert sentence(search, "failed_trials") == "3 of 40 trials failed, most often (3 ×): It divided by zero."
    assert next(w for w in search.warnings if w.code == "failed_trials").severity == "notice"


def test_a_search_of_which_half_failed_is_warned_of() -> None:
    assert next(w for w in with_failures(40, 20).warnings if w.code == "failed_trials").severity == "warn"


def test_few_trades_and_few_trials_are_said() -> None:
    record = search_record([made_trial(0, {"fast": 1}, 1.0, metrics={"trades": 29})], {"fast": [1, 2]})
    found = codes(made_search(record, honesty(trials=1)))
    assert found[:2] == ["few_trades", "few_trials"]


def test_synthetic_data_comes_first() -> None:
    record = search_record(grid_trials([10, 20, 30], [60, 120, 180]), {"fast": [10, 20, 30], "slow": [60, 120, 180]},
                           data=(data_key(synthetic=True),))  # fmt: skip
    assert codes(made_search(record))[0] == "synthetic_data"


@pytest.mark.parametrize(
    ("dimension", "value", "said"),
    [
        ([5, 10, 15], 5, "fast = 5, the lowest tried"),
        ([5, 10, 15], 15, "fast = 15, the highest tried"),
        ([5, 10, 15], 10, None),
        ([5, 10], 5, None),
        (["sma", "ema", "wma"], "sma", None),
        (Range(1, 10), 10, "fast = 10, the highest tried"),
        (Range(0.0, 1.0), 0.995, "fast = 0.995, the highest tried"),
        (Range(0.0, 1.0), 0.98, None),
        (Range(1, 10, step=4), 9, "fast = 9, the highest tried"),
    ],
)
def test_the_border_of_the_space_is_named(dimension: Any, value: Any, said: str | None) -> None:
    search = made_search(search_record([made_trial(0, {"fast": value}, 1.0)], {"fast": dimension}))
    if said is None:
        assert "at_border" not in codes(search)
    else:
        assert said in sentence(search, "at_border")


def test_a_border_is_none_where_a_trial_inside_is_as_good() -> None:
    trials = [made_trial(n, {"fast": fast}, 1.0) for n, fast in enumerate((5, 10, 15))]
    assert "at_border" not in codes(made_search(search_record(trials, {"fast": [5, 10, 15]})))


def test_a_parameter_that_makes_no_difference_is_named() -> None:
    points = [(fast, stop) for fast in (5, 10, 15) for stop in (0.1, 0.2)]
    trials = [made_trial(n, {"fast": fast, "stop": stop}, fast / 10) for n, (fast, stop) in enumerate(points)]
    search = made_search(search_record(trials, {"fast": [5, 10, 15], "stop": [0.1, 0.2]}))
    assert sentence(search, "idle_parameters").startswith("stop: trials that differ in nothing else")
    trials[1] = made_trial(1, {"fast": 5, "stop": 0.2}, 0.4)
    assert "idle_parameters" not in codes(made_search(search_record(trials, {"fast": [5, 10, 15], "stop": [0.1, 0.2]})))


def test_the_warnings_of_the_best_run_stand_behind_those_of_the_search() -> None:
    search = made_search(said=honesty(trials=120, best_sharpe=1.0))
    own, of_run = codes(search), [warning.code for warning in search.best_result.warnings]
    assert own == ["luck", *of_run]
