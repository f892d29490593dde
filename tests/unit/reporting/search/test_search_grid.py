"""Trials laid out over two parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.searches import grid_trials, made_search, made_trial, search_record

from tradewright.domain.errors import ConfigError
from tradewright.domain.search import Objective, SearchRecord, TrialState
from tradewright.domain.space import Range, Values
from tradewright.reporting.search.grid import Cells, axis_of, default_axes, lay_out


def crossed(**changes: Any) -> SearchRecord:
    trials = grid_trials([10, 20, 30], [15, 25, 35])
    return search_record(trials, {"fast": [10, 20, 30], "slow": [15, 25, 35]}, **changes)


def test_a_cell_that_was_not_tried_is_not_one_that_failed() -> None:
    trials = grid_trials([10, 20, 30], [15, 25, 35])
    failed = made_trial(trials[0].number, trials[0].params, None, state=TrialState.FAILED, reason="It broke.")
    record = search_record([failed, *trials[1:]], {"fast": [10, 20, 30], "slow": [15, 25, 35]})
    grid = lay_out(record, "fast", "slow", "sharpe")
    assert grid.failed.tolist() == [[True, False, False], [False] * 3, [False] * 3]
    assert (grid.counts == 0).tolist() == [[False, True, True], [False, False, True], [False] * 3]
    assert np.isnan(grid.values).sum() == 4


def test_a_cell_holds_the_trial_with_the_best_objective_over_the_other_parameters() -> None:
    space = {"fast": [1, 2], "slow": [5, 6], "kind": ["a", "b"]}
    found = [
        made_trial(n, {"fast": 1, "slow": 5, "kind": kind}, value, metrics={"sharpe": value, "trades": trades})
        for n, (kind, value, trades) in enumerate([("a", 1.0, 90), ("b", 2.0, 10)])
    ]
    record = search_record(found, space)
    assert lay_out(record, "fast", "slow", "trades").values[0, 0] == 10
    assert lay_out(record, "fast", "slow", "trades").few_trades[0, 0]
    least = search_record(found, space, objectives=[Objective("sharpe", maximize=False)])
    assert lay_out(least, "fast", "slow", "trades").values[0, 0] == 90


def test_a_cell_may_hold_the_median_of_its_trials_or_those_with_another_parameter_held() -> None:
    space = {"fast": [1, 2], "slow": [5, 6], "kind": [1, 2, 3]}
    found = [
        made_trial(n, {"fast": 1, "slow": 5, "kind": kind}, value, metrics={"sharpe": value, "trades": trades})
        for n, (kind, value, trades) in enumerate([(1, 1.0, 90), (2, 2.0, 10), (3, 6.0, 10)])
    ]
    record = search_record(found, space)
    median = lay_out(record, "fast", "slow", "sharpe", Cells("median"))
    assert (median.values[0, 0], median.few_trades[0, 0], median.counts[0, 0]) == (2.0, True, 3)
    held = lay_out(record, "fast", "slow", "sharpe", Cells("median", {"kind": 1}))
    assert (held.values[0, 0], held.few_trades[0, 0], held.trial[0, 0]) == (1.0, False, 0)
    wide = search_record([made_trial(0, {"fast": 1, "slow": 1}, 1.0)], {"fast": range(300), "slow": [1, 2]})
    assert len(lay_out(wide, "fast", "slow", "sharpe", Cells(most=100)).x.labels) <= 100


def test_numbers_stand_in_order_however_they_were_given() -> None:
    assert axis_of("fast", Values((30, 10, 20))).labels == ("10", "20", "30")
    assert axis_of("kind", Values(("b", "a"))).labels == ("b", "a")


def test_more_values_than_fit_share_cells() -> None:
    axis = axis_of("fast", Range(1, 1_000))
    assert len(axis.labels) == 200
    assert axis.labels[0] == "1–5"
    assert (axis.place(1), axis.place(5), axis.place(6), axis.place(1_000)) == (0, 0, 1, 199)


@pytest.mark.parametrize("log", [False, True])
def test_every_number_of_a_continuous_range_has_a_cell(log: bool) -> None:
    axis = axis_of("stop", Range(0.01, 1.0, log=log), 7)
    assert (axis.place(0.01), axis.place(1.0)) == (0, 6)
    assert axis.place(0.1) == (3 if log else 0)
    assert axis.place(1.1) is None
    assert len(set(axis.labels)) == 7


def test_sparse_trials_share_cells_so_that_something_is_seen() -> None:
    generator = np.random.default_rng(1)
    picks = generator.integers(1, 101, (60, 2)).tolist()
    trials = [made_trial(n, {"a": int(a), "b": int(b)}, 1.0) for n, (a, b) in enumerate(picks)]
    grid = lay_out(search_record(trials, {"a": Range(1, 100), "b": Range(1, 100)}), "a", "b", "sharpe")
    assert grid.values.shape == (7, 7)
    assert int(grid.counts.sum()) == 60


def test_unknown_parameters_and_values_are_said_with_what_there_is() -> None:
    with pytest.raises(ConfigError, match=r"did not vary 'stop'.*fast, slow"):
        lay_out(crossed(), "stop", "slow", "sharpe")
    with pytest.raises(ConfigError, match=r"no 'profit'.*sharpe, total_return"):
        lay_out(crossed(), "fast", "slow", "profit")


def test_the_first_two_parameters_that_vary_are_drawn() -> None:
    space = {"kind": ["a"], "fast": [1, 2], "slow": [5, 6]}
    record = search_record([made_trial(0, {"kind": "a", "fast": 1, "slow": 5}, 1.0)], space)
    assert default_axes(record) == ("fast", "slow")


def test_a_heat_map_of_one_parameter_is_refused_and_the_plot_is_a_profile() -> None:
    search = made_search(search_record([made_trial(n, {"fast": n}, 1.0) for n in (1, 2)], {"fast": [1, 2]}))
    with pytest.raises(ConfigError, match="two parameters that vary"):
        search.heatmap()
    assert search.plot().data[0].type == "scatter"


def test_the_best_is_framed_in_a_small_map_and_in_a_ring_in_a_large_one() -> None:
    figure = made_search(crossed()).heatmap(value="total_return")
    assert figure.layout.annotations[0].text == "Total return, in sample"
    assert {(frame.x0, frame.y0) for frame in figure.layout.shapes} == {(0.5, 1.5)}
    values = range(1, 51)
    trials = [made_trial(n, {"a": n % 50 + 1, "b": n // 50 + 1}, n / 2_500) for n in range(2_500)]
    large = made_search(search_record(trials, {"a": values, "b": values})).heatmap()
    assert {(trace.x[0], trace.y[0]) for trace in large.data if trace.name == "best"} == {("50", "50")}
    assert not large.layout.shapes


def test_what_was_not_tried_is_hatched_by_one_picture_whatever_the_number_of_cells() -> None:
    images = made_search(crossed()).heatmap().layout.images
    assert [image.source.partition(",")[0] for image in images] == ["data:image/svg+xml;base64"]


def test_parallel_lines_are_few_however_many_the_trials() -> None:
    trials = [made_trial(n, {"a": n % 97, "b": n % 89}, n / 9_000) for n in range(9_000)]
    figure = made_search(search_record(trials, {"a": range(97), "b": range(89)})).parallel()
    lines = {trace.name: sum(value is None for value in trace.x) for trace in figure.data}
    assert lines == {"Others": 1_000, "Best tenth": 899, "The best": 1}
