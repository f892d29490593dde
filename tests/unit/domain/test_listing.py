"""Under which names an instrument was traded, and until when."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tradewright.domain.actions import ActionKind, CorporateAction
from tradewright.domain.listing import end_of, former_names, names_over, renamed, taken_over_by

DAY = 18_267


def said(kind: str, day: int, symbol: str = "ACME", **more: Any) -> CorporateAction:
    return CorporateAction(kind=ActionKind(kind), symbol=symbol, day=DAY + day, source="vendor", **more)


FB = said("rename", 100, symbol="FB", to="META")
FUND = said("rename", 50, symbol="META", to="METV")
OLD = said("rename", 20, symbol="TFB", to="FB")


def test_a_name_that_something_else_took_over_is_present() -> None:
    assert taken_over_by("META", [FUND, FB]) is None
    assert taken_over_by("FB", [FUND, FB]) == FB
    assert taken_over_by("ACME", [FUND, FB]) is None


def test_former_names_are_those_of_the_same_thing() -> None:
    assert former_names("META", [OLD, FUND, FB]) == [("FB", DAY + 100), ("TFB", DAY + 20)]


def test_days_are_asked_for_under_the_name_of_then() -> None:
    assert names_over("META", [OLD, FUND, FB], DAY, DAY + 200) == [
        ("TFB", DAY, DAY + 20), ("FB", DAY + 20, DAY + 100), ("META", DAY + 100, DAY + 200),
    ]  # fmt: skip
    assert names_over("META", [FB], DAY + 100, DAY + 120) == [("META", DAY + 100, DAY + 120)]
    assert names_over("META", [FB], DAY, DAY + 50) == [("FB", DAY, DAY + 50)]


def test_what_ended_ended_unless_it_was_withdrawn() -> None:
    end = said("delisting", 60)
    assert end_of([FB, end]) == DAY + 60
    assert end_of([end, replace(end, known_ns=9, is_withdrawn=True)]) is None


def test_a_lost_name_says_which_to_ask_for() -> None:
    error = renamed(FB)
    assert error.message == "FB has been called META since 2020-04-15."
    assert error.hint == "Ask for META: its series holds the days under the name FB as well."


def test_a_change_that_was_withdrawn_is_none() -> None:
    assert taken_over_by("FB", [FB, replace(FB, known_ns=9, is_withdrawn=True)]) is None
