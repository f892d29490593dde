"""How numbers read: one rule per kind."""

from __future__ import annotations

import math

import pytest

from tradewright.reporting import formatting


def test_money_has_the_minor_digits_of_its_currency() -> None:
    assert formatting.money(1284310.546) == "1,284,310.55"
    assert formatting.money(1284310.546, "JPY") == "1,284,311"


def test_minus_is_the_true_sign_and_plus_only_stands_before_changes() -> None:
    assert formatting.money(-41.1) == "−41.10"
    assert formatting.money(41.1) == "41.10"
    assert formatting.money(41.1, sign=True) == "+41.10"


@pytest.mark.parametrize("value", [-0.001, 0.0, -0.0])
def test_what_rounds_to_zero_carries_no_sign(value: float) -> None:
    assert formatting.money(value, sign=True) == "0.00"


def test_prices_have_the_decimals_of_the_tick() -> None:
    assert formatting.price(0.0000431, 1e-8) == "0.00004310"
    assert formatting.price(5012.25, 0.25) == "5,012.25"
    assert formatting.price(3.0, 1.0) == "3"


def test_percent_drops_its_decimals_above_a_hundred() -> None:
    assert formatting.percent(0.1240, sign=True) == "+12.40 %"
    assert formatting.percent(-0.31399) == "−31.40 %"
    assert formatting.percent(4.142299) == "414 %"


def test_returns_become_multiples_from_a_thousand_percent() -> None:
    assert formatting.returns(9.99) == "+999 %"
    assert formatting.returns(17.3) == "×18.3"
    assert formatting.returns(5e28) == "×5.0e+28"


def test_ratio_has_no_more_decimals_than_its_error_supports() -> None:
    assert formatting.ratio(1.234, 0.41) == "1.2 ± 0.4"
    assert formatting.ratio(1.234, 0.041) == "1.23 ± 0.04"
    assert formatting.ratio(12.34, 3.2) == "12 ± 3"
    assert formatting.ratio(1.234) == "1.23"


def test_a_probability_is_never_certain() -> None:
    assert formatting.probability(0.0) == "<0.01"
    assert formatting.probability(1.0) == ">0.99"
    assert formatting.probability(0.412) == "0.41"


def test_duration_names_its_two_largest_units() -> None:
    assert formatting.duration(273_600) == "3 d 4 h"
    assert formatting.duration(214 * 86_400) == "214 d"
    assert formatting.duration(366 * 86_400 + 5) == "1 y 1 d"
    assert formatting.duration(90) == "1 m 30 s"


@pytest.mark.parametrize("value", [None, math.nan, math.inf])
@pytest.mark.parametrize("name", ["money", "price", "percent", "returns", "ratio", "probability", "bps", "duration"])
def test_what_is_not_a_number_reads_not_available(name: str, value: float | None) -> None:
    assert getattr(formatting, name)(value) == "n/a"
