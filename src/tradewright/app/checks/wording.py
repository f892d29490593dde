"""How a check speaks of values and decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tradewright.domain.record import LogLine
    from tradewright.engine.rehearsal import Intent

__all__ = ["log_text", "number_text", "said_text"]

_SIDES = {1: "buy", -1: "sell"}


def number_text(value: float) -> str:
    """A number for a sentence; missing ones are called so.

    Examples
    --------
    >>> number_text(101.25), number_text(float("nan"))
    ('101.25', 'missing')
    """
    return "missing" if value != value else f"{value:.10g}"  # noqa: PLR0124 - NaN


def said_text(intent: Intent | None, symbol: str) -> str:
    """A call to the desk in a few words."""
    if intent is None:
        return "nothing"
    if intent.call == "submit":
        return _ticket_text(intent.said[0], symbol)
    if intent.call == "market":
        return f"{_SIDES[int(intent.said[0])]} {intent.said[1]:.10g} {symbol}"
    if intent.call == "target_percent":
        return f"{intent.said[0]:.4%} of equity in {symbol}"
    if intent.call == "target_quantity":
        return f"{intent.said[0]:.10g} units of {symbol}"
    name = {"close_position": "closing the position in", "cancel": "cancelling an order of"}.get(intent.call)
    return f"{name or 'replacing an order of'} {symbol}"


def _ticket_text(fields: dict[str, Any], symbol: str) -> str:
    side = _SIDES[int(fields["side"])]
    quantity = f"{fields['quantity']:.10g}" if "quantity" in fields else "all"
    prices = [
        f"{name.replace('_', ' ')} {fields[name]:.10g}" for name in fields if name.endswith(("price", "loss", "profit"))
    ]
    return f"{side} {quantity} {symbol}" + (f" ({', '.join(prices)})" if prices else "")


def log_text(line: LogLine | None) -> str:
    """A line of the log."""
    if line is None:
        return "nothing"
    fields = " ".join(f"{name}={value}" for name, value in line.fields.items())
    return repr(f"{line.message} {fields}".strip()[:120])
