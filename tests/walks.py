"""Walk-forwards for the tests: made by hand, or really run, a small search and a backtest a fold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from tests.builders import daily_timeline, random_walk, round_trips, run_record
from tests.searches import SHARPE, grid_trials, made_trial, run_search, search_record

import tradewright as tw
from tradewright.domain.record import RunRecord
from tradewright.domain.space import Space
from tradewright.domain.walk import Fold, WalkRecord, Window
from tradewright.reporting.result import Result
from tradewright.reporting.walk.numbers import WalkNumbers
from tradewright.reporting.walk.result import WalkForwardResult
from tradewright.research.stability import overall_efficiency, parameter_stability

TEST = 63
TRAIN = 126
SETTINGS = {"train": "126d", "test": "63d", "step": "63d", "gap": 0, "anchored": False, "min_trades": 5}


def days_of(record: RunRecord) -> list[str]:
    """Session dates of the rows."""
    days = record.timeline.sessions.row_labels(len(record.timeline))
    return [str(np.datetime64(int(day), "D")) for day in days]


def made_window(number: int, days: Sequence[str], *, partial: bool = False) -> Window:
    """The window whose test is the numbered stretch after the first training."""
    first = TRAIN + number * TEST
    last = min(first + TEST, len(days)) - 1
    return Window(number, first - TRAIN, first - 1, first, last, days[first - TRAIN], days[first - 1], days[first],
                  days[last], is_partial=partial)  # fmt: skip


def made_fold(window: Window, fast: int | None, *, value: float = 1.2, test: float = 0.6, seed: int = 3) -> Fold:
    """A fold that chose a parameter, or nothing."""
    space = {"fast": range(5, 60, 5), "slow": range(20, 250, 20)}
    if fast is None:
        search = search_record([made_trial(0, {"fast": 5, "slow": 20}, None, reason="it made 2 trades")], space)
        return Fold(window, search, None, "no trial made 5 trades", None, None, None)
    search = search_record(grid_trials([fast], [100, 120]), space)
    closes = random_walk(TEST, seed=seed)
    run = run_record(closes, round_trips(closes))
    return Fold(window, search, {"fast": fast, "slow": 120}, None, value, run, test, test / value)


def made_walk(
    choices: Sequence[int | None] = (10, 20, 20, 15, 20, 20), *, efficiency: float | None = 0.6, **changes: Any
) -> WalkForwardResult:
    """A walk whose folds chose these values, over a made-up market."""
    closes = random_walk(TRAIN + TEST * len(choices), seed=5, drift=changes.pop("drift", 0.001))
    line = daily_timeline(len(closes), first_row=TRAIN)
    stitched = run_record(closes, [each for each in round_trips(closes) if each.row >= TRAIN], timeline=line)
    days = days_of(stitched)
    folds = [
        made_fold(made_window(number, days), fast, test=0.6 - 0.3 * (number % 3), seed=number + 7)
        for number, fast in enumerate(choices)
    ]
    record = WalkRecord("SmaCross", (SHARPE,), tuple(folds), stitched, SETTINGS)
    space = Space.of_description(folds[0].search.space)
    steady = parameter_stability(space, [fold.params for fold in folds])
    reason = None if efficiency is not None else "the return in training is not above zero"
    return WalkForwardResult(
        record, Result(stitched), WalkNumbers(efficiency, reason, changes.pop("stability", steady))
    )


def run_walk(
    strategy: Any, bars: Any, params: Mapping[str, Sequence[Any]], folds: int, **options: Any
) -> WalkForwardResult:
    """A walk over bars that are really run. Its stitched run is one backtest of the usual choice over all the tests."""
    whole = tw.backtest(strategy, bars, **options)
    days = days_of(whole.record)
    found, returns = [], ([], [])  # type: ignore[var-annotated]
    for number in range(folds):
        window = made_window(number, days)
        search = run_search(strategy, bars, params, start=window.train_start, end=window.train_end, **options)
        best = search.best
        assert best is not None
        train = search.backtest(best.number)
        test = tw.backtest(
            strategy, bars, params=dict(best.params), start=window.test_start, end=window.test_end, **options
        )
        for column, run in zip(returns, (test, train), strict=True):
            column.append(run.metrics["annual_return"])
        efficiency = returns[0][-1] / returns[1][-1] if returns[1][-1] > 0 else None
        found.append(
            Fold(window, search.record, best.params, None, best.value, test.record, test.metrics["sharpe"], efficiency)
        )
    first, last = found[0].window.test_start, found[-1].window.test_end
    stitched = tw.backtest(strategy, bars, params=dict(found[0].params or {}), start=first, end=last, **options)
    record = WalkRecord("Cross", (SHARPE,), tuple(found), stitched.record, SETTINGS)
    steady = parameter_stability(Space(params), [fold.params for fold in found])
    return WalkForwardResult(record, stitched, WalkNumbers(overall_efficiency(*returns), None, steady))
