"""How a session stands, in JSON words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .session import Standings

__all__ = ["plain_standings"]

_POSITION = ("strategy", "symbol", "quantity", "average_price", "mark", "realized_pnl")


def plain_standings(standing: Standings) -> dict[str, Any]:
    """The standings as plain values: positions and orders as mappings."""
    return {
        "at_ns": standing.at_ns,
        "cash": standing.cash,
        "equity": standing.equity,
        "positions": [dict(zip(_POSITION, each, strict=True)) for each in standing.positions],
        "orders": [{"strategy": number, **_order(order)} for number, order in standing.orders],
        "retired": list(standing.retired),
        "paused": list(standing.paused),
        "halted": standing.is_halted,
    }


def _order(order: Any) -> dict[str, Any]:
    words = asdict(order)
    return {name: value.name.lower() if name == "side" else _plain(value) for name, value in words.items()}


def _plain(value: Any) -> Any:
    return value if isinstance(value, (int, float, bool, type(None))) and not hasattr(value, "name") else str(value)
