"""Costs, margin and limits are built again from what they say of themselves, also after a way through JSON."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewright.domain.errors import ConfigError
from tradewright.risk.limits import PRESETS, Limits
from tradewright.simulation.costs import (
    Bps,
    Commission,
    Costs,
    EntryMarkup,
    MakerTaker,
    Margin,
    NoCommission,
    NoSlippage,
    Percent,
    PerShare,
    PerTrade,
    Slippage,
    Spread,
    SquareRootImpact,
    Tiered,
    VolumeShareImpact,
)
from tradewright.simulation.state import Book

AMOUNTS = st.floats(0, 1e6) | st.integers(0, 1000)
LEAST, MOST = st.floats(0, 10), st.floats(10, 1e6) | st.just(math.inf)
FRACTIONS = st.floats(1e-6, 1.0)

COMMISSIONS: list[st.SearchStrategy[Commission]] = [
    st.just(NoCommission()),
    st.builds(PerTrade, AMOUNTS),
    st.builds(PerShare, AMOUNTS, LEAST, MOST),
    st.builds(Percent, AMOUNTS, AMOUNTS, LEAST, MOST),
    st.builds(MakerTaker, st.floats(-1, 1), st.floats(0, 1)),
    st.lists(st.tuples(st.integers(1, 10**6), AMOUNTS), max_size=2, unique_by=lambda tier: tier[0]).map(
        lambda above: Tiered(((0, 0.5), *sorted(above)))
    ),
]
SLIPPAGES: list[st.SearchStrategy[Slippage]] = [
    st.just(NoSlippage()),
    *(st.builds(kind, AMOUNTS) for kind in (Bps, EntryMarkup, Spread, VolumeShareImpact, SquareRootImpact)),
]
COSTS = st.builds(
    Costs,
    commission=st.none() | st.one_of(COMMISSIONS),
    slippage=st.none() | st.one_of(SLIPPAGES),
    tax_buy=AMOUNTS,
    tax_sell=AMOUNTS,
    borrow_rate=AMOUNTS,
    interest_rate=AMOUNTS,
    participation=st.floats(1e-6, 10) | st.just(math.inf),
)
VENUES = st.lists(st.sampled_from([None, "binance", "alpaca", "kraken"]), min_size=1, max_size=3)


def through_json(described: Any) -> Any:
    return json.loads(json.dumps(described))


def terms(costs: Costs, venue: str | None) -> dict[str, Any]:
    book = Book(0)
    costs.write(book, venue)
    return {name: getattr(book, name) for name in Book.__slots__ if hasattr(book, name) and name != "orders"}


@given(COSTS, VENUES)
def test_costs_of_their_description_describe_themselves_the_same(costs: Costs, venues: list[str | None]) -> None:
    described = costs.describe(venues)
    assert Costs.of_description(through_json(described)).describe(venues) == described


@given(COSTS, VENUES)
def test_costs_of_their_description_charge_the_same(costs: Costs, venues: list[str | None]) -> None:
    again = Costs.of_description(through_json(costs.describe(venues)))
    for venue in venues:
        assert terms(again, venue) == terms(costs, venue)


def test_a_model_that_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="There is no slippage 'Mine'"):
        Costs.of_description({**Costs().describe(), "slippage": {"model": "Mine"}})


@given(
    st.builds(
        lambda initial, share, shorts: Margin(initial, initial * share, shorts), FRACTIONS, FRACTIONS, st.booleans()
    )
)
def test_margin_is_built_again(margin: Margin) -> None:
    assert Margin.of_description(through_json(margin.describe())) == margin


def test_an_account_without_margin_stays_one() -> None:
    assert Margin.of_description({"initial": 1.0, "maintenance": 0.0, "shorts": False}) is None


NUMBERS = st.none() | FRACTIONS


@given(st.builds(Limits, st.text(), NUMBERS, NUMBERS, st.none() | st.integers(1, 99), NUMBERS, NUMBERS))
def test_limits_are_built_again(limits: Limits) -> None:
    assert Limits.of_description(through_json(limits.describe())) == limits


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_built_again(name: str) -> None:
    assert Limits.of_description(PRESETS[name].describe()) == PRESETS[name]
