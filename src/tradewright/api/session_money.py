"""What sessions came to as documents: figures, orders, fills."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.moments import utc

from .schemas.base import instant
from .schemas.money import SessionFill, SessionMoney, SessionOrder
from .words import decimal_text, finite

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.reporting.session.book import SessionBook
    from tradewright.reporting.session.figures import SessionFigures
    from tradewright.reporting.session.tickets import Execution, Ticket

__all__ = ["currency_of", "fills_of", "measured_equity", "money_of", "orders_of"]

_BPS = 10_000.0
_CENT = 6
"""Decimals to which sums of money are told: adding floats leaves dust behind them."""
_REASONS = {
    "day": "No bar has been decided on yet.",
    "exposure": "There is no equity.",
    "drawdown": "No bar has been decided on yet.",
    "slippage_bps": "No order of a strategy has filled yet.",
    "spread_bps": "No order that filled was sent on a live quote.",
    "assumed_bps": "The cost policies of the session say no slippage in basis points.",
}


def money_of(about: Mapping[str, Any], figures: SessionFigures, seq: int) -> SessionMoney:
    """The figures of a session."""
    standing = about.get("standing") or {}
    found: dict[str, Any] = {
        "day": _money(figures.day),
        "exposure": finite(figures.exposure),
        "drawdown": finite(figures.drawdown),
        "slippage_bps": _bps(figures.slippage),
        "spread_bps": _bps(figures.spread),
        "assumed_bps": _assumed(about),
    }
    return SessionMoney(
        currency=currency_of(about),
        start=_money(figures.start) or "0",
        equity=_money(figures.equity) or "0",
        realised=_money(figures.realised) or "0",
        unrealised=_money(figures.unrealised) or "0",
        costs=_money(figures.costs) or "0",
        day_share=finite(figures.day_share),
        orders=figures.orders,
        fills=figures.fills,
        reasons={name: _REASONS[name] for name, value in found.items() if value is None},
        measured_at=instant(standing.get("measured_ns")),
        seq=seq,
        **found,
    )


def measured_equity(about: Mapping[str, Any]) -> float | None:
    """The equity that a session said last."""
    return (about.get("standing") or {}).get("equity")


def currency_of(about: Mapping[str, Any]) -> str:
    """The currency of a session's account."""
    return str((about.get("policies") or {}).get("currency") or about.get("currency") or "")


def _assumed(about: Mapping[str, Any]) -> float | None:
    costs = (about.get("policies") or {}).get("costs") or {}
    said = (costs.get("slippage") or {}).get("bps")
    return finite(said) if isinstance(said, int | float) else None


def _bps(share: float | None) -> float | None:
    return None if share is None else finite(share * _BPS)


def _money(value: float | None) -> str | None:
    return None if value is None else decimal_text(round(value, _CENT) + 0.0)


def orders_of(about: Mapping[str, Any], book: SessionBook) -> list[SessionOrder]:
    """Every order of a session, the latest first; unknown ones before all others."""
    found = [_order(about, each) for each in reversed(book.orders.tickets.values())]
    return sorted(found, key=lambda order: order.status != "unknown")


def _order(about: Mapping[str, Any], ticket: Ticket) -> SessionOrder:
    placed = ticket.placed
    return SessionOrder(
        id=placed.order_id,
        strategy=_strategy(about, placed.strategy),
        symbol=placed.symbol,
        side="buy" if placed.side > 0 else "sell",
        type=placed.order_type,
        time_in_force=placed.time_in_force,
        quantity=decimal_text(placed.quantity) or "0",
        limit=decimal_text(placed.limit_price),
        stop=decimal_text(placed.stop_price),
        status=ticket.status,  # type: ignore[arg-type] # the words are those of the ticket
        filled=decimal_text(ticket.filled) or "0",
        average=decimal_text(ticket.average),
        reason=ticket.reason,
        sent_at=utc(ticket.decided_ns),
        acknowledged_at=instant(ticket.acknowledged_ns),
        ended_at=instant(ticket.ended_ns),
        spread_bps=_bps(ticket.spread),
    )


def fills_of(about: Mapping[str, Any], book: SessionBook) -> list[SessionFill]:
    """Every fill of a session, the latest first."""
    return [_fill(about, each) for each in reversed(book.orders.executions)]


def _fill(about: Mapping[str, Any], fill: Execution) -> SessionFill:
    return SessionFill(
        at=utc(fill.at_ns),
        order=fill.order_id,
        strategy=_strategy(about, fill.strategy),
        symbol=fill.symbol,
        side="buy" if fill.quantity > 0 else "sell",
        quantity=decimal_text(abs(fill.quantity)) or "0",
        price=decimal_text(fill.price) or "0",
        fee=_money(fill.fee) or "0",
        slippage_bps=_bps(fill.slippage),
        spread_bps=_bps(fill.spread),
    )


def _strategy(about: Mapping[str, Any], number: int) -> str:
    names = [str(each["name"]) for each in about.get("strategies", ())]
    return names[number] if 0 <= number < len(names) else ""
