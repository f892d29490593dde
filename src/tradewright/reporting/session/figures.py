"""The few numbers that a session leads with. They add up: start + realised + unrealised - costs = equity."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .book import MoneyRow, SessionBook

__all__ = ["SessionFigures", "session_figures"]


@dataclass(frozen=True, slots=True)
class SessionFigures:
    """What a session came to.

    Parameters
    ----------
    start, equity, realised, unrealised, costs : float
        Money; costs are fees, taxes and financing together, whatever the venue took beside prices.
    day : float or None
        Change of equity since the session before; since the start on the first day. None before the first decision.
    day_share : float or None
        The same as a fraction of what it was then.
    exposure : float or None
        Value held as a fraction of equity.
    drawdown : float or None
        Below the highest equity of a row, as a fraction; 0 or negative.
    fills, orders : int
    slippage : float or None
        How much worse than the close of the deciding bar orders filled, as a fraction of what was traded.
    spread : float or None
        What crossing half of the spread cost, by the quotes on which orders were sent, as a fraction of what was traded
        by them.
    """

    start: float
    equity: float
    realised: float
    unrealised: float
    costs: float
    day: float | None
    day_share: float | None
    exposure: float | None
    drawdown: float | None
    fills: int
    orders: int
    slippage: float | None
    spread: float | None


def session_figures(book: SessionBook, measured: float | None) -> SessionFigures:
    """The figures of a session by its rows and the equity that it measured last, which may know more."""
    rows = [row for row in book.money if not math.isnan(row.equity)]
    purse = book.purse
    by_fills = book.start + purse.realised + purse.unrealised - purse.costs
    equity = by_fills if measured is None else measured
    base = _before_today(rows, book.start)
    peak = max([book.start, equity, *(row.equity for row in rows)])
    return SessionFigures(
        start=book.start,
        equity=equity,
        realised=purse.realised,
        unrealised=purse.unrealised,
        costs=book.start + purse.realised + purse.unrealised - equity,
        day=equity - base if rows else None,
        day_share=equity / base - 1.0 if rows and base > 0.0 else None,
        exposure=purse.gross / equity if equity > 0.0 else None,
        drawdown=equity / peak - 1.0 if rows and peak > 0.0 else None,
        fills=len(book.orders.executions),
        orders=len(book.orders.tickets),
        slippage=_weighed(book, [each.slippage for each in book.orders.executions]),
        spread=_weighed(book, [each.spread for each in book.orders.executions]),
    )


def _before_today(rows: Sequence[MoneyRow], start: float) -> float:
    """Equity at the end of the day before the last row's; the start where there is none."""
    return next((row.equity for row in reversed(rows) if row.day < rows[-1].day), start)


def _weighed(book: SessionBook, shares: Sequence[float | None]) -> float | None:
    """The mean of what fills say, by what they traded; None where none says anything."""
    fills = zip(shares, book.orders.executions, strict=True)
    weighed = [(share, abs(each.quantity) * each.price) for share, each in fills if share is not None]
    total = sum(weight for _, weight in weighed)
    return sum(share * weight for share, weight in weighed) / total if total else None
