"""What was said of corporate actions: statements that stay, and what each time may see of them."""

from __future__ import annotations

from typing import Any

import pytest

from tradewright.domain.actions import ActionKind, CorporateAction, actions_of, in_force, statements_of, unapplied
from tradewright.domain.errors import DataError

MONDAY = 18_267


def split(day: int, ratio: float, **said: Any) -> CorporateAction:
    return CorporateAction(kind=ActionKind.SPLIT, symbol="ACME", day=MONDAY + day, source="vendor", ratio=ratio, **said)


def paid(day: int, cash: float, **said: Any) -> CorporateAction:
    kind = ActionKind.DIVIDEND
    return CorporateAction(kind=kind, symbol="ACME", day=MONDAY + day, source="vendor", cash=cash, **said)


def test_the_last_statement_of_an_action_counts_and_one_that_was_withdrawn_does_not() -> None:
    said = [
        split(3, 7.0), split(3, 8.0, known_ns=50), paid(5, 0.1), paid(5, 0.1, known_ns=60, is_withdrawn=True),
        paid(9, 0.2),
    ]  # fmt: skip
    columns = actions_of(said, "USD")
    assert columns.split_ratios.tolist() == [8.0]
    assert (columns.dividend_days - MONDAY).tolist() == [9]
    assert len(columns.announced) == 5


@pytest.mark.parametrize(
    ("at", "last_day", "seen"),
    [(39, MONDAY + 9, []), (40, MONDAY, [7.0]), (49, MONDAY + 9, [7.0]), (50, MONDAY + 9, [8.0])],
)
def test_what_was_not_known_at_a_time_is_not_seen(at: int, last_day: int, seen: list[float]) -> None:
    said = [split(3, 7.0, known_ns=40), split(3, 8.0, known_ns=50)]
    assert actions_of(said, "USD", at, last_day).split_ratios.tolist() == seen


def spun(day: int, **said: Any) -> CorporateAction:
    said = {"ratio": 0.25, "to": "NEWCO", **said}
    return CorporateAction(kind=ActionKind.SPINOFF, symbol="ACME", day=MONDAY + day, source="vendor", **said)


def test_a_spin_off_says_what_is_received_and_what_that_is_worth() -> None:
    assert (spun(3).terms, spun(3, cash=1.5).terms) == ("0.25 NEWCO", "0.25 NEWCO worth 1.5")
    assert spun(3).identity != spun(3, to="OTHER").identity
    assert spun(3).value != spun(3, cash=1.5).value


@pytest.mark.parametrize("wrong", [{"ratio": None}, {"ratio": 0.0}, {"to": None}, {"to": "ACME"}, {"cash": -1.0}])
def test_a_spin_off_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(DataError, match="A spinoff of ACME on 2020-01-09 from vendor cannot be"):
        spun(3, **wrong)


def end(day: int, **terms: Any) -> CorporateAction:
    return CorporateAction(kind=ActionKind.DELISTING, symbol="ACME", day=MONDAY + day, source="vendor", **terms)


def other(day: int, note: str | None) -> CorporateAction:
    return CorporateAction(kind=ActionKind.OTHER, symbol="ACME", day=MONDAY + day, source="vendor", note=note)


def test_what_no_column_holds_is_listed_and_nothing_else() -> None:
    merged = end(9, to="BOLT", ratio=0.5, cash=9.0)
    assert merged.terms == "0.5 BOLT and 9 in cash"
    said = [split(3, 7.0), paid(5, 0.1), spun(4), other(5, "a redemption at 4"), merged, end(20)]
    assert unapplied(actions_of(said, "USD")) == [spun(4), other(5, "a redemption at 4"), merged]
    gone = [spun(4), spun(4, known_ns=60, is_withdrawn=True)]
    assert unapplied(actions_of(gone, "USD")) == []


def test_what_is_known_by_name_alone_has_a_name() -> None:
    with pytest.raises(DataError, match="A other of ACME"):
        other(3, None)


def test_plain_values_give_every_kind_again() -> None:
    for each in (spun(3, cash=1.5), end(9, to="BOLT", ratio=0.5), other(5, "a redemption at 4")):
        assert CorporateAction.from_dict(each.to_dict()) == each


def test_what_nobody_says_when_it_was_announced_is_seen_from_its_day_on() -> None:
    assert in_force([split(3, 7.0)], 10**18, MONDAY + 2) == []
    assert in_force([split(3, 7.0)], 10**18, MONDAY + 3) == [split(3, 7.0)]


def test_a_view_knows_no_statement_of_later() -> None:
    said = [split(3, 7.0, known_ns=40), split(3, 8.0, known_ns=50)]
    assert actions_of(said, "USD", 45, MONDAY + 9).announced == (said[0],)


def test_a_dividend_in_another_currency_is_said_and_not_counted() -> None:
    columns = actions_of([paid(3, 0.5, currency="GBP"), paid(3, 0.2), paid(4, 0.3, currency="USD")], "USD")
    assert columns.dividends.tolist() == [0.2, 0.3]
    assert len(columns.announced) == 3


def test_columns_alone_become_statements_that_are_known_when_they_take_effect() -> None:
    columns = actions_of([split(3, 2.0), paid(5, 0.1)], "USD")
    alone = type(columns)(columns.split_days, columns.split_ratios, columns.dividend_days, columns.dividends)
    assert statements_of(alone, "ACME", "vendor") == (split(3, 2.0), paid(5, 0.1))
    assert statements_of(columns, "ACME", "another") == columns.announced


def test_statements_are_written_in_plain_values_without_what_does_not_apply() -> None:
    said = CorporateAction(kind=ActionKind.RENAME, symbol="FB", day=19_152, source="vendor", to="META", known_ns=7)
    assert said.to_dict() == {
        "kind": "rename", "symbol": "FB", "day": 19_152, "source": "vendor", "to": "META", "known_ns": 7,
    }  # fmt: skip
    assert CorporateAction.from_dict(said.to_dict()) == said
    assert CorporateAction.from_dict(paid(1, 0.1, is_withdrawn=True).to_dict()) == paid(1, 0.1, is_withdrawn=True)


@pytest.mark.parametrize(
    "said",
    [
        {"kind": ActionKind.SPLIT}, {"kind": ActionKind.SPLIT, "ratio": 0.0}, {"kind": ActionKind.DIVIDEND},
        {"kind": ActionKind.SPLIT, "ratio": float("inf")}, {"kind": ActionKind.DIVIDEND, "cash": float("nan")},
        {"kind": ActionKind.DIVIDEND, "cash": -1.0}, {"kind": ActionKind.RENAME},
        {"kind": ActionKind.RENAME, "to": "ACME"},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(DataError, match="of ACME on 2020-01-06 from vendor cannot be"):
        CorporateAction(symbol="ACME", day=MONDAY, source="vendor", **said)
