"""What sessions did, in rows that can be listed: projections of their records."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

__all__ = ["down_revision", "downgrade", "revision", "upgrade"]

revision = "0006"
down_revision = "0005"

_TABLES = ("metrics", "positions", "trades", "fills", "orders", "strategies", "sessions")
_PLACE = ("placed_ns", "session", "id")


def upgrade() -> None:
    """Make the tables; they are filled from the records by who projects them."""
    _sessions()
    _strategies()
    _orders()
    _fills()
    _trades()
    _positions()
    _metrics()


def downgrade() -> None:
    """Take them away again; the records of the sessions stay."""
    for table in _TABLES:
        op.drop_table(table)


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(128), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("fills", sa.String(16), nullable=False),
        sa.Column("broker", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("timeframe", sa.String(16), nullable=False),
        sa.Column("currency", sa.String(16), nullable=False),
        sa.Column("is_dry", sa.Boolean(), nullable=False),
        sa.Column("is_over", sa.Boolean(), nullable=False),
        sa.Column("why_ended", sa.Text(), nullable=False),
        sa.Column("strategies", sa.JSON(), nullable=False),
        sa.Column("symbols", sa.JSON(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("standing", sa.JSON()),
        sa.Column("seen_ns", sa.BigInteger()),
        sa.Column("measured_ns", sa.BigInteger()),
        sa.Column("read", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    _indexes("sessions", ("number", "id"), ("mode", "number", "id"))
    _indexes("sessions", ("is_over", "mode", "number", "id", "seen_ns"))


def _strategies() -> None:
    _table(
        "strategies",
        "number",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("source_hash", sa.String(64)),
    )
    _indexes("strategies", ("name", "session"))


def _orders() -> None:
    _table(
        "orders",
        "id",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        *_whose(),
        sa.Column("side", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(32), nullable=False),
        sa.Column("time_in_force", sa.String(16), nullable=False),
        _number("quantity"),
        sa.Column("limit", sa.Float(53)),
        sa.Column("stop", sa.Float(53)),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("placed_ns", sa.BigInteger(), nullable=False),
        _number("filled"),
        sa.Column("average_price", sa.Float(53)),
        _number("fees"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_ns", sa.BigInteger()),
        sa.Column("replaces", sa.BigInteger()),
        sa.Column("tag", sa.Text()),
    )
    _indexes("orders", _PLACE, *((name, *_PLACE) for name in ("is_open", "strategy", "symbol", "mode", "status")))


def _fills() -> None:
    _table(
        "fills",
        "number",
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        *_whose(),
        _number("quantity"),
        _number("price"),
        _number("fee"),
        sa.Column("at_ns", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.String(16), nullable=False),
    )
    _indexes("fills", ("session", "order_id"))


def _trades() -> None:
    _table(
        "trades",
        "number",
        sa.Column("number", sa.BigInteger(), nullable=False),
        *_whose(),
        sa.Column("side", sa.Integer(), nullable=False),
        _number("quantity"),
        sa.Column("entry_ns", sa.BigInteger(), nullable=False),
        sa.Column("exit_ns", sa.BigInteger(), nullable=False),
        _number("entry_price"),
        _number("exit_price"),
        _number("fees"),
        _number("net"),
    )


def _positions() -> None:
    op.create_table(
        "positions",
        sa.Column("session", sa.String(128), nullable=False),
        *_whose(),
        _number("quantity"),
        sa.Column("average_price", sa.Float(53)),
        sa.Column("mark", sa.Float(53)),
        sa.Column("mark_ns", sa.BigInteger()),
        _number("realized"),
        sa.PrimaryKeyConstraint("session", "strategy", "symbol", name="pk_positions"),
        _of_session("positions"),
    )


def _metrics() -> None:
    _table(
        "metrics",
        "day",
        sa.Column("day", sa.BigInteger(), nullable=False),
        sa.Column("at_ns", sa.BigInteger(), nullable=False),
        sa.Column("began", sa.Float(53)),
        sa.Column("equity", sa.Float(53)),
        sa.Column("exposure", sa.Float(53)),
        _number("traded"),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("placed", "filled", "unfilled", "trades", "won")),
    )
    _indexes("metrics", ("day", "session"))


def _table(name: str, key: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("session", sa.String(128), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("session", key, name=f"pk_{name}"),
        _of_session(name),
    )


def _of_session(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["session"], ["sessions.id"], name=f"fk_{name}_session", ondelete="CASCADE")


def _whose() -> tuple[sa.Column[str], sa.Column[str]]:
    return sa.Column("strategy", sa.Text(), nullable=False), sa.Column("symbol", sa.Text(), nullable=False)


def _number(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Float(53), nullable=False)


def _indexes(table: str, *indexes: tuple[str, ...]) -> None:
    for columns in indexes:
        op.create_index("_".join(("ix", table, *columns)), table, list(columns))
