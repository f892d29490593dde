"""How else a run could have gone: from its trades, from its returns, over other bars."""

import numpy as np
import pytest
from tests.builders import random_walk, round_trips, run_record
from tests.markets import daily, intraday, share

import tradewright as tw
from tradewright.app.monte_carlo.histories import history
from tradewright.reporting.curves import session_equity
from tradewright.reporting.result import Result


class Cross(tw.Strategy):
    """Long while the close is above its average."""

    length = tw.Param(4, low=2, high=20)

    def setup(self):
        self.average = self.use(tw.indicators.sma, "close", self.length)

    def on_bar(self, ctx):
        if ctx.close() > self.average.now:
            ctx.target_percent(0.9)
        else:
            ctx.close_position()


class BuysAll(tw.Strategy):
    """Buys one of everything, once."""

    def on_bar(self, ctx):
        for symbol in ctx.symbols:
            if not ctx.has_position(symbol):
                ctx.buy(1, symbol)


class OnlyBelow(tw.Strategy):
    """Fails where the price rises above all that it was."""

    def on_bar(self, ctx):
        if ctx.close() > 105.0:
            raise ValueError("too high for me")


def a_run(rows=80, **options):
    return tw.backtest(Cross, daily(list(random_walk(rows, seed=4))), **options)


def test_trades_in_other_orders_come_to_the_same_end():
    result = a_run()
    study = tw.monte_carlo(result, replace=False, runs=50)
    np.testing.assert_allclose(study.study.paths.final, study.study.observed.final[0], rtol=1e-12)
    assert len(set(study.study.paths.drawdown)) > 1


@pytest.mark.parametrize("compound", [True, False])
def test_the_path_of_the_run_is_among_what_its_own_trades_can_make(compound):
    result = a_run()
    nets, shares = result.record.trades["net"], []
    for row, net in zip(result.record.trades["entry_row"].astype(int), nets, strict=True):
        shares.append(net / (result.record.equity[row - 1] if row else 100_000.0))
    expected = 100_000.0 * np.prod(1.0 + np.array(shares)) if compound else 100_000.0 + nets.sum()
    study = tw.monte_carlo(result, runs=20, compound=compound)
    assert study.findings.path[-1] == pytest.approx(expected, rel=1e-12)
    assert study.study.observed.final[0] == pytest.approx(expected, rel=1e-12)
    assert study.findings.path[0] == 100_000.0


def test_returns_are_those_between_session_closes():
    result = a_run()
    study = tw.monte_carlo(result, method="returns", runs=20, block=3)
    assert study.study.marks[-1] == 80
    assert study.study.block_length == 3.0
    np.testing.assert_array_equal(study.findings.path, session_equity(result.record)[study.study.marks])
    assert study.study.observed.final[0] == pytest.approx(result.record.equity[-1], rel=1e-12)


def test_the_same_seed_draws_the_same_paths():
    result = a_run()
    for method in ("trades", "returns"):
        one, other, third = (tw.monte_carlo(result, method=method, runs=20, seed=seed) for seed in (3, 3, 4))
        assert one.to_json() == other.to_json()
        assert one.to_json() != third.to_json()


def test_of_a_walk_the_out_of_sample_run_is_drawn_from():
    walk = tw.walk_forward(
        Cross, daily(list(random_walk(80, seed=4))), params={"length": [3]}, train="20d", test="20d", ledger=False,
        engine="python", executor="threads",
    )  # fmt: skip
    study = tw.monte_carlo(walk, method="returns", runs=10)
    assert study.result.record is walk.record.stitched


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"method": "bar"}, "method='bar' is no way to draw"),
        ({"runs": 0}, "0"),
        ({"method": "returns", "block": 0.5}, "0.5"),
        ({"seed": "x"}, "seed"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_a_sentence(options, said):
    with pytest.raises(tw.TradewrightError) as refused:
        tw.monte_carlo(a_run(), **options)
    assert said in str(refused.value)


def test_a_run_without_trades_has_nothing_to_draw_from():
    with pytest.raises(tw.TradewrightError, match=r"The run gives nothing to draw from: there are 0 closed trades"):
        tw.monte_carlo(Result(run_record(random_walk(40))))


def test_the_strategy_runs_over_every_history_as_a_backtest_would():
    result = a_run(params={"length": 3}, start="2020-02-03", cash=50_000.0)
    study = tw.monte_carlo(result, method="bars", runs=3, seed=5, block=4, executor="threads")
    bars = dict(result.record.bars)
    for number in range(3):
        made = history(bars, 4.0, (5, number))["ACME"]
        again = tw.backtest(Cross, made, params={"length": 3}, start="2020-02-03", cash=50_000.0)
        curve = session_equity(again.record)
        assert study.study.paths.final[number] == curve[-1]
        np.testing.assert_array_equal(study.study.equity[number], curve[study.study.marks])
    np.testing.assert_array_equal(study.findings.path, session_equity(result.record)[study.study.marks])


def test_a_history_has_the_times_of_the_bars_and_says_that_it_is_made_up():
    bars = daily(list(random_walk(60, seed=4)))
    made = history({"ACME": bars}, 3.0, (0, 7))["ACME"]
    np.testing.assert_array_equal(made.open_time, bars.open_time)
    assert made.synthetic
    assert made.source.startswith("SYNTHETIC history 8 of ")
    assert made.fingerprint != bars.fingerprint
    assert made.fingerprint == history({"ACME": bars}, 3.0, (0, 7))["ACME"].fingerprint
    assert made.fingerprint != history({"ACME": bars}, 3.0, (1, 7))["ACME"].fingerprint


def test_symbols_are_drawn_alike():
    prices = random_walk(60, seed=4)
    series = {"A": daily(list(prices), share("A")), "B": daily(list(2.0 * prices), share("B"))}
    made = history(series, 3.0, (0, 1))
    np.testing.assert_allclose(made["B"].close, 2.0 * made["A"].close, rtol=1e-9)


def test_whole_sessions_are_drawn_of_shorter_bars():
    rows = random_walk(60, seed=4)
    # The last bar of every session jumps, and does so in a history of whole sessions.
    rows[4::5] = rows[4::5] * 3.0
    bars = intraday([[(r, r, r, r) for r in session] for session in rows.reshape(12, 5)], minutes=30)
    made = history({"ACME": bars}, 2.0, (0, 1))["ACME"]
    steps = made.close.reshape(12, 5)
    assert (steps[:, 4] > 2.0 * steps[:, 3]).all()


@pytest.mark.slow
def test_who_carries_the_runs_out_changes_nothing():
    result = a_run()
    studies = [
        tw.monte_carlo(result, method="bars", runs=6, executor=executor, workers=workers).to_json()
        for executor, workers in (("threads", 1), ("threads", 2), ("processes", 2))
    ]
    assert len(set(studies)) == 1


def test_progress_of_runs_is_told():
    told = []
    tw.monte_carlo(a_run(40), method="bars", runs=4, executor="threads", progress=lambda *each: told.append(each))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_strategy_that_is_in_no_file_is_given():
    class Inside(Cross):
        """Made inside a function."""

    result = tw.backtest(Inside, daily(list(random_walk(60, seed=4))))
    with pytest.raises(tw.TradewrightError, match="made inside a function"):
        tw.monte_carlo(result, method="bars", runs=2)
    given = tw.monte_carlo(result, method="bars", runs=2, strategy=Inside)
    plain = tw.monte_carlo(tw.backtest(Cross, daily(list(random_walk(60, seed=4)))), method="bars", runs=2)
    np.testing.assert_array_equal(given.study.paths.final, plain.study.paths.final)


def test_a_history_on_which_the_strategy_fails_is_named():
    bars = daily(list(random_walk(60, seed=4, drift=0.0)))
    result = tw.backtest(OnlyBelow, bars)
    with pytest.raises(tw.TradewrightError, match=r"On history \d+ the run fails: .*too high for me"):
        tw.monte_carlo(result, method="bars", runs=20, block=20, executor="threads")


def test_bars_that_cannot_be_drawn_again_are_refused():
    prices = list(random_walk(60, seed=4))
    split = tw.Actions(np.array([18_300]), np.array([2.0]), np.empty(0, np.int64), np.empty(0))
    with pytest.raises(tw.TradewrightError, match="carry splits or dividends"):
        tw.monte_carlo(tw.backtest(Cross, daily(prices, actions=split)), method="bars", runs=2)
    apart = {"A": daily(prices, share("A")), "B": daily([*prices[:30], None, *prices[31:]], share("B"))}
    with pytest.raises(tw.TradewrightError, match="bars at different times"):
        tw.monte_carlo(tw.backtest(BuysAll, apart), method="bars", runs=2)


def test_a_result_put_together_by_hand_cannot_be_run_again():
    closes = random_walk(60)
    with pytest.raises(tw.TradewrightError, match="Nothing is known of how this result was run"):
        tw.monte_carlo(Result(run_record(closes, round_trips(closes))), method="bars", runs=2)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"runs": "5"}, "does not draw '5' times"),
        ({"runs": 10**10}, "Give a whole number up to 10,000,000"),
        ({"replace": "no"}, "replace='no'"),
        ({"compound": "no"}, "compound='no'"),
        ({"method": "returns", "fixed": "no"}, "fixed='no'"),
    ],
)
def test_what_is_no_number_of_paths_or_no_yes_or_no_is_refused(options, said):
    with pytest.raises(tw.TradewrightError) as refused:
        tw.monte_carlo(tw.backtest(Cross, daily(list(random_walk(60, seed=4)))), **options)
    assert said in str(refused.value)
