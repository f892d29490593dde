"""Appending: what comes later is added, what both have must be the same, and the first difference is named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.stores import actions, days, minutes, with_prices

from tradewright.adapters.storage.segmented.merge import appended
from tradewright.domain.bars import Bars
from tradewright.domain.errors import DataError


def refusal(old: Bars, new: Bars) -> str:
    with pytest.raises(DataError) as caught:
        appended(old, new)
    assert "--replace" in str(caught.value.hint)
    return caught.value.message


@pytest.mark.parametrize("first", [10, 8, 0])
def test_later_bars_are_added_after_an_equal_overlap_or_none(first: int) -> None:
    assert appended(days(10), days(20 - first, first=first)).fingerprint == days(20).fingerprint


def test_a_gap_between_old_and_new_stays_a_gap() -> None:
    assert len(appended(days(10), days(5, first=15))) == 15


def test_bars_that_are_all_there_add_nothing() -> None:
    assert appended(days(10), days(3, first=4)).fingerprint == days(10).fingerprint


@pytest.mark.parametrize("name", ["open", "high", "low", "close", "volume"])
def test_the_first_differing_value_is_named_with_both(name: str) -> None:
    stored = days(10)
    value = float(getattr(stored, name)[7])
    other = with_prices(days(12), 7, **{name: value + (0.25 if name != "low" else -0.25)})
    text = refusal(stored, other)
    assert "first at 2024-01-08" in text
    assert f"{name} {value!r} is stored, ACME.csv has {float(getattr(other, name)[7])!r}" in text


def test_a_bar_that_only_one_has_is_named() -> None:
    whole, holed = days(12), days(12)
    holed = replace(days(5), **_without(holed, 5))
    assert "2024-01-06: ACME.csv has no bar then" in refusal(whole, holed)
    assert "2024-01-06: the store has no bar then" in refusal(holed, whole)


def _without(bars: Bars, row: int) -> dict[str, object]:
    columns: dict[str, object] = {name: np.delete(column, row) for name, column in bars.columns().items()}
    labels = np.delete(bars.sessions.labels, row)
    return {**columns, "sessions": type(bars.sessions).of_labels(labels)}


def test_bars_before_the_first_stored_one_are_refused() -> None:
    assert "2024-01-01: the store has no bar then" in refusal(days(10, first=3), days(13))
    assert "2024-01-01: the store has no bar then" in refusal(days(10, first=5), days(3))


def test_a_bar_that_closes_otherwise_is_refused() -> None:
    longer = replace(days(12), close_time=days(12).close_time + np.where(np.arange(12) == 3, 60 * 10**9, 0))
    assert "the stored bar closes at 2024-01-04T21:00:00Z, that of ACME.csv at 2024-01-04T21:01:00Z" in refusal(
        days(10), longer
    )


def test_a_bar_that_opens_before_the_last_is_complete_is_refused() -> None:
    late = minutes(
        1, 5, open_time=minutes(1, 5).open_time + 30 * 10**9, close_time=minutes(1, 5).close_time + 30 * 10**9
    )
    assert "opens before the last stored one is complete" in refusal(minutes(1, 4), late.rows(3, 5))


# ---------------------------------------------------------------- actions


def test_actions_after_the_stored_bars_are_taken_from_the_new() -> None:
    old = days(10, actions=actions({}, {4: 0.5}))
    new = days(10, first=8, actions=actions({15: 2.0}, {12: 0.25}))
    joined = appended(old, new).actions
    assert (joined.split_ratios.tolist(), joined.dividends.tolist()) == ([2.0], [0.5, 0.25])


def test_actions_that_were_known_before_their_day_stay() -> None:
    old = days(10, actions=actions({}, {15: 0.5, 30: 0.6}))
    assert appended(old, days(10, first=10, actions=actions({}, {15: 0.5}))).actions.dividends.tolist() == [0.5, 0.6]


@pytest.mark.parametrize(
    ("old", "new", "day"),
    [
        ({9: 0.5}, {}, "2024-01-10"),  # both have the session, only one the dividend
        ({}, {9: 0.5}, "2024-01-10"),
        ({9: 0.5}, {9: 0.6}, "2024-01-10"),
        ({}, {2: 0.5}, "2024-01-03"),  # before the first new session the store knows better
        ({12: 0.5}, {}, "2024-01-13"),  # announced, and then not in the file that covers the day
    ],
)
def test_actions_that_contradict_each_other_are_refused(old: dict[int, float], new: dict[int, float], day: str) -> None:
    text = refusal(days(10, actions=actions({}, old)), days(10, first=8, actions=actions({}, new)))
    assert f"dividends of XNYS:ACME contradict those of ACME.csv first on {day}" in text


def test_the_refusal_of_actions_names_both_values() -> None:
    text = refusal(days(10, actions=actions({}, {9: 0.5})), days(10, first=8, actions=actions({}, {9: 0.6})))
    assert "2024-01-10: 0.5 is stored, ACME.csv has 0.6." in text
    text = refusal(days(10, actions=actions({9: 2.0}, {})), days(10, first=8))
    assert "2024-01-10: 2.0 is stored, ACME.csv has none." in text


def test_a_dividend_that_differs_by_the_rounding_of_its_factor_stays_as_it_is_stored() -> None:
    old = days(10, actions=actions({}, {9: 0.77}))
    merged = appended(old, days(10, first=8, actions=actions({}, {9: 0.77002, 15: 0.8})))
    assert merged.actions.dividends.tolist() == [0.77, 0.8]
