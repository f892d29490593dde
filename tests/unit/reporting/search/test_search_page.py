"""The page of a search and its card: the same numbers as everywhere, and nothing fetched."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from tests.searches import grid_trials, honesty, made_run, made_search, made_trial, search_record
from tests.unit.reporting.test_html import Page

from tradewright.domain.honesty import SearchHonesty
from tradewright.domain.search import Objective, TrialState
from tradewright.reporting.search import page
from tradewright.reporting.search.result import SearchResult


class Halves:
    """Splits of an overfitting test."""

    logits = np.array([-1.0, 0.0, 0.5, 2.0])
    in_sample = np.array([0.1, 0.2, 0.1, 0.3])
    out_of_sample = np.array([-0.1, 0.05, 0.1, 0.2])


def with_splits() -> SearchResult:
    return SearchResult(made_search().record, honesty, made_run, splits=Halves)


def text_of(search: SearchResult) -> str:
    return page.report(search.findings, library="/* library */")


def nothing() -> SearchResult:
    trials = [made_trial(n, {"fast": n}, None, reason="there are no trades") for n in (1, 2)]
    return made_search(search_record(trials, {"fast": [1, 2]}), SearchHonesty(2))


def shouting() -> SearchResult:
    trials = [
        made_trial(0, {"kind": "<b>&"}, 1.0, values=(1.0, 2.0)),
        made_trial(1, {"kind": "</script>"}, None, state=TrialState.FAILED, reason="<script>alert(1)</script>"),
    ]
    objectives = (Objective("sharpe"), Objective("<i>mine", is_metric=False))
    record = search_record(trials, {"kind": ["<b>&", "</script>"]}, objectives=objectives)
    return made_search(record)


@pytest.mark.parametrize("search", [made_search(), with_splits(), nothing(), shouting()], ids=["a", "b", "c", "d"])
def test_every_element_is_closed_every_id_unique_and_nothing_is_fetched(search: SearchResult) -> None:
    text = text_of(search)
    found = Page(text)
    assert found.open == []
    assert len(found.ids) == len(set(found.ids))
    assert all(address.removeprefix("#") in found.ids for address in found.addresses)
    assert "url(" not in text


def test_names_of_users_are_text_and_never_markup() -> None:
    text = text_of(shouting())
    assert "<script>alert" not in text
    assert "<i>mine" not in text


def test_the_headline_row_begins_with_the_best_its_trials_dsr_and_pbo() -> None:
    labels = re.findall(r"<dt>(.*?)</dt>", text_of(made_search()))
    assert labels[:4] == ["Best Sharpe", "Trials", "Deflated Sharpe", "PBO"]


def test_the_card_shows_the_same_row_and_the_verdict() -> None:
    card = made_search()._repr_html_()
    labels = re.findall(r'<div class="l">(.*?)</div>', card)
    assert labels == ["Best Sharpe", "Trials", "Deflated Sharpe", "PBO"]
    assert "! doubtful" in card


def test_a_search_that_reads_as_luck_says_so_in_page_and_card() -> None:
    search = made_search(said=honesty(deflated_sharpe=0.1))
    for text in (text_of(search), search._repr_html_()):
        assert "✕ luck" in text
        assert "unreliable" in text


def test_a_number_that_is_absent_has_its_reason() -> None:
    search = made_search(said=honesty(pbo=None, reasons={"pbo": "there are 9 returns"}))
    assert "not computed: there are 9 returns" in text_of(search)


def test_the_same_search_gives_the_same_bytes() -> None:
    assert text_of(made_search()) == text_of(made_search())


def test_the_list_is_best_first_and_those_without_a_value_come_last() -> None:
    failed = made_trial(0, {"fast": 5, "slow": 20}, None, state=TrialState.FAILED, reason="It broke.")
    record = search_record(
        [failed, *grid_trials([10, 20], [40, 120])[1:]], {"fast": [5, 10, 20], "slow": [20, 40, 120]}
    )
    listed = json.loads(re.findall(r'id="trial-data">(.*?)</script>', text_of(made_search(record)))[0])
    columns: Mapping[str, Any] = {column["label"]: column for column in listed["columns"]}
    assert columns["number"]["cells"] == ["3", "1", "2", "0"]
    assert columns["Sharpe"]["values"][-1] is None
    assert columns["reason"]["cells"] == ["", "", "", "It broke."]


def test_the_splits_are_drawn_with_the_share_that_is_the_pbo() -> None:
    text = text_of(with_splits())
    assert 'id="figure-splits"' in text
    assert "at or below the median of all trials, in 50.00 % of the ways" in text


def test_a_split_exactly_at_the_median_is_drawn_with_those_below_it() -> None:
    from tradewright.reporting.search.figures.chance import logit_figure

    below, above = logit_figure(Halves)["data"]
    assert (sum(below["y"]), sum(above["y"])) == (2, 2)
