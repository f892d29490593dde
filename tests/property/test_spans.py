"""Spans of days are sets of days."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tradewright.domain.spans import Spans

PAIRS = st.lists(st.tuples(st.integers(-20, 40), st.integers(-20, 40)), max_size=6)


def days(spans: Spans) -> set[int]:
    return {day for first, stop in spans for day in range(first, stop)}


def drawn(pairs: list[tuple[int, int]]) -> set[int]:
    return {day for first, stop in pairs for day in range(first, stop)}


def is_canonical(spans: Spans) -> bool:
    ends = [end for pair in spans for end in pair]
    return all(first < later for first, later in pairwise(ends))


@given(PAIRS, PAIRS)
def test_joining_and_taking_away_are_those_of_sets_of_days(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> None:
    mine, others = Spans.of(one), Spans.of(other)
    assert days(mine) == drawn(one)
    assert days(mine.joined(others)) == drawn(one) | drawn(other)
    assert days(mine.without(others)) == drawn(one) - drawn(other)
    assert all(is_canonical(each) for each in (mine, mine.joined(others), mine.without(others)))
    assert mine.days == len(drawn(one))


@given(PAIRS, st.integers(1, 9))
def test_pieces_are_the_same_days_in_order_and_not_too_many_at_once(pairs: list[tuple[int, int]], most: int) -> None:
    pieces = list(Spans.of(pairs).cut(most))
    assert [day for first, stop in pieces for day in range(first, stop)] == sorted(drawn(pairs))
    assert all(0 < stop - first <= most for first, stop in pieces)
