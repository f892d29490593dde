"""What the pictures of a search show, and what they leave to another picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.searches import grid_trials, made_search, made_trial, search_record

from tradewright.domain.errors import ConfigError
from tradewright.domain.search import SearchRecord, TrialState
from tradewright.domain.space import Range
from tradewright.reporting.search import page
from tradewright.reporting.search.figures.heat_map import heat_map
from tradewright.reporting.search.figures.parallel import parallel_figure
from tradewright.reporting.search.grid import lay_out


def patchy(size: int = 3) -> SearchRecord:
    """A square of which one trial failed, one made few trades and one was given up."""
    values = range(1, size + 1)
    trials = [made_trial(n, {"a": n % size + 1, "b": n // size + 1}, n / size**2) for n in range(size**2)]
    trials[0] = made_trial(0, trials[0].params, None, state=TrialState.FAILED, reason="It broke.")
    trials[1] = made_trial(1, trials[1].params, 1.0, metrics={"sharpe": 1.0, "trades": 3})
    trials[2] = made_trial(2, trials[2].params, None, state=TrialState.PRUNED, reason="It was among the worse.")
    return search_record(trials, {"a": values, "b": values})


def drawn(record: SearchRecord, **options: Any) -> dict[str, Any]:
    figure = heat_map(lay_out(record, "a", "b", "sharpe"), "Sharpe", lambda value: f"{value:.2f}", None, **options)
    return {trace.get("name", trace.get("hovertemplate", "")[-22:]): trace for trace in figure["data"]}


def test_failed_cells_and_cells_not_tried_are_two_pictures_and_neither_is_a_low_value() -> None:
    figure = heat_map(lay_out(patchy(), "a", "b", "sharpe"), "Sharpe", str, None)
    values, failed = (trace["z"] for trace in figure["data"] if trace["type"] == "heatmap")
    assert values[0] == [None, 1.0, None]
    assert failed == [[1.0, None, None], [None] * 3, [None] * 3]
    assert figure["layout"]["images"][0]["layer"] == "below"


def test_numbers_stand_in_their_cells_dark_on_light_and_light_on_dark() -> None:
    printed = drawn(patchy())["printed"]
    shown = dict(zip(printed["text"], printed["textfont"]["color"], strict=True))
    assert shown["1.00*"] == "#000000"
    assert shown["0.33"] == "#FFFFFF"
    least = drawn(patchy(), maximize=False)["printed"]
    assert dict(zip(least["text"], least["textfont"]["color"], strict=True))["1.00*"] == "#FFFFFF"


def test_few_trades_are_a_star_at_the_number_and_a_stroke_where_there_is_none() -> None:
    small, large = drawn(patchy()), drawn(patchy(45))
    assert (small["few trades"]["visible"], len(small["printed"]["text"])) == (False, 7)
    assert (large["few trades"]["visible"], "printed" in large) == (True, False)


def test_a_parallel_row_runs_from_the_lowest_to_the_highest_value_of_its_range() -> None:
    space = {"stop": Range(0.01, 1.0, log=True), "weight": Range(0.0, 2.0), "kind": ["a", "b", "c"], "one": [7]}
    points = [(0.01, 2.0, "a"), (0.1, 0.5, "b"), (1.0, 0.0, "c")]
    trials = [
        made_trial(n, {"stop": s, "weight": w, "kind": k, "one": 7}, 1.0 + n) for n, (s, w, k) in enumerate(points)
    ]
    figure = parallel_figure(search_record(trials, space))
    assert figure is not None
    best = next(trace for trace in figure["data"] if trace["name"] == "The best")
    assert best["x"][:4] == [1.0, 0.0, 1.0, 1.0]
    middle = next(trace for trace in figure["data"] if trace["name"] == "Others")
    assert middle["x"][:4] == pytest.approx([0.5, 0.25, 0.5, 0.5])
    said = [note["text"] for note in figure["layout"]["annotations"]]
    assert "<b>stop</b> · best 1" in said
    assert not any("one" in text for text in said)


def test_nothing_can_be_drawn_of_trials_without_a_value() -> None:
    search = made_search(search_record([made_trial(0, {"a": 1}, None)], {"a": [1, 2]}))
    with pytest.raises(ConfigError, match="nothing to draw"):
        search.parallel()


def test_one_named_axis_is_joined_by_the_next_that_varies() -> None:
    record = search_record(grid_trials([5, 10], [20, 40]), {"fast": [5, 10], "slow": [20, 40]})
    figure = made_search(record).heatmap(x="slow")
    assert figure.layout.annotations[1].text == "slow"
    assert figure.layout.yaxis.title.text == "fast"


def test_three_parameters_are_drawn_pair_by_pair() -> None:
    trials = [made_trial(n, {"a": n % 2, "b": n // 2 % 2, "c": n // 4}, n / 9) for n in range(8)]
    search = made_search(search_record(trials, {"a": [0, 1], "b": [0, 1], "c": [0, 1]}))
    text = page.report(search.findings, library="")
    assert [pair for pair in ("a × b", "a × c", "b × c") if f">{pair}</option>" in text] == ["a × b", "a × c", "b × c"]
    assert "the best of the trials that share it, over the other parameters" in text


def test_a_continuous_map_says_that_neighbours_share_a_cell() -> None:
    trials = [made_trial(n, {"a": n / 40, "b": (n * 7 % 40) / 40}, 1.0 + (n == 3)) for n in range(40)]
    search = made_search(search_record(trials, {"a": Range(0.0, 1.0), "b": Range(0.0, 1.0)}))
    assert "the best of the trials that fall into it" in page.report(search.findings, library="")


def test_a_page_is_written_whole(tmp_path: Path) -> None:
    written = made_search().report(tmp_path / "search.html").read_text(encoding="utf-8")
    assert written.startswith("<!doctype html>")
    assert '<span class="badge">SEARCH</span>' in written


def test_trials_without_a_value_are_counted_with_the_most_frequent_reason() -> None:
    trials = [
        made_trial(n, {"a": n}, None if n < 3 else 1.0, reason="it made 2 trades" if n < 3 else None) for n in range(30)
    ]
    said = [warning.sentence for warning in made_search(search_record(trials, {"a": range(30)})).warnings]
    assert "3 of 30 trials have no value, most often (3 ×): it made 2 trades." in said
