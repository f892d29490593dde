"""Lines of a market that grows: what several strategies declare alike is made once for each row."""

from __future__ import annotations

from typing import Any

import pytest
from tests.live_rows import history_before, rows_from
from tests.markets import FREE, daily, share

import tradewright as tw
from tradewright.engine.live.session import SessionEngine
from tradewright.engine.plan import RunPlan
from tradewright.strategy import binding
from tradewright.strategy.adapt import as_strategy

SERIES = {
    name: daily([100 + (n * step) % 11 for n in range(20)], share(name)) for name, step in (("ONE", 7), ("TWO", 5))
}


def seen_by(calls: int, *kinds: Any) -> list[list[Any]]:
    """What each of several strategies saw after some rows."""
    before = history_before(SERIES, 8)
    assert before is not None
    strategies = [as_strategy(kind, None) for kind in kinds]
    engine = SessionEngine(RunPlan(strategies, before, costs=FREE))
    for row, _ in zip(rows_from(SERIES, 8), range(calls), strict=False):
        engine.take(row)
    return [strategy.author().seen for strategy in strategies]


class Reads(tw.Strategy):
    periods = 3

    def setup(self):
        self.seen = []
        self.each = self.use(tw.indicators.sma, "close", self.periods)
        self.one = self.use(tw.indicators.ema, "close", self.periods, symbol="ONE")
        self.of_one = self.use(tw.indicators.sma, self.one, 2, symbol="ONE")

    def on_bar(self, ctx):
        self.seen.append((self.each["ONE"].value, self.each["TWO"].value, self.one.value, self.of_one.value))


class ReadsToo(Reads):
    pass


class ReadsMore(Reads):
    periods = 4


def test_strategies_that_declare_the_same_see_what_each_would_see_alone() -> None:
    together = seen_by(10, Reads, ReadsToo, ReadsMore)
    assert len(together[0]) == 10
    assert together == [seen_by(10, kind)[0] for kind in (Reads, ReadsToo, ReadsMore)]
    assert together[0] == together[1] != together[2]


def test_a_declaration_is_made_once_for_each_row_however_many_strategies_have_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[Any] = []
    real = binding.Binder.evaluated
    monkeypatch.setattr(
        binding.Binder, "evaluated", lambda self, *given: (made.append(given[0]), real(self, *given))[1]
    )
    seen_by(6, Reads, ReadsToo)
    declared, rows = 3, 6
    # In setup each for itself, and once for the course of what both declare of one symbol; then row by row that of all
    # symbols for both, and one of a line of its own for each. What has a course is not made again.
    assert len(made) == 2 * declared + 1 + rows * (1 + 2)


class Crosses(tw.Strategy):
    def setup(self):
        self.seen = []
        self.quick = self.use(tw.indicators.sma, "close", 2, symbol="ONE")
        self.calm = self.use(tw.indicators.sma, "close", 5, symbol="ONE")

    def on_bar(self, ctx):
        pairs = [(self.quick, self.calm), (self.calm, self.quick), (self.quick, 105.0)]
        self.seen.append([(a.crossed_above(b), a.crossed_below(b)) for a, b in pairs])


def test_lines_cross_in_the_row_in_which_they_cross_over_the_whole_history() -> None:
    stored = as_strategy(Crosses, None)
    tw.backtest(stored, SERIES, cash=1_000, costs=FREE)
    grown = seen_by(12, Crosses)[0]
    assert grown == stored.author().seen[-len(grown) :]
    assert {flag for row in grown for pair in row for flag in pair} == {True, False}


def test_crossings_of_a_market_that_grows_keep_no_flags_of_rows_that_are_past() -> None:
    made: list[Any] = []

    class Keeps(Crosses):
        def on_bar(self, ctx):
            super().on_bar(ctx)
            made.extend(self.quick._crossed.values())

    seen_by(3, Keeps)
    assert not any(isinstance(flags, memoryview) for flags in made)
