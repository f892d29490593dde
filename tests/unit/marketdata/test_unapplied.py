"""Corporate actions that neither prices nor runs contain are said, each in a sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.builders import MONDAY
from tests.markets import daily
from tests.price_series import scaled, walk

from tradewright.domain.actions import ActionKind, Actions, CorporateAction
from tradewright.domain.bars import Bars
from tradewright.domain.quality import Gravity, Problem, QualityFinding
from tradewright.marketdata.adjust import adjust
from tradewright.marketdata.quality import examine


def said(kind: str, day: int, **more: Any) -> CorporateAction:
    return CorporateAction(kind=ActionKind(kind), symbol="ACME", day=MONDAY + day, source="vendor", **more)


def spun(day: int = 2, **more: Any) -> CorporateAction:
    return said("spinoff", day, **{"ratio": 0.25, "to": "NEWCO", **more})


def series(*announced: CorporateAction) -> Bars:
    return daily([100.0, 101.0, 80.0, 81.0, 82.0], actions=Actions(announced=announced))


def found(bars: Bars) -> list[QualityFinding]:
    return [each for each in examine(bars).findings if each.problem is Problem.UNAPPLIED]


@pytest.mark.parametrize("adjustment", ["raw", "split"])
def test_a_spin_off_is_said_of_prices_that_a_run_trades(adjustment: str) -> None:
    (finding,) = found(adjust(series(spun(cash=20.0)), adjustment))
    assert finding.gravity is Gravity.WARN
    assert finding.sentence == (
        "On 2020-01-08 each share of ACME brought 0.25 of NEWCO: a run over these prices receives none of them, and "
        "its positions lose what they were worth."
    )


def test_fully_adjusted_prices_say_it_where_the_value_is_not_known() -> None:
    assert found(adjust(series(spun(cash=20.0)), "full")) == []
    (finding,) = found(adjust(series(spun()), "full"))
    assert "whose value is not known: the fully adjusted prices fall by it." in finding.sentence


def test_the_terms_of_a_merger_are_said_at_the_end() -> None:
    (finding,) = found(series(said("delisting", 7, to="BOLT", ratio=0.5, cash=9.0)))
    assert finding.gravity is Gravity.NOTICE
    assert "Each share of ACME became 0.5 BOLT and 9 in cash before 2020-01-13 by a merger" in finding.sentence
    assert found(series(said("delisting", 7))) == [], "what ended without terms is settled at its last close"
    assert found(series(said("delisting", 40, cash=9.0))) == [], "the bars do not go to the end"


def test_what_is_known_by_name_alone_is_said() -> None:
    (finding,) = found(series(said("other", 2, note="a redemption at 4")))
    assert finding.sentence == (
        "vendor tells of a redemption at 4 of ACME on 2020-01-08: neither the prices nor a run contain it."
    )


@pytest.mark.parametrize("day", [-3, 0, 9])
def test_what_lies_outside_of_the_bars_is_not_said(day: int) -> None:
    assert found(series(spun(day))) == []


def test_the_step_of_a_spin_off_is_no_suspected_split() -> None:
    bars = scaled(walk(1), 250, 1.5)
    assert Problem.SPLIT in {each.problem for each in examine(bars).findings}
    on = int(bars.sessions.labels[250]) - MONDAY
    told = replace(bars, actions=Actions(announced=(spun(on),)))
    assert {each.problem for each in examine(told).findings} == {Problem.UNAPPLIED}
