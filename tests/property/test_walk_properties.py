"""Properties of walks: nothing after a training part decides what is chosen in it; no test begins before its end."""

from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders import random_walk
from tests.markets import daily

import tradewright as tw

ROWS = 110
PRICES = random_walk(ROWS, seed=11)
SPACE = {"length": [2, 4, 9]}
LENGTHS = st.sampled_from(["12d", "20d", 17, "4w", "1mo"])


class Above(tw.Strategy):
    """Long while the close is above its average."""

    length = tw.Param(4, low=2, high=20)

    def setup(self):
        self.average = self.use(tw.indicators.sma, "close", self.length)

    def on_bar(self, ctx):
        if ctx.close() > self.average.now:
            ctx.target_percent(0.9)
        else:
            ctx.close_position()


def walked(prices, **changes):
    options = {"train": "30d", "test": "20d", "engine": "python", "executor": "threads", "workers": 1, "ledger": False}
    return tw.walk_forward(Above, daily(list(prices)), params=SPACE, **{**options, **changes}).record


@cache
def undisturbed(gap):
    return walked(PRICES, gap=gap)


@settings(max_examples=10, deadline=None)
@given(fold=st.integers(0, 2), gap=st.sampled_from([0, 3]), data=st.data())
def test_bars_after_a_training_part_never_change_what_is_chosen_in_it(fold, gap, data):
    before = undisturbed(gap)
    seen = before.folds[fold].window.train_last + 1
    factors = data.draw(st.lists(st.floats(0.8, 1.25), min_size=ROWS - seen, max_size=ROWS - seen))
    later = np.concatenate([PRICES[:seen], PRICES[seen:] * np.array(factors)])
    after = walked(later, gap=gap)
    for one, other in zip(before.folds[: fold + 1], after.folds[: fold + 1], strict=True):
        assert one.params == other.params
        assert one.train_value == other.train_value
        assert one.search.trials == other.search.trials


@settings(max_examples=15, deadline=None)
@given(
    train=LENGTHS, test=LENGTHS, gap=st.integers(0, 4), anchored=st.booleans(), step=st.sampled_from([None, "25d", 30])
)
def test_a_walk_tests_only_what_comes_after_its_training_and_each_row_once(train, test, gap, anchored, step):
    try:
        record = walked(PRICES, train=train, test=test, gap=gap, anchored=anchored, step=step)
    except tw.TradewrightError:
        return
    tested = -1
    for fold in record.folds:
        window = fold.window
        assert window.train_last + gap < window.test_first <= window.test_last
        assert window.test_first > tested
        assert fold.search.config.end == window.train_end
        tested = window.test_last
        if fold.test is not None:
            assert len(fold.test.timeline) == window.test_last + 1
    assert not anchored or len({fold.window.train_first for fold in record.folds}) == 1


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 1000), step=st.sampled_from(["20d", "23d"]), fee=st.floats(0.0, 20.0))
def test_a_stitched_curve_is_the_runs_one_after_another(seed, step, fee):
    prices = random_walk(ROWS, seed=seed)
    costs = tw.Costs(slippage_bps=5, commission=tw.PerTrade(fee))
    record = walked(prices, step=step, costs=costs)
    stitched, cash = record.stitched, 100_000.0
    expected = np.full(ROWS, cash)
    for fold in record.folds:
        if fold.params is not None:
            run = tw.backtest(
                Above, daily(list(prices)), params=fold.params, start=fold.window.test_start, end=fold.window.test_end,
                cash=cash, costs=costs, finalize=True, engine="python",
            )  # fmt: skip
            part = slice(fold.window.test_first, fold.window.test_last + 1)
            expected[part] = run.record.equity[part]
            cash = float(run.record.equity[-1])
            expected[fold.window.test_last :] = cash
    np.testing.assert_array_equal(stitched.equity, expected[: len(stitched.equity)])
    gains = stitched.trades["net"].sum()
    assert abs(stitched.equity[-1] - 100_000.0 - gains) <= 1e-9 * 100_000.0
