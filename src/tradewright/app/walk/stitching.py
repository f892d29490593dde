"""From the runs of a walk's tests to one record: one account, one timeline, one numbering of orders.

Every test begins with the equity that the one before it left, and ends flat (its run closes what it holds at its last
close, with costs), so that equity is cash at every seam and the books agree across it. Orders that still worked at the
end of a test are cancelled there; only those of the last test are left as they are. Between tests, and in tests for
which nothing was chosen, the account holds cash.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tradewright.domain.events import EventKind, Reason
from tradewright.domain.order import OrderStatus
from tradewright.domain.record import EVENT_COLUMNS, ORDER_COLUMNS, TRADE_COLUMNS, RunRecord, StrategyInfo
from tradewright.engine.recording import data_key, info_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from tradewright.domain.walk import Fold
    from tradewright.engine.ground import Ground
    from tradewright.engine.plan import RunPlan

    Table = dict[str, NDArray[Any]]

__all__ = ["Seams", "stitched"]

_STATUSES = list(OrderStatus)
_OUTSIDE = 6.0
"""The phase of events outside bars."""


class Seams(NamedTuple):
    """What a walk was made of.

    Parameters
    ----------
    plan : RunPlan
        Of the whole: from the first test to the last, beginning with the walk's cash.
    ground : Ground
        Up to the end of the last test.
    folds : sequence of Fold
        In order of time.
    warmup_bars : int
        The largest of the space.
    """

    plan: RunPlan
    ground: Ground
    folds: Sequence[Fold]
    warmup_bars: int


def stitched(seams: Seams) -> RunRecord:
    """The tests of a walk as one record.

    Returns
    -------
    RunRecord
        From the first row of the first test on; its configuration holds the parameters of every fold, its bars are
        those up to the end of the last test.
    """
    plan, ground, folds = seams.plan, seams.ground, seams.folds
    timeline = ground.market.timeline(folds[0].window.test_first)
    closes = timeline.session_closes()
    parts = _parts(seams)
    return RunRecord(
        config=plan.config(),
        strategies=(_strategy(seams),),
        instruments=tuple(bars.instrument for bars in ground.series.values()),
        data=tuple(data_key(name, bars) for name, bars in ground.series.items()),
        code_version=plan.code_version,
        timeline=timeline,
        equity=_equity(folds, plan.cash, len(ground.market)),
        exposure=_exposure(folds, closes),
        rows_in_market=sum(fold.test.rows_in_market for fold in folds if fold.test is not None),
        events=_joined(EVENT_COLUMNS, [part.events for part in parts]),
        orders=_joined(ORDER_COLUMNS, [part.orders for part in parts]),
        trades=_joined(TRADE_COLUMNS, [part.trades for part in parts]),
        tags={number: tag for part in parts for number, tag in part.tags.items()},
        client_ids={number: own for part in parts for number, own in part.client_ids.items()},
        open_positions=(),
        logs=tuple(line for fold in folds if fold.test is not None for line in fold.test.logs),
        bars=dict(ground.series),
        meta={"folds": len(folds)},
    )


def _strategy(seams: Seams) -> StrategyInfo:
    """Which strategy ran: of what was searched, the choice of every fold, or the one that never changed."""
    default = info_of(seams.plan.strategies[0], seams.warmup_bars)
    params = dict(default.params)
    for name in seams.folds[0].search.space:
        choices = [None if fold.params is None else fold.params[name] for fold in seams.folds]
        params[name] = choices[0] if all(each == choices[0] for each in choices) else choices
    return replace(default, params=params)


def _equity(folds: Sequence[Fold], cash: float, rows: int) -> NDArray[np.float64]:
    """Equity at each row's close: the tests' own, and what they left in between."""
    equity = np.empty(rows)
    level, since = cash, 0
    for fold in folds:
        window = fold.window
        if fold.test is not None:
            equity[since : window.test_first] = level
            since = window.test_last + 1
            equity[window.test_first : since] = fold.test.equity[window.test_first : since]
            level = float(equity[since - 1])
    equity[since:] = level
    return equity


def _exposure(folds: Sequence[Fold], closes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Gross exposure at the session closes; 0 where cash was held."""
    exposure = np.zeros(len(closes))
    for fold in folds:
        if fold.test is not None:
            exposure[np.searchsorted(closes, fold.test.timeline.session_closes())] = fold.test.exposure
    return exposure


class _Part(NamedTuple):
    """The tables of one test in the numbers of the whole."""

    events: Table
    orders: Table
    trades: Table
    tags: Mapping[int, str]
    client_ids: Mapping[int, str]


def _parts(seams: Seams) -> list[_Part]:
    ids = [bars.instrument.id for bars in seams.ground.series.values()]
    runs = [fold.test for fold in seams.folds if fold.test is not None]
    parts, orders, structures = [], 0, 0.0
    for run in runs:
        own = run if run is runs[-1] else _ended(run)
        parts.append(_renumbered(own, orders, structures, ids))
        orders += len(own.orders["id"])
        structures = max(structures, float(parts[-1].orders["structure"].max(initial=0.0)))
    return parts


def _ended(run: RunRecord) -> RunRecord:
    """The record with the orders cancelled that still worked at its end."""
    working = np.flatnonzero(run.orders["ended"] == -1.0)
    if not len(working):
        return run
    last = float(len(run.timeline) - 1)
    orders = {name: column.copy() for name, column in run.orders.items()}
    left = orders["quantity"][working] - orders["filled"][working]
    orders["status"][working] = _STATUSES.index(OrderStatus.CANCELLED)
    orders["reason"][working] = Reason.END_OF_RUN
    orders["ended"][working] = last
    told = {"kind": EventKind.CANCELLED, "row": last, "phase": _OUTSIDE, "reason": Reason.END_OF_RUN, "fx": 1.0,
            "cash": run.equity[-1], "book": orders["book"][working], "order_id": orders["id"][working],
            "quantity": left}  # fmt: skip
    events = {
        name: np.concatenate((run.events[name], np.broadcast_to(np.asarray(told.get(name, 0.0), float), len(working))))
        for name in EVENT_COLUMNS
    }
    return replace(run, orders=orders, events=events)


def _renumbered(run: RunRecord, orders: int, structures: float, ids: Sequence[str]) -> _Part:
    """Orders counted on from those before, books by the symbols of the whole."""
    place = np.array([ids.index(instrument.id) for instrument in run.instruments])

    def book(column: NDArray[Any]) -> NDArray[Any]:
        number = column.astype(np.int64)
        found: NDArray[Any] = number // len(place) * len(ids) + place[number % len(place)]
        return found.astype(column.dtype)

    def onward(by: float) -> Any:
        return lambda column: np.where(column > 0, column + by, column)

    order, structure = onward(orders), onward(structures)
    return _Part(
        _changed(run.events, book=book, order_id=order),
        _changed(run.orders, book=book, id=order, parent=order, structure=structure),
        _changed(run.trades, book=book, entry_order=order, exit_order=order),
        {number + orders: tag for number, tag in run.tags.items()},
        {number + orders: own for number, own in run.client_ids.items()},
    )


def _changed(table: Mapping[str, NDArray[Any]], **changes: Any) -> Table:
    return {name: changes[name](column) if name in changes else column for name, column in table.items()}


def _joined(columns: Sequence[str], tables: Sequence[Table]) -> Table:
    """Tables one after another; empty columns where there is none."""
    if not tables:
        return {name: np.empty(0) for name in columns}
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}
