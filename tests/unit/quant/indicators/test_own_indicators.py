"""Indicators that TA-Lib lacks, or whose convention is chosen here, beside plain loops and cases done by hand."""

import math

import numpy as np
import pytest

from tradewright.domain.errors import ConfigError
from tradewright.quant import indicators as ta

GAP = math.nan


@pytest.fixture(scope="module")
def bars():
    rng = np.random.default_rng(42)
    close = 100.0 + rng.normal(size=300).cumsum()
    high, low = close + rng.random(300), close - rng.random(300)
    return high, low, close, rng.integers(0, 50, 300).astype(np.float64)


def windows(values, period):
    return [values[end - period : end] for end in range(period, len(values) + 1)]


def test_vwap_starts_again_with_each_session():
    price, volume = np.array([10.0, 20.0, 30.0, 60.0]), np.array([1.0, 3.0, 2.0, 1.0])
    whole = ta.vwap(price, price, price, volume)
    by_session = ta.vwap(price, price, price, volume, session=np.array([7, 7, 8, 8]))
    np.testing.assert_allclose(whole, [10.0, 17.5, 130.0 / 6.0, 190.0 / 7.0])
    np.testing.assert_allclose(by_session, [10.0, 17.5, 30.0, 40.0])


def test_vwap_has_no_value_before_anything_traded_in_the_session():
    price = np.full(3, 5.0)
    np.testing.assert_array_equal(ta.vwap(price, price, price, np.array([0.0, 0.0, 2.0])), [GAP, GAP, 5.0])


def test_vwap_keeps_its_session_across_a_gap_in_the_prices():
    price, volume = np.array([10.0, np.nan, 30.0]), np.ones(3)
    np.testing.assert_array_equal(ta.vwap(price, price, price, volume, session=np.zeros(3)), [10.0, GAP, 30.0])


def test_rolling_vwap_has_no_value_over_a_window_without_volume():
    price = np.arange(1.0, 6.0)
    volume = np.array([1.0, 0.0, 0.0, 4.0, 4.0])
    np.testing.assert_array_equal(ta.rolling_vwap(price, price, price, volume, 2), [GAP, 1.0, GAP, 4.0, 4.5])


def test_donchian_leaves_the_current_bar_out_so_that_a_breakout_can_fire():
    high, low = np.array([3.0, 4.0, 5.0, 9.0]), np.array([1.0, 2.0, 2.5, 6.0])
    channel = ta.donchian(high, low, 2)
    np.testing.assert_array_equal(channel.upper, [GAP, GAP, 4.0, 5.0])
    np.testing.assert_array_equal(channel.lower, [GAP, GAP, 1.0, 2.0])
    np.testing.assert_array_equal(channel.middle, [GAP, GAP, 2.5, 3.5])


def test_no_close_breaks_out_of_a_donchian_channel_that_contains_its_own_bar(bars):
    high, low, close, _ = bars
    including = ta.donchian(high, low, 5, include_current=True)
    assert not np.any(close > including.upper)
    assert np.any(close > ta.donchian(high, low, 5).upper)


def test_keltner_is_an_ema_with_multiples_of_wilders_range(bars):
    high, low, close, _ = bars
    channel = ta.keltner(high, low, close, 20, 10, 1.5)
    np.testing.assert_allclose(channel.middle, ta.ema(close, 20))
    np.testing.assert_allclose(channel.upper - channel.middle, 1.5 * ta.atr(high, low, close, 10) + 0 * channel.middle)
    assert ta.keltner.first_valid(period=5, atr_period=30) == 30


def test_ichimoku_shows_the_cloud_computed_earlier_over_the_current_bar(bars):
    high, low, _, _ = bars
    cloud = ta.ichimoku(high, low)
    now, then = 200, 200 - 26

    def middle(end, period):
        span = slice(end - period + 1, end + 1)
        return (high[span].max() + low[span].min()) / 2.0

    assert cloud.conversion[now] == pytest.approx(middle(now, 9))
    assert cloud.base[now] == pytest.approx(middle(now, 26))
    assert cloud.span_a[now] == pytest.approx((middle(then, 9) + middle(then, 26)) / 2.0)
    assert cloud.span_b[now] == pytest.approx(middle(then, 52))


def test_ichimoku_without_displacement_shows_the_cloud_computed_now(bars):
    high, low, _, _ = bars
    cloud = ta.ichimoku(high, low, displacement=0)
    np.testing.assert_allclose(cloud.span_a, (cloud.conversion + cloud.base) / 2.0)


def supertrend_by_hand(high, low, close, period, multiplier):
    """Supertrend as Seban describes it: final bands, and the side that the close decides."""
    middle, width = (high + low) / 2.0, multiplier * ta.atr(high, low, close, period)
    upper, lower = middle + width, middle - width
    side = np.full(len(close), np.nan)
    for bar in range(period + 1, len(close)):
        if not (upper[bar] < upper[bar - 1] or close[bar - 1] > upper[bar - 1]):
            upper[bar] = upper[bar - 1]
        if not (lower[bar] > lower[bar - 1] or close[bar - 1] < lower[bar - 1]):
            lower[bar] = lower[bar - 1]
    side[period] = 1.0 if close[period] > middle[period] else -1.0
    for bar in range(period + 1, len(close)):
        broken = close[bar] > upper[bar] if side[bar - 1] < 0 else close[bar] < lower[bar]
        side[bar] = -side[bar - 1] if broken else side[bar - 1]
    return np.where(side > 0, lower, np.where(side < 0, upper, np.nan)), side


def test_supertrend_agrees_with_its_rule_bar_by_bar(bars):
    high, low, close, _ = bars
    line, side = supertrend_by_hand(high, low, close, 10, 3.0)
    result = ta.supertrend(high, low, close, 10, 3.0)
    agreed = np.flatnonzero(result.direction == side)[0]
    np.testing.assert_array_equal(result.direction[agreed:], side[agreed:])
    np.testing.assert_allclose(result.line[agreed:], line[agreed:])
    assert agreed < 40
    assert {-1.0, 1.0} == set(result.direction[10:])


def test_supertrend_lies_below_the_close_in_an_uptrend_and_above_it_otherwise(bars):
    high, low, close, _ = bars
    line, direction = ta.supertrend(high, low, close, 10, 3.0)
    assert np.all(line[direction > 0] <= close[direction > 0])
    assert np.all(line[direction < 0] >= close[direction < 0])


def test_beta_takes_the_benchmark_first():
    rng = np.random.default_rng(1)
    market = 0.01 * rng.normal(size=60)
    benchmark = 100.0 * np.cumprod(1.0 + market)
    asset = 50.0 * np.cumprod(1.0 + 2.0 * market)
    assert ta.beta(benchmark, asset, 20)[-1] == pytest.approx(2.0)


def wilders_average(values, period):
    average = np.full(len(values), np.nan)
    average[period - 1] = values[:period].mean()
    for bar in range(period, len(values)):
        average[bar] = (average[bar - 1] * (period - 1) + values[bar]) / period
    return average


def test_directional_movement_agrees_with_wilders_averages_once_the_start_has_faded(bars):
    high, low, close, _ = bars
    up, down = np.diff(high), -np.diff(low)
    plus, minus = np.where((up > down) & (up > 0), up, 0.0), np.where((down > up) & (down > 0), down, 0.0)
    width = wilders_average(ta.true_range(high, low, close)[1:], 14)
    plus_di, minus_di = (100.0 * wilders_average(move, 14) / width for move in (plus, minus))
    strength = 100.0 * np.abs(plus_di - minus_di) / (plus_di + minus_di)
    np.testing.assert_allclose(ta.plus_di(high, low, close)[220:], plus_di[219:], rtol=1e-4)
    np.testing.assert_allclose(ta.minus_di(high, low, close)[220:], minus_di[219:], rtol=1e-4)
    adx = wilders_average(strength[13:], 14)
    np.testing.assert_allclose(ta.adx(high, low, close)[220:], adx[219 - 13 :], rtol=1e-3)


def test_rsi_of_prices_that_never_moved_is_talibs_zero():
    assert ta.rsi(np.full(20, 7.0))[-1] == 0.0


def test_stochastic_rsi_and_williams_r_share_their_range(bars):
    high, low, close, _ = bars
    slow, of_rsi = ta.stochastic(high, low, close), ta.stoch_rsi(close)
    fast = ta.stochastic(high, low, close, 14, 1, 1)
    for line in (slow.k, slow.d, of_rsi.k, of_rsi.d):
        assert np.nanmin(line) >= -1e-9
        assert np.nanmax(line) <= 100.0 + 1e-9
    np.testing.assert_allclose(fast.k - 100.0, ta.williams_r(high, low, close, 14), atol=1e-9)


def test_returns_over_a_lag():
    close = np.array([100.0, 110.0, 99.0])
    np.testing.assert_allclose(ta.simple_returns(close), [GAP, 0.1, -0.1])
    np.testing.assert_allclose(ta.simple_returns(close, 2), [GAP, GAP, -0.01])
    np.testing.assert_allclose(ta.log_returns(close), [GAP, math.log(1.1), math.log(0.9)])


def test_returns_have_no_value_beside_a_price_that_is_not_positive():
    close = np.array([1.0, 0.0, 2.0])
    np.testing.assert_array_equal(ta.simple_returns(close), [GAP, -1.0, GAP])
    np.testing.assert_array_equal(ta.log_returns(close), [GAP, GAP, GAP])


def test_historical_volatility_is_the_annualised_sample_deviation_of_log_returns(bars):
    close = bars[2]
    expected = np.std(np.diff(np.log(close[-11:])), ddof=1) * math.sqrt(365.0)
    assert ta.historical_volatility(close, 10, 365.0)[-1] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("indicator", "statistic"),
    [
        (ta.rolling_mean, np.mean),
        (ta.rolling_sum, np.sum),
        (ta.rolling_min, np.min),
        (ta.rolling_max, np.max),
        (ta.rolling_median, np.median),
        (ta.rolling_std, lambda window: np.std(window, ddof=1)),
        (ta.rolling_quantile, lambda window: np.quantile(window, 0.5)),
        (ta.stddev, np.std),
        (ta.variance, np.var),
        (ta.rolling_skew, lambda w: np.mean((w - w.mean()) ** 3) / np.std(w) ** 3),
        (ta.rolling_kurtosis, lambda w: np.mean((w - w.mean()) ** 4) / np.var(w) ** 2),
        (ta.rolling_zscore, lambda w: (w[-1] - w.mean()) / np.std(w, ddof=1)),
        (ta.linear_regression_slope, lambda w: np.polyfit(range(len(w)), w, 1)[0]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
@pytest.mark.parametrize("period", [7, 20])
def test_rolling_statistics_agree_with_numpy_window_by_window(bars, indicator, statistic, period):
    close = bars[2]
    expected = [statistic(window) for window in windows(close, period)]
    np.testing.assert_allclose(indicator(close, period)[period - 1 :], expected, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("quantile", [0.0, 0.1, 0.37, 1.0])
def test_rolling_quantile_interpolates_as_numpy_does(bars, quantile):
    expected = [np.quantile(window, quantile) for window in windows(bars[2], 15)]
    np.testing.assert_allclose(ta.rolling_quantile(bars[2], 15, quantile)[14:], expected)


def test_rolling_statistics_do_not_depend_on_how_bars_fall_into_blocks(monkeypatch, bars):
    whole = ta.rolling_skew(bars[2], 20)
    monkeypatch.setattr("tradewright.quant.indicators.rolling.BLOCK_VALUES", 60)
    np.testing.assert_array_equal(ta.rolling_skew(bars[2], 20), whole)


@pytest.mark.parametrize("indicator", [ta.rolling_zscore, ta.rolling_skew, ta.rolling_kurtosis, ta.percent_b])
def test_a_window_that_does_not_vary_has_no_standardised_value(indicator):
    np.testing.assert_array_equal(indicator(np.full(6, 0.1), 3), np.full(6, GAP))


def test_percent_rank_counts_values_strictly_below():
    np.testing.assert_array_equal(ta.percent_rank(np.array([1.0, 2.0, 2.0, 3.0, 2.0]), 4), [GAP] * 4 + [25.0])


def test_a_quantile_outside_zero_to_one_is_refused():
    with pytest.raises(ConfigError, match=r"rolling_quantile cannot use quantile=1.5"):
        ta.rolling_quantile(np.ones(5), 2, 1.5)


def test_a_sample_deviation_of_one_value_is_refused():
    with pytest.raises(ConfigError, match="A deviation over 1 values cannot use ddof=1"):
        ta.rolling_std(np.ones(5), 1)


def test_a_small_spread_around_a_large_level_is_not_lost_to_cancellation():
    values = 1e6 + np.array([0.001, 0.002, 0.004, 0.003, 0.005])
    assert ta.rolling_std(values, 5)[-1] == pytest.approx(np.std(values, ddof=1), rel=1e-6)
