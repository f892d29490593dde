"""The tables of the control room, as the latest migration leaves them; a test holds the two to each other.

Instants are UTC nanoseconds in 64 bits, plain values JSON. Passwords and tokens stand nowhere, only their hashes.
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
    UniqueConstraint,
    false,
    text,
)

from .metadata import METADATA

__all__ = [
    "alerts",
    "attempts",
    "audit",
    "deliveries",
    "events",
    "firings",
    "idempotency",
    "installation",
    "jobs",
    "schedules",
    "sign_ins",
    "tokens",
    "users",
]


installation = Table("installation", METADATA, Column("id", String(64), primary_key=True))
"""One row, drawn when the tables were made: which database this is, wherever it moves to."""


def _of_user() -> Column[str]:
    return Column("user_id", String(64), ForeignKey("users.id", ondelete="CASCADE"), nullable=False)


users = Table(
    "users",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("name", String(128), nullable=False),
    Column("role", String(16), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    UniqueConstraint("name"),
)

sign_ins = Table(
    "sign_ins",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("family", String(64), nullable=False),
    _of_user(),
    Column("token_hash", String(64), nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("expires_ns", BigInteger, nullable=False),
    Column("used_ns", BigInteger),
    Column("revoked_ns", BigInteger),
    UniqueConstraint("token_hash"),
    Index(None, "family"),
    Index(None, "user_id"),
    Index(None, "expires_ns"),
)
"""Refresh tokens by their SHA-256, one row for each use."""

tokens = Table(
    "tokens",
    METADATA,
    Column("id", String(64), primary_key=True),
    _of_user(),
    Column("name", Text, nullable=False),
    Column("token_hash", String(64), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("expires_ns", BigInteger),
    Column("used_ns", BigInteger),
    Column("revoked_ns", BigInteger),
    UniqueConstraint("token_hash"),
    Index(None, "user_id"),
)

attempts = Table(
    "attempts",
    METADATA,
    Column("key", String(160), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_ns", BigInteger, nullable=False),
    Index(None, "last_ns"),
)
"""Attempts to sign in that did not succeed of late, by name and by address."""

audit = Table(
    "audit",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at_ns", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("request_id", Text),
    Column("address", Text),
    Column("details", JSON, nullable=False),
    Index(None, "at_ns"),
    Index(None, "who", "number"),
    Index(None, "action", "number"),
    Index(None, "subject", "number"),
)
"""What persons and programs did, only ever added to."""

idempotency = Table(
    "idempotency",
    METADATA,
    Column("user_id", String(64), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("method", String(16), nullable=False),
    Column("path", Text, nullable=False),
    Column("body_hash", String(64), nullable=False),
    Column("status", Integer),
    Column("answer", JSON),
    Column("at_ns", BigInteger, nullable=False),
    Index(None, "at_ns"),
)
"""Requests that act once however often they come; without a status while one is worked on."""

jobs = Table(
    "jobs",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("owner", Text, nullable=False),
    Column("request", JSON, nullable=False),
    Column("limit_seconds", Float(53)),
    Column("limit_memory_mb", Integer),
    Column("created_ns", BigInteger, nullable=False),
    Column("attempts_most", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("started_ns", BigInteger),
    Column("ended_ns", BigInteger),
    Column("worker", Text),
    Column("pid", Integer),
    Column("heartbeat_ns", BigInteger),
    Column("progress", JSON(none_as_null=True)),
    Column("run_id", String(64)),
    Column("error", JSON(none_as_null=True)),
    Column("cancel_asked_ns", BigInteger),
    Index(None, "created_ns", "id"),
    Index(None, "state", "created_ns", "id"),
    Index(None, "state", "heartbeat_ns"),
)

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
    Column("revision", Integer, nullable=False, server_default=text("0")),
    Column("changed_ns", BigInteger),
    Column("is_declared", Boolean, nullable=False, server_default=false()),
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

events = Table(
    "events",
    METADATA,
    Column("topic", String(128), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at_ns", BigInteger, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("body", JSON, nullable=False),
    Index(None, "at_ns"),
)

alerts = Table(
    "alerts",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("rule", String(64), nullable=False),
    Column("subject", Text, nullable=False),
    Column("severity", String(16), nullable=False),
    Column("sentence", Text, nullable=False),
    Column("hint", Text),
    Column("first_ns", BigInteger, nullable=False),
    Column("last_ns", BigInteger, nullable=False),
    Column("count", Integer, nullable=False),
    Column("acknowledged_ns", BigInteger),
    Column("acknowledged_by", Text),
    Column("resolved_ns", BigInteger),
    Index(None, "last_ns", "id"),
    Index(None, "rule", "subject", "resolved_ns"),
)

deliveries = Table(
    "deliveries",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("alert_id", String(64), ForeignKey("alerts.id", ondelete="CASCADE"), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("at_ns", BigInteger, nullable=False),
    Column("error", Text),
    Index(None, "alert_id", "number"),
    Index(None, "channel", "number"),
)
"""Attempts to tell persons of alerts, only ever added to."""
