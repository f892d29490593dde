"""Courses: an indicator that is asked row by row says what it says of the whole history, to the last bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.live_rows import history_before, rows_from
from tests.markets import daily, share

import tradewright as tw
from tradewright.marketdata.growing import GrowingMarket
from tradewright.quant.indicators.contract import INDICATORS, indicator, specification_of
from tradewright.strategy.binding import lines_in
from tradewright.strategy.computed import Computed
from tradewright.strategy.courses import Courses, Declaration
from tradewright.strategy.growing import GrowingBinder
from tradewright.strategy.lines import Cursor, values_by_row

BARS = 60
PRICES = ("close", "open", "high", "low", "volume")


def series(*names: str) -> dict[str, Any]:
    """Prices that rise and fall, some of them flat, one path for each symbol."""
    paths = {name: np.random.default_rng(number).normal(0.0, 1.0, BARS) for number, name in enumerate(names)}
    closes = {name: [100.0 + round(step, 2) for step in path.cumsum()] for name, path in paths.items()}
    return {name: daily(each, share(name)) for name, each in closes.items()}


def grown(names: tuple[str, ...], history: int) -> tuple[GrowingMarket, Any]:
    """A market with a history, and the rows that follow."""
    made = series(*names)
    before = history_before(made, history)
    assert before is not None
    return GrowingMarket(before), rows_from(made, history)


def whole(market: GrowingMarket, function: Any, arguments: tuple[Any, ...], symbol: str | None) -> list[Any]:
    """The lines of an indicator, evaluated over everything."""
    binder = GrowingBinder(market, Cursor(market.close_time), Computed())
    return list(lines_in(binder.evaluated(function, arguments, {}, symbol, None)))


def course_of(market: GrowingMarket, function: Any, arguments: tuple[Any, ...], symbol: str | None = None) -> Any:
    """The course of a declaration."""
    number = 0 if symbol is None else market.number(symbol)
    declared = Declaration(function, arguments, {}, number)
    return Courses().of(market, declared, lambda: whole(market, function, arguments, symbol))


DIRECT = sorted(name for name in INDICATORS.names() if not specification_of(INDICATORS.get(name)).optional_inputs)


@pytest.mark.parametrize("names", [("ONE",), ("ONE", "TWO")])
@pytest.mark.parametrize("history", [3, 40])
@pytest.mark.parametrize("name", DIRECT)
def test_every_indicator_says_row_by_row_what_it_says_of_the_whole(
    name: str, history: int, names: tuple[str, ...]
) -> None:
    market, rows = grown(names, history)
    known = specification_of(INDICATORS.get(name))
    columns = tuple(each if each in PRICES else PRICES[at] for at, each in enumerate(known.inputs))
    course = course_of(market, INDICATORS.get(name), columns, names[-1])
    for row in rows:
        market.append(row)
        found = course.lines()
        assert found is not None
        for line, expected in zip(found, whole(market, INDICATORS.get(name), columns, names[-1]), strict=True):
            assert values_by_row(line).tobytes() == values_by_row(expected).tobytes()
            assert line.first_valid == expected.first_valid
            assert line.ready_row(1) == expected.ready_row(1)


def test_a_symbol_without_a_bar_in_some_rows_keeps_its_last_value_there() -> None:
    closes = [None if row % 3 == 1 else 100.0 + row * 7 % 11 for row in range(BARS)]
    made = {**series("ONE"), "TWO": daily(closes, share("TWO"))}
    before = history_before(made, 20)
    assert before is not None
    market = GrowingMarket(before)
    course = course_of(market, tw.indicators.sma, ("close", 4), "TWO")
    for row in rows_from(made, 20):
        market.append(row)
        (found,) = course.lines()
        (expected,) = whole(market, tw.indicators.sma, ("close", 4), "TWO")
        assert values_by_row(found).tobytes() == values_by_row(expected).tobytes()
        assert (found.first_valid, found.ready_row(2)) == (expected.first_valid, expected.ready_row(2))


def test_all_who_declare_the_same_share_a_course() -> None:
    market, _ = grown(("ONE", "TWO"), 40)
    courses, sma = Courses(), tw.indicators.sma

    def given(arguments: tuple[Any, ...], number: int) -> Any:
        declared = Declaration(sma, arguments, {}, number)
        return courses.of(market, declared, lambda: whole(market, sma, arguments, market.symbols[number]))

    found = [given(("close", 5), 0), given((5,), 0), given((5,), 1), given((6,), 0)]
    assert found[0] is found[1]
    assert len({id(each) for each in found}) == 3


@pytest.mark.parametrize(
    ("function", "arguments", "keywords"),
    [
        (lambda close, period: close, ("close", 5), {}),
        (tw.indicators.vwap, (), {}),
        (tw.indicators.sma, ("session", 5), {}),
        (tw.indicators.sma, ("close", np.arange(3.0)), {}),
        (tw.indicators.sma, ("close",), {"period": np.arange(3.0)}),
    ],
)
def test_what_is_more_than_an_indicator_of_prices_has_no_course(function: Any, arguments: Any, keywords: Any) -> None:
    assert not Declaration(function, arguments, keywords, 0).is_direct


def test_a_course_is_steady_once_there_is_a_value() -> None:
    market, rows = grown(("ONE",), 3)
    course = course_of(market, tw.indicators.sma, ("close", 5))
    steady = []
    for row, _ in zip(rows, range(4), strict=False):
        market.append(row)
        course.lines()
        steady.append(course.is_steady)
    assert steady == [False, True, True, True]


@indicator("close", warmup=lambda limit: 0)
def falls_over(close: Any, limit: int = 42) -> Any:
    """Raises once there are too many bars."""
    if len(close) > limit:
        raise ValueError("too many bars")
    return close * 1.0


def test_an_indicator_that_raises_is_asked_in_the_usual_way_from_then_on() -> None:
    market, rows = grown(("ONE",), 40)
    course = course_of(market, falls_over, ())
    given = []
    for row, _ in zip(rows, range(4), strict=False):
        market.append(row)
        given.append(course.lines() is not None)
    assert (given, course.is_steady) == ([True, True, False, False], False)
