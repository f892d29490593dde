"""Walking forward: what is chosen where, and how the tests become one account."""

import math

import numpy as np
import pytest
from tests.builders import random_walk
from tests.markets import daily, intraday, share

import tradewright as tw
from tradewright.domain.errors import ConfigError
from tradewright.domain.events import EventKind, Reason
from tradewright.domain.order import OrderRole, OrderStatus
from tradewright.domain.record import EVENT_COLUMNS, ORDER_COLUMNS, TRADE_COLUMNS

SPACE = {"fast": [2, 5], "slow": [8, 13]}
WALK = {"params": SPACE, "train": "40d", "test": "20d", "ledger": False, "engine": "python", "executor": "threads"}


class Cross(tw.Strategy):
    """Long while the fast average is above the slow one."""

    fast = tw.Param(3, low=2, high=20)
    slow = tw.Param(8, low=3, high=500)

    def setup(self):
        self.quick = self.use(tw.indicators.sma, "close", self.fast)
        self.calm = self.use(tw.indicators.sma, "close", self.slow)

    def on_bar(self, ctx):
        if self.quick.now > self.calm.now:
            ctx.target_percent(0.95)
        else:
            ctx.close_position()


class Bidding(tw.Strategy):
    """Bids far below the market, so that every test ends with an order that works."""

    below = tw.Param(0.5, low=0.1, high=0.9)

    def on_bar(self, ctx):
        if not ctx.open_orders():
            ctx.buy(10, limit_price=round(ctx.close() * self.below, 2), tag="bid")


class EveryWeek(tw.Strategy):
    """Buys all symbols that have a bar on each fifth bar, and sells one bar later."""

    wait = tw.Param(5, low=2, high=10)

    def setup(self):
        self.bars_seen = 0

    def on_bar(self, ctx):
        self.bars_seen += 1
        for symbol in ctx.symbols:
            if self.bars_seen % self.wait == 0:
                ctx.buy(10, symbol)
            elif ctx.has_position(symbol):
                ctx.close_position(symbol)


def market(rows=132, seed=3):
    """A random walk on weekdays."""
    return daily(list(random_walk(rows, seed=seed)))


def walked(strategy=Cross, bars=None, **changes):
    """The record of a walk."""
    return tw.walk_forward(strategy, market() if bars is None else bars, **{**WALK, **changes}).record


def options(**changes):
    """What a backtest beside a walk is given."""
    return {"engine": "python", "finalize": True, **changes}


def same_tables(one, other):
    """Whether two records hold the same events, orders and trades."""
    for name, columns in (("events", EVENT_COLUMNS), ("orders", ORDER_COLUMNS), ("trades", TRADE_COLUMNS)):
        for column in columns:
            np.testing.assert_array_equal(getattr(one, name)[column], getattr(other, name)[column], err_msg=column)


def rebuilt_equity(record):
    """Equity at each row's close from the fills and fees alone."""
    table, rows = record.events, len(record.timeline)
    fills = table["kind"] == EventKind.FILL
    row = table["row"].astype(int)
    flow = np.bincount(row, -(table["quantity"] * table["price"] * fills) - table["fee"] - table["tax"], rows)
    equity = record.config.cash + np.cumsum(flow)
    for number, symbol in enumerate(record.symbols):
        bars = record.bars[symbol]
        own = fills & (table["book"] == number)
        held = np.cumsum(np.bincount(row[own], table["quantity"][own], rows))
        place = np.searchsorted(bars.close_time, record.timeline.close_time, "right") - 1
        equity += np.where(held != 0.0, held * bars.close[np.maximum(place, 0)], 0.0)
    return equity


# ---------------------------------------------------------------- one window


def test_a_walk_of_one_window_is_a_search_and_a_backtest():
    bars = market(rows=72)
    record = walked(bars=bars)
    assert len(record.folds) == 1
    fold = record.folds[0]
    search = tw.optimize(
        Cross, bars, params=SPACE, start=fold.window.train_start, end=fold.window.train_end, ledger=False,
        engine="python", executor="threads",
    )  # fmt: skip
    assert fold.params == search.best_params
    assert fold.train_value == search.best.value
    run = tw.backtest(
        Cross, bars, params=search.best_params, start=fold.window.test_start, end=fold.window.test_end, **options()
    )
    same_tables(record.stitched, run.record)
    np.testing.assert_array_equal(record.stitched.equity, run.record.equity)
    np.testing.assert_array_equal(record.stitched.exposure, run.record.exposure)
    assert dict(tw.Result(record.stitched).metrics) == dict(run.metrics)
    assert record.stitched.strategies == run.record.strategies
    assert fold.test_value == run.metrics["sharpe"]


def test_efficiency_is_the_annual_return_in_the_test_over_that_in_training():
    fold = next(fold for fold in walked().folds if fold.efficiency is not None)
    tested = tw.Result(fold.test).metrics["annual_return"]
    assert fold.efficiency == tested / fold.search.best.metrics["annual_return"]


# ---------------------------------------------------------------- one account


def test_each_test_begins_with_what_the_one_before_it_left():
    bars = market()
    record = walked(bars=bars)
    cash = 100_000.0
    assert len(record.folds) == 4
    for fold in record.folds:
        window = fold.window
        run = tw.backtest(
            Cross, bars, params=fold.params, start=window.test_start, end=window.test_end, **options(cash=cash)
        )
        part = slice(window.test_first, window.test_last + 1)
        np.testing.assert_array_equal(record.stitched.equity[part], run.record.equity[part])
        cash = float(run.record.equity[-1])
    assert cash == record.stitched.equity[-1] != 100_000.0


@pytest.mark.parametrize("costs", [tw.Costs.none(), tw.Costs(slippage_bps=20, commission=tw.PerTrade(3.0))])
def test_books_agree_across_the_seams(costs):
    record = walked(costs=costs, step="30d").stitched
    assert len(record.trades["net"]) > 10
    np.testing.assert_allclose(record.equity, rebuilt_equity(record), rtol=0, atol=1e-9 * record.config.cash)
    assert record.equity[-1] - record.config.cash == pytest.approx(record.trades["net"].sum(), abs=1e-6)


@pytest.mark.parametrize(
    ("file", "said", "walk"),
    [
        ("daily/GOOG_1d_2004_2013.csv", {"calendar": "XNAS", "timeframe": "1d", "stamp": "session"},
         {"train": "1y", "test": "1y"}),
        ("intraday/ESTX50_5m_200601.csv.gz", {"calendar": "24/7", "timeframe": "5m", "stamp": "end", "volume": "none",
                                              "tz": "UTC"}, {"train": 700, "test": "300 bars", "gap": 20}),
    ],
)  # fmt: skip
def test_books_agree_on_real_bars(shared_data, file, said, walk):
    bars = tw.read_bars(shared_data / file, symbol="REAL", **said)
    record = walked(bars=bars, params={"fast": [2, 5]}, **walk).stitched
    assert len(record.trades["net"]) > 30
    np.testing.assert_allclose(record.equity, rebuilt_equity(record), rtol=0, atol=1e-9 * record.config.cash)


def test_every_test_ends_flat():
    record = walked()
    table = record.stitched.events
    for fold in record.folds:
        before = np.flatnonzero(table["row"] <= fold.window.test_last)
        assert table["position"][before[-1]] == 0.0
    assert record.stitched.open_positions == ()
    closing = record.stitched.orders["role"] == list(OrderRole).index(OrderRole.FINALIZE)
    seams = {float(fold.window.test_last) for fold in record.folds}
    assert closing.any()
    assert set(record.stitched.orders["row"][closing]) <= seams


def test_orders_are_numbered_through_and_their_fills_and_trades_find_them():
    record = walked().stitched
    orders, fills = record.orders, record.events["kind"] == EventKind.FILL
    np.testing.assert_array_equal(orders["id"], np.arange(1, len(orders["id"]) + 1))
    filled = np.bincount(
        record.events["order_id"][fills].astype(int), np.abs(record.events["quantity"][fills]), len(orders["id"]) + 1
    )
    np.testing.assert_array_equal(filled[1:], orders["filled"])
    entry, leave = (record.trades[name].astype(int) - 1 for name in ("entry_order", "exit_order"))
    assert (entry < leave).all()
    np.testing.assert_allclose(orders["price"][entry], record.trades["entry_price"], rtol=1e-12)
    np.testing.assert_allclose(orders["price"][leave], record.trades["exit_price"], rtol=1e-12)
    assert (np.diff(record.events["row"]) >= 0).all()


def test_orders_that_work_at_a_seam_are_cancelled_there_and_the_last_ones_are_left():
    record = walked(Bidding, params={"below": [0.5, 0.6]}, objective=lambda result: float(len(result.record.logs)))
    stitched = record.stitched
    status = list(OrderStatus)
    assert [status[int(each)] for each in stitched.orders["status"]] == ["cancelled"] * 4 + ["submitted"]
    ends = [float(fold.window.test_last) for fold in record.folds[:-1]]
    assert stitched.orders["ended"].tolist() == [*ends, -1.0]
    told = stitched.events
    assert told["row"].tolist() == ends
    assert set(told["reason"]) == {float(Reason.END_OF_RUN)}
    assert set(told["quantity"]) == {10.0}
    assert told["cash"].tolist() == [100_000.0] * 4
    assert stitched.tags == dict.fromkeys(range(1, 6), "bid")


def test_between_tests_the_account_holds_cash():
    record = walked(step="30d")
    equity = record.stitched.equity
    for before, after in zip(record.folds, record.folds[1:], strict=False):
        assert after.window.test_first == before.window.test_first + 30
        between = equity[before.window.test_last : after.window.test_first]
        assert len(set(between)) == 1
    assert record.stitched.rows_in_market < 20 * len(record.folds)


def test_the_result_of_a_walk_has_what_a_result_has(tmp_path):
    walk = tw.walk_forward(Cross, market(), **WALK)
    assert walk.metrics["trades"] == len(walk.trades)
    assert walk.result.equity.index[0] == np.datetime64(walk.record.folds[0].window.test_start)
    assert len(walk.folds) == 4
    assert len(walk.stability["fast"].values) == 4
    assert "Cross" in walk.summary()
    assert walk.result.report(tmp_path / "walk.html").stat().st_size > 10_000


def test_a_symbol_that_comes_later_keeps_its_place():
    late = daily([None] * 80 + list(random_walk(52, seed=5)), share("LATE"))
    bars = {"LATE": late, "ACME": market()}
    record = walked(EveryWeek, bars=bars, params={"wait": [5, 7]})
    assert [len(fold.test.instruments) for fold in record.folds] == [1, 1, 2, 2, 2]
    stitched = record.stitched
    assert stitched.symbols == ("LATE", "ACME")
    assert set(stitched.events["book"]) == {0.0, 1.0}
    np.testing.assert_allclose(stitched.equity, rebuilt_equity(stitched), rtol=0, atol=1e-4)


def test_finer_bars_of_a_symbol_that_comes_later_wait_for_it():
    late = daily([None] * 80 + list(random_walk(52, seed=5)), share("LATE"))
    finer = intraday([[100.0] * 13], share("LATE"), minutes=30)
    bars = {"LATE": late, "ACME": market()}
    record = walked(EveryWeek, bars=bars, params={"wait": [5]}, detail={"LATE": finer})
    assert record.stitched.hash != walked(EveryWeek, bars=bars, params={"wait": [5]}).stitched.hash
    assert record.stitched.config.extra["detail"] == ["LATE"]


# ---------------------------------------------------------------- choices


def test_where_no_trial_made_enough_trades_cash_is_held():
    record = walked(min_trades=1000)
    assert all(fold.params is None and fold.test is None for fold in record.folds)
    assert record.folds[0].reason.startswith("none of 4 trials qualified in training: ")
    assert "below 1000" in record.folds[0].reason
    assert set(record.stitched.equity) == {100_000.0}
    assert len(record.stitched.orders["id"]) == 0
    assert tw.Result(record.stitched).metrics["trades"] == 0


def test_an_objective_that_is_no_number_chooses_nothing_and_says_why():
    def nothing(result):
        return math.nan

    record = walked(objective=nothing)
    assert {fold.reason for fold in record.folds} == {
        "none of 4 trials qualified in training: the objective nothing gave nan"
    }


def test_a_strategy_that_fails_in_every_trial_ends_the_walk_with_its_fault():
    class Broken(Cross):
        """Divides by zero."""

        def on_bar(self, ctx):
            return 1 / 0

    with pytest.raises(tw.TradewrightError, match=r"Every trial of window 1 of the walk failed.*ZeroDivisionError"):
        walked(Broken)


def test_a_strategy_that_names_a_symbol_before_it_has_bars_is_told_so():
    class Named(EveryWeek):
        """Asks for LATE from the first bar on."""

        def on_bar(self, ctx):
            ctx.close("LATE")

    bars = {"LATE": daily([None] * 80 + [100.0] * 52, share("LATE")), "ACME": market()}
    with pytest.raises(tw.TradewrightError, match="Up to there LATE had no bars: begin later with start="):
        walked(Named, bars=bars, params={"wait": [3]})


def test_an_objective_of_its_own_is_asked_in_training_and_in_the_test():
    def final(result):
        return result.record.equity[-1]

    fold = walked(objective=final).folds[0]
    assert fold.test_value == fold.test.equity[-1]
    assert fold.train_value == max(trial.value for trial in fold.search.trials)


def test_an_objective_that_fails_in_the_test_says_why_it_has_no_value_there():
    def trained_only(result):
        if result.record.config.finalize:
            raise LookupError("no such thing here")
        return float(result.record.equity[-1])

    fold = walked(objective=trained_only).folds[0]
    assert (fold.test is None, fold.test_value) == (False, None)
    assert fold.reason == "the objective trained_only raised LookupError: no such thing here"


def test_a_metric_of_which_less_is_better_is_minimised():
    fold = walked(objective="volatility").folds[0]
    assert fold.train_value == min(trial.value for trial in fold.search.trials if trial.value is not None)


def test_an_account_that_is_used_up_trades_no_more():
    class Ruinous(tw.Strategy):
        """Sells everything it can, whatever it is."""

        share = tw.Param(3.0, low=1.0, high=4.0)

        def on_bar(self, ctx):
            if not ctx.has_position():
                ctx.target_percent(-self.share)

    rows = [10.0 + 0.001 * (row % 2) for row in range(70)] + [30.0] * 60
    record = walked(
        Ruinous, bars=daily(rows), params={"share": [3.0]}, objective=lambda result: 1.0,
        margin=tw.Margin(initial=0.25, maintenance=0.01),
    )  # fmt: skip
    assert record.folds[1].test.equity[-1] <= 0
    assert record.folds[2].test is None
    assert record.folds[2].reason == "the account was used up before this test"
    assert record.stitched.equity[-1] == record.folds[1].test.equity[-1]


# ---------------------------------------------------------------- windows


def test_training_of_an_anchored_walk_begins_where_the_walk_does():
    rolling, anchored = walked(), walked(anchored=True)
    assert len({fold.window.train_first for fold in anchored.folds}) == 1
    assert len({fold.window.train_first for fold in rolling.folds}) == len(rolling.folds)
    assert [fold.window.test_start for fold in anchored.folds] == [fold.window.test_start for fold in rolling.folds]


def test_the_first_training_begins_after_the_largest_warm_up():
    fold = walked().folds[0]
    assert fold.window.train_first == 12
    assert fold.search.warmup_bars == 13


def test_a_gap_is_left_out_of_training():
    plain, apart = walked().folds[0], walked(gap=4).folds[0]
    assert apart.window.train_last == plain.window.train_last - 4
    assert apart.window.test_first == plain.window.test_first


def test_dates_of_the_walk_bound_it():
    record = walked(start="2020-02-03", end="2020-06-15")
    assert record.folds[0].window.train_start == "2020-02-03"
    assert record.folds[-1].window.test_end == "2020-06-15"
    assert record.folds[-1].window.is_partial
    assert walked(start="2020-02-03", end="2020-06-15", partial=False).folds[-1].window.is_partial is False


def test_windows_in_bars_are_whole_sessions_on_shorter_bars():
    bars = intraday([list(row) for row in random_walk(390, seed=8).reshape(39, 10)], minutes=30)
    record = walked(bars=bars, train="95 bars", test=47, gap=3)
    for fold in record.folds:
        window = fold.window
        assert window.train_first % 10 == 0
        assert window.test_first % 10 == 0
        assert (window.train_last + 1) % 10 == 0
        assert (window.test_last + 1) % 10 == 0
        assert window.test_first - window.train_last > 3
    firsts, lasts = ([getattr(f.window, name) for f in record.folds] for name in ("test_first", "test_last"))
    assert firsts[1:] == [last + 1 for last in lasts[:-1]]
    np.testing.assert_allclose(record.stitched.equity, rebuilt_equity(record.stitched), rtol=0, atol=1e-4)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"step": "10d"}, "The tests of a walk overlap"),
        ({"train": "300d"}, "has no window in 120 bars"),
        ({"gap": 39}, "has 1 bars to train on"),
        ({"anchored": "no"}, "anchored='no' of a walk is no yes or no"),
        ({"partial": "no"}, "partial='no' of a walk is no yes or no"),
        ({"train": "a while"}, "The train 'a while' of a walk is no length"),
        ({"test": 0}, "is not above zero"),
        ({"params": {}}, "A search needs parameters to vary"),
        ({"params": {"fast": []}}, "The values of 'fast' are empty"),
        ({"where": lambda p: False}, "None of the 4 combinations"),
        ({"objective": ["sharpe", "cagr"], "method": "nsga2"}, "A walk chooses by one objective"),
        ({"objective": "sharp"}, "There is no metric 'sharp'"),
        ({"finalize": False}, "Every test of a walk ends flat"),
        ({"params": {"fast": [2], "slow": [300]}}, "need 300 bars and there are 132"),
        ({"nonsense": 1}, "'nonsense' is no policy of a run"),
    ],
)
def test_what_cannot_be_walked_is_said_in_a_sentence(changes, said):
    with pytest.raises(tw.TradewrightError) as refused:
        walked(**changes)
    assert said in str(refused.value)


def test_a_session_is_never_torn_for_a_window_shorter_than_it():
    bars = intraday([list(row) for row in random_walk(390, seed=8).reshape(39, 10)], minutes=30)
    with pytest.raises(ConfigError, match="no whole session to test on"):
        walked(bars=bars, train=90, test=5)


# ---------------------------------------------------------------- counting and going on


def test_a_walk_that_is_broken_off_goes_on_and_evaluates_nothing_twice(tmp_path):
    class StoppedError(Exception):
        """By hand."""

    def stop_in_the_third_fold(done, total, best):
        if done >= 9:
            raise StoppedError

    with pytest.raises(StoppedError):
        walked(ledger=str(tmp_path), progress=stop_in_the_third_fold)
    record = walked(ledger=str(tmp_path))
    assert record.meta["resumed"] >= 9
    assert [fold.search.meta["resumed"] for fold in record.folds[:2]] == [4, 4]
    whole = walked(ledger=str(tmp_path / "other"))
    assert record.stitched.hash == whole.stitched.hash
    assert [fold.params for fold in record.folds] == [fold.params for fold in whole.folds]
    assert [fold.search.count for fold in record.folds] == [fold.search.count for fold in whole.folds]


def test_a_walk_that_ended_is_walked_anew_and_counted_once(tmp_path):
    first = walked(ledger=str(tmp_path))
    again = walked(ledger=str(tmp_path))
    assert again.meta["resumed"] == 0
    assert [fold.search.count for fold in again.folds] == [fold.search.count for fold in first.folds]


def test_trials_of_all_folds_count_together(tmp_path):
    record = walked(ledger=str(tmp_path))
    assert record.meta["trials"] == 4 * 4
    assert {fold.search.header.kind for fold in record.folds} == {"walk-forward"}
    search = tw.optimize(
        Cross, market(), params={"fast": [4], "slow": [9]}, ledger=str(tmp_path), engine="python", executor="threads"
    )
    assert search.record.count.configurations >= 4 + 1


def test_progress_counts_the_trials_of_all_folds():
    told = []
    walked(progress=lambda done, total, best: told.append((done, total)))
    assert told[-1] == (16, 16)
    assert {total for _, total in told} == {16}
    assert [done for done, _ in told] == sorted(done for done, _ in told)


@pytest.mark.slow
def test_neither_executor_nor_number_of_workers_changes_a_walk():
    hashes = {
        walked(executor=executor, workers=workers).stitched.hash
        for executor, workers in (("threads", 1), ("threads", 2), ("processes", 2))
    }
    assert len(hashes) == 1


def test_a_random_search_is_drawn_alike_in_every_walk():
    one, other = (walked(method="random", trials=3, seed=5) for _ in range(2))
    assert one.stitched.hash == other.stitched.hash
    assert one.stitched.hash != walked(method="random", trials=3, seed=6).stitched.hash
