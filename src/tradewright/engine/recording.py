"""From what the run left behind to its record."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.events import EventKind, Reason
from tradewright.domain.order import OrderStatus
from tradewright.domain.record import (
    EVENT_COLUMNS,
    ORDER_COLUMNS,
    DataKey,
    OpenPosition,
    RunRecord,
    StrategyInfo,
)
from tradewright.simulation.trades import Tape, trades_and_basis
from tradewright.strategy.own_text import text_of

from .equity import equity_curve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from tradewright.domain.bars import Bars
    from tradewright.simulation.trades import Means
    from tradewright.strategy.base import Strategy

    from .board import Board
    from .desk import OrderDesk
    from .plan import RunPlan

    Floats = NDArray[np.float64]

__all__ = ["record_run"]

_STATUSES = {status: number for number, status in enumerate(OrderStatus)}
_ENDED_AS = {
    EventKind.CANCELLED: OrderStatus.CANCELLED,
    EventKind.EXPIRED: OrderStatus.EXPIRED,
    EventKind.REJECTED: OrderStatus.REJECTED,
}


def record_run(
    plan: RunPlan,
    desk: OrderDesk,
    strategies: list[Strategy],
    warmup: list[int],
    first_row: int,
    *,
    pair_by: Means | None = None,
) -> RunRecord:
    """Build the record of a finished run.

    Parameters
    ----------
    warmup : list of int
        Bars that each strategy waited for.
    first_row : int
        Row from which equity and metrics count.
    pair_by : Means, optional
        What trades are worked out with: that of the tier in which the run was carried out.
    """
    board = desk.board
    market = board.market
    events = event_table(board)
    tape = tape_of(board)
    trades, basis = trades_and_basis(events, tape, plan.lots, pair_by)
    timeline = market.timeline(first_row)
    curve = equity_curve(board, events, plan.cash, first_row, timeline.session_closes())
    return RunRecord(
        config=plan.config(),
        strategies=tuple(info_of(s, bars) for s, bars in zip(strategies, warmup, strict=True)),
        instruments=tuple(board.instruments),
        data=tuple(data_key(name, bars) for name, bars in plan.series.items()),
        code_version=plan.code_version,
        timeline=timeline,
        equity=curve.equity,
        exposure=curve.exposure,
        rows_in_market=curve.rows_in_market,
        events=events,
        orders=order_table(desk, events),
        trades=trades,
        tags=desk.orders.tags,
        client_ids=desk.orders.client_ids,
        open_positions=open_positions(board, strategies, basis),
        logs=tuple(desk.logs),
        bars=dict(plan.series),
    )


def event_table(board: Board) -> dict[str, Floats]:
    """The log as columns."""
    return dict(zip(EVENT_COLUMNS, board.exchange.log.columns(), strict=True))


def tape_of(board: Board) -> Tape:
    """The bars behind the events, for pairing trades."""
    tracks = board.market.tracks
    return Tape(
        open_time=board.market.open_time,
        close_time=board.market.close_time,
        high=[track.high for track in tracks],
        low=[track.low for track in tracks],
        close=[track.close for track in tracks],
        multiplier=[instrument.multiplier for instrument in board.instruments],
    )


def order_table(desk: OrderDesk, events: dict[str, Floats]) -> dict[str, Floats]:
    """Every order with what became of it, as columns."""
    placed = desk.orders.rows.columns()
    table: dict[str, Floats] = dict(zip(ORDER_COLUMNS, placed, strict=False))
    count = placed.shape[1]
    fills = events["kind"] == float(EventKind.FILL)
    number = events["order_id"][fills].astype(np.int64) - 1
    units = np.abs(events["quantity"][fills])
    filled = np.bincount(number, units, count).astype(np.float64)
    notional = np.bincount(number, units * events["price"][fills], count)
    with np.errstate(invalid="ignore"):
        table["price"] = notional / np.where(filled > 0.0, filled, np.nan)
    table["filled"] = filled
    table["ended"] = np.full(count, -1.0)
    table["ended"][number] = events["row"][fills]
    _set_status(table, events, _open_ids(desk))
    traded = np.bincount(number, events["quantity"][fills], count)
    table["side"] = np.where(filled > 0.0, np.sign(traded), table["side"])
    return {name: table[name] for name in ORDER_COLUMNS}


def _set_status(table: dict[str, Floats], events: dict[str, Floats], working: NDArray[np.int64]) -> None:
    filled = table["filled"]
    table["status"] = np.full(len(filled), float(_STATUSES[OrderStatus.FILLED]))
    table["reason"] = np.zeros(len(filled))
    cut = (events["kind"] == float(EventKind.FILL)) & (events["reason"] == float(Reason.CUT_DOWN))
    table["reason"][events["order_id"][cut].astype(np.int64) - 1] = Reason.CUT_DOWN
    left = np.zeros(len(filled))
    for kind, status in _ENDED_AS.items():
        chosen = events["kind"] == float(kind)
        number = events["order_id"][chosen].astype(np.int64) - 1
        table["status"][number] = _STATUSES[status]
        table["reason"][number] = events["reason"][chosen]
        table["ended"][number] = events["row"][chosen]
        left[number] = events["quantity"][chosen]
    partly = np.where(filled[working] > 0.0, _STATUSES[OrderStatus.PARTIALLY_FILLED], _STATUSES[OrderStatus.SUBMITTED])
    table["status"][working] = partly
    table["ended"][working] = -1.0
    # Legs and orders sized at the fill are placed without a quantity: theirs is what they filled and left.
    unsized = table["quantity"] == 0.0
    table["quantity"] = np.where(unsized, filled + left, table["quantity"])


def _open_ids(desk: OrderDesk) -> NDArray[np.int64]:
    working = [order.id - 1 for book in desk.board.books for order in book.orders if order.open == 1]
    return np.array(sorted(working), np.int64)


def open_positions(board: Board, strategies: list[Strategy], basis: Mapping[int, float]) -> tuple[OpenPosition, ...]:
    """What is still held, marked at the last close; its profit is that of the lots that the trades have left open."""
    found = []
    for book in board.books:
        if book.position != 0.0:
            mark = board.close(book)
            value = book.position * mark * book.multiplier * book.fx
            name = strategies[book.number // len(board.market.tracks)].name
            found.append(
                OpenPosition(
                    book=book.number,
                    symbol=board.symbol(book),
                    strategy=name,
                    quantity=book.position,
                    average_price=book.average_price,
                    mark=mark,
                    value=value,
                    unrealized=value - basis.get(book.number, book.basis),
                )
            )
    return tuple(found)


def info_of(strategy: Strategy, warmup_bars: int) -> StrategyInfo:
    """Which strategy ran."""
    return StrategyInfo(strategy.name, dict(strategy.params), source_hash(strategy), warmup_bars, strategy.style)


def source_hash(strategy: Strategy) -> str | None:
    """Hash of the strategy's text; None where the text is not to be had."""
    try:
        return hashlib.sha256(text_of(strategy.source()).encode()).hexdigest()
    except (OSError, TypeError):
        return None


def data_key(symbol: str, bars: Bars) -> DataKey:
    """Which bars ran."""
    first, last = bars.ends
    return DataKey(
        symbol=symbol,
        timeframe=str(bars.timeframe),
        fingerprint=bars.fingerprint,
        rows=len(bars),
        first=_instant(first),
        last=_instant(last),
        adjustment=str(bars.adjustment),
        source=bars.source,
        synthetic=bars.synthetic,
        origin=bars.origin,
    )


@lru_cache(maxsize=64)
def _instant(nanoseconds: int) -> str:
    return f"{np.datetime64(nanoseconds, 'ns').astype('datetime64[s]')}Z"
