"""Every sampler keeps what the suite promises, and the suite catches one that does not."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.adapters.samplers.optuna_sampler import nsga2, tpe
from tradewright.domain.search import Objective
from tradewright.ports.search_order import SearchOrder
from tradewright.research.samplers import RandomSampler
from tradewright.testing import SamplerConformance

ONE = (Objective("sharpe"),)
TWO = (Objective("sharpe"), Objective("max_drawdown", maximize=False))


def drawn(space, trials, seed, where):
    return RandomSampler(space, trials, rng=np.random.default_rng(seed), where=where)


class TestRandom(SamplerConformance):
    opened = staticmethod(drawn)


class TestStratified(SamplerConformance):
    @staticmethod
    def opened(space, trials, seed, where):
        return RandomSampler(space, trials, rng=np.random.default_rng(seed), where=where, stratified=True)


class TestTpe(SamplerConformance):
    @staticmethod
    def opened(space, trials, seed, where):
        return tpe(SearchOrder(space, ONE, trials, seed, where))


class TestNsga2(SamplerConformance):
    objectives = 2

    @staticmethod
    def opened(space, trials, seed, where):
        return nsga2(SearchOrder(space, TWO, trials, seed, where))


def of(change):
    """The suite on a sampler that is changed in one way."""

    class Planted(RandomSampler):
        pass

    for name, method in change.items():
        setattr(Planted, name, method)
    return SamplerConformance.of(
        opened=lambda space, trials, seed, where: Planted(space, trials, rng=np.random.default_rng(seed), where=where)
    )


def test_a_sampler_that_repeats_itself_is_caught():
    def ask(self, most):
        return RandomSampler.ask(self, min(most, 1)) * 2

    with pytest.raises(AssertionError, match="asks for the same parameters twice"):
        of({"ask": ask}).check("test_nothing_is_asked_twice")


def test_a_sampler_whose_questions_hang_on_how_many_are_asked_for_is_caught():
    def ask(self, most):
        return RandomSampler.ask(self, most)[::-1]

    with pytest.raises(AssertionError, match="asked again by 1, has other questions"):
        of({"ask": ask}).check("test_the_same_seed_and_answers_give_the_same_questions")


def test_a_sampler_that_leaves_the_space_is_caught():
    def ask(self, most):
        return [dict.fromkeys(params, 1) for params in RandomSampler.ask(self, most)]

    with pytest.raises(AssertionError, match="is no value of"):
        of({"ask": ask}).check("test_every_question_is_of_the_space")


def test_a_sampler_that_forgets_the_condition_is_caught():
    def ask(self, most):
        return RandomSampler(self.space, self.trials, rng=np.random.default_rng(0)).ask(most) if most else []

    suite = of({"ask": ask}).of(_questions=lambda suite, space, **given: suite._opened(space).ask(30))
    with pytest.raises(AssertionError, match="breaks the condition"):
        suite.check("test_a_condition_holds_of_every_question")


def test_a_sampler_that_promises_more_than_it_asks_is_caught():
    with pytest.raises(AssertionError, match="says 99 questions and asks"):
        of({"total": property(lambda self: 99)}).check("test_no_more_is_asked_than_was_said")
