"""Whatever a source says, in whatever order: nothing that was said is lost, and each time sees what was known then."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tradewright.app.fetch.announcements import Told, put_together
from tradewright.domain.actions import ActionKind, CorporateAction, in_force

DAYS = (0, 20)
ANSWERS = st.dictionaries(st.integers(*DAYS), st.sampled_from([0.5, 2.0, 3.0, 7.0]), max_size=5)


def splits(answer: dict[int, float]) -> list[CorporateAction]:
    return [
        CorporateAction(kind=ActionKind.SPLIT, symbol="ACME", day=day, source="vendor", ratio=ratio)
        for day, ratio in answer.items()
    ]


def holding(said: list[CorporateAction]) -> dict[int, float | None]:
    return {each.day: each.ratio for each in said}


@given(ANSWERS.filter(bool), st.lists(ANSWERS, max_size=5))
def test_each_time_sees_what_was_in_force_then(first: dict[int, float], later: list[dict[int, float]]) -> None:
    announced: tuple[CorporateAction, ...] = ()
    seen = []
    for at_ns, answer in enumerate([first, *later], 100):
        known_days = DAYS if announced else None
        before = announced
        announced, _ = put_together(
            announced, Told("vendor", "USD", splits(answer), (DAYS[0], DAYS[1] + 1), at_ns, known_days)
        )
        assert set(before) <= set(announced)
        seen.append((at_ns, holding(in_force(announced)), answer))
    for at_ns, then, answer in seen:
        assert holding(in_force(announced, at_ns, DAYS[1])) == then
        assert then == answer or not answer


@given(ANSWERS, ANSWERS)
def test_the_same_answer_again_says_nothing_new(before: dict[int, float], answer: dict[int, float]) -> None:
    span = (DAYS[0], DAYS[1] + 1)
    first, _ = put_together((), Told("vendor", "USD", splits(before), span, 1, None))
    once, _ = put_together(first, Told("vendor", "USD", splits(answer), span, 2, DAYS))
    twice, notes = put_together(once, Told("vendor", "USD", splits(answer), span, 3, DAYS))
    assert twice == once
    assert not answer or notes == []
