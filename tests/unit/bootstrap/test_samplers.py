"""Samplers by name."""

from __future__ import annotations

import pytest

from tradewright.bootstrap.samplers import SAMPLERS, sampler_for
from tradewright.domain.errors import ConfigError
from tradewright.domain.search import Objective
from tradewright.domain.space import Space

SPACE = Space({"fast": range(5, 60, 5), "slow": range(20, 250, 10)})
TRIALS = {"grid": None, "random": 10, "stratified": 10, "tpe": 10, "nsga2": 10}


@pytest.mark.parametrize("method", TRIALS)
def test_a_sampler_is_found_by_name_and_takes_the_whole_order(method):
    def where(params):
        return params["fast"] == 5

    sampler = sampler_for(method, SPACE, objectives=[Objective("sharpe")], trials=TRIALS[method], seed=3, where=where)
    asked = sampler.ask(5)
    assert sampler.name == method
    assert {params["fast"] for params in asked} == {5}


@pytest.mark.parametrize("method", ["random", "stratified", "tpe", "nsga2"])
def test_those_that_draw_make_200_trials_unless_told(method):
    assert sampler_for(method, SPACE, objectives=[Objective("sharpe")]).total == 200


def test_a_number_of_trials_that_says_nothing_is_refused():
    with pytest.raises(ConfigError, match="A search of 0 trials finds nothing"):
        sampler_for("random", SPACE, trials=0)
    with pytest.raises(ConfigError, match="A grid tries every combination"):
        sampler_for("grid", SPACE, trials=10)


@pytest.mark.parametrize("method", ["random", "tpe"])
def test_the_seed_decides(method):
    def first(seed):
        return sampler_for(method, SPACE, objectives=[Objective("sharpe")], trials=20, seed=seed).ask(4)

    assert first(1) == first(1) != first(2)


def test_a_name_that_nobody_has_is_answered_with_the_nearest():
    with pytest.raises(ConfigError, match=r"There is no sampler 'tpee'. Did you mean 'tpe'\?"):
        sampler_for("tpee", SPACE)


def test_a_package_may_add_one(monkeypatch):
    monkeypatch.setattr(SAMPLERS, "_known", dict(SAMPLERS._known))
    SAMPLERS.add("own", lambda order: order)
    order = sampler_for("own", SPACE, trials=3)
    assert (order.space, order.trials, order.seed) == (SPACE, 3, 0)
