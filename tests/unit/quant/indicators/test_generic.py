"""TA-Lib's functions by TA-Lib's names."""

import numpy as np
import pytest

from tradewright.domain.errors import ConfigError
from tradewright.quant import indicators as ta

CLOSE = 100.0 + np.random.default_rng(8).normal(size=120).cumsum()


def test_a_function_by_name_knows_its_inputs_and_warmup():
    trendline = ta.talib("HT_TRENDLINE")
    assert trendline.inputs == ("close",)
    assert trendline.first_valid() == 63
    assert np.isfinite(trendline(CLOSE)[63:]).all()


def test_parameters_keep_the_names_and_order_of_talib():
    bands = ta.talib("BBANDS")
    assert list(bands.parameters) == ["timeperiod", "nbdevup", "nbdevdn", "matype"]
    by_name, by_position = bands(CLOSE, timeperiod=10, nbdevdn=1.0), bands(CLOSE, 10, 2.0, 1.0)
    np.testing.assert_array_equal(by_name.lowerband, by_position.lowerband)
    assert bands.first_valid(timeperiod=10) == 9


def test_several_outputs_are_a_named_tuple():
    assert ta.talib("MINMAX")(CLOSE, 5)._fields == ("min", "max")


def test_a_function_by_name_gives_the_numbers_of_the_named_one():
    np.testing.assert_array_equal(ta.talib("SMA")(CLOSE, 10), ta.sma(CLOSE, 10))


def wrapped_one_to_one():
    for name in ta.__all__:
        indicator = getattr(ta, name)
        function = getattr(indicator, "source", "").removeprefix("TA-Lib ")
        if function.isupper() and len(ta.talib(function).parameters) == len(indicator.parameters):
            yield pytest.param(indicator, ta.talib(function), id=name)


@pytest.mark.parametrize(("indicator", "function"), list(wrapped_one_to_one()))
def test_a_named_indicator_is_the_function_its_source_names(indicator, function):
    assert function.inputs in (indicator.inputs, ("high", "low"))
    rng = np.random.default_rng(6)
    columns = [CLOSE + rng.random(120) for _ in indicator.inputs]
    named, by_name = indicator(*columns), function(*columns, *indicator.parameters.values())
    np.testing.assert_array_equal(np.asarray(named), np.asarray(by_name))


def test_named_indicators_with_fewer_parameters_fix_the_others():
    high, low = CLOSE + 1.0, CLOSE - 1.0
    np.testing.assert_array_equal(ta.ppo(CLOSE, 5, 9), ta.talib("PPO")(CLOSE, 5, 9, matype=1))
    np.testing.assert_array_equal(ta.bollinger(CLOSE, 9, 1.5), ta.talib("BBANDS")(CLOSE, 9, 1.5, 1.5))
    np.testing.assert_array_equal(ta.variance(CLOSE, 9), ta.talib("VAR")(CLOSE, 9, 1.0))
    np.testing.assert_array_equal(
        ta.stochastic(high, low, CLOSE, 9, 4, 5),
        ta.talib("STOCH")(high, low, CLOSE, fastk_period=9, slowk_period=4, slowd_period=5),
    )
    np.testing.assert_array_equal(
        ta.stoch_rsi(CLOSE, 9, 7, 5), ta.talib("STOCHRSI")(CLOSE, 9, fastk_period=7, fastd_period=5)
    )


def test_candlestick_patterns_are_missing_before_their_lookback_instead_of_zero():
    doji = ta.talib("CDLDOJI")
    values = doji(CLOSE, CLOSE, CLOSE, CLOSE)
    assert np.isnan(values[: doji.first_valid()]).all()
    assert set(values[doji.first_valid() :]) <= {0.0, 100.0}


def test_asking_twice_gives_the_same_indicator():
    assert ta.talib("T3") is ta.talib("T3")


def test_an_unknown_name_is_refused():
    with pytest.raises(ConfigError, match=r"TA-Lib has no function 'sma'\. Names are in capitals"):
        ta.talib("sma")


def test_positions_counted_from_the_first_bar_are_refused():
    with pytest.raises(ConfigError, match="MAXINDEX counts from the first bar"):
        ta.talib("MAXINDEX")
