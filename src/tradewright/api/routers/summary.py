"""What trading came to over a period."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Query

from tradewright.app.projections.summary import Period, TradingSummary, summed_up
from tradewright.domain.moments import utc

from ..dependencies import Room
from ..schemas.summary import GroupSummary, SummaryDay, SummaryQuery, TradingSummaryDocument
from ..words import decimal_text

__all__ = ["router"]

router = APIRouter(prefix="/v1/metrics", tags=["trading"])

_MONEY = frozenset({"equity", "exposure", "day_pnl", "pnl"})
_COUNTS = frozenset({"open_positions", "open_orders", "orders", "trades"})
_NAMED = {"return": "total_return"}


@router.get("/summary")
def get_summary(room: Room, asked: Annotated[SummaryQuery, Query()]) -> TradingSummaryDocument:
    """How trading stands and what it came to: for each mode and currency by itself, never summed over modes."""
    now = room.now_ns()
    first = asked.period.first_day(now)
    found = summed_up(room.trading_now(), asked.period, asked.mode, now)
    return TradingSummaryDocument(
        period=asked.period,
        first_day=None if asked.period is Period.ALL else _date(first),
        at=utc(now),
        groups=[_document(each) for each in found],
    )


def _document(summary: TradingSummary) -> GroupSummary:
    return GroupSummary(
        mode=summary.group.mode,
        currency=summary.group.currency,
        sessions=summary.sessions,
        running=summary.running,
        day=None if summary.day is None else _date(summary.day),
        reasons={_NAMED.get(key, key): why for key, why in summary.reasons.items()},
        days=[
            SummaryDay(
                day=_date(each.day),
                equity=decimal_text(each.equity) or "0",
                pnl=decimal_text(each.gain) or "0",
                index=each.level,
            )
            for each in summary.points
        ],
        **{_NAMED.get(key, key): _said(key, value) for key, value in summary.values.items()},
    )


def _said(key: str, value: float | None) -> Any:
    if key in _MONEY:
        return decimal_text(value)
    return int(value) if key in _COUNTS and value is not None else value


def _date(day: int) -> str:
    return (dt.date(1970, 1, 1) + dt.timedelta(days=day)).isoformat()
