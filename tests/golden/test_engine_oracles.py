"""Numbers that other engines publish, and their rules written again, through `tw.backtest`.

Each test names its source and states the policies that make our engine do as that one does; where the default differs,
the docstring says why. The naive loops of `naive_engines` hold the rule, not the number: other periods, other files.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from tests.golden import naive_engines as naive

import tradewright as tw
from tradewright import indicators as ta

FREE = tw.Costs.none()
OWN_MONEY = tw.Margin(initial=1.0, maintenance=0.0)


def cents(value: float) -> object:
    return pytest.approx(value, abs=0.005)


def exact(value: float) -> object:
    return pytest.approx(value, rel=1e-9)


def charging(commission: object, slippage: object | None = None) -> tw.Costs:
    """A commission, no slippage unless given, and no cap on volume, as the other engines have it."""
    return tw.Costs(commission=commission, slippage=slippage or tw.NoSlippage(), participation=math.inf)


def columns(bars: tw.Bars) -> tuple[list[float], list[float]]:
    return bars.open.tolist(), bars.close.tolist()


# ---------------------------------------------------------------- backtesting.py 0.6.6


class Reversing(tw.Strategy):
    """Cross up: close, buy with everything. Cross down: close, sell short with everything.

    Its crossing needs the averages apart before; ours also counts one that leaves equality (GOOG, SMA 5/25, 2010-07).
    """

    fast = tw.Param(10)
    slow = tw.Param(30)
    last_decision = tw.Param(0, doc="bar after which only the position is closed; 0 for none")

    def setup(self):
        self.fast_ma = self.use(ta.sma, "close", self.fast)
        self.slow_ma = self.use(ta.sma, "close", self.slow)

    def on_bar(self, ctx):
        if self.last_decision and len(ctx.get_last_n_bars(None, None, self.last_decision)) == self.last_decision:
            ctx.close_position()
            return
        before, now = self.fast_ma[-2] - self.slow_ma[-2], self.fast_ma[-1] - self.slow_ma[-1]
        if abs(before) > 1e-9 and before * now < 0:
            ctx.close_position()
            ctx.target_percent(1.0 if now > 0 else -1.0)


@pytest.fixture(scope="module")
def goog(shared_data: Path) -> tw.Bars:
    return tw.read_bars(shared_data / "daily/GOOG_1d_2004_2013.csv", symbol="GOOG", calendar="XNAS", timeframe="1d")


def reversing(bars: tw.Bars, fast: int, slow: int, *, costs: tw.Costs = FREE, flat_at_end: bool = True) -> tw.Result:
    """The strategy under the other engine's policies.

    It sizes by the fill price, which nobody knows when deciding: ours sizes at the decision unless told. It lets a
    short position stand on its own cash: margin 100 %, no maintenance. An order of the last bar but one closes at the
    last open, as its own test does.
    """
    last = len(bars) - 1 if flat_at_end else 0
    params = {"fast": fast, "slow": slow, "last_decision": last}
    return tw.backtest(Reversing, bars, params=params, cash=10_000, costs=costs, margin=OWN_MONEY, size_at="fill")


class TestBacktestingPy:
    """backtesting.py 0.6.6, `backtesting/test/_test.py`, `test_compute_stats`; GOOG daily, SMA 10/30."""

    @pytest.fixture
    def result(self, goog: tw.Bars) -> tw.Result:
        return reversing(goog, 10, 30)

    @pytest.mark.parametrize(
        ("key", "published"),
        [
            ("final_equity", 51_422.99),
            ("peak_equity", 75_787.44),
            ("total_return", 4.142299),
            ("max_drawdown", -0.4798012705),
            ("win_rate", 0.46969697),
            ("best_trade", 0.5359595229),
            ("worst_trade", -0.1839887354),
            ("profit_factor_returns", 2.16794597),
            ("profit_factor", 1.4778410021),
            ("sqn", 1.07661874),
            ("exposure", 0.9674115456),
            ("trades", 66),
        ],
    )
    def test_published_statistics(self, result: tw.Result, key: str, published: float) -> None:
        assert result.metrics[key] == pytest.approx(published, rel=5e-9)

    def test_sharpe_under_its_geometric_annualisation(self, result: tw.Result) -> None:
        """It compounds the geometric mean and the variance over 252 days; ours is mean × 252 over deviation × √252."""
        returns = result.equity["equity"].pct_change().to_numpy()[1:]
        growth = math.exp(np.log1p(returns).mean())
        spread = math.sqrt((returns.var(ddof=1) + growth**2) ** 252 - growth ** (2 * 252))
        assert (growth**252 - 1) / spread == pytest.approx(0.5806232, abs=5e-7)

    def test_without_the_order_it_closes_at_the_last_close(self, goog: tw.Bars) -> None:
        result = reversing(goog, 10, 30, flat_at_end=False)
        assert result.metrics["final_equity"] == cents(51_959.95)
        assert result.metrics["trades"] == 65
        finalized = tw.backtest(
            Reversing, goog, cash=10_000, costs=FREE, margin=OWN_MONEY, size_at="fill", finalize=True
        )
        assert finalized.metrics["final_equity"] == cents(51_959.95)
        assert finalized.metrics["trades"] == 66

    @pytest.mark.parametrize(
        ("fast", "slow", "final", "trades", "win_rate", "exposure", "sqn"),
        [
            (5, 25, 61_982.11, 89, 0.5056179775, 0.9692737430, 2.0491220024),
            (15, 50, 17_441.28, 40, 0.35, 0.9376163873, 0.4983354222),
        ],
    )
    def test_release_on_other_periods(  # noqa: PLR0917 - a row of the release's statistics
        self,
        goog: tw.Bars,
        fast: int,
        slow: int,
        final: float,
        trades: int,
        win_rate: float,
        exposure: float,
        sqn: float,
    ) -> None:
        """Confirmed by running the release with the same strategy."""
        metrics = reversing(goog, fast, slow).metrics
        assert metrics["final_equity"] == cents(final)
        assert metrics["trades"] == trades
        assert metrics["win_rate"] == exact(win_rate)
        assert metrics["exposure"] == exact(exposure)
        assert metrics["sqn"] == exact(sqn)

    @pytest.mark.parametrize(
        ("fast", "slow", "rate", "final", "trades", "commission"),
        [
            (10, 20, 0.002, 56_263.51934, 93, 10_563.95154),
            (5, 25, 0.002, 44_240.76662, 88, 8_733.34022),
            (20, 60, 0.001, 8_226.82877, 39, 741.60983),
        ],
    )
    def test_readme_strategy_with_a_commission_on_both_sides(  # noqa: PLR0917 - as above
        self, goog: tw.Bars, fast: int, slow: int, rate: float, final: float, trades: int, commission: float
    ) -> None:
        """The release's commissions leave out the entry fee of the trade still open; our total counts it."""
        result = reversing(goog, fast, slow, costs=charging(tw.Percent(rate)), flat_at_end=False)
        assert result.metrics["final_equity"] == pytest.approx(final, abs=1e-5)
        assert result.metrics["trades"] == trades
        assert result.trades["commission"].sum() == pytest.approx(commission, abs=1e-5)
        [held] = result.open_positions
        entry_fee = rate * abs(held.quantity) * held.average_price
        assert result.metrics["commission"] == pytest.approx(commission + entry_fee, abs=1e-5)

    def test_readme_strategy_with_entry_fee_of_the_open_trade(self, goog: tw.Bars) -> None:
        result = reversing(goog, 10, 20, costs=charging(tw.Percent(0.002)), flat_at_end=False)
        assert result.metrics["commission"] == pytest.approx(10_660.86, abs=0.005)

    def test_readme_strategy_as_published_with_a_marked_up_entry(self, goog: tw.Bars) -> None:
        """The README's 68935.12 is of a release that charged by worsening the entry price and nothing at the exit."""
        costs = charging(tw.NoCommission(), tw.EntryMarkup(20))
        result = reversing(goog, 10, 20, costs=costs, flat_at_end=False)
        assert result.metrics["final_equity"] == pytest.approx(68_935.1199, abs=5e-5)
        assert result.metrics["trades"] == 93


REVERSALS = [(5, 25), (8, 21), (10, 20), (15, 50), (20, 60), (3, 100)]


class TestReversingRule:
    """The rule behind those numbers, against a loop of its own."""

    @pytest.mark.parametrize("periods", REVERSALS)
    @pytest.mark.parametrize(("fee", "markup"), [(0.0, 0.0), (0.002, 0.0), (0.0, 0.002), (0.0007, 0.0)])
    def test_equity_bar_by_bar(self, goog: tw.Bars, periods: tuple[int, int], fee: float, markup: float) -> None:
        costs = charging(tw.Percent(fee), tw.EntryMarkup(markup * 10_000))
        result = reversing(goog, *periods, costs=costs, flat_at_end=False)
        expected = naive.reversing(*columns(goog), periods, fee=fee, markup=markup)
        np.testing.assert_allclose(result.equity["equity"].to_numpy(), expected.equity, rtol=1e-9)
        assert result.metrics["trades"] == len(expected.trades)
        assert result.metrics["commission"] == pytest.approx(expected.commission, rel=1e-9, abs=1e-9)

    @pytest.mark.parametrize("name", ["AAPL_1d_2004_2018_yahoo", "INTC_1d_1995_2004", "YHOO_1d_1996_2015"])
    def test_other_symbols(self, shared_data: Path, name: str) -> None:
        symbol = name.partition("_")[0]
        path = shared_data / f"daily/{name}.csv.gz"
        bars = tw.read_bars(path, symbol=symbol, calendar="XNAS", timeframe="1d", adjustment="split")
        for fee in (0.0, 0.001):
            result = reversing(bars, 10, 30, costs=charging(tw.Percent(fee)))
            expected = naive.reversing(*columns(bars), (10, 30), fee=fee, flat_at_end=True)
            np.testing.assert_allclose(result.equity["equity"].to_numpy(), expected.equity, rtol=1e-9)
            gains = [(leave / enter - 1) * np.sign(units) for enter, leave, units in expected.trades]
            assert result.metrics["trades"] == len(gains)
            if not fee:
                assert result.metrics["best_trade"] == exact(max(gains))
                assert result.metrics["worst_trade"] == exact(min(gains))
            assert result.metrics["max_drawdown"] == exact(naive.deepest_fall(expected.equity, 10_000.0))


# ---------------------------------------------------------------- small exact cases


class Once(tw.Strategy):
    """One order, decided on one date."""

    on = tw.Param("2012-10-17")
    stop = tw.Param(0.0)
    stop_loss = tw.Param(0.0)
    take_profit = tw.Param(0.0)
    units = tw.Param(1.0)

    def on_bar(self, ctx):
        if str(ctx.date) != self.on:
            return
        given = {"stop_price": self.stop, "stop_loss": self.stop_loss, "take_profit": self.take_profit}
        ctx.buy(self.units, **{name: price for name, price in given.items() if price})


BRACKET = {"on": "2004-09-09", "stop": 104.0, "stop_loss": 103.0, "take_profit": 110.0}


def fills_of(result: tw.Result) -> list[tuple[str, float, str]]:
    frame = result.fills
    days = frame["time"].dt.strftime("%Y-%m-%d")
    return list(zip(days, frame["price"].tolist(), frame["phase"].tolist(), strict=True))


class TestSmallCases:
    def test_target_gapped_through_pays_the_open(self) -> None:
        """Prices 1 1 1 2 4 1 2, cash 5000, 100 bought on bar 1, target 3: 1 → 4, commission 10 + 1 % each side."""
        prices = [1.0, 1.0, 1.0, 2.0, 4.0, 1.0, 2.0]
        days = [f"2024-01-0{number}" for number in range(1, 8)]
        table = {"date": days, **dict.fromkeys(("open", "high", "low", "close"), prices)}
        bars = tw.bars_from(table, symbol="ACME", calendar="24/7", timeframe="1d", volume="none")
        costs = charging(tw.Percent(0.01, per_order=10.0))
        params = {"on": "2024-01-01", "take_profit": 3.0, "units": 100.0}
        result = tw.backtest(Once, bars, params=params, cash=5_000, costs=costs)
        assert fills_of(result) == [("2024-01-02", 1.0, "open"), ("2024-01-05", 4.0, "open")]
        assert result.metrics["commission"] == exact(25.0)
        assert result.metrics["final_equity"] == exact(5_275.0)

    def test_stop_in_the_bar_of_its_entry(self, goog: tw.Bars) -> None:
        """backtesting.py, `test_stop_loss` and its kin: entered at the open, stopped inside the same bar."""
        result = tw.backtest(Once, goog, params={"on": "2012-10-17", "stop_loss": 720.0}, costs=FREE)
        assert fills_of(result) == [("2012-10-18", 755.54, "open"), ("2012-10-18", 720.0, "stop")]

    def test_stop_entry_with_legs_on_an_assumed_path(self, goog: tw.Bars) -> None:
        """backtesting.py takes it that the low of the entry bar came before the entry: `intrabar="ohlc"`."""
        result = tw.backtest(Once, goog, params=BRACKET, costs=FREE, intrabar="ohlc")
        assert fills_of(result) == [("2004-09-10", 104.0, "stop"), ("2004-09-14", 110.0, "limit")]

    def test_stop_entry_with_legs_by_default(self, goog: tw.Bars) -> None:
        """The low of that bar is 101.3 and may have come after the entry: by default the stop is taken as hit."""
        result = tw.backtest(Once, goog, params=BRACKET, costs=FREE)
        assert fills_of(result) == [("2004-09-10", 104.0, "stop"), ("2004-09-10", 103.0, "born")]


# ---------------------------------------------------------------- backtrader 1.9.78


class OneUnit(tw.Strategy):
    """One unit long while the close is above its average, entered and left on crossings."""

    period = tw.Param(15)

    def setup(self):
        self.price = self.use(ta.sma, "close", 1)
        self.average = self.use(ta.sma, "close", self.period)

    def on_bar(self, ctx):
        if not ctx.has_position():
            if self.price.crossed_above(self.average):
                ctx.buy(1)
        elif self.price.crossed_below(self.average):
            ctx.close_position()


@pytest.fixture(scope="module")
def stoxx(shared_data: Path) -> tw.Bars:
    instrument = tw.Equity("ESTX50", "XEUR", currency="EUR")
    path = shared_data / "daily/ESTX50_1d_2006.csv"
    return tw.read_bars(path, instrument=instrument, timeframe="1d", volume="none")


def as_future(bars: tw.Bars) -> tw.Bars:
    return bars.with_instrument(
        tw.Future("FESX", "XEUR", multiplier=10.0, margin=1_000.0, currency="EUR", has_volume=False)
    )


class TestBacktrader:
    """backtrader 1.9.78, `tests/test_strategy_unoptimized.py`; the other periods confirmed by running the release."""

    @pytest.mark.parametrize(
        ("period", "value", "cash", "buys", "sells"),
        [
            (15, 10_284.10, 6_164.16, 12, 11),
            (5, 10_219.24, 6_099.30, 33, 32),
            (10, 10_140.78, 6_020.84, 24, 23),
            (20, 10_111.94, 5_992.00, 12, 11),
            (30, 10_233.85, 6_113.91, 8, 7),
        ],
    )
    def test_paid_in_full(self, stoxx: tw.Bars, period: int, value: float, cash: float, buys: int, sells: int) -> None:
        result = tw.backtest(OneUnit, stoxx, params={"period": period}, cash=10_000, currency="EUR", costs=FREE)
        assert result.metrics["final_equity"] == cents(value)
        assert result.record.events["cash"][-1] == cents(cash)
        assert result.fills["side"].tolist().count("buy") == buys
        assert result.fills["side"].tolist().count("sell") == sells

    @pytest.mark.parametrize(
        ("period", "value", "free"),
        [
            (15, 12_795.00, 11_795.00),
            (5, 12_062.40, 11_062.40),
            (10, 11_313.80, 10_313.80),
            (20, 11_073.40, 10_073.40),
            (30, 12_308.50, 11_308.50),
        ],
    )
    def test_as_a_future(self, stoxx: tw.Bars, period: int, value: float, free: float) -> None:
        """Multiplier 10, margin 1,000, 2 a contract and side. Its "cash" is our `available`: what margin leaves."""
        seen: list[float] = []

        class Watched(OneUnit):
            def on_stop(self, ctx):
                seen.append(ctx.account.available)

        costs = charging(tw.PerShare(2.0))
        result = tw.backtest(
            Watched, as_future(stoxx), params={"period": period}, cash=10_000, currency="EUR", costs=costs
        )
        assert result.metrics["final_equity"] == cents(value)
        assert seen == [cents(free)]

    def test_first_fills(self, stoxx: tw.Bars) -> None:
        fills = tw.backtest(OneUnit, stoxx, cash=10_000, currency="EUR", costs=FREE).fills
        assert fills.loc[fills["side"] == "buy", "price"].tolist()[:3] == [3643.35, 3801.03, 3872.37]
        assert fills.loc[fills["side"] == "sell", "price"].tolist()[:3] == [3763.95, 3811.85, 3822.35]

    @pytest.mark.parametrize("period", [3, 8, 12, 25, 50])
    def test_rule_against_a_loop(self, stoxx: tw.Bars, period: int) -> None:
        opens, closes = columns(stoxx)
        paid = tw.backtest(OneUnit, stoxx, params={"period": period}, cash=10_000, currency="EUR", costs=FREE)
        expected = naive.one_unit(opens, closes, period)
        np.testing.assert_allclose(paid.equity["equity"].to_numpy(), expected.equity, rtol=1e-12)
        costs = charging(tw.PerShare(2.0))
        future = tw.backtest(
            OneUnit, as_future(stoxx), params={"period": period}, cash=10_000, currency="EUR", costs=costs
        )
        expected = naive.one_unit(opens, closes, period, multiplier=10.0, per_contract=2.0)
        np.testing.assert_allclose(future.equity["equity"].to_numpy(), expected.equity, rtol=1e-12)


# ---------------------------------------------------------------- pyalgotrade 0.20


class HeldAboveMean(tw.Strategy):
    """Ten shares while the close is above its average."""

    period = tw.Param(15)

    def setup(self):
        self.average = self.use(ta.sma, "close", self.period)

    def on_bar(self, ctx):
        if not ctx.has_position() and ctx.close() > self.average.value:
            ctx.buy(10)
        elif ctx.has_position() and ctx.close() < self.average.value:
            ctx.close_position()


class CrossingWithShare(tw.Strategy):
    """Ninety percent of the cash, in whole shares at the close, while above the average."""

    period = tw.Param(20)

    def setup(self):
        self.price = self.use(ta.sma, "close", 1)
        self.average = self.use(ta.sma, "close", self.period)

    def on_bar(self, ctx):
        if not ctx.has_position():
            if self.price.crossed_above(self.average):
                ctx.buy(ctx.cash * 0.9 // ctx.close())
        elif self.price.crossed_below(self.average):
            ctx.close_position()


ADJUSTED = {name: f"adj_{name}" for name in ("open", "high", "low", "close", "volume")}


def quandl(path: Path, symbol: str, calendar: str) -> tw.Bars:
    """The adjusted columns of a file that also has raw ones."""
    return tw.read_bars(
        path, symbol=symbol, calendar=calendar, timeframe="1d", columns=ADJUSTED, adjustment="full", actions="none"
    )


class TestPyalgotrade:
    """pyalgotrade 0.20: `samples/tutorial-5`, `testcases/doc_test.py`, `samples/sma_crossover.py`. No costs."""

    def test_ten_shares_above_the_average(self, shared_data: Path) -> None:
        bars = quandl(shared_data / "daily/ORCL_1d_2000_wiki_actions.csv", "ORCL", "XNAS")
        result = tw.backtest(HeldAboveMean, bars, cash=1_000, costs=FREE)
        assert result.metrics["final_equity"] == cents(974.87)
        first = fills_of(result)[:2]
        assert [(day, round(price, 2)) for day, price, _ in first] == [("2000-01-26", 25.84), ("2000-01-28", 23.45)]

    @pytest.mark.parametrize("period", [5, 10, 15, 30, 60])
    def test_ten_shares_against_a_loop(self, shared_data: Path, period: int) -> None:
        bars = quandl(shared_data / "daily/ORCL_1d_2000_wiki_actions.csv", "ORCL", "XNAS")
        result = tw.backtest(HeldAboveMean, bars, params={"period": period}, cash=1_000, costs=FREE)
        expected = naive.held_above_mean(*columns(bars), period, 10.0, 1_000.0)
        np.testing.assert_allclose(result.equity["equity"].to_numpy(), expected.equity, rtol=1e-12)

    @pytest.fixture
    def oracle(self, shared_data: Path) -> tw.Bars:
        """Open, high and low scaled by adjusted over raw close."""
        path = shared_data / "daily/ORCL_1d_2000_raw_adj.csv"
        return tw.read_bars(path, symbol="ORCL", calendar="XNAS", timeframe="1d", adjust="adj_close")

    def test_crossover_with_most_of_the_cash(self, oracle: tw.Bars) -> None:
        result = tw.backtest(CrossingWithShare, oracle, cash=1_000_000, costs=FREE, risk_free=0.05)
        assert result.metrics["final_equity"] == cents(1_295_462.60)
        assert result.metrics["sharpe"] == pytest.approx(0.70, abs=0.005)
        assert result.metrics["max_drawdown"] == pytest.approx(-0.2458, abs=5e-5)
        assert result.metrics["trades"] == 13

    @pytest.mark.parametrize("period", [5, 10, 20, 40])
    def test_crossover_against_a_loop(self, oracle: tw.Bars, period: int) -> None:
        params = {"period": period}
        result = tw.backtest(CrossingWithShare, oracle, params=params, cash=1_000_000, costs=FREE, risk_free=0.05)
        expected = naive.crossing_with_share(*columns(oracle), period, 1_000_000.0)
        np.testing.assert_allclose(result.equity["equity"].to_numpy(), expected.equity, rtol=1e-12)
        assert result.metrics["sharpe"] == exact(naive.sharpe(expected.equity, 1_000_000.0, 0.05))
        assert result.metrics["max_drawdown"] == exact(naive.deepest_fall(expected.equity, 1_000_000.0))

    def test_best_period_of_its_sample(self, shared_data: Path) -> None:
        bars = quandl(shared_data / "daily/AAPL_1d_2011_2012_wiki_actions.csv", "AAPL", "XNAS")
        result = tw.backtest(
            CrossingWithShare, bars, params={"period": 163}, cash=1_000_000, costs=FREE, risk_free=0.05
        )
        assert result.metrics["sharpe"] == pytest.approx(1.12, abs=0.005)


# ---------------------------------------------------------------- LEAN


class FirstBar(tw.Strategy):
    """One order on the first bar."""

    units = tw.Param(1.0)

    def on_bar(self, ctx):
        if len(ctx.get_last_n_bars(None, None, 2)) == 1:
            ctx.order(self.units)


class TestLean:
    """LEAN's regression algorithms; fees as it states them, no slippage."""

    def test_short_through_a_seven_for_one_split(self, shared_data: Path) -> None:
        """AAPL 2014-06-05 to 09, ledger: short 154 at the bid, 7:1 before the open of 06-09, marked at 93.70.

        LEAN keeps 0.28 of a share through rounding of its target and prints 98502.10; whole shares give 98500.58.
        """
        split = tw.Actions(np.array([np.datetime64("2014-06-09", "D").astype(int)]), np.array([7.0]))
        path = shared_data / "intraday/AAPL_1m_20140605_20140609_quotes.csv"
        with pytest.warns(UserWarning, match="left out"):
            bars = tw.read_bars(
                path, symbol="AAPL", calendar="XNAS", timeframe="1m", sessions="regular", volume="none", actions=split,
                columns={name: f"bid_{name}" for name in ("open", "high", "low", "close")},
            )  # fmt: skip
        result = tw.backtest(
            FirstBar, bars, params={"units": -154.0}, costs=charging(tw.PerTrade(1.0)), margin=tw.Margin()
        )
        [fill] = result.fills.itertuples()
        assert (fill.quantity, fill.price) == (154.0, 646.17)
        [held] = result.open_positions
        assert held.quantity == -1_078.0
        assert held.average_price == exact(646.17 / 7)
        cash = result.record.events["cash"][-1]
        assert cash + held.quantity * 93.70 == cents(98_500.58)
        assert result.metrics["final_equity"] == exact(cash + held.quantity * bars.close[-1])

    def test_bought_at_the_close_of_its_decision(self, shared_data: Path) -> None:
        """YESBANK 2019-07-09 to 11: LEAN fills a market order at the bar it was decided on, fee 6, marked at 93.30.

        Nobody trades at a close already known: our default fills at the next open, `fill_at="close"` must be asked for.
        """
        with pytest.warns(UserWarning, match="left out"):
            bars = tw.read_bars(
                shared_data / "india/YESBANK_1m_20190709_20190711.csv", timeframe="1m", sessions="regular",
                instrument=tw.Equity("YESBANK", "XNSE", calendar="XBOM", currency="INR"),
            )  # fmt: skip
        costs = charging(tw.PerTrade(6.0))
        result = tw.backtest(FirstBar, bars, currency="INR", fill_at="close", costs=costs)
        [fill] = result.fills.itertuples()
        assert (fill.price, fill.phase) == (94.85, "decision")
        assert result.metrics["final_equity"] == exact(99_992.45)
