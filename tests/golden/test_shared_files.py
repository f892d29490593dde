"""Real files of every kind read as what they are."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.bars import Adjustment
from tradewright.domain.errors import BadRowsError, CalendarError, DataError
from tradewright.face.bars import DroppedRowsWarning, read_bars
from tradewright.marketdata.resample import resample

BID = {name: f"bid_{name}" for name in ("open", "high", "low", "close")}

FILES = {
    "daily/GOOG_1d_2004_2013.csv": (2148, 2148, {"calendar": "XNAS", "timeframe": "1d"}),
    "daily/SI_default_502.csv": (502, 502, {"calendar": "XNYS", "timeframe": "1d"}),
    "daily/ORCL_1d_1995_2014.csv.gz": (5036, 5036, {"calendar": "XNYS", "timeframe": "1d"}),
    "daily/YHOO_1d_1996_2015.csv.gz": (4965, 4965, {"calendar": "XNAS", "timeframe": "1d"}),
    "daily/ESTX50_1d_2006.csv": (255, 255, {"calendar": "XETR", "timeframe": "1d", "volume": "none"}),
    "india/CCCL_1d_2010_2011_raw.csv": (495, 495, {"calendar": "XNSE", "timeframe": "1d"}),
    "india/YESBANK_1m_20190709_20190711.csv": (
        1130,
        3,
        {"calendar": "XNSE", "timeframe": "1m", "sessions": "extended"},
    ),
    "india/NIFTY50_1m_20190101_20190102.csv": (
        755,
        2,
        {"calendar": "XNSE", "timeframe": "1m", "sessions": "extended", "volume": "none"},
    ),
    "intraday/AAPL_1m_20140605_20140609_trades.csv": (
        2303,
        3,
        {"calendar": "XNAS", "timeframe": "1m", "sessions": "extended"},
    ),
    "intraday/AAPL_1m_20140605_20140609_quotes.csv": (
        2512,
        3,
        {"calendar": "XNAS", "timeframe": "1m", "sessions": "extended", "columns": BID},
    ),
    "intraday/AIG_1m_20131004_20131011_trades.csv": (
        2558,
        6,
        {"calendar": "XNYS", "timeframe": "1m", "sessions": "extended"},
    ),
    "intraday/ESTX50_5m_200601.csv.gz": (
        2142,
        21,
        {"calendar": "XETR", "timeframe": "5m", "stamp": "end", "volume": "none"},
    ),
    "fx/EURUSD_1h_2017_2018.csv.gz": (5000, 211, {"calendar": "24/5", "timeframe": "1h"}),
    "fx/EURUSD_1m_20140501_20140509_bidask.csv.gz": (9552, 7, {"calendar": "24/5", "timeframe": "1m", "columns": BID}),
    "crypto/BTCUSDT_1d_2020_binance.csv": (366, 366, {"calendar": "24/7", "timeframe": "1d"}),
    "crypto/BTCUSD_1m_20200101_bitstamp.csv": (1440, 1, {"calendar": "24/7", "timeframe": "1m"}),
    "crypto/BTCUSD_1mo_2012_2024.csv": (156, 156, {"calendar": "24/7", "timeframe": "1mo"}),
    "crypto/ETHBTC_5m.csv.gz": (5760, 21, {"calendar": "24/7", "timeframe": "5m"}),
    "crypto/XRPETH_1m.csv.gz": (2469, 3, {"calendar": "24/7", "timeframe": "1m"}),
}


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file_reads_whole(shared_data, name):
    rows, sessions, said = FILES[name]
    bars = read_bars(shared_data / name, symbol="EURUSD", **said)
    assert (len(bars), len(bars.sessions.labels)) == (rows, sessions)


def test_a_daily_bar_is_complete_at_the_close_of_its_half_day(shared_data):
    bars = read_bars(shared_data / "daily/GOOG_1d_2004_2013.csv", symbol="GOOG", calendar="XNAS", timeframe="1d")
    labels = bars.labels().view("datetime64[ns]").astype("datetime64[D]")
    black_friday = int(np.flatnonzero(labels == np.datetime64("2012-11-23"))[0])
    assert str(bars.close_time.view("datetime64[ns]")[black_friday])[:16] == "2012-11-23T18:00"
    assert bars.close[black_friday] == 667.97


def test_stamps_at_bar_ends_open_one_timeframe_earlier(shared_data):
    bars = read_bars(
        shared_data / "intraday/ESTX50_5m_200601.csv.gz",
        symbol="ESTX50",
        calendar="XETR",
        timeframe="5m",
        stamp="end",
        volume="none",
    )
    times = [str(column.view("datetime64[ns]")[0])[:16] for column in (bars.open_time, bars.close_time)]
    assert times == ["2006-01-02T08:00", "2006-01-02T08:05"]


def test_the_same_file_read_as_bar_starts_says_what_to_pass(shared_data):
    with pytest.raises(CalendarError, match=r"Line 103 of .* 2006-01-02 16:30, lies outside .* or stamp='end'"):
        read_bars(
            shared_data / "intraday/ESTX50_5m_200601.csv.gz",
            symbol="ESTX50",
            calendar="XETR",
            timeframe="5m",
            volume="none",
        )


def test_pre_market_rows_are_refused_until_the_user_chooses(shared_data):
    file = shared_data / "intraday/IBM_1m_20131004_20131011_trades.csv"
    said = {"symbol": "IBM", "calendar": "XNYS", "timeframe": "1m"}
    with pytest.raises(CalendarError, match=r"sessions='extended'.*sessions='regular'"):
        read_bars(file, **said)
    with pytest.warns(DroppedRowsWarning):
        regular = read_bars(file, sessions="regular", **said)
    extended = read_bars(file, sessions="extended", **said)
    assert len(regular) < len(extended) == 2566
    assert np.array_equal(regular.sessions.labels, extended.sessions.labels)


def test_factor_file_gives_the_published_splits_and_dividends(shared_data):
    bars = read_bars(
        shared_data / "daily/AAPL_1d_1998_2021_raw.csv.gz",
        symbol="AAPL",
        calendar="XNAS",
        timeframe="1d",
        actions=shared_data / "daily/AAPL_factors.csv",
    )
    splits = bars.actions.split_days.astype("datetime64[D]").astype(str).tolist()
    assert dict(zip(splits, bars.actions.split_ratios.tolist(), strict=True)) == {
        "2000-06-21": 2.0,
        "2005-02-28": 2.0,
        "2014-06-09": 7.0,
        "2020-08-31": 4.0,
    }
    dividends = dict(
        zip(bars.actions.dividend_days.astype("datetime64[D]").astype(str), bars.actions.dividends, strict=True)
    )
    assert dividends["2012-08-09"] == pytest.approx(2.65, abs=1e-4)
    assert dividends["2014-08-07"] == pytest.approx(0.47, abs=1e-4)


def test_factors_turn_raw_closes_into_adjusted_ones(shared_data):
    said = {"symbol": "AAPL", "calendar": "XNAS", "timeframe": "1d"}
    raw = read_bars(
        shared_data / "daily/AAPL_1d_1998_2021_raw.csv.gz", actions=shared_data / "daily/AAPL_factors.csv", **said
    )
    adjusted = read_bars(shared_data / "daily/AAPL_1d_1998_2021_adjusted.csv.gz", adjustment="full", **said)
    days = raw.sessions.labels
    factor = np.ones(len(days))
    for at, ratio in zip(raw.actions.split_days, raw.actions.split_ratios, strict=True):
        factor[days < at] /= ratio
    for at, cash in zip(raw.actions.dividend_days, raw.actions.dividends, strict=True):
        before = np.flatnonzero(days < at)
        factor[before] *= 1 - cash / raw.close[before[-1]]
    # The factor file is rounded to seven digits, and its last dividends lie after the last bar.
    ratio = raw.close * factor / adjusted.close
    assert np.ptp(ratio) < 2e-3


def test_action_columns_become_actions_of_raw_bars_only(shared_data):
    file = shared_data / "daily/ORCL_1d_2000_wiki_actions.csv"
    said = {"symbol": "ORCL", "calendar": "XNAS", "timeframe": "1d"}
    raw = read_bars(file, **said)
    assert raw.actions.split_days.astype("datetime64[D]").astype(str).tolist() == ["2000-01-19", "2000-10-13"]
    assert raw.actions.split_ratios.tolist() == [2.0, 2.0]
    assert read_bars(file, actions="none", **said).actions.is_empty
    columns = {name: f"adj_{name}" for name in ("open", "high", "low", "close", "volume")}
    assert read_bars(file, columns=columns, adjustment="full", **said).actions.is_empty


def test_actions_of_prices_that_contain_them_are_refused(shared_data):
    with pytest.raises(DataError, match=r"already contain their corporate actions"):
        read_bars(
            shared_data / "daily/AAPL_1d_1998_2021_adjusted.csv.gz",
            symbol="AAPL",
            calendar="XNAS",
            timeframe="1d",
            adjustment="full",
            actions=shared_data / "daily/AAPL_factors.csv",
        )


def test_adjusting_scales_by_adjusted_close_over_close(shared_data):
    file = shared_data / "daily/ORCL_1d_2000_raw_adj.csv"
    said = {"symbol": "ORCL", "calendar": "XNAS", "timeframe": "1d"}
    raw, adjusted = read_bars(file, **said), read_bars(file, adjust="adj_close", **said)
    assert adjusted.close[0] == 28.87
    assert adjusted.open[0] == pytest.approx(124.62 * 28.87 / 118.12)
    assert adjusted.adjustment is Adjustment.FULL
    assert np.array_equal(adjusted.volume, raw.volume)


def test_files_with_real_bad_rows_are_refused_or_read_without_them(shared_data):
    for file in sorted((shared_data / "universe_djia").glob("*.csv.gz")):
        said = {"symbol": file.name.split("_")[0], "calendar": "XNYS", "timeframe": "1d"}
        with pytest.raises(BadRowsError) as caught:
            read_bars(file, **said)
        with pytest.warns(DroppedRowsWarning):
            bars = read_bars(file, bad_rows="drop", **said)
        assert 2200 < len(bars) + len(caught.value.rows) <= 2265


def test_minutes_of_the_regular_session_add_up_to_one_day(shared_data):
    with pytest.warns(DroppedRowsWarning):
        bars = read_bars(
            shared_data / "intraday/AAPL_1m_20140605_20140609_trades.csv",
            symbol="AAPL",
            calendar="XNAS",
            timeframe="1m",
            sessions="regular",
        )
    days = resample(bars, "1d")
    assert len(days) == 3
    assert days.volume.sum() == bars.volume.sum()
    assert str(days.close_time.view("datetime64[ns]")[0])[:16] == "2014-06-05T20:00"
