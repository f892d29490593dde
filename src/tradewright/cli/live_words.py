"""What a session does, in lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.live.session import (
    CancelAsked,
    Happened,
    Logged,
    Placed,
    Replaced,
    StrategyFailed,
    Tripped,
)
from tradewright.domain.moments import utc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradewright.domain.live.session import Input, Output
    from tradewright.face.live import Session

__all__ = ["decision_line", "ending_lines", "money", "number", "status_line"]


def number(value: float) -> str:
    """A quantity with the digits it has, and no more than eight decimals."""
    return f"{value:,.8f}".rstrip("0").rstrip(".")


def money(value: float | None) -> str:
    """An amount with two decimals, or four where it is small."""
    if value is None:
        return "–"
    return f"{value:,.2f}" if abs(value) >= 1 or value == 0 else f"{value:,.4f}"


def _when(given: Input) -> str:
    at = given.at_ns
    return f"{utc(at):%Y-%m-%d %H:%M:%S}"


def decision_line(given: Input, output: Output) -> str:
    """One output as a line."""
    return f"{_when(given)}  {_words(output)}"


def _words(output: Output) -> str:
    if isinstance(output, Happened):
        return _happened(output)
    if isinstance(output, Logged):
        return f"says: {output.message} {' '.join(f'{n}={value}' for n, value in output.fields.items())}".rstrip()
    if isinstance(output, StrategyFailed):
        return f"STOPPED: {output.sentence}"
    if isinstance(output, Tripped):
        return f"LIMIT {output.limit} tripped at equity {money(output.equity)}."
    return _wanted(output)


def _wanted(output: Placed | Replaced | CancelAsked) -> str:
    if isinstance(output, Placed):
        return f"order {output.order_id}: {_order(output)}"
    if isinstance(output, Replaced):
        return f"order {output.order.order_id} for order {output.replaces}: {_order(output.order)}"
    return f"order {output.order_id}: cancel asked. {output.why}"


def _order(order: Placed) -> str:
    side = "buy" if order.side > 0 else "sell"
    prices = [("limit", order.limit_price), ("stop", order.stop_price), ("stop loss", order.stop_loss)]
    prices.append(("target", order.take_profit))
    told = ", ".join(f"{name} {money(price)}" for name, price in prices if price is not None)
    kind = order.order_type.replace("_", " ")
    return (
        f"{side} {number(order.quantity)} {order.symbol} at {kind}{', ' + told if told else ''}, {order.time_in_force}"
    )


def _happened(event: Happened) -> str:
    if event.event == "fill":
        side = "bought" if event.quantity > 0 else "sold"
        fee = f", fee {money(event.fee)}" if event.fee else ""
        return (
            f"order {event.order_id}: {side} {number(abs(event.quantity))} {event.symbol} at {money(event.price)}{fee}"
        )
    subject = f"order {event.order_id}: " if event.order_id else f"{event.symbol}: "
    return f"{subject}{event.event.replace('_', ' ')}. {event.reason}".rstrip()


def status_line(session: Session) -> str:
    """How a session stands, in one line."""
    standing = session.metrics
    if not standing:
        return f"{session.id}: no bar yet."
    feed = standing.get("feed", {})
    held = ", ".join(
        f"{each['symbol']} {number(each['quantity'])}" for each in standing["positions"] if each["quantity"]
    )
    age = feed.get("last_bar_age_s")
    return (
        f"{session.id}: equity {money(standing['equity'])}, cash {money(standing['cash'])}, holds {held or 'nothing'}, "
        f"{len(standing['orders'])} working orders; feed {feed.get('feed')}"
        f"{'' if feed.get('is_connected') else ' NOT CONNECTED'}, last bar {'–' if age is None else f'{age:.0f} s'} old"
    )


def ending_lines(session: Session) -> Iterator[str]:
    """How a session ended, and what it leaves."""
    standing = session.metrics
    yield f"Session {session.id} has {'failed' if session.status == 'failed' else 'ended'}."
    if not standing:
        return
    yield f"  Equity {money(standing['equity'])}, cash {money(standing['cash'])}, {standing['rows']} rows."
    for each in standing["positions"]:
        if each["quantity"]:
            yield f"  Holds {number(each['quantity'])} {each['symbol']} at {money(each['average_price'])} on average."
    for order in standing["orders"]:
        yield f"  Order {order['id']} for {order['symbol']} is still working."
    yield f"  Once more: tradewright replay {session.id}"
