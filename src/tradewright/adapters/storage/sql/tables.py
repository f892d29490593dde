"""The tables of runs, searches and approvals, as the latest migration leaves them; a test holds the two to each other.

Instants are UTC nanoseconds in 64 bits, dates ISO text, plain values JSON.
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
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from .metadata import METADATA

__all__ = [
    "approvals",
    "artifacts",
    "run_metrics",
    "run_symbols",
    "run_tags",
    "runs",
    "search_instruments",
    "searches",
    "trials",
]


def _run() -> Column[str]:
    return Column("run_id", String(64), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)


runs = Table(
    "runs",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("name", Text),
    Column("note", Text, nullable=False),
    Column("star", Boolean, nullable=False, server_default=false()),
    Column("created_ns", BigInteger, nullable=False),
    Column("status", String(32), nullable=False),
    Column("strategy", Text, nullable=False),
    Column("timeframe", String(16), nullable=False),
    Column("first", String(10), nullable=False),
    Column("last", String(10), nullable=False),
    Column("record_hash", String(64), nullable=False),
    Column("config_hash", String(64), nullable=False),
    Column("code_version", String(64), nullable=False),
    Column("config", JSON, nullable=False),
    Column("recipe", JSON, nullable=False),
    Column("evidence", JSON, nullable=False),
    Index(None, "created_ns"),
    Index(None, "record_hash"),
    Index("ix_runs_listing", "created_ns", "id", "strategy", "kind", "status", "star"),
    Index(None, "strategy", "id"),
    Index(None, "name", "id"),
)

run_symbols = Table(
    "run_symbols",
    METADATA,
    _run(),
    Column("position", Integer, primary_key=True),
    Column("symbol", Text, nullable=False),
    Index(None, "symbol", "run_id"),
)

run_tags = Table(
    "run_tags",
    METADATA,
    _run(),
    Column("position", Integer, primary_key=True),
    Column("tag", Text, nullable=False),
    Index(None, "tag", "run_id"),
)

run_metrics = Table(
    "run_metrics",
    METADATA,
    _run(),
    Column("key", String(64), primary_key=True),
    Column("value", Float(53)),
    Column("reason", Text),
    Index(None, "key", "value", "run_id"),
)

artifacts = Table(
    "artifacts",
    METADATA,
    _run(),
    Column("name", String(128), primary_key=True),
    Column("media_type", String(128), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("place", String(32), nullable=False),
    Index(None, "digest"),
)

searches = Table(
    "searches",
    METADATA,
    Column("key", Integer, primary_key=True),
    Column("id", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("family", Text, nullable=False),
    Column("strategy", Text, nullable=False),
    Column("settings", String(64), nullable=False),
    Column("timeframe", String(16), nullable=False),
    Column("first", String(10), nullable=False),
    Column("last", String(10), nullable=False),
    Column("time", Integer, nullable=False),
    Column("ended", Boolean, nullable=False),
    UniqueConstraint("id"),
    Index(None, "family", "timeframe"),
)
"""Searches and single runs; `time` says how often one was begun anew after it had ended."""

search_instruments = Table(
    "search_instruments",
    METADATA,
    Column("search_key", Integer, ForeignKey("searches.key", ondelete="CASCADE"), primary_key=True),
    Column("instrument", String(128), primary_key=True),
    Index(None, "instrument"),
)

trials = Table(
    "trials",
    METADATA,
    Column("sequence", Integer, primary_key=True),
    Column("search_key", Integer, ForeignKey("searches.key", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("time", Integer, nullable=False),
    Column("configuration", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("sharpe", Float(53)),
    Column("params", JSON, nullable=False),
    Column("objectives", JSON, nullable=False),
    Column("metrics", JSON, nullable=False),
    Column("reason", Text),
    Column("periods", Integer),
    Column("returns", LargeBinary),
    UniqueConstraint("search_key", "number"),
    Index(None, "search_key", "state", "configuration", "sequence", "sharpe"),
    sqlite_autoincrement=True,
)
"""Trials in the order in which they were kept; the last index holds all that counting reads."""

approvals = Table(
    "approvals",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("identity", String(64), nullable=False),
    Column("stage", String(16), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("source_hash", Text, nullable=False),
    Column("params", JSON, nullable=False),
    Column("symbols", JSON, nullable=False),
    Column("timeframe", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at_ns", BigInteger, nullable=False),
    Index(None, "identity", "stage", "number"),
)
"""Verdicts of persons, only ever added to; `identity` is the SHA-256 of the strategy that one binds."""
