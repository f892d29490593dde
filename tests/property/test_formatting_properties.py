"""What holds for every number that is formatted."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tradewright.reporting import formatting

AMOUNTS = st.floats(-1e12, 1e12)


def read_back(text: str) -> float:
    return float(text.replace("−", "-").replace(",", "").replace(" %", ""))


@given(AMOUNTS)
def test_money_reads_back_to_the_cent(value: float) -> None:
    shown = read_back(formatting.money(value, sign=True))
    assert abs(Decimal(shown) - Decimal(value)) <= Decimal("0.005") + abs(Decimal(value)) * Decimal("1e-15")


@given(st.floats(-9.99, 9.99))
def test_percent_reads_back_to_its_last_digit(value: float) -> None:
    tolerance = 5.0001e-5 if abs(value) < 0.99995 else 5.0001e-3
    assert abs(read_back(formatting.percent(value)) / 100 - value) <= tolerance


@given(AMOUNTS)
def test_no_text_holds_a_hyphen_for_a_minus_or_a_signed_zero(value: float) -> None:
    text = formatting.money(value, sign=True)
    assert "-" not in text
    assert text.lstrip("+−").strip("0.,") or not text.startswith(("+", "−"))


@given(AMOUNTS, AMOUNTS)
def test_order_survives_formatting(first: float, second: float) -> None:
    low, high = sorted((first, second))
    assert read_back(formatting.money(low)) <= read_back(formatting.money(high))


@given(st.floats(-1e3, 1e3), st.floats(1e-6, 1e3))
def test_a_ratio_shows_at_most_two_decimals_on_both_sides(value: float, error: float) -> None:
    sides = formatting.ratio(value, error).split(" ± ")
    decimals = [len(side.partition(".")[2]) for side in sides]
    assert max(decimals) <= 2
    assert decimals[0] <= max(decimals[1], 2)


@given(st.floats(0, 1))
def test_a_probability_lies_strictly_between_its_ends(value: float) -> None:
    text = formatting.probability(value)
    assert text in {"<0.01", ">0.99"} or 0.01 <= float(text) <= 0.99


@given(st.integers(0, 10**10))
def test_a_duration_is_short_by_less_than_its_smallest_shown_unit(seconds: int) -> None:
    sizes = {"y": 365 * 86_400, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
    words = formatting.duration(seconds).split()
    shown = sum(int(count) * sizes[unit] for count, unit in zip(words[::2], words[1::2], strict=True))
    units = list(sizes)
    smallest = units[min(units.index(words[1]) + 1, len(units) - 1)]
    assert 0 <= seconds - shown < max(sizes[smallest], 2)
    assert len(words) <= 4
