"""Every indicator keeps what the suite promises, and the suite catches one that does not."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from tradewright.quant import indicators as ta
from tradewright.testing import IndicatorConformance, price_columns

BUILT_IN = {name: getattr(ta, name) for name in ta.__all__ if hasattr(getattr(ta, name), "first_valid")}


class Suite(IndicatorConformance):
    def columns(self, rows, seed=1):
        columns = {**price_columns(rows, seed), **super().columns(rows, seed)}
        columns["periods"] = np.random.default_rng(seed).integers(2, 30, rows).astype(np.float64)
        return columns


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_indicator_here_conforms(name):
    Suite.of(indicator=BUILT_IN[name]).check()


@pytest.mark.parametrize("name", [name for name, found in BUILT_IN.items() if found.optional_inputs])
def test_every_indicator_with_optional_inputs_conforms_when_it_is_given_them(name):
    Suite.of(indicator=BUILT_IN[name], with_optional=True).check()


# Planted faults: each breaks one promise.


def kept(inputs, result):
    """An indicator that was described by hand, around a body of any kind."""

    def described(*columns, **parameters):
        return result(*[np.asarray(column, np.float64) for column in columns], **parameters)

    described.inputs, described.parameters, described.outputs, described.source = inputs, {}, ("value",), "here"
    described.first_valid = lambda: 2
    return described


def padded(values):
    return np.concatenate((np.full(min(2, len(values)), np.nan), values[2:]))


def good(close):
    return padded(close)


def blind(close):
    values = padded(close)
    if len(close) > 3:
        values[2] = close[-1]
    return values


def early(close):
    return close.copy()


def holes(close):
    values = padded(close)
    values[-1:] = np.nan
    return values


def short(close):
    return padded(close)[1:]


def coarse(close):
    return padded(close).astype(np.float32)


def lists(close):
    return list(padded(close))


calls = []


def forgetful(close):
    calls.append(1)
    return padded(close + len(calls))


def carrying(close):
    return padded(np.nan_to_num(close))


def boundless(close):
    with np.errstate(all="ignore"):
        return padded(close / (close - np.roll(close, 1)))


class Pair(NamedTuple):
    one: np.ndarray
    two: np.ndarray


def pairs(close):
    return Pair(padded(close), padded(close))


@pytest.mark.parametrize(
    ("body", "promise", "sentence"),
    [
        (blind, "a_value_depends_on_nothing_after_its_bar", "changes values before bar"),
        (early, "warm_up_is_as_declared", "begins at bar 0 and declares 2"),
        (holes, "warm_up_is_as_declared", "has no value at a bar behind its warm-up"),
        (short, "gives_one_float_per_bar", "values of float64 for"),
        (coarse, "gives_one_float_per_bar", "values of float32 for"),
        (lists, "gives_one_float_per_bar", "gives a list, no array"),
        (forgetful, "the_same_input_gives_the_same_bits", "gives other values for the same input"),
        (carrying, "behind_a_gap_it_starts_again", "has a value at a bar whose input is missing"),
        (boundless, "prices_that_never_move_do_no_harm", "is infinite where prices do not move"),
        (pairs, "the_outputs_are_those_it_names", r"gives \('one', 'two'\) and declares \('value',\)"),
    ],
)
def test_a_faulty_indicator_is_caught(body, promise, sentence):
    with pytest.raises(AssertionError, match=sentence):
        IndicatorConformance.of(indicator=kept(("close",), body)).check(f"test_{promise}")


def test_one_that_writes_into_its_inputs_is_caught():
    def writing(close):
        close[:1] = 0.0
        return padded(close)

    writing.inputs, writing.parameters, writing.outputs, writing.source = ("close",), {}, ("value",), "here"
    writing.first_valid = lambda: 2
    with pytest.raises(AssertionError, match="writes into its inputs"):
        IndicatorConformance.of(indicator=writing).check("test_leaves_its_inputs_alone")


def test_a_plain_function_is_told_the_decorator():
    with pytest.raises(AssertionError, match=r"make it with @tradewright\.indicator"):
        IndicatorConformance.of(indicator=good).check("test_is_made_by_the_decorator")


def test_parameters_are_tried_one_after_the_other():
    @ta.indicator("close", warmup=lambda period: 2)
    def always_two(close, period: int = 2):
        values = np.full(len(close), np.nan)
        values[period:] = close[period:]
        return values

    IndicatorConformance.of(indicator=always_two).check()
    with pytest.raises(AssertionError, match=r"always_two\(period=5\) begins at bar 5 and declares 2"):
        IndicatorConformance.of(indicator=always_two, parameters=({}, {"period": 5})).check()
