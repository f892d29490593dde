"""Samplers that learn: they find what is good, say nothing, and end in sentences where they cannot go on."""

from __future__ import annotations

import logging
import subprocess
import sys

import optuna
import pytest

from tradewright.adapters.samplers.optuna_axes import Axes
from tradewright.adapters.samplers.optuna_sampler import MOST_POPULATION, TPE_BATCH, nsga2, tpe
from tradewright.domain.errors import ConfigError, MissingExtraError
from tradewright.domain.search import Objective, Trial, TrialState
from tradewright.domain.space import Range, Space
from tradewright.ports.search_order import SearchOrder

HIGH = Objective("sharpe")
LOW = Objective("max_drawdown", maximize=False)
SPACE = Space({"fast": range(5, 60, 5), "slow": range(20, 250, 10)})
MADE = {"tpe": tpe, "nsga2": nsga2}


def order(space=SPACE, objectives=(HIGH,), trials=80, seed=1, where=None):
    return SearchOrder(space, objectives, trials, seed, where)


def searched(sampler, score):
    """Every question, answered by a function of its parameters."""
    found = []
    while asked := sampler.ask(10**6):
        trials = [
            Trial(len(found) + at, params, TrialState.DONE, tuple(score(params))) for at, params in enumerate(asked)
        ]
        sampler.tell(trials)
        found += asked
    return found


def peak(params):
    return [-abs(params["fast"] - 35) - abs(params["slow"] - 120)]


# ---------------------------------------------------------------- learning


@pytest.mark.parametrize("method", MADE)
def test_later_questions_are_better_than_the_first(method):
    found = [peak(params)[0] for params in searched(MADE[method](order()), peak)]
    assert sum(found[40:]) > 1.3 * sum(found[:40])


def test_what_is_sought_low_is_found_low():
    space = Space({"x": Range(0.0, 1.0)})
    found = searched(tpe(order(space, (LOW,))), lambda params: [params["x"]])
    assert sum(params["x"] for params in found[40:]) < 0.7 * sum(params["x"] for params in found[:40])


@pytest.mark.parametrize("method", MADE)
def test_several_objectives_are_sought_each_in_its_direction(method):
    space = Space({name: Range(-3.0, 3.0) for name in "abcd"})

    def both(params):
        return params["a"] + params["b"], params["c"] ** 2 + params["d"] ** 2

    found = [both(params) for params in searched(MADE[method](order(space, (HIGH, LOW), 100)), both)]
    early, late = found[:40], found[60:]
    assert sum(high for high, _ in late) > sum(high for high, _ in early)
    assert sum(low for _, low in late) < sum(low for _, low in early)


@pytest.mark.parametrize("method", MADE)
def test_another_seed_asks_other_questions(method):
    one, other = (searched(MADE[method](order(seed=seed)), peak) for seed in (1, 2))
    assert one != other


def test_answers_may_come_in_any_order_of_pieces():
    whole, pieces = tpe(order()), tpe(order())
    for _ in range(3):
        asked, again = whole.ask(99), pieces.ask(99)
        assert asked == again
        first = min(whole._open)
        trials = [Trial(first + at, params, TrialState.DONE, tuple(peak(params))) for at, params in enumerate(asked)]
        whole.tell(trials)
        pieces.tell(trials[8:])
        pieces.tell(trials[:8])


@pytest.mark.parametrize(("trials", "batch"), [(1000, TPE_BATCH), (20, 5), (1, 1)])
def test_a_batch_of_tpe_is_a_part_of_the_search(trials, batch):
    assert tpe(order(trials=trials)).batch == batch


@pytest.mark.parametrize(("trials", "batch"), [(1000, MOST_POPULATION), (50, 10), (3, 2)])
def test_a_generation_of_nsga2_is_a_part_of_the_search(trials, batch):
    assert nsga2(order(trials=trials)).batch == batch


# ---------------------------------------------------------------- axes


@pytest.mark.parametrize(
    ("dimension", "kind"),
    [
        ([10, 1, 100], "Int"), ([0.5, 1], "Int"), (["a", "b"], "Categorical"), ([True, False], "Categorical"),
        ([(1, 2), None], "Categorical"), (Range(1, 9), "Int"), (Range(0.1, 0.9, step=0.1), "Int"),
        (Range(0.1, 0.9), "Float"), (Range(1, 99, log=True), "Int"), (Range(1, 99, step=7, log=True), "Float"),
    ],
)  # fmt: skip
def test_neighbours_are_drawn_as_numbers_and_words_as_categories(dimension, kind):
    assert type(Axes(Space({"x": dimension})).distributions["x"]).__name__ == f"{kind}Distribution"


def test_a_stepped_logarithm_is_drawn_to_the_nearest_value():
    axes = Axes(Space({"x": Range(10, 50, step=10, log=True)}))
    assert [axes.params({"x": drawn})["x"] for drawn in (10.0, 14.9, 15.1, 47.0)] == [10, 10, 20, 50]


def test_values_come_back_from_what_is_drawn_for_them():
    space = Space({"a": [3, 1], "b": ["x", None], "c": Range(0.1, 0.5, step=0.1), "d": Range(5, 50, step=5, log=True)})
    axes = Axes(space)
    for number in range(space.size):
        assert axes.params(axes.drawn(space.at(number))) == space.at(number)


# ---------------------------------------------------------------- conditions


@pytest.mark.parametrize("method", MADE)
def test_a_condition_that_almost_nothing_meets_is_met_all_the_same(method):
    sampler = MADE[method](order(where=lambda params: params["fast"] == params["slow"]))
    assert sorted(params["fast"] for params in searched(sampler, peak)) == [20, 30, 40, 50]


@pytest.mark.parametrize("space", [SPACE, Space({"x": Range(0.0, 1.0)})])
def test_a_condition_that_nothing_meets_is_an_error(space):
    with pytest.raises(ConfigError, match=r"None of .* combinations.* satisfies the condition 'where'"):
        tpe(order(space, where=lambda params: False)).ask(1)


def test_a_condition_that_raises_is_named_with_its_parameters():
    with pytest.raises(ConfigError, match=r"The condition 'where' raised KeyError for fast=\d+, slow=\d+: 'fsat'"):
        tpe(order(where=lambda params: params["fsat"])).ask(1)


# ---------------------------------------------------------------- misuse


def test_a_batch_before_the_last_is_answered_is_refused():
    sampler = tpe(order())
    sampler.ask(99)
    with pytest.raises(ConfigError, match="The sampler 'tpe' asks on when its last 16 questions are answered"):
        sampler.ask(1)


def test_answers_to_what_was_not_asked_are_refused():
    with pytest.raises(ConfigError, match="did not ask for trial 0"):
        tpe(order()).tell([Trial(0, {}, TrialState.DONE, (1.0,))])


@pytest.mark.parametrize("given", [{"trials": 0}, {"trials": None}, {"objectives": ()}])
def test_a_search_for_nothing_is_refused(given):
    with pytest.raises(ConfigError):
        tpe(order(**given))


# ---------------------------------------------------------------- manners


def test_the_library_says_nothing_and_keeps_what_the_user_set(capfd, recwarn):
    optuna.logging.set_verbosity(optuna.logging.INFO)
    searched(tpe(order(trials=20, where=lambda params: params["fast"] > 20)), lambda params: [float("nan")])
    assert optuna.logging.get_verbosity() == logging.INFO
    assert capfd.readouterr() == ("", "")
    assert list(recwarn) == []


def test_without_the_library_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(MissingExtraError, match=r"need Optuna. Install it with: pip install 'tradewright\[search\]'"):
        tpe(order())


def test_the_library_is_loaded_when_a_sampler_is_made():
    code = "import sys, tradewright.adapters.samplers.optuna_sampler; print('optuna' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
