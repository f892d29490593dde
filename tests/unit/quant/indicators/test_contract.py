"""What the decorator promises: metadata, refusals in one sentence, gaps, and a light import."""

import pickle
import subprocess
import sys

import numpy as np
import pytest

from tradewright.domain.errors import ConfigError, DataError
from tradewright.quant import indicators as ta

CLOSE = np.array([1.0, 2.0, 4.0, 7.0, 11.0])


def test_importing_the_indicators_imports_neither_talib_nor_pandas():
    code = (
        "import sys; import tradewright.quant.indicators; "
        "print(sorted({'talib', 'pandas', 'polars'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_indicator_says_where_its_inputs_come_from():
    assert ta.atr.inputs == ("high", "low", "close")
    assert ta.vwap.optional_inputs == ("session",)
    assert ta.macd.parameters == {"fast": 12, "slow": 26, "signal": 9}
    assert ta.macd.outputs == ("macd", "signal", "histogram")
    assert ta.sma.outputs == ("value",)
    assert ta.sma.source == "TA-Lib SMA"


def test_an_indicator_stays_an_ordinary_function():
    assert ta.sma.__name__ == "sma"
    assert ta.sma.__doc__.startswith("Return the simple moving average")
    assert pickle.loads(pickle.dumps(ta.sma)) is ta.sma  # noqa: S301 - our own bytes


def test_first_valid_uses_the_defaults_for_what_is_not_given():
    assert ta.sma.first_valid() == 29
    assert ta.sma.first_valid(period=5) == 4
    assert ta.macd.first_valid(signal=1) == 25


def test_first_valid_refuses_an_unknown_parameter():
    with pytest.raises(ConfigError, match=r"sma has no parameter 'length'\. It takes period"):
        ta.sma.first_valid(length=3)


def test_the_second_positional_argument_is_the_period():
    np.testing.assert_array_equal(ta.sma(CLOSE, 2), [np.nan, 1.5, 3.0, 5.5, 9.0])


def test_inputs_may_be_named_and_need_not_be_arrays():
    np.testing.assert_array_equal(ta.sma(close=[1, 2, 4], period=2), [np.nan, 1.5, 3.0])


def test_fewer_bars_than_the_warmup_give_gaps():
    np.testing.assert_array_equal(ta.sma(CLOSE, 6), np.full(5, np.nan))


def test_a_gap_restarts_the_average_behind_it():
    broken = np.array([1.0, 2.0, np.nan, 7.0, 11.0])
    np.testing.assert_array_equal(ta.sma(broken, 2), [np.nan, 1.5, np.nan, np.nan, 9.0])


def test_a_gap_in_one_column_is_a_gap_for_all():
    high = np.array([2.0, 3.0, np.inf, 8.0])
    np.testing.assert_array_equal(ta.median_price(high, np.ones(4)), [1.5, 2.0, np.nan, 4.5])


def test_values_whose_sum_overflows_are_not_gaps():
    large = np.array([1e308, 1e308, 1e308])
    np.testing.assert_array_equal(ta.rolling_max(large, 2), [np.nan, 1e308, 1e308])


def test_outputs_of_a_chain_begin_where_both_warmups_end():
    chained = ta.sma(ta.momentum(CLOSE, 1), 2)
    np.testing.assert_array_equal(chained, [np.nan, np.nan, 1.5, 2.5, 3.5])


@pytest.mark.parametrize("period", [0, -1, 2.5, "10", None])
def test_a_period_that_is_no_whole_number_from_one_on_is_refused(period):
    with pytest.raises(ConfigError, match="sma cannot use period="):
        ta.sma(CLOSE, period)


def test_a_numpy_integer_is_a_whole_number():
    assert ta.sma(CLOSE, np.int64(5))[-1] == 5.0


@pytest.mark.parametrize("call", [lambda: ta.rsi(CLOSE, 1), lambda: ta.rsi.first_valid(period=1)])
def test_a_period_that_talib_refuses_is_a_config_error(call):
    with pytest.raises(ConfigError, match="TA-Lib's RSI does not accept the parameters"):
        call()


def test_a_parameter_that_is_no_number_is_a_config_error():
    with pytest.raises(ConfigError, match="TA-Lib's BBANDS does not accept the parameters"):
        ta.bollinger.first_valid(deviations="wide")


def test_columns_of_different_length_are_refused_by_name():
    with pytest.raises(DataError, match="atr needs columns of equal length, got high 5, low 5, close 3"):
        ta.atr(CLOSE, CLOSE, CLOSE[:3])


def test_a_table_is_refused_where_a_column_is_needed():
    with pytest.raises(DataError, match=r"sma needs 'close' as one column, but its shape is \(2, 2\)"):
        ta.sma(np.ones((2, 2)))


def test_text_is_refused_where_numbers_are_needed():
    with pytest.raises(DataError, match="sma cannot read 'close' as numbers"):
        ta.sma(["a", "b"])


def test_a_missing_column_is_a_type_error_as_for_any_function():
    with pytest.raises(TypeError, match="missing a required argument: 'low'"):
        ta.atr(CLOSE)


def test_a_function_of_ones_own_follows_the_same_rules():
    @ta.indicator("close", warmup=lambda period: period)
    def change(close, period: int = 1):
        values = np.full(len(close), np.nan)
        values[period:] = close[period:] - close[:-period]
        return values

    assert change.first_valid(period=3) == 3
    np.testing.assert_array_equal(change([1, 2, np.nan, 5, 9]), [np.nan, 1.0, np.nan, np.nan, 4.0])
    with pytest.raises(ConfigError, match="change cannot use period=0"):
        change(CLOSE, 0)
