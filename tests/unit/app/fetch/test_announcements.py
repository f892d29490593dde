"""What a source says put to what was said before: new, revised, no longer said; and under which names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tradewright.app.fetch.announcements import Told, put_together
from tradewright.domain.actions import ActionKind, CorporateAction, actions_of

DAY = 18_267
NOW = 10**18


def said(kind: str, day: int, source: str = "vendor", **more: Any) -> CorporateAction:
    symbol = more.pop("symbol", "ACME")
    return CorporateAction(kind=ActionKind(kind), symbol=symbol, day=DAY + day, source=source, **more)


def told(*actions: CorporateAction, source: str = "vendor", days: tuple[int, int] = (0, 30), **more: Any) -> Told:
    span = DAY + days[0], DAY + days[1]
    return Told(source, "USD", actions, span, NOW, **more)


SPLIT, PAID = said("split", 5, ratio=2.0), said("dividend", 9, cash=0.5)


def test_what_is_told_first_stands_as_it_is_told() -> None:
    announced, notes = put_together((), told(PAID, SPLIT))
    assert (announced, notes) == ((SPLIT, PAID), [])


def test_the_same_again_changes_nothing() -> None:
    assert put_together((SPLIT, PAID), told(SPLIT, PAID)) == ((SPLIT, PAID), [])


def test_a_revised_value_is_a_further_statement_known_from_now_and_is_said() -> None:
    announced, notes = put_together((SPLIT,), told(said("split", 5, ratio=3.0)))
    assert announced == (SPLIT, said("split", 5, ratio=3.0, known_ns=NOW))
    assert notes == ["The split of ACME on 2020-01-11 was 2.0, and vendor now says 3.0."]


def test_what_is_no_longer_told_is_withdrawn_and_said() -> None:
    announced, notes = put_together((SPLIT, PAID), told(SPLIT))
    assert announced[-1] == replace(PAID, known_ns=NOW, is_withdrawn=True)
    assert actions_of(announced, "USD").dividends.tolist() == []
    assert notes == [
        "The dividend of ACME on 2020-01-15 (0.5) is no longer told by vendor: it does not count any more."
    ]


def test_what_is_told_again_after_it_was_withdrawn_counts_again() -> None:
    gone, _ = put_together((SPLIT, PAID), told(SPLIT))
    announced, _ = put_together(gone, replace(told(SPLIT, PAID), at_ns=NOW + 1))
    assert actions_of(announced, "USD").dividends.tolist() == [0.5]


def test_an_answer_without_any_action_takes_nothing_away() -> None:
    announced, notes = put_together((SPLIT, PAID), told())
    assert announced == (SPLIT, PAID)
    assert notes == ["vendor knows of no action any more; the 2 that it told before are kept."]


@pytest.mark.parametrize("before", [said("dividend", 9, "another", cash=0.5), said("dividend", 40, cash=0.5)])
def test_what_another_source_said_or_what_was_not_asked_for_is_not_missed(before: CorporateAction) -> None:
    assert put_together((SPLIT, before), told(SPLIT)) == ((SPLIT, before), [])


def test_the_rounding_of_another_source_is_no_revision_and_that_of_the_same_is() -> None:
    rounded = replace(PAID, cash=0.50004)
    assert put_together((PAID,), told(replace(rounded, source="another"), source="another"))[0] == (PAID,)
    assert len(put_together((PAID,), told(rounded))[0]) == 2
    other = put_together((PAID,), told(replace(PAID, cash=0.6), source="another"))[0]
    assert actions_of(other, "USD").dividends.tolist() == [0.6]


def test_what_is_told_late_is_known_from_now_unless_its_announcement_is_dated() -> None:
    known = {"known_days": (DAY, DAY + 20)}
    announced, _ = put_together((SPLIT,), told(SPLIT, PAID, **known))
    assert announced == (SPLIT, replace(PAID, known_ns=NOW))
    dated = replace(PAID, known_ns=7)
    assert put_together((SPLIT,), told(SPLIT, dated, **known))[0] == (SPLIT, dated)
    later = said("dividend", 25, cash=0.5)
    assert put_together((SPLIT,), told(SPLIT, later, **known))[0] == (SPLIT, later)


def test_several_of_a_kind_on_one_day_are_one_known_when_all_were() -> None:
    special = replace(PAID, cash=1.5, known_ns=8)
    assert put_together((), told(replace(PAID, known_ns=5), special))[0] == (replace(PAID, cash=2.0, known_ns=8),)
    assert put_together((), told(SPLIT, replace(SPLIT, ratio=5.0)))[0] == (replace(SPLIT, ratio=10.0),)


def test_the_currency_of_the_prices_need_not_be_said_and_another_stays() -> None:
    announced, _ = put_together((), told(replace(PAID, currency="USD"), replace(PAID, currency="GBP", cash=0.4)))
    assert announced == (PAID, replace(PAID, currency="GBP", cash=0.4))


def test_days_that_were_not_asked_for_do_not_count_and_names_do() -> None:
    name = said("rename", 90, to="BOLT")
    assert put_together((), told(SPLIT, name, said("split", 30, ratio=2.0)))[0] == (SPLIT, name)
