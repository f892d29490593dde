"""The choices of a run in words."""

from __future__ import annotations

from typing import Any

import pytest
from tests.builders import COSTS, config, daily_timeline, run_record

from tradewright.reporting import wording


def costs_with(**changes: Any) -> str:
    return wording.costs(config(costs={**COSTS, **changes}))


@pytest.mark.parametrize(
    ("model", "phrase"),
    [
        ({"model": "NoCommission"}, "none"),
        ({"model": "PerTrade", "amount": 1.5}, "1.5 per order"),
        (
            {"model": "PerShare", "amount": 0.005, "at_least": 1.0, "at_most": float("inf")},
            "0.005 per share, at least 1 per order",
        ),
        (
            {"model": "Percent", "rate": 0.001, "per_order": 2.0, "at_least": 0.0, "at_most": 30.0},
            "0.1 % + 2 per order, at most 30 per order",
        ),
        ({"model": "Percent", "rate": 0.001, "per_order": 0.0, "at_least": 0.0, "at_most": float("inf")}, "0.1 %"),
        ({"model": "MakerTaker", "maker": 0.001, "taker": 0.002}, "0.1 % maker, 0.2 % taker"),
        ({"model": "Tiered", "tiers": ((0.0, 0.001),)}, "in tiers (from, rate): 0 + 0.001"),
        ({"model": "House", "points": 3}, "House (points 3)"),
        ("venue preset, else 1.00 per order", "venue preset, else 1.00 per order"),
    ],
)
def test_commissions_read_as_phrases(model: Any, phrase: str) -> None:
    assert costs_with(commission=model) == f"slippage 10 bps, commission {phrase}"


def test_taxes_and_rates_are_named_only_when_charged() -> None:
    assert costs_with(tax_sell=0.001, borrow_rate=0.03).endswith("tax on sells 0.1 %, borrow a year 3 %")


def test_costs_of_another_shape_are_still_shown() -> None:
    assert wording.costs(config(costs={"per_bar": 2.0})) == "per bar 2"


def test_limits_name_the_preset_and_the_numbers_in_force() -> None:
    assert wording.limits(config(limits={"name": "none", "deployed": None})) == "none"
    assert wording.limits(config(limits={"name": "bold", "deployed": 0.8})) == "bold (deployed 0.8)"


def test_margin_reads_as_a_phrase() -> None:
    assert wording.margin(config()) == "no leverage, shorts off"
    account = {"initial": 0.5, "maintenance": 0.25, "shorts": True}
    assert wording.margin(config(margin=account)) == "margin 50 % initial, 25 % maintenance, shorts on"
    assert wording.margin(config(margin={"kind": "portfolio"})) == "kind portfolio"


def test_many_symbols_are_counted_not_listed() -> None:
    record = run_record({f"S{number}": [1.0, 2.0] for number in range(9)})
    assert wording.symbols(record) == "S0, S1, S2, S3, S4, S5 and 3 more · 1d"


def test_a_run_that_only_warmed_up_has_no_period() -> None:
    assert wording.period(run_record([1.0, 2.0], timeline=daily_timeline(2, first_row=2))) == "no bars"
