"""The tables of messages on their way and of who sends them, as the latest migration leaves them; a test holds them.

Instants are UTC nanoseconds in 64 bits. No address and no credential of a channel stands in them.
"""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, String, Table, Text

from .metadata import METADATA

__all__ = ["duties", "notices", "places"]

notices = Table(
    "notices",
    METADATA,
    Column("id", String(160), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("alert_ids", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("made_ns", BigInteger, nullable=False),
    Column("next_ns", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
    Index(None, "state", "next_ns"),
    Index(None, "channel", "state", "made_ns"),
)

places = Table(
    "places",
    METADATA,
    Column("name", String(128), primary_key=True),
    Column("number", BigInteger, nullable=False),
)
"""How far readers of events have come."""

duties = Table(
    "duties",
    METADATA,
    Column("name", String(64), primary_key=True),
    Column("holder", String(160), nullable=False),
    Column("beat_ns", BigInteger, nullable=False),
)
"""Who does what one process at a time does for all."""
