"""Published indicator series.

Stock.Indicators (Apache-2.0) on 502 daily bars of SPY, and StockCharts' ChartSchool tables as kept by `ta` (MIT).
Seeding: Wilder's averages and exponential averages begin with the simple average of their first `period` values in
TA-Lib and in Stock.Indicators, so RSI, ATR, EMA and Keltner agree at every bar. TA-Lib starts both averages of the MACD
at the same bar, so it agrees only once the start has faded. `ta` begins exponential averages with the very first value;
a flat lead-in before the prices gives TA-Lib that seed.
"""

import csv
import gzip

import numpy as np
import pytest

from tradewright.quant import indicators as ta


def read_columns(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {name: np.array([_number(row[name]) for row in rows]) for name in rows[0] if name}


def _number(text):
    try:
        return float(text) if text else np.nan
    except ValueError:
        return np.nan


@pytest.fixture(scope="module")
def spy(shared_data):
    return read_columns(shared_data / "daily" / "SI_default_502.csv")


@pytest.fixture(scope="module")
def oracle(shared_data):
    return lambda name: read_columns(shared_data / "oracles" / f"{name}.csv.gz")


def assert_agrees(values, expected, *, rel=1e-9, start=0):
    known = np.flatnonzero(~np.isnan(expected))
    known = known[known >= start]
    assert len(known) > 10
    np.testing.assert_allclose(values[known], expected[known], rtol=rel, atol=1e-9)


def first_value(values):
    return int(np.flatnonzero(~np.isnan(values))[0])


@pytest.mark.parametrize(("bar", "value"), [(14, 62.0541), (249, 70.9368), (501, 42.0773)])
def test_rsi_at_the_published_bars(spy, bar, value):
    assert ta.rsi(spy["close"], 14)[bar] == pytest.approx(value, abs=5e-5)


@pytest.mark.parametrize(("bar", "value"), [(14, 1.3364), (249, 1.3381), (501, 6.1497)])
def test_atr_at_the_published_bars(spy, bar, value):
    assert ta.atr(spy["high"], spy["low"], spy["close"], 14)[bar] == pytest.approx(value, abs=6e-5)


@pytest.mark.parametrize(("bar", "value"), [(29, 216.6228), (249, 255.3873), (501, 249.3519)])
def test_ema_at_the_published_bars(spy, bar, value):
    assert ta.ema(spy["close"], 20)[bar] == pytest.approx(value, abs=5e-5)


def test_macd_at_the_published_bar(spy):
    macd = ta.macd(spy["close"], 12, 26, 9)
    assert [line[249] for line in macd] == pytest.approx([2.2353, 2.3141, -0.0789], abs=6e-5)


def test_bollinger_at_the_published_bar(spy):
    bands = ta.bollinger(spy["close"], 20, 2.0)
    assert [bands.middle[249], bands.upper[249], bands.lower[249]] == pytest.approx(
        [255.55, 259.5642, 251.5358], abs=5e-5
    )


def test_rsi_agrees_with_stock_indicators_from_the_first_value_on(spy, oracle):
    expected = oracle("stock_indicators_rsi")["rsi"]
    values = ta.rsi(spy["close"], 14)
    assert first_value(values) == first_value(expected)
    assert_agrees(values, expected)


def test_true_range_atr_and_natr_agree_with_stock_indicators(spy, oracle):
    expected = oracle("stock_indicators_atr")
    bars = (spy["high"], spy["low"], spy["close"])
    assert first_value(ta.atr(*bars, 14)) == first_value(expected["atr"])
    assert_agrees(ta.true_range(*bars), expected["tr"])
    assert_agrees(ta.atr(*bars, 14), expected["atr"])
    assert_agrees(ta.natr(*bars, 14), expected["atrp"])


def test_ema_and_sma_agree_with_stock_indicators_from_the_first_value_on(spy, oracle):
    ema, sma = oracle("stock_indicators_ema")["ema"], oracle("stock_indicators_sma")["sma"]
    assert first_value(ema) == first_value(sma) == ta.ema.first_valid(period=20)
    assert_agrees(ta.ema(spy["close"], 20), ema)
    assert_agrees(ta.sma(spy["close"], 20), sma)


def test_bollinger_and_percent_b_agree_with_stock_indicators(spy, oracle):
    expected = oracle("stock_indicators_bb")
    bands = ta.bollinger(spy["close"], 20, 2.0)
    assert_agrees(bands.middle, expected["sma"])
    assert_agrees(bands.upper, expected["upperBand"])
    assert_agrees(bands.lower, expected["lowerBand"])
    assert_agrees(ta.percent_b(spy["close"], 20, 2.0), expected["percentB"], rel=1e-8)
    assert_agrees(ta.rolling_zscore(spy["close"], 20, ddof=0), expected["zScore"], rel=1e-8)


def test_donchian_agrees_with_stock_indicators_which_also_leaves_the_current_bar_out(spy, oracle):
    expected = oracle("stock_indicators_donchian")
    channel = ta.donchian(spy["high"], spy["low"], 20)
    assert first_value(channel.upper) == first_value(expected["upperBand"])
    assert_agrees(channel.upper, expected["upperBand"])
    assert_agrees(channel.middle, expected["centerline"])
    assert_agrees(channel.lower, expected["lowerBand"])


def test_keltner_agrees_with_stock_indicators(spy, oracle):
    expected = oracle("stock_indicators_keltner")
    channel = ta.keltner(spy["high"], spy["low"], spy["close"], 20, 10, 2.0)
    assert_agrees(channel.upper, expected["upperBand"])
    assert_agrees(channel.middle, expected["centerline"])
    assert_agrees(channel.lower, expected["lowerBand"])


def test_macd_agrees_with_stock_indicators_once_the_start_has_faded(spy, oracle):
    expected = oracle("stock_indicators_macd")
    macd = ta.macd(spy["close"], 12, 26, 9)
    assert abs(macd.macd[33] - expected["macd"][33]) > 1e-3
    np.testing.assert_allclose(macd.macd[150:], expected["macd"][150:], atol=1e-8)
    np.testing.assert_allclose(macd.signal[150:], expected["signal"][150:], atol=1e-8)
    np.testing.assert_allclose(macd.histogram[150:], expected["histogram"][150:], atol=1e-8)


def after_a_flat_lead_in(close, bars):
    return np.concatenate([np.full(bars, close[0]), close])


def test_rsi_agrees_with_chartschool_when_the_averages_begin_at_zero(oracle):
    table = oracle("chartschool_cs-rsi")
    values = ta.rsi(after_a_flat_lead_in(table["Close"], 14), 14)[14:]
    assert_agrees(values, table["RSI"], rel=1e-6)


def test_macd_agrees_with_chartschool_when_the_averages_begin_with_the_first_price(oracle):
    table = oracle("chartschool_cs-macd")
    lead_in = 60
    macd = ta.macd(after_a_flat_lead_in(table["Close"], lead_in), 12, 26, 9)
    assert_agrees(macd.macd[lead_in:], table["MACD_line"], rel=1e-7)
    # The table's signal line begins with a value from before its first row, which fades at 0.8 a bar.
    assert_agrees(macd.signal[lead_in:], table["MACD_signal"], rel=1e-7, start=90)


def test_bollinger_agrees_with_chartschool(oracle):
    table = oracle("chartschool_cs-bbands")
    bands = ta.bollinger(table["Close"], 20, 2.0)
    assert_agrees(bands.middle, table["MiddleBand"], rel=1e-6)
    assert_agrees(bands.upper, table["HighBand"], rel=1e-6)
    assert_agrees(bands.lower, table["LowBand"], rel=1e-6)
    assert_agrees(ta.stddev(table["Close"], 20), table["20-day Standard Deviation"], rel=1e-6)


def test_vwap_agrees_with_chartschool_which_cumulates_for_fourteen_bars_and_rolls_afterwards(oracle):
    table = oracle("chartschool_cs-vwap")
    bars = (table["High"], table["Low"], table["Close"], table["Volume"])
    assert_agrees(ta.vwap(*bars)[:14], table["vwap"][:14])
    assert_agrees(ta.rolling_vwap(*bars, 14)[13:], table["vwap"][13:])
