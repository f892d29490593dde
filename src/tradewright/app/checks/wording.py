"""How a check speaks of values and decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tradewright.engine.rehearsal import Intent

    from .subject import Subject

__all__ = ["intent_text", "number_text"]

_SIDES = {1: "buy", -1: "sell"}


def number_text(value: float) -> str:
    """A number for a sentence; missing ones are called so.

    Examples
    --------
    >>> number_text(101.25), number_text(float("nan"))
    ('101.25', 'missing')
    """
    return "missing" if value != value else f"{value:.10g}"  # noqa: PLR0124 - NaN


def intent_text(subject: Subject, intent: Intent | None) -> str:
    """A decision in a few words."""
    if intent is None:
        return "nothing"
    symbol = subject.market.symbols[intent.book % len(subject.market.symbols)]
    name = intent.call.replace("_", " ")
    if intent.call == "submit":
        return _ticket_text(intent.said[0], symbol)
    if intent.call == "market":
        return f"{_SIDES[int(intent.said[0])]} {intent.said[1]:g} {symbol}"
    said = ", ".join(f"{each:.10g}" for each in intent.said if isinstance(each, (int, float)))
    return f"{name} {said} {symbol}".replace("  ", " ")


def _ticket_text(fields: dict[str, Any], symbol: str) -> str:
    side = _SIDES[int(fields["side"])]
    quantity = f"{fields['quantity']:g}" if "quantity" in fields else "all"
    prices = [
        f"{name.replace('_', ' ')} {fields[name]:.10g}" for name in fields if name.endswith(("price", "loss", "profit"))
    ]
    return " ".join([side, quantity, symbol, *([f"({', '.join(prices)})"] if prices else [])])
