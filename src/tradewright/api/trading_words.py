"""Questions about sessions and orders as the rows take them, and their answers as documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.control.trading_queries import OrderQuery
from tradewright.domain.moments import utc
from tradewright.domain.timeframe import NS_PER_SECOND

from .schemas.base import instant
from .schemas.sessions import OrderFilter, WorkingOrder
from .session_words import SILENT_AFTER_S
from .words import decimal_text, instant_ns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.control.trading import OrderFact, SessionFact
    from tradewright.domain.control.trading_queries import OrderPlace

__all__ = ["about_of", "is_meant", "order_query", "recorded_order", "seen_when"]

_WORDS = {"pending": "sent", "submitted": "working", "partially_filled": "working"}
"""What a record calls an order, in the words of the accounts' journals."""
_KEPT = {"sent": ("pending",), "decided": ("pending",), "working": ("submitted", "partially_filled")}


def about_of(session: SessionFact) -> Mapping[str, Any]:
    """What a session was started with and how it stands, as its record gives it."""
    return {**session.about, "standing": session.standing}


def seen_when(state: str | None, now_ns: int) -> dict[str, Any]:
    """What a state means for the row of a session."""
    lately = now_ns - int(SILENT_AFTER_S * NS_PER_SECOND)
    found: dict[str | None, dict[str, Any]] = {
        "running": {"is_over": False, "seen_since_ns": lately},
        "silent": {"is_over": False, "seen_before_ns": lately},
        "ended": {"is_over": True},
        None: {},
    }
    return found[state]


def order_query(asked: OrderFilter, behind: OrderPlace | None) -> OrderQuery:
    """The orders that are asked for.

    Raises
    ------
    ConfigError
        When a date is none.
    """
    statuses = None if asked.status == "all" else _KEPT.get(asked.status, (asked.status,))
    since, until = instant_ns("from_date", asked.from_date), instant_ns("to_date", asked.to_date)
    return OrderQuery(
        asked.session, asked.strategy_id, asked.symbol, asked.mode, statuses, since_ns=since, until_ns=until,
        behind=behind,
    )  # fmt: skip


def is_meant(order: WorkingOrder, asked: OrderFilter) -> bool:
    """Whether an open order is one that is asked for."""
    wanted = ((asked.mode, order.mode), (asked.strategy_id, order.strategy), (asked.symbol, order.symbol),
              (asked.session, order.session))  # fmt: skip
    return all(want in {None, is_} for want, is_ in wanted)


def recorded_order(order: OrderFact, session: SessionFact, now_ns: int) -> WorkingOrder:
    """An order as the record of its session has it."""
    measured = session.measured_ns
    return WorkingOrder(
        session=session.id,
        mode=session.mode,
        account=session.account,
        strategy=order.strategy,
        id=f"{session.id}:{order.id}",
        symbol=order.symbol,
        side="buy" if order.side > 0 else "sell",
        type=order.type,
        quantity=decimal_text(order.quantity) or "0",
        filled=decimal_text(order.filled) or "0",
        limit=decimal_text(order.limit),
        stop=decimal_text(order.stop),
        status=_WORDS.get(order.status, order.status),
        cancelling=False,
        protects=order.type == "leg",
        measured_at=instant(measured),
        age_s=None if measured is None else max(0.0, (now_ns - measured) / NS_PER_SECOND),
        placed_at=utc(order.placed_ns),
        ended_at=instant(order.ended_ns),
        average_price=decimal_text(order.average_price),
        fees=decimal_text(order.fees),
        reason=order.reason,
        tag=order.tag,
    )
