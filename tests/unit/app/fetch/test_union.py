"""What came put to what is stored: added, revised, never taken away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stores import actions, days, with_prices

from tradewright.app.fetch.union import Held, union
from tradewright.domain.bars import Bars, SessionIndex
from tradewright.domain.stored import WriteMode


def held(stored: Bars, near: Bars | None = None) -> Held:
    """A stored series of which all is looked at, or of what came only a part."""
    return Held(stored.rows(len(stored) - 1, len(stored)), near or stored, lambda: stored)


def unread() -> Bars:
    """For series of which not everything may be read."""
    raise AssertionError("The whole series is read.")


def test_a_series_that_is_not_there_is_what_came() -> None:
    found = union(None, days(5))
    assert (found.mode, found.new, found.revised, found.bars.fingerprint) == (WriteMode.NEW, 5, 0, days(5).fingerprint)


def test_what_comes_after_is_appended_and_the_rest_need_not_be_read_again() -> None:
    stored = days(5)
    found = union(Held(stored.rows(3, 5), None, unread), days(3, first=5))
    assert (found.mode, found.new, len(found.bars)) == (WriteMode.APPEND, 3, 3)


def test_what_is_stored_already_and_what_comes_after_it_is_appended_as_well() -> None:
    stored = days(9)
    found = union(Held(stored.rows(8, 9), stored.rows(6, 9), unread), days(5, first=6))
    assert (found.mode, found.new, found.revised) == (WriteMode.APPEND, 2, 0)
    assert found.bars.open_time.tolist() == days(2, first=9).open_time.tolist()


def test_a_revision_beside_later_bars_makes_the_whole_series_anew() -> None:
    came = with_prices(days(5, first=6), 1, volume=7.0)
    found = union(held(days(9)), came)
    assert (found.mode, found.new, found.revised, len(found.bars)) == (WriteMode.REPLACE, 2, 1, 11)


def test_the_stored_description_of_the_instrument_stays() -> None:
    stored = days(5)
    came = days(3, first=5).with_instrument(replace(stored.instrument, tick=0.05))
    assert union(held(stored), came).bars.instrument == stored.instrument


def test_the_same_bars_again_change_nothing() -> None:
    assert not union(held(days(9)), days(4, first=3)).changes


@pytest.mark.parametrize("name", ["open", "high", "low", "close", "volume"])
def test_a_revised_value_stands_over_the_stored_one(name: str) -> None:
    value = float(getattr(days(9), name)[4]) * (1.001 if name == "high" else 0.9995)
    revised = with_prices(days(9), 4, **{name: value})
    revised = with_prices(revised, 4, low=min(float(revised.low[4]), float(getattr(revised, name)[4])))
    found = union(held(days(9)), revised.rows(4, 5))
    assert (found.mode, found.new, found.revised) == (WriteMode.REPLACE, 0, 1)
    assert getattr(found.bars, name)[4] == getattr(revised, name)[4]
    assert len(found.bars) == 9


def test_actions_and_description_stay_those_of_the_stored_series() -> None:
    stored = days(9, actions=actions({5: 2.0}, {3: 0.1}), source="ACME.csv")
    found = union(held(stored), days(3, first=-3)).bars
    assert found.actions.split_ratios.tolist() == [2.0]
    assert found.instrument == stored.instrument


@given(st.sets(st.integers(0, 30), min_size=1), st.sets(st.integers(0, 30), min_size=1))
def test_the_union_has_every_day_of_either_in_order(stored: set[int], came: set[int]) -> None:
    whole = days(31)

    def those(chosen: set[int]) -> Bars:
        rows = np.array(sorted(chosen))
        columns = {name: column[rows] for name, column in whole.columns().items()}
        return replace(whole, sessions=SessionIndex.of_labels(whole.sessions.labels[rows]), **columns)

    found = union(held(those(stored)), those(came))
    assert found.new == len(came - stored)
    if found.mode is WriteMode.REPLACE:
        assert found.bars.open_time.tolist() == whole.open_time[sorted(stored | came)].tolist()
        assert found.bars.sessions.labels.tolist() == whole.sessions.labels[sorted(stored | came)].tolist()
