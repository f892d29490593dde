"""The tables of schedules and of their times, as the latest migration leaves them; a test holds the two to each other.

Instants are UTC nanoseconds in 64 bits, requests JSON.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from .metadata import METADATA

__all__ = ["firings", "schedules"]

schedules = Table(
    "schedules",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("expression", String(200), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("request", JSON, nullable=False),
    Column("missed", String(16), nullable=False),
    Column("most", Integer, nullable=False),
    Column("grace_s", Float(53), nullable=False),
    Column("owner", String(128), nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("cursor_ns", BigInteger, nullable=False),
    Column("paused_ns", BigInteger),
    UniqueConstraint("name"),
)

firings = Table(
    "firings",
    METADATA,
    Column("schedule_id", String(64), ForeignKey("schedules.id", ondelete="CASCADE"), primary_key=True),
    Column("due_ns", BigInteger, primary_key=True, autoincrement=False),
    Column("cause", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("at_ns", BigInteger, nullable=False),
    Column("missed", Integer, nullable=False),
    Column("error", Text),
    Index(None, "state", "at_ns"),
)
"""One row for each time: the key is why nothing is begun twice."""
