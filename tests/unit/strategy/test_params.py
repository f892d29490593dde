"""Parameters: declared once, checked wherever they are given."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.errors import ConfigError
from tradewright.strategy.base import Strategy
from tradewright.strategy.params import Param, params_of


class Cross(Strategy):
    fast = Param(10, low=2, high=60, step=2, doc="bars")
    scale = Param(1.5)
    mode = Param("slow", choices=("slow", "quick"))
    anything = Param(None)

    def on_bar(self, ctx):
        return None


def test_the_class_shows_the_declaration_and_the_instance_the_value():
    assert Cross.fast.default == 10
    assert Cross(fast=4).fast == 4


def test_defaults_stand_where_nothing_is_given():
    assert Cross().params == {"fast": 10, "scale": 1.5, "mode": "slow", "anything": None}


def test_a_whole_number_is_taken_for_a_float_and_the_other_way_round_when_exact():
    made = Cross(scale=2, fast=4.0)
    assert (made.scale, type(made.scale), made.fast, type(made.fast)) == (2.0, float, 4, int)


def test_numpy_numbers_become_plain_ones():
    made = Cross(fast=np.int64(6), scale=np.float64(0.5))
    assert (type(made.fast), type(made.scale)) == (int, float)


def test_a_parameter_without_a_default_takes_anything():
    assert Cross(anything=[1]).anything == [1]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"fast": 1}, "fast=1 is outside 2 … 60"),
        ({"fast": 61}, "fast=61 is outside 2 … 60"),
        ({"fast": "ten"}, "fast takes a value of type int, not 'ten'"),
        ({"fast": 2.5}, "fast takes a value of type int"),
        ({"mode": "none"}, "mode='none' is not one of"),
        ({"fsat": 3}, "Did you mean 'fast'"),
        ({"zzz": 3}, "It has fast, scale, mode, anything"),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_one_sentence(given, sentence):
    with pytest.raises(ConfigError, match=sentence):
        Cross(**given)


def test_a_truth_is_not_a_float():
    with pytest.raises(ConfigError, match="scale takes a value of type float"):
        Cross(scale=True)


def test_a_default_outside_its_own_bounds_cannot_be_declared():
    with pytest.raises(ConfigError, match="outside"):
        Param(1, low=2)


def test_a_subclass_inherits_and_overrides_in_order_of_declaration():
    class Later(Cross):
        fast = Param(20)
        extra = Param(1)

    assert list(params_of(Later)) == ["fast", "scale", "mode", "anything", "extra"]
    assert Later().fast == 20


def test_a_description_holds_bounds_and_text_as_plain_values():
    assert Cross().describe_params()["fast"] == {
        "default": 10, "low": 2, "high": 60, "step": 2, "doc": "bars", "name": "fast",
    }  # fmt: skip
