"""What holds for every indicator: length, warm-up, no look-ahead, inputs left alone, gaps start a new history."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewright.quant import indicators as ta
from tradewright.quant.indicators.contract import specification_of

INDICATORS = {name: getattr(ta, name) for name in ta.__all__ if hasattr(getattr(ta, name), "first_valid")}
SMALLEST = {"ddof": 0, "displacement": 0, "lag": 1}
EXAMPLES = settings(max_examples=12, deadline=None, derandomize=True)

every_indicator = pytest.mark.parametrize("indicator", INDICATORS.values(), ids=INDICATORS.keys())


def market(seed, bars):
    """Columns of a random walk without a repeated price, every input any indicator asks for."""
    rng = np.random.default_rng(seed)
    close = 100.0 + rng.normal(size=bars).cumsum()
    open_ = close + 0.3 * rng.normal(size=bars)
    high = np.maximum(open_, close) + rng.random(bars)
    low = np.minimum(open_, close) - rng.random(bars)
    columns = {"open": open_, "high": high, "low": low, "close": close}
    columns["volume"] = rng.integers(1, 1_000, bars).astype(np.float64)
    columns["periods"] = rng.integers(2, 30, bars).astype(np.float64)
    columns["price0"] = columns["first"] = columns["benchmark"] = close
    columns["price1"] = columns["second"] = columns["asset"] = open_
    return columns


def inputs_of(indicator, columns):
    return tuple(columns[name] for name in indicator.inputs)


def outputs_of(result):
    return result if isinstance(result, tuple) else (result,)


def whole_number_parameters(indicator):
    names = specification_of(indicator).whole_numbers
    return st.fixed_dictionaries(
        {name: st.integers(SMALLEST.get(name, 2), 1 if name == "ddof" else 25) for name in names}
    )


def leading_gaps(values):
    valid = np.flatnonzero(~np.isnan(values))
    return int(valid[0]) if len(valid) else len(values)


def assert_same_bits(left, right):
    missing = np.isnan(left)
    np.testing.assert_array_equal(missing, np.isnan(right))
    np.testing.assert_array_equal(left[~missing].view(np.int64), right[~missing].view(np.int64))


@every_indicator
@EXAMPLES
@given(data=st.data(), seed=st.integers(0, 2**32 - 1), bars=st.integers(0, 220))
def test_first_valid_is_the_number_of_leading_gaps(indicator, data, seed, bars):
    parameters = data.draw(whole_number_parameters(indicator))
    outputs = outputs_of(indicator(*inputs_of(indicator, market(seed, bars)), **parameters))
    expected = min(indicator.first_valid(**parameters), bars)
    assert max(leading_gaps(output) for output in outputs) == expected
    assert not any(np.isnan(output[expected:]).any() for output in outputs)


@every_indicator
@EXAMPLES
@given(data=st.data(), seed=st.integers(0, 2**32 - 1), bars=st.integers(1, 160))
def test_a_value_depends_on_nothing_after_its_bar(indicator, data, seed, bars):
    parameters = data.draw(whole_number_parameters(indicator))
    cut = data.draw(st.integers(0, bars))
    columns = inputs_of(indicator, market(seed, bars))
    whole = outputs_of(indicator(*columns, **parameters))
    prefix = outputs_of(indicator(*(column[:cut] for column in columns), **parameters))
    for full, short in zip(whole, prefix, strict=True):
        assert_same_bits(full[:cut], short)


@every_indicator
@EXAMPLES
@given(data=st.data(), seed=st.integers(0, 2**32 - 1), bars=st.integers(1, 160))
def test_a_gap_starts_a_new_history(indicator, data, seed, bars):
    parameters = data.draw(whole_number_parameters(indicator))
    gap = data.draw(st.integers(0, bars - 1))
    columns = inputs_of(indicator, market(seed, bars))
    broken = [column.copy() for column in columns]
    broken[data.draw(st.integers(0, len(broken) - 1))][gap] = data.draw(st.sampled_from([np.nan, np.inf, -np.inf]))
    before = outputs_of(indicator(*(column[:gap] for column in columns), **parameters))
    after = outputs_of(indicator(*(column[gap + 1 :] for column in columns), **parameters))
    for left, output, right in zip(before, outputs_of(indicator(*broken, **parameters)), after, strict=True):
        assert_same_bits(output, np.concatenate([left, [np.nan], right]))


@every_indicator
@pytest.mark.parametrize("bars", [0, 1, 2, 3, 120])
def test_every_output_is_as_long_as_the_inputs_and_float64(indicator, bars):
    outputs = outputs_of(indicator(*inputs_of(indicator, market(3, bars))))
    assert [output.shape for output in outputs] == [(bars,)] * len(indicator.outputs)
    assert {output.dtype for output in outputs} == {np.dtype(np.float64)}


@every_indicator
def test_inputs_are_left_alone_and_may_be_read_only(indicator):
    columns = inputs_of(indicator, market(5, 120))
    before = [column.copy() for column in columns]
    for column in columns:
        column.flags.writeable = False
    indicator(*columns)
    for column, original in zip(columns, before, strict=True):
        assert_same_bits(column, original)


@every_indicator
def test_layout_and_number_type_of_the_inputs_do_not_matter(indicator):
    columns = [np.round(column * 100.0) for column in inputs_of(indicator, market(7, 120))]
    expected = outputs_of(indicator(*columns))
    strided = [np.repeat(column, 2)[::2] for column in columns]
    integers = [column.astype(np.int64) for column in columns]
    for given_columns in (strided, integers):
        for left, right in zip(expected, outputs_of(indicator(*given_columns)), strict=True):
            assert_same_bits(left, right)


@every_indicator
def test_a_column_of_gaps_gives_gaps(indicator):
    columns = [np.full(40, np.nan) for _ in indicator.inputs]
    for output in outputs_of(indicator(*columns)):
        assert np.isnan(output).all()


@every_indicator
def test_named_outputs_match_the_result(indicator):
    result = indicator(*inputs_of(indicator, market(9, 20)))
    assert indicator.outputs == getattr(result, "_fields", ("value",))


@EXAMPLES
@given(seed=st.integers(0, 2**32 - 1), bars=st.integers(0, 120), level=st.floats(90.0, 110.0))
def test_crossings_do_not_look_ahead_and_never_coincide(seed, bars, level):
    close = market(seed, bars)["close"]
    above, below = ta.crossed_above(close, level), ta.crossed_below(close, level)
    assert not np.any(above & below)
    np.testing.assert_array_equal(above[: bars // 2], ta.crossed_above(close[: bars // 2], level))


def other_talib_functions():
    import talib

    return [name for name in talib.get_functions() if name not in {"MAXINDEX", "MININDEX", "MINMAXINDEX"}]


def test_every_talib_function_by_name_keeps_length_warmup_and_causality():
    bars = 260
    columns = market(11, bars)
    for name in other_talib_functions():
        indicator = ta.talib(name)
        scale = 1_000.0 if name in {"ACOS", "ASIN", "COSH", "EXP", "SINH"} else 1.0
        inputs = tuple(column / scale for column in inputs_of(indicator, columns))
        whole = outputs_of(indicator(*inputs))
        assert len(whole) == len(indicator.outputs), name
        for cut in (indicator.first_valid(), indicator.first_valid() + 1, 150):
            prefix = outputs_of(indicator(*(column[:cut] for column in inputs)))
            for full, short in zip(whole, prefix, strict=True):
                assert leading_gaps(full) == indicator.first_valid(), name
                assert_same_bits(full[:cut], short)
