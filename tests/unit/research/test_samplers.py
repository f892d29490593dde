"""What is tried: all of a grid in order, or some of a space at random and never twice."""

import math

import numpy as np
import pytest

from tradewright.domain.errors import ConfigError
from tradewright.domain.space import Range, Space
from tradewright.research import samplers
from tradewright.research.samplers import MOST_MISSES, GridSampler, RandomSampler

SPACE = Space({"fast": [5, 10], "kind": ["sma", "ema"], "slow": range(20, 50, 10)})


def all_of(sampler, most=1_000):
    found = []
    while asked := sampler.ask(most):
        found += asked
    return found


def sampled(space, trials, seed=0, **options):
    return all_of(RandomSampler(space, trials, rng=np.random.default_rng(seed), **options))


def test_a_grid_is_every_combination_the_last_parameter_changing_fastest():
    tried = all_of(GridSampler(SPACE))
    assert tried == [SPACE.at(number) for number in range(12)]
    assert tried[:4] == [
        {"fast": 5, "kind": "sma", "slow": 20},
        {"fast": 5, "kind": "sma", "slow": 30},
        {"fast": 5, "kind": "sma", "slow": 40},
        {"fast": 5, "kind": "ema", "slow": 20},
    ]


def test_the_order_does_not_depend_on_how_many_are_asked_at_a_time():
    assert all_of(GridSampler(SPACE), 5) == all_of(GridSampler(SPACE), 1)
    drawn = [
        all_of(RandomSampler(SPACE, 9, rng=np.random.default_rng(3), stratified=True), most) for most in (1, 4, 100)
    ]
    assert drawn[0] == drawn[1] == drawn[2]


def test_the_size_of_a_grid_is_known_without_listing_it():
    huge = Space({name: range(1_000) for name in "abcdef"})
    sampler = GridSampler(huge)
    assert sampler.total == 10**18
    assert sampler.ask(1) == [dict.fromkeys("abcdef", 0)]


def test_the_condition_is_asked_only_of_what_comes_up():
    seen = []

    def where(params):
        seen.append(params)
        return params["slow"] > 20

    sampler = GridSampler(SPACE, where)
    assert sampler.ask(2) == [{"fast": 5, "kind": "sma", "slow": 30}, {"fast": 5, "kind": "sma", "slow": 40}]
    assert len(seen) == 3


def test_a_grid_that_no_combination_satisfies_is_refused():
    with pytest.raises(ConfigError, match="None of the 12 combinations satisfies the condition 'where'"):
        GridSampler(SPACE, lambda p: p["fast"] > p["slow"]).ask(1)


def test_a_condition_that_raises_names_the_combination():
    with pytest.raises(ConfigError, match="raised KeyError for fast=5, kind='sma', slow=20: 'fats'"):
        GridSampler(SPACE, lambda p: p["fats"] < 1).ask(1)


def test_a_continuous_range_has_no_grid():
    with pytest.raises(ConfigError, match="The range of 'width' has no steps"):
        GridSampler(Space({"width": Range(0.5, 2.0)}))


def test_random_search_repeats_nothing_and_ends_with_the_space():
    tried = sampled(SPACE, 100)
    assert len(tried) == 12
    assert sorted(map(str, tried)) == sorted(map(str, all_of(GridSampler(SPACE))))
    assert tried != all_of(GridSampler(SPACE))
    assert RandomSampler(SPACE, 100, rng=np.random.default_rng(0)).total == 12


def test_the_seed_decides_what_is_drawn():
    assert sampled(SPACE, 5, seed=1) == sampled(SPACE, 5, seed=1)
    assert sampled(SPACE, 5, seed=1) != sampled(SPACE, 5, seed=2)


def test_every_combination_is_as_likely_as_another():
    first = [sampled(SPACE, 1, seed)[0] for seed in range(1_200)]
    counts = [first.count(SPACE.at(number)) for number in range(12)]
    assert min(counts) > 65
    assert max(counts) < 140


def test_a_logarithmic_range_is_drawn_evenly_in_the_logarithm():
    for dimension in (Range(1, 1000, log=True), Range(1.0, 1000.0, log=True)):
        values = [sampled(Space({"n": dimension}), 1, seed)[0]["n"] for seed in range(600)]
        assert np.mean(np.array(values) < 31.6) == pytest.approx(0.5, abs=0.12)


def test_continuous_values_lie_within_their_bounds_and_fill_them():
    values = [each["x"] for each in sampled(Space({"x": Range(-1.0, 3.0)}), 500)]
    assert -1.0 <= min(values) < -0.9
    assert 2.9 < max(values) <= 3.0
    assert len(set(values)) == 500


def test_whole_ranges_give_whole_numbers_and_steps_are_kept():
    tried = sampled(Space({"n": Range(3, 9, step=2), "x": Range(0.5, 1.5, step=0.25), "y": Range(0.0, 1.0)}), 200)
    assert {each["n"] for each in tried} == {3, 5, 7, 9}
    assert all(type(each["n"]) is int for each in tried)
    assert {each["x"] for each in tried} == {0.5, 0.75, 1.0, 1.25, 1.5}


def test_a_space_too_large_to_list_is_drawn_from_all_the_same():
    huge = Space({"n": Range(1, 10**9), "m": Range(1, 10**6, log=True)})
    tried = sampled(huge, 300)
    assert len({(each["n"], each["m"]) for each in tried}) == 300
    assert np.median([each["m"] for each in tried]) == pytest.approx(1_000, rel=0.5)


def test_the_condition_holds_for_every_draw():
    tried = sampled(SPACE, 100, where=lambda p: p["kind"] == "ema")
    assert len(tried) == 6
    assert all(each["kind"] == "ema" for each in tried)


def test_random_search_where_nothing_satisfies_is_refused():
    with pytest.raises(ConfigError, match="None of the 12 combinations satisfies"):
        sampled(SPACE, 5, where=lambda p: False)
    with pytest.raises(ConfigError, match=f"None of {MOST_MISSES:,} combinations drawn satisfies"):
        sampled(Space({"x": Range(0.0, 1.0)}), 5, where=lambda p: False)


def test_only_misses_in_a_row_end_a_search(monkeypatch):
    monkeypatch.setattr(samplers, "MOST_MISSES", 4)
    asked = []

    def every_third(params):
        asked.append(params)
        return len(asked) % 3 == 0

    assert len(sampled(Space({"x": Range(0.0, 1.0)}), 20, where=every_third)) == 20


def test_steps_that_do_not_reach_the_end_of_a_logarithmic_range_stay_inside():
    tried = sampled(Space({"n": Range(1, 12, step=4, log=True), "x": Range(0.0, 1.0)}), 200)
    assert {each["n"] for each in tried} == {1, 5, 9}


def test_a_stratified_sample_uses_every_part_of_every_dimension_once():
    tried = sampled(Space({"x": Range(0.0, 1.0), "y": Range(1.0, 10.0**4, log=True)}), 50, stratified=True)
    assert sorted(math.floor(each["x"] * 50) for each in tried) == list(range(50))
    assert sorted(math.floor(math.log10(each["y"]) / 4 * 50) for each in tried) == list(range(50))


def test_a_stratified_sample_of_a_small_space_repeats_nothing():
    tried = sampled(SPACE, 12, stratified=True)
    assert len({str(each) for each in tried}) == 12


def test_what_a_stratified_sample_loses_to_the_condition_is_drawn_plainly():
    tried = sampled(Space({"x": Range(0.0, 1.0)}), 40, stratified=True, where=lambda p: p["x"] > 0.5)
    assert len(tried) == 40
    assert min(each["x"] for each in tried) > 0.5


def test_no_trials_are_refused():
    with pytest.raises(ConfigError, match="at least one trial, not 0"):
        RandomSampler(SPACE, 0, rng=np.random.default_rng(0))


def test_answers_change_nothing():
    one, other = (RandomSampler(SPACE, 6, rng=np.random.default_rng(0)) for _ in range(2))
    one.tell([])
    GridSampler(SPACE).tell([])
    assert all_of(one) == all_of(other)
    assert one.batch is None
