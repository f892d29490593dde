"""Events as rows, numbered within their topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select

from tradewright.domain.control.events import TopicEvent
from tradewright.domain.plain_values import from_plain, to_plain

from .control_tables import events
from .listing import rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .database import Database

__all__ = ["SqlEvents"]


class SqlEvents:
    """The log of events in a database; see `tradewright.ports.events.EventLog`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, topic: str, kind: str, body: Mapping[str, Any], at_ns: int) -> TopicEvent:
        """Keep an event under the next number of its topic."""
        with self._database.writing() as connection:
            last = connection.execute(select(func.max(events.c.seq)).where(events.c.topic == topic)).scalar()
            seq = (last or 0) + 1
            row = {"topic": topic, "seq": seq, "at_ns": at_ns, "kind": kind, "body": to_plain(dict(body))}
            connection.execute(insert(events).values(**row))
        return TopicEvent(topic, seq, at_ns, kind, body)

    def after(self, topic: str, seq: int, limit: int) -> list[TopicEvent]:
        """Events of a topic with a number above that."""
        later = select(events).where(events.c.topic == topic, events.c.seq > seq).order_by(events.c.seq).limit(limit)
        return [
            TopicEvent(row.topic, row.seq, row.at_ns, row.kind, from_plain(row.body))
            for row in rows_of(self._database, later)
        ]

    def head(self, topic: str) -> int:
        """Number of the last event."""
        return self.heads([topic])[topic]

    def heads(self, topics: Sequence[str]) -> dict[str, int]:
        """The same for several topics."""
        last = select(events.c.topic, func.max(events.c.seq).label("seq")).where(events.c.topic.in_(topics))
        found = {row.topic: row.seq for row in rows_of(self._database, last.group_by(events.c.topic))}
        return {topic: found.get(topic, 0) for topic in topics}

    def oldest(self, topic: str) -> int | None:
        """Number of the first event that is still kept."""
        first = select(events.c.seq).where(events.c.topic == topic).order_by(events.c.seq).limit(1)
        return next((int(row.seq) for row in rows_of(self._database, first)), None)

    def forget(self, before_ns: int) -> None:
        """Take away events from before an instant, but never the last of a topic."""
        later = events.alias("later")
        has_later = select(later.c.seq).where(later.c.topic == events.c.topic, later.c.seq > events.c.seq).exists()
        with self._database.writing() as connection:
            connection.execute(delete(events).where(events.c.at_ns < before_ns, has_later))
