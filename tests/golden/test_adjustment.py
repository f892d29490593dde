"""Adjusted prices against those that others published of the same stocks.

Sources: LEAN's raw and adjusted daily files with its factor file; Quandl's WIKI tables, which carry unadjusted and
adjusted columns side by side; LEAN's NSE sample; the example in Yahoo's "What is the adjusted close?".
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.timed_bars import day

import tradewright as tw
from tradewright.domain.bars import Actions, Bars
from tradewright.marketdata.adjust import adjust
from tradewright.marketdata.resample import resample

PRICES = ("open", "high", "low", "close")
APPLE = {"symbol": "AAPL", "calendar": "XNAS", "timeframe": "1d"}


@pytest.fixture(scope="module")
def apple(shared_data):
    file = shared_data / "daily/AAPL_1d_1998_2021_raw.csv.gz"
    return tw.read_bars(file, actions=shared_data / "daily/AAPL_factors.csv", **APPLE)


@pytest.fixture(scope="module")
def published(shared_data):
    return tw.read_bars(shared_data / "daily/AAPL_1d_1998_2021_adjusted.csv.gz", adjustment="full", **APPLE)


def exact_shares(labels: np.ndarray) -> np.ndarray:
    """Apple's shares of 2021 for one of each date: 2:1 in 2000 and 2005, 7:1 in 2014, 4:1 in 2020."""
    steps = {"2000-06-21": 2, "2005-02-28": 2, "2014-06-09": 7, "2020-08-31": 4}
    return np.prod([np.where(labels < day(date), ratio, 1) for date, ratio in steps.items()], axis=0)


class TestTwentyThreeYearsOfApple:
    """Four splits and 35 dividends.

    The published file prints six decimals, of prices that begin at 0.10, and was made with split factors printed to six
    digits (0.0178571 for 1/56). Freed of the latter, and but for half a unit of the sixth decimal, all agree.
    """

    @pytest.fixture
    def rounding(self, published):
        printed = {112: 0.00892857, 56: 0.0178571, 28: 0.0357143, 4: 0.25, 1: 1.0}
        shares = exact_shares(published.sessions.labels)
        return np.array([1.0 / (count * printed[int(count)]) for count in shares])

    @pytest.mark.parametrize("name", PRICES)
    def test_every_price_is_the_published_one_to_a_millionth(self, apple, published, rounding, name):
        adjusted, expected = getattr(adjust(apple, "full"), name), getattr(published, name) * rounding
        assert len(adjusted) == 5849
        assert (np.abs(adjusted - expected) <= 1e-6 * expected + 0.51e-6).all()

    def test_every_volume_is_the_published_one(self, apple, published, rounding):
        expected = published.volume / rounding
        assert adjust(apple, "full").volume == pytest.approx(expected, rel=1e-7)

    @pytest.mark.parametrize("name", PRICES)
    def test_the_printed_factors_give_the_published_prices_as_they_are(self, apple, published, shared_data, name):
        adjusted = tw.adjust_bars(apple, "full", factors=shared_data / "daily/AAPL_factors.csv")
        # Half a unit of the sixth decimal is what the file rounds away.
        assert np.abs(getattr(adjusted, name) - getattr(published, name)).max() < 0.51e-6

    def test_the_printed_factors_give_the_published_volumes(self, apple, published, shared_data):
        adjusted = tw.adjust_bars(apple, "full", factors=shared_data / "daily/AAPL_factors.csv")
        assert np.abs(adjusted.volume - published.volume).max() <= 0.5

    def test_the_last_bar_is_as_it_was_traded(self, apple):
        assert adjust(apple, "full").bar(len(apple) - 1) == apple.bar(len(apple) - 1)

    def test_dividends_of_split_adjusted_bars_are_per_share_of_today(self, apple):
        """Apple paid 2.65 in August 2012, 28 shares of 2021 ago."""
        actions = adjust(apple, "split").actions
        paid = dict(zip(actions.dividend_days.tolist(), actions.dividends.tolist(), strict=True))
        assert paid[day("2012-08-09")] == pytest.approx(2.65 / 28, rel=1e-4)

    def test_a_year_holds_the_same_return_however_it_is_cut(self, apple):
        whole, year = adjust(apple, "full"), adjust(apple.rows(3500, 3760), "full")
        ratio = whole.close[3500:3760] / year.close
        assert ratio == pytest.approx(np.full(260, ratio[-1]), rel=1e-12)


class TestWikiTables:
    """Splits agree to the printed digits.

    WIKI multiplies by close / (close + cash) of the day of the dividend instead of (close - cash) / close of the day
    before: the two differ by the dividend's share of the price times the day's move, up to 2 parts in 10,000 here.
    """

    @staticmethod
    def both(shared_data, file: str) -> tuple[Bars, Bars, Bars]:
        said = {"symbol": file[:4], "calendar": "XNAS", "timeframe": "1d"}
        columns = {name: f"adj_{name}" for name in (*PRICES, "volume")}
        raw = tw.read_bars(shared_data / "daily" / file, **said)
        theirs = tw.read_bars(shared_data / "daily" / file, columns=columns, adjustment="full", **said)
        return raw, adjust(raw, "full"), theirs

    @pytest.mark.parametrize(
        ("file", "tolerance"),
        [
            ("ORCL_1d_2000_wiki_actions.csv", 1e-9),
            ("ORCL_1d_2011_wiki_actions.csv", 5e-5),
            ("AAPL_1d_2011_2012_wiki_actions.csv", 2e-4),
        ],
    )
    def test_prices_are_theirs_but_for_the_scale_of_the_last_day(self, shared_data, file, tolerance):
        _, ours, theirs = self.both(shared_data, file)
        for name in PRICES:
            ratio = getattr(theirs, name) / getattr(ours, name)
            assert ratio == pytest.approx(np.full(len(ratio), ratio[-1]), rel=tolerance)

    @pytest.mark.parametrize("file", ["ORCL_1d_2000_wiki_actions.csv", "AAPL_1d_2011_2012_wiki_actions.csv"])
    def test_volumes_are_theirs(self, shared_data, file):
        _, ours, theirs = self.both(shared_data, file)
        ratio = theirs.volume / ours.volume
        assert ratio == pytest.approx(np.full(len(ratio), ratio[-1]), rel=1e-6)

    def test_their_steps_are_those_of_their_convention(self, shared_data):
        """So the difference is theirs and ours by definition, and no error of either."""
        raw, _, theirs = self.both(shared_data, "AAPL_1d_2011_2012_wiki_actions.csv")
        factor = theirs.close / raw.close
        for paid_on, cash in zip(raw.actions.dividend_days, raw.actions.dividends, strict=True):
            row = int(np.searchsorted(raw.sessions.labels, paid_on))
            assert factor[row - 1] / factor[row] == pytest.approx(raw.close[row] / (raw.close[row] + cash), rel=1e-8)


class TestIndia:
    """CCCL by LEAN's factor file: 5:1 on 2010-02-10, dividends on 2010-06-16 and 2011-06-16.

    A row's factors hold for the dates after the row before it up to its own, so a step shows the session after.
    """

    FACTORS = (("2010-01-04", 0.9800619, 0.2), ("2010-02-09", 0.9800619, 0.2), ("2010-06-15", 0.9800619, 1),
               ("2011-06-15", 0.9856115, 1), ("2050-12-31", 1, 1))  # fmt: skip

    @pytest.fixture
    def stock(self, shared_data, tmp_path):
        file = shared_data / "india/CCCL_1d_2010_2011_raw.csv"
        closes = {line[:10]: line.split(",")[4] for line in file.read_text().splitlines()[1:]}
        rows = [f"{date},{price},{split},{closes.get(date, 0)}" for date, price, split in self.FACTORS]
        factors = tmp_path / "CCCL_factors.csv"
        factors.write_text("\n".join(("timestamp,price_factor,split_factor,reference_price", *rows)))
        return tw.read_bars(file, symbol="CCCL", exchange="XNSE", timeframe="1d", actions=factors)

    def test_the_split_and_the_dividends_are_found(self, stock):
        assert stock.actions.split_days.tolist() == [day("2010-02-10")]
        assert stock.actions.split_ratios.tolist() == [5.0]
        assert stock.actions.dividend_days.tolist() == [day("2010-06-16"), day("2011-06-16")]

    def test_every_price_is_multiplied_by_the_published_factors(self, stock):
        ends = [day(date) for date, _, _ in self.FACTORS]
        row = np.searchsorted(ends, stock.sessions.labels)
        factor = np.array([price * split for _, price, split in self.FACTORS])[row]
        for name in PRICES:
            assert getattr(adjust(stock, "full"), name) == pytest.approx(getattr(stock, name) * factor, rel=1e-9)

    def test_the_day_of_the_split_is_no_crash(self, stock):
        row = int(np.searchsorted(stock.sessions.labels, day("2010-02-10")))
        split = adjust(stock, "split")
        assert stock.open[row] / stock.close[row - 1] == pytest.approx(0.2, rel=0.01)
        assert split.open[row] / split.close[row - 1] == pytest.approx(1, rel=0.01)


@pytest.fixture(scope="module")
def minutes(shared_data):
    return tw.read_bars(
        shared_data / "intraday/AAPL_1m_20140605_20140609_trades.csv",
        instrument=tw.Equity("AAPL", "XNAS", fractional=True),
        timeframe="1m",
        sessions="extended",
        actions=shared_data / "daily/AAPL_factors.csv",
    )


def over_the_weekend(ctx, units: float = 20.0):
    """Buy in the afternoon of Friday the 6th, sell half of it on Monday."""
    now = ctx.timestamp.strftime("%m-%dT%H:%M")
    if now == "06-06T19:00":
        ctx.buy(units)
    if now == "06-09T15:00":
        ctx.sell(ctx.position().quantity / 2)


@pytest.fixture(scope="module")
def runs(minutes):
    said = {"costs": tw.Costs(participation=1.0), "cash": 20_000.0}
    raw = tw.backtest(over_the_weekend, minutes, params={"units": 20.0}, **said)
    return raw, tw.backtest(over_the_weekend, adjust(minutes, "split"), params={"units": 140.0}, **said)


class TestAppleByTheMinute:
    """7:1 before the open of 2014-06-09, in one-minute bars from four in the morning to eight in the evening."""

    def test_the_weekend_is_no_jump(self, minutes):
        """From close to close: the source opens Monday's first minute with a print at the old price, 645.57."""
        monday = int(minutes.sessions.first_rows[-1])
        split = adjust(minutes, "split")
        assert minutes.close[monday] / minutes.close[monday - 1] == pytest.approx(1 / 7, rel=0.01)
        assert split.close[monday] / split.close[monday - 1] == pytest.approx(1, rel=0.01)
        assert split.volume[monday - 1] == 7 * minutes.volume[monday - 1]
        assert split.close[monday:].tolist() == minutes.close[monday:].tolist()

    def test_days_of_adjusted_minutes_are_adjusted_days(self, minutes):
        one = resample(adjust(minutes, "split"), "1d", keep_incomplete=True)
        other = adjust(resample(minutes, "1d", keep_incomplete=True), "split")
        assert one.fingerprint == other.fingerprint

    def test_a_position_held_over_the_split_is_seven_times_as_large(self, runs):
        assert [run.open_positions[0].quantity for run in runs] == [70.0, 70.0]

    def test_the_trades_are_the_same_on_unadjusted_and_on_adjusted_bars(self, runs):
        raw, adjusted = (run.trades for run in runs)
        for name in ("entry_time", "exit_time", "quantity"):
            assert raw[name].tolist() == adjusted[name].tolist()
        for name in ("exit_price", "net", "return"):
            assert raw[name].to_numpy(float) == pytest.approx(adjusted[name].to_numpy(float), rel=1e-9)

    def test_the_equity_is_the_same_on_unadjusted_and_on_adjusted_bars(self, runs):
        raw, adjusted = (np.asarray(run.record.equity) for run in runs)
        assert raw == pytest.approx(adjusted, rel=1e-9)
        assert np.abs(np.diff(raw) / raw[:-1]).max() < 0.02


def test_yahoos_own_example():
    """0.08 a share on 2003-02-19 after a close of 24.96: data before are multiplied by 0.9968."""
    price = [24.96, 24.53]
    frame = {"date": ["2003-02-18", "2003-02-19"], "open": price, "high": price, "low": price, "close": price}
    paid = Actions(dividend_days=np.array([day("2003-02-19")]), dividends=np.array([0.08]))
    bars = tw.bars_from(frame | {"volume": [1.0, 1.0]}, symbol="X", calendar="XNYS", timeframe="1d", actions=paid)
    assert tw.adjust_bars(bars, "full").close[0] / 24.96 == pytest.approx(0.9968, abs=5e-5)
