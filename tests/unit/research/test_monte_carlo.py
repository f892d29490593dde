"""Other orders, other trades, other histories: what they come to, counted by hand where that can be done."""

import math
from itertools import permutations

import numpy as np
import pytest

from tradewright.domain.errors import ConfigError
from tradewright.quant.drawdown import max_drawdown
from tradewright.quant.ratios import sharpe
from tradewright.quant.returns import equity_from_returns
from tradewright.quant.undefined import Undefined
from tradewright.research.monte_carlo import bootstrap_returns, redrawn_bars, resample_trades, shuffle_trades

NETS = np.array([50.0, -30.0, 20.0, -40.0])


def rng(seed=5):
    return np.random.default_rng(seed)


def returns(count=300, seed=1):
    return np.random.default_rng(seed).normal(0.0005, 0.01, count)


def depth_of(order, start=100.0):
    return max_drawdown(start + np.concatenate([[0.0], np.cumsum(order)]))


def test_another_order_of_the_trades_ends_at_the_same_place():
    found = shuffle_trades(NETS, 100.0, rng=rng(), draws=200)
    assert set(found.paths.final) == {100.0}
    assert found.probability_of_loss == 0.0


def test_the_depths_of_all_orders_come_up_as_often_as_they_should():
    found = shuffle_trades(NETS, 100.0, rng=rng(), draws=6_000)
    every = [depth_of(order) for order in permutations(NETS)]
    assert set(np.round(found.paths.drawdown, 12)) == set(np.round(every, 12))
    assert found.quantiles("drawdown", (0.5,))[0] == pytest.approx(np.median(every), abs=0.02)
    assert np.mean(found.paths.drawdown) == pytest.approx(np.mean(every), abs=0.01)


def test_the_path_that_was_stands_beside_the_paths_drawn():
    found = shuffle_trades(NETS, 100.0, rng=rng(), draws=50)
    assert found.observed.final[0] == 100.0
    assert found.observed.drawdown[0] == pytest.approx(depth_of(NETS))
    assert found.observed.lowest[0] == 100.0


def test_shares_of_the_equity_compound():
    shares = np.array([0.5, -0.2, 0.1])
    found = shuffle_trades(shares, 100.0, rng=rng(), draws=50, compound=True)
    np.testing.assert_allclose(found.paths.final, 100.0 * 1.5 * 0.8 * 1.1)
    assert found.observed.sharpe[0] == pytest.approx(sharpe(shares, 1.0))


def test_trades_drawn_again_end_where_chance_takes_them():
    found = resample_trades(NETS, 100.0, rng=rng(), draws=4_000)
    spread = 2 * np.std(NETS)
    assert np.mean(found.paths.final) == pytest.approx(100.0 + NETS.sum(), abs=4 * spread / math.sqrt(4_000))
    assert np.std(found.paths.final) == pytest.approx(spread, rel=0.05)
    assert found.probability_of_loss == pytest.approx(0.5, abs=0.1)


def test_ruin_is_any_step_at_which_too_little_is_left():
    found = shuffle_trades(np.array([-60.0, 80.0]), 100.0, rng=rng(), draws=2_000)
    assert found.probability_of_ruin(0.4) == pytest.approx(0.5, abs=0.05)
    assert found.probability_of_ruin(0.39) == 0.0
    assert found.probability_of_ruin(0.0) == 0.0


@pytest.mark.parametrize("left", [-0.1, 1.0])
def test_ruin_is_a_share_of_the_start(left):
    with pytest.raises(ConfigError, match="Ruin is a share of the start"):
        shuffle_trades(NETS, 100.0, rng=rng(), draws=5).probability_of_ruin(left)


def test_equity_that_is_used_up_has_no_sharpe_ratio_from_then_on():
    found = shuffle_trades(np.array([-150.0, 10.0]), 100.0, rng=rng(), draws=50)
    assert set(found.paths.lowest) == {-50.0, -40.0}
    assert np.isnan(found.paths.sharpe[found.paths.lowest == -50.0]).all()


def test_bootstrapped_returns_stand_beside_the_returns_that_were():
    given = returns()
    found = bootstrap_returns(given, 1_000.0, rng=rng(), draws=5)
    assert found.observed.final[0] == pytest.approx(equity_from_returns(given, 1_000.0)[-1])
    assert found.observed.drawdown[0] == pytest.approx(max_drawdown(equity_from_returns(given)))
    assert found.observed.sharpe[0] == pytest.approx(sharpe(given, 1.0))


def spread_of_sums(values, weight):
    """Deviation of a bootstrapped sum: autocovariances around the circle, by the weight of each lag."""
    centred, count = values - values.mean(), len(values)
    lags = [(centred * np.roll(centred, lag)).mean() for lag in range(count)]
    return math.sqrt(count * (lags[0] + 2 * sum(weight(lag) * lags[lag] for lag in range(1, count))))


@pytest.mark.parametrize("fixed", [False, True])
def test_the_ends_spread_as_the_theory_of_the_bootstrap_says(fixed):
    # Politis and Romano 1994 for blocks of random length; for fixed ones 1 - k/b up to the block's length.
    given = returns()
    found = bootstrap_returns(given, 1.0, rng=rng(), draws=3_000, block_length=10.0, fixed=fixed)
    logs = np.log(found.paths.final)
    weight = (lambda k: max(0.0, 1 - k / 10)) if fixed else (lambda k: (1 - k / 300) * 0.9**k)
    expected = spread_of_sums(np.log1p(given), weight)
    assert np.std(logs) == pytest.approx(expected, rel=0.06)
    assert np.mean(logs) == pytest.approx(np.log1p(given).sum(), abs=4 * expected / math.sqrt(3_000))


def test_without_a_length_blocks_follow_the_autocorrelation():
    assert bootstrap_returns(returns(), 1.0, rng=rng(), draws=5).block_length < 5.0
    smooth = np.sin(np.arange(300) / 9) / 100
    assert bootstrap_returns(smooth, 1.0, rng=rng(), draws=5).block_length > 10.0


def test_fixed_blocks_are_rounded_up_to_whole_rows():
    assert bootstrap_returns(returns(), 1.0, rng=rng(), draws=5, block_length=2.2, fixed=True).block_length == 3


def test_bands_are_quantiles_at_the_marks_and_begin_with_the_start():
    found = bootstrap_returns(returns(1_000), 50.0, rng=rng(), draws=100)
    assert (found.marks[0], found.marks[-1], len(found.marks)) == (0, 1_000, 250)
    bands = found.bands((0.05, 0.5, 0.95))
    assert bands.shape == (3, 250)
    assert set(bands[:, 0]) == {50.0}
    assert bands[:, -1] == pytest.approx(found.quantiles("final", (0.05, 0.5, 0.95)))
    assert (bands[0] <= bands[1]).all()


def test_the_rank_of_what_was_among_what_could_have_been():
    found = shuffle_trades(NETS, 100.0, rng=rng(), draws=2_000)
    assert found.rank("final") == 0.5
    every = [depth_of(order) for order in permutations(NETS)]
    below = np.mean([each < depth_of(NETS) for each in every])
    equal = np.mean([each == depth_of(NETS) for each in every])
    assert found.rank("drawdown") == pytest.approx(below + equal / 2, abs=0.04)


def test_the_seed_decides_and_chunks_change_nothing(monkeypatch):
    from tradewright.research import monte_carlo

    whole = shuffle_trades(NETS, 100.0, rng=rng(), draws=100)
    again = shuffle_trades(NETS, 100.0, rng=rng(), draws=100)
    assert np.array_equal(whole.equity, again.equity)
    monkeypatch.setattr(monte_carlo, "_CHUNK_BYTES", 8 * 4 * 7)
    chunked = resample_trades(NETS, 100.0, rng=rng(), draws=100)
    monkeypatch.undo()
    assert np.array_equal(chunked.paths.final, resample_trades(NETS, 100.0, rng=rng(), draws=100).paths.final)


def test_results_that_do_not_vary_have_no_sharpe_ratio():
    found = shuffle_trades(np.full(5, 0.01), 100.0, rng=rng(), draws=10, compound=True)
    with pytest.raises(Undefined, match="no path has returns that vary"):
        found.quantiles("sharpe")
    with pytest.raises(Undefined, match="the observed returns do not vary"):
        found.rank("sharpe")


def test_an_unknown_number_is_refused_by_name():
    with pytest.raises(ConfigError, match="A path has no 'cagr'"):
        shuffle_trades(NETS, 100.0, rng=rng(), draws=5).quantiles("cagr")


def test_too_little_to_draw_from_is_refused():
    with pytest.raises(Undefined, match="there are 1 closed trades and at least 2"):
        shuffle_trades(NETS[:1], 100.0, rng=rng())
    with pytest.raises(Undefined, match="there are 1 closed trades and at least 2"):
        resample_trades(NETS[:1], 100.0, rng=rng())
    with pytest.raises(Undefined, match="there are 9 returns and at least 10"):
        bootstrap_returns(returns(9), 100.0, rng=rng())


def test_more_than_everything_cannot_be_lost_and_compounded():
    with pytest.raises(Undefined, match=r"a loss of 1\.5 times the equity cannot be compounded"):
        bootstrap_returns(np.array([-1.5, 0.2]), 100.0, rng=rng(), block_length=1.0)


@pytest.mark.parametrize("start", [0.0, -5.0, math.inf])
def test_equity_begins_above_zero(start):
    with pytest.raises(ConfigError, match="Equity begins above zero"):
        shuffle_trades(NETS, start, rng=rng())


def test_runs_over_redrawn_bars_are_told_by_their_curves():
    own = np.array([100.0, 110.0, 99.0, 120.0])
    curves = np.array([[100.0, 50.0, 40.0, 80.0], [100.0, 120.0, 60.0, 130.0]])
    found = redrawn_bars(curves, own, 2.5)
    assert found.kind == "redrawn bars"
    assert found.block_length == 2.5
    assert found.paths.final.tolist() == [80.0, 130.0]
    assert found.paths.lowest.tolist() == [40.0, 60.0]
    assert found.paths.drawdown.tolist() == pytest.approx([-0.6, -0.5])
    assert found.observed.drawdown[0] == pytest.approx(-0.1)
    assert found.paths.sharpe[0] == pytest.approx(sharpe(np.array([-0.5, -0.2, 1.0]), 1.0))
    np.testing.assert_array_equal(found.equity, curves)
    assert found.probability_of_loss == 0.5


@pytest.mark.parametrize("curves", [np.full((2, 3), 100.0), np.full((2, 4), 90.0)])
def test_runs_that_do_not_fit_the_run_are_refused(curves):
    with pytest.raises(ConfigError, match="as long as the run itself"):
        redrawn_bars(curves, np.array([100.0, 110.0, 99.0, 120.0]), 2.0)
