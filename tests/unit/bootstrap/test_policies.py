"""Words for costs into cost models."""

from __future__ import annotations

from typing import Any

import pytest

from tradewright.bootstrap.policies import commission_of, costs_of, slippage_of
from tradewright.domain.errors import ConfigError
from tradewright.simulation.costs import (
    Bps,
    Commission,
    Costs,
    NoCommission,
    NoSlippage,
    Percent,
    PerShare,
    PerTrade,
    Slippage,
    Spread,
)


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("per-trade:1.5", PerTrade(1.5)),
        ("per-share:0.005", PerShare(0.005)),
        ("percent:0.001", Percent(0.001)),
        ("venue:interactive_brokers", PerShare(0.005, at_least=1.0)),
        ("per-share:0.005,at_least=1", PerShare(0.005, at_least=1.0)),
        ("percent:0.001, 2", Percent(0.001, per_order=2.0)),
        ("none", NoCommission()),
    ],
)
def test_a_commission_in_words(text: str, model: Commission) -> None:
    assert commission_of(text) == model


@pytest.mark.parametrize(
    "text",
    ["per-trade", "per-trade:much", "per-lot:1", "", "percent:-1", "venue:", "venue:nowhere", "per-share:1,most=2",
     "tiered:1", "maker-taker:much,more"],
)  # fmt: skip
def test_a_commission_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        commission_of(text)


@pytest.mark.parametrize(
    ("text", "model"), [("bps:5", Bps(5.0)), ("spread:0.02", Spread(0.02)), ("none", NoSlippage())]
)
def test_a_slippage_in_words(text: str, model: Slippage) -> None:
    assert slippage_of(text) == model


def test_a_slippage_that_cannot_be_read_is_refused_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r"There is no slippage 'spraed'\. Did you mean 'spread'"):
        slippage_of("spraed:1")
    with pytest.raises(
        ConfigError, match=r"'spread' cannot be read: spread takes spread\. Write .*, or spread:spread=…"
    ):
        slippage_of("spread")


@pytest.mark.parametrize(
    ("said", "costs"),
    [
        ({}, Costs()),
        ({"costs": "default"}, Costs()),
        ({"costs": "none"}, Costs.none()),
        ({"slippage_bps": 5.0, "commission": "none"}, Costs(slippage_bps=5.0, commission=NoCommission())),
        ({"costs": "default", "slippage_bps": 5.0}, Costs(slippage_bps=5.0)),
        ({"slippage": "spread:0.02"}, Costs(slippage=Spread(0.02))),
    ],
)
def test_costs_from_what_was_said(said: dict[str, Any], costs: Costs) -> None:
    assert costs_of(said) == costs


def test_no_costs_and_some_are_refused_together() -> None:
    with pytest.raises(ConfigError, match="not both"):
        costs_of({"costs": "none", "slippage_bps": 5.0})
