"""From a plan to its recipe and back: nothing of the plan may be forgotten."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

import tradewright as tw
from tradewright.app import recipes
from tradewright.app.recipes import plan_again, plan_over, recipe_of
from tradewright.domain.recipe import Recipe
from tradewright.engine.plan import RunPlan
from tradewright.engine.recording import source_hash
from tradewright.face.bars_again import OriginReader
from tradewright.strategy.adapt import as_strategy

NOT_OF_THE_RUN = {"progress", "announce", "clock", "screen", "engine", "code_version"}
"""How it is carried out, not what comes out."""


def hold(ctx: Any, units: int = 2) -> None:
    """A strategy."""


def test_every_field_of_a_plan_is_built_again() -> None:
    """A new policy of a plan must reach the second run, or stand above with its reason."""
    built = {"strategies", "series", "detail", "fx", "costs", "margin", "limits"}
    known = built | set(recipes._CHOICES) | set(recipes._MORE_CHOICES) | NOT_OF_THE_RUN
    assert {item.name for item in fields(RunPlan)} - known == set()


def test_a_recipe_comes_back_from_its_plain_values() -> None:
    market = tw.synthetic_bars(["A", "B"], bars=20)
    plan = RunPlan([as_strategy(hold, {"units": 3})], market, fx={"EUR": 1.1, "GBP": market["B"]})
    before = recipe_of(plan, risk_free=0.01, benchmark=market["A"]).hashed(["0" * 64])
    texts = {at: each.text for at, each in enumerate(before.strategies)}
    assert Recipe.from_dict(before.to_dict(), texts) == before


def test_the_plan_of_a_recipe_is_the_plan() -> None:
    market = tw.synthetic_bars(["A", "B"], bars=20)
    result = tw.backtest(hold, market, params={"units": 3}, cash=7.0, seed=3)
    assert result.recipe is not None
    plan = plan_again(result.recipe, result.config, OriginReader(), "0.1.0")
    assert {name: bars.fingerprint for name, bars in plan.series.items()} == {
        name: bars.fingerprint for name, bars in market.items()
    }
    assert (plan.cash, plan.seed, plan.strategies[0].params) == (7.0, 3, {"units": 3})
    assert plan.config() == result.config


def test_a_plan_over_other_bars_is_the_plan_with_those_bars() -> None:
    market = tw.synthetic_bars(["A", "B"], bars=20)
    plan = RunPlan([as_strategy(hold, {"units": 3})], market, cash=5_000.0, seed=4, lots="lifo", finalize=True)
    other = tw.synthetic_bars(["A", "B"], bars=20, seed=9)
    recipe = recipe_of(plan).hashed([source_hash(plan.strategies[0])])
    again = plan_over(recipe, plan.config(), other, "")
    assert again.series == other
    assert again.strategies[0].params == {"units": 3}
    assert again.config() == plan.config()


def test_a_plan_over_other_bars_is_refused_for_what_stands_beside_them() -> None:
    market = tw.synthetic_bars(["A", "B"], bars=20)
    plan = RunPlan([as_strategy(hold, {})], market, fx={"EUR": 1.1})
    with pytest.raises(tw.TradewrightError, match="The run had exchange rates beside its bars"):
        plan_over(recipe_of(plan), plan.config(), market, "")
