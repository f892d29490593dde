"""What holds for any search: its samplers, its windows, and what is said of its returns."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tradewright.domain.bars import SessionIndex
from tradewright.domain.errors import ConfigError
from tradewright.domain.space import Range, Space
from tradewright.research.monte_carlo import bootstrap_returns, resample_trades, shuffle_trades
from tradewright.research.overfitting import probability_of_overfitting
from tradewright.research.reality_check import superior_performance
from tradewright.research.resampling import automatic_block_length, stationary_rows
from tradewright.research.samplers import GridSampler, RandomSampler
from tradewright.research.selection import effective_trials
from tradewright.research.stability import Surroundings
from tradewright.research.synthetic_paths import PriceColumns, resampled_prices, rows_of_sessions
from tradewright.research.windows import WalkPlan, walk_windows

EXAMPLES = settings(max_examples=60, deadline=None, derandomize=True)
FEW = settings(max_examples=25, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)


def returns_of(seed, rows, trials):
    return np.random.default_rng(seed).normal(0.0002, 0.01, (rows, trials))


# ---------------------------------------------------------------- overfitting


@EXAMPLES
@given(seed=seeds, rows=st.integers(20, 90), trials=st.integers(2, 12))
def test_overfitting_does_not_depend_on_the_order_or_the_size_of_the_trials(seed, rows, trials):
    returns = returns_of(seed, rows, trials)
    rng = np.random.default_rng(seed)
    found = probability_of_overfitting(returns)
    other = probability_of_overfitting((returns * 2.0 ** rng.integers(-3, 4, trials))[:, rng.permutation(trials)])
    assert other.probability == found.probability
    np.testing.assert_allclose(other.logits, found.logits, rtol=1e-9, atol=1e-9)


@EXAMPLES
@given(seed=seeds, rows=st.integers(20, 90), trials=st.integers(2, 12))
def test_the_mirror_of_every_split_is_a_split(seed, rows, trials):
    found = probability_of_overfitting(returns_of(seed, rows, trials))
    assert found.splits % 2 == 0
    assert 0.0 <= found.probability <= 1.0
    assert np.abs(found.logits).max() <= np.log(trials) + 1e-12
    assert found.rows + found.rows_left_out == rows


@EXAMPLES
@given(seed=seeds, trials=st.integers(2, 8))
def test_a_trial_that_beats_all_others_in_every_block_is_always_found_again(seed, trials):
    returns = returns_of(seed, 80, trials)
    returns[:, 0] = 1.0 + returns[:, 0]
    assert probability_of_overfitting(returns).probability == 0.0


# ---------------------------------------------------------------- chance


@FEW
@given(seed=seeds, rows=st.integers(20, 120), trials=st.integers(1, 6))
def test_p_values_are_ordered_and_a_higher_bar_is_harder(seed, rows, trials):
    returns = returns_of(seed, rows, trials)
    found, harder = (
        superior_performance(returns, np.full(rows, bar), rng=np.random.default_rng(seed), draws=60, block_length=3.0)
        for bar in (0.0, 0.002)
    )
    assert 1 / 61 <= found.spa_lower <= found.spa <= found.spa_upper <= 1.0
    assert harder.reality_check >= found.reality_check
    assert harder.statistic <= found.statistic


@EXAMPLES
@given(seed=seeds, trials=st.integers(1, 20))
def test_correlated_trials_amount_to_no_more_than_their_number(seed, trials):
    returns = returns_of(seed, 40, trials) + returns_of(seed + 1, 40, 1)
    assert 1.0 <= effective_trials(returns) <= trials


@EXAMPLES
@given(seed=seeds, rows=st.integers(10, 300), scale=st.sampled_from([0.25, 8.0]))
def test_the_automatic_block_length_is_within_its_bounds_and_free_of_scale(seed, rows, scale):
    series = np.cumsum(returns_of(seed, rows, 1)[:, 0]) if seed % 2 else returns_of(seed, rows, 1)[:, 0]
    length = automatic_block_length(series)
    assert 1.0 <= length <= np.ceil(min(3 * np.sqrt(rows), rows / 3))
    assert automatic_block_length(series * scale) == pytest.approx(length, rel=1e-9)


@EXAMPLES
@given(seed=seeds, rows=st.integers(1, 60), length=st.floats(1.0, 60.0))
def test_drawn_rows_are_rows(seed, rows, length):
    drawn = stationary_rows(rows, 4, min(length, float(rows)), np.random.default_rng(seed))
    assert drawn.shape == (4, rows)
    assert drawn.min() >= 0
    assert drawn.max() < rows


# ---------------------------------------------------------------- Monte Carlo

money = st.lists(st.integers(-80, 120), min_size=2, max_size=25).map(lambda whole: np.array(whole, float))


@EXAMPLES
@given(results=money, seed=seeds)
def test_a_path_never_ends_below_its_lowest_and_ruin_grows_with_what_counts_as_ruin(results, seed):
    for kind in (shuffle_trades, resample_trades):
        found = kind(results, 1_000.0, rng=np.random.default_rng(seed), draws=20)
        assert (found.paths.lowest <= np.minimum(found.paths.final, 1_000.0)).all()
        assert (found.paths.drawdown <= 0.0).all()
        assert found.probability_of_ruin(0.2) <= found.probability_of_ruin(0.8)


@EXAMPLES
@given(results=money, seed=seeds)
def test_shuffling_never_changes_the_end(results, seed):
    found = shuffle_trades(results, 1_000.0, rng=np.random.default_rng(seed), draws=20)
    assert set(found.paths.final) == {found.observed.final[0]}


@EXAMPLES
@given(seed=seeds, rows=st.integers(10, 60), fixed=st.booleans())
def test_bands_do_not_cross(seed, rows, fixed):
    found = bootstrap_returns(
        returns_of(seed, rows, 1)[:, 0], 100.0, rng=np.random.default_rng(seed), draws=20, fixed=fixed
    )
    assert (np.diff(found.bands(), axis=0) >= 0.0).all()


@EXAMPLES
@given(seed=seeds, lengths=st.lists(st.integers(1, 8), min_size=1, max_size=12))
def test_bars_drawn_again_are_possible_bars(seed, lengths):
    rows, rng = sum(lengths), np.random.default_rng(seed)
    opens, closes = rng.uniform(0.01, 500.0, (2, rows))
    given_bars = PriceColumns(
        opens, np.maximum(opens, closes) * 1.1, np.minimum(opens, closes) * 0.9, closes, np.ones(rows)
    )
    first_rows = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
    sessions = SessionIndex(np.arange(len(lengths)), first_rows)
    made = resampled_prices({"A": given_bars}, rows_of_sessions(sessions, rows, 1.0, rng))["A"]
    assert (made.low <= np.minimum(made.open, made.close)).all()
    assert (made.high >= np.maximum(made.open, made.close)).all()
    assert (made.low > 0.0).all()


# ---------------------------------------------------------------- windows

units = st.sampled_from(["bars", "d", "w", "mo"])
lengths_of_walks = st.tuples(st.integers(1, 30), units).map(lambda each: f"{each[0]} {each[1]}")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    seed=seeds,
    train=lengths_of_walks,
    test=lengths_of_walks,
    gap=st.integers(0, 3),
    anchored=st.booleans(),
    first=st.integers(0, 40),
)
def test_windows_are_in_order_and_their_tests_follow_each_other_without_a_break(
    seed, train, test, gap, anchored, first
):
    rng = np.random.default_rng(seed)
    labels = 18_000 + np.cumsum(rng.integers(1, 4, 300))
    bars = rng.integers(1, 4, 300)
    sessions, rows = SessionIndex(labels, np.concatenate([[0], np.cumsum(bars)[:-1]])), int(bars.sum())
    try:
        found = walk_windows(sessions, rows, WalkPlan.of(train, test, gap=gap, anchored=anchored), first=first)
    except ConfigError as refused:
        assume("no window" not in str(refused))
        if "bars to" not in str(refused):
            raise
        return
    dates = sessions.row_labels(rows).astype("datetime64[D]").astype(str)
    for each in found:
        assert first <= each.train_first < each.train_last < each.test_first <= each.test_last < rows
        assert each.test_first - each.train_last - 1 == gap
        assert not anchored or each.train_first == first
        assert each.test_start == dates[each.test_first]
        assert each.train_end == dates[each.train_last]
    for before, after in pairwise(found):
        assert after.test_first == before.test_last + 1
        assert after.train_first >= before.train_first
        assert not before.is_partial
    assert found[-1].test_last == rows - 1 or not found[-1].is_partial


# ---------------------------------------------------------------- samplers and surroundings

dimensions = st.one_of(
    st.lists(st.integers(-50, 50), min_size=1, max_size=5, unique=True),
    st.lists(st.sampled_from(["sma", "ema", "wma"]), min_size=1, max_size=3, unique=True),
    st.tuples(st.integers(1, 20), st.integers(1, 20), st.integers(1, 5), st.booleans()).map(
        lambda each: Range(each[0], each[0] + each[1], step=each[2], log=each[3])
    ),
)
spaces = st.lists(dimensions, min_size=1, max_size=3).map(lambda found: Space(dict(zip("abc", found, strict=False))))


def drained(sampler, rng):
    found = []
    while asked := sampler.ask(int(rng.integers(1, 9))):
        found += asked
    return found


@EXAMPLES
@given(space=spaces, trials=st.integers(1, 60), seed=seeds, stratified=st.booleans())
def test_a_random_search_stays_in_its_space_and_repeats_nothing(space, trials, seed, stratified):
    rng = np.random.default_rng(seed)
    sampler = RandomSampler(space, trials, rng=np.random.default_rng(seed), stratified=stratified)
    found = drained(sampler, rng)
    assert len(found) == sampler.total == min(trials, space.size)
    assert len({repr(each) for each in found}) == len(found)
    assert all(each[name] in space[name].values for each in found for name in space)


@EXAMPLES
@given(space=spaces, seed=seeds)
def test_a_grid_is_the_whole_space_in_order(space, seed):
    found = drained(GridSampler(space), np.random.default_rng(seed))
    assert found == [space.at(number) for number in range(space.size)]


@EXAMPLES
@given(space=spaces, seed=seeds)
def test_on_a_whole_grid_neighbours_are_mutual(space, seed):
    assume(any(each.is_numeric and each.size > 1 for each in space.values()))
    params = [space.at(number) for number in range(space.size)]
    surroundings = Surroundings(space, params, np.random.default_rng(seed).normal(size=len(params)))
    around = [surroundings.of(trial, by_steps=True).neighbours for trial in range(len(params))]
    assert all(trial in around[each] for trial, found in enumerate(around) for each in found)
    assert all(trial not in found for trial, found in enumerate(around))


@EXAMPLES
@given(space=spaces, seed=seeds)
def test_plateau_scores_lie_between_the_worst_and_the_best_value(space, seed):
    assume(any(each.is_numeric and each.size > 1 for each in space.values()))
    params = [space.at(number) for number in range(space.size)]
    values = np.random.default_rng(seed).normal(size=len(params))
    scores = Surroundings(space, params, values).plateau_scores()
    assert scores.min() >= values.min() - 1e-12
    assert scores.max() <= values.max() + 1e-12
