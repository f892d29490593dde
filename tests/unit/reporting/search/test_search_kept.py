"""A search that was kept says what it said when it was made."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.searches import hill, honesty, made_search, made_trial, search_record

from tradewright.domain.search import TriedSoFar
from tradewright.reporting.search.doubts import surroundings
from tradewright.reporting.search.head import out_of_sample, tiles, tiles_so_far
from tradewright.reporting.search.kept import kept_search
from tradewright.reporting.search.lines import MOST_LINES, drawn_ranks, drawn_sentence, trial_lines
from tradewright.reporting.search.rows import Within, chosen_rows
from tradewright.reporting.trust import State


def test_its_trials_and_numbers_are_those_of_the_document() -> None:
    search = made_search()
    kept = kept_search(json.loads(search.to_json()))
    assert kept.record.trials == search.record.trials
    assert kept.honesty == search.honesty
    assert tiles(kept) == tiles(search.findings)
    assert out_of_sample(kept).text == "0.40"


def test_what_an_earlier_document_lacks_says_so() -> None:
    document = json.loads(made_search().to_json())
    del document["honesty"]["out_of_sample_sharpe"]
    tile = out_of_sample(kept_search(document))
    assert (tile.number, tile.reason) == (None, "it was not kept with the search")


def test_a_search_under_way_shows_no_best_without_saying_that_nothing_is_known_of_luck() -> None:
    record = made_search().record
    found = tiles_so_far(TriedSoFar(record.space, record.objectives, record.trials[:7], "USD"), 120)
    assert [tile.key for tile in found] == ["best", "trials", "deflated_sharpe", "pbo", "out_of_sample_sharpe"]
    assert found[0].number == max(trial.value or 0.0 for trial in record.trials[:7])
    assert (found[1].text, found[1].aside) == ("7", "of 120")
    assert {tile.state for tile in found[2:]} == {State.NOT_COMPUTED}


@pytest.mark.parametrize(
    ("said", "state", "begins"),
    [
        ({}, State.OK, "Neighbours 1.50: a plateau"),
        ({"neighbour_share": 0.3}, State.WARN, "Neighbours 1.50: a peak, not a plateau"),
        ({"neighbour_share": None, "neighbours": 0}, State.NOT_COMPUTED, "Neighbours: not computed"),
    ],
)
def test_what_lies_around_the_best_is_a_peak_or_a_plateau(said: dict[str, Any], state: State, begins: str) -> None:
    found = surroundings(honesty(**said), lambda value: f"{value:.2f}")
    assert found.state is state
    assert found.sentence.startswith(begins)


def test_of_many_trials_the_best_tenth_is_drawn_and_others_at_random() -> None:
    ranks = drawn_ranks(9_000)
    assert ranks[:900] == list(range(900))
    assert (len(ranks), len(set(ranks))) == (900 + MOST_LINES, 900 + MOST_LINES)
    assert ranks == drawn_ranks(9_000)
    assert drawn_sentence(9_000) == "Shown: the best 900, and 1,000 of the other 8,100 trials at random."


def test_texts_lie_on_an_axis_by_their_place_and_ranges_keep_trials() -> None:
    trials = [made_trial(n, {"fast": n, "kind": kind}, hill(n, 120)) for n, kind in enumerate(["b", "a", "b"])]
    record = search_record(trials, {"fast": [0, 1, 2], "kind": ["b", "a"]})
    found = trial_lines(record)
    assert [axis.categories for axis in found.axes][:2] == [None, ("b", "a")]
    assert found.rows[0][:2] == [2.0, 0.0]
    assert chosen_rows(record, [Within("kind", 0, 0)], "sharpe", descending=True) == [2, 0]
    assert chosen_rows(record, [Within("fast", 1, 2)], None, descending=False) == [1, 2]
