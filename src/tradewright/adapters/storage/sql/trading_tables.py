"""The tables of what sessions did, as the latest migration leaves them; a test holds the two to each other.

They are projections: the records of sessions are the truth, and these rows can be thrown away and made again.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from .metadata import METADATA

__all__ = ["fills", "metrics", "orders", "positions", "sessions", "strategies", "trades"]


def _of_session() -> Column[str]:
    return Column("session", String(128), ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)


def _number(name: str) -> Column[int]:
    return Column(name, BigInteger, primary_key=True, autoincrement=False)


def _whose() -> tuple[Column[str], Column[str]]:
    return Column("strategy", Text, nullable=False), Column("symbol", Text, nullable=False)


sessions = Table(
    "sessions",
    METADATA,
    Column("id", String(128), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("mode", String(16), nullable=False),
    Column("fills", String(16), nullable=False),
    Column("broker", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("timeframe", String(16), nullable=False),
    Column("currency", String(16), nullable=False),
    Column("is_dry", Boolean, nullable=False),
    Column("is_over", Boolean, nullable=False),
    Column("why_ended", Text, nullable=False),
    Column("strategies", JSON, nullable=False),
    Column("symbols", JSON, nullable=False),
    Column("about", JSON, nullable=False),
    Column("standing", JSON(none_as_null=True)),
    Column("seen_ns", BigInteger),
    Column("measured_ns", BigInteger),
    Column("read", BigInteger, nullable=False),
    Column("mark", String(64), nullable=False),
    Index(None, "number", "id"),
    Index(None, "mode", "number", "id"),
    Index(None, "is_over", "mode", "number", "id", "seen_ns"),
)
"""`read` says how many inputs of the record the rows contain, `mark` what it looked like from outside."""

strategies = Table(
    "strategies",
    METADATA,
    _of_session(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("params", JSON, nullable=False),
    Column("source_hash", String(64)),
    Index(None, "name", "session"),
)

orders = Table(
    "orders",
    METADATA,
    _of_session(),
    _number("id"),
    Column("mode", String(16), nullable=False),
    *_whose(),
    Column("side", Integer, nullable=False),
    Column("type", String(32), nullable=False),
    Column("time_in_force", String(16), nullable=False),
    Column("quantity", Float(53), nullable=False),
    Column("limit", Float(53)),
    Column("stop", Float(53)),
    Column("status", String(24), nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("placed_ns", BigInteger, nullable=False),
    Column("filled", Float(53), nullable=False),
    Column("average_price", Float(53)),
    Column("fees", Float(53), nullable=False),
    Column("reason", Text, nullable=False),
    Column("ended_ns", BigInteger),
    Column("replaces", BigInteger),
    Column("tag", Text),
    Index(None, "placed_ns", "session", "id"),
    Index(None, "is_open", "placed_ns", "session", "id"),
    Index(None, "strategy", "placed_ns", "session", "id"),
    Index(None, "symbol", "placed_ns", "session", "id"),
    Index(None, "mode", "placed_ns", "session", "id"),
    Index(None, "status", "placed_ns", "session", "id"),
)

fills = Table(
    "fills",
    METADATA,
    _of_session(),
    _number("number"),
    Column("order_id", BigInteger, nullable=False),
    *_whose(),
    Column("quantity", Float(53), nullable=False),
    Column("price", Float(53), nullable=False),
    Column("fee", Float(53), nullable=False),
    Column("at_ns", BigInteger, nullable=False),
    Column("event", String(16), nullable=False),
    Index(None, "session", "order_id"),
)

trades = Table(
    "trades",
    METADATA,
    _of_session(),
    _number("number"),
    *_whose(),
    Column("side", Integer, nullable=False),
    Column("quantity", Float(53), nullable=False),
    Column("entry_ns", BigInteger, nullable=False),
    Column("exit_ns", BigInteger, nullable=False),
    Column("entry_price", Float(53), nullable=False),
    Column("exit_price", Float(53), nullable=False),
    Column("fees", Float(53), nullable=False),
    Column("net", Float(53), nullable=False),
)

positions = Table(
    "positions",
    METADATA,
    _of_session(),
    Column("strategy", Text, primary_key=True),
    Column("symbol", Text, primary_key=True),
    Column("quantity", Float(53), nullable=False),
    Column("average_price", Float(53)),
    Column("mark", Float(53)),
    Column("mark_ns", BigInteger),
    Column("realized", Float(53), nullable=False),
)

metrics = Table(
    "metrics",
    METADATA,
    _of_session(),
    _number("day"),
    Column("at_ns", BigInteger, nullable=False),
    Column("began", Float(53)),
    Column("equity", Float(53)),
    Column("exposure", Float(53)),
    Column("traded", Float(53), nullable=False),
    Column("placed", Integer, nullable=False),
    Column("filled", Integer, nullable=False),
    Column("unfilled", Integer, nullable=False),
    Column("trades", Integer, nullable=False),
    Column("won", Integer, nullable=False),
    Index(None, "day", "session"),
)
"""What a session came to on each of its days."""
