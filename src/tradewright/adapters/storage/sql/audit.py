"""What was done, as rows that are only ever added to."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from tradewright.domain.control.users import AuditEntry, AuditQuery
from tradewright.domain.plain_values import from_plain, to_plain

from .control_tables import audit
from .listing import next_number, paged

if TYPE_CHECKING:
    from sqlalchemy import Row, Select

    from tradewright.domain.control.paging import Page, Slice

    from .database import Database

__all__ = ["SqlAudit"]


class SqlAudit:
    """The audit log in a database; see `tradewright.ports.users.AuditLog`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, entry: AuditEntry) -> AuditEntry:
        """Keep an entry under the next number."""
        with self._database.writing() as connection:
            kept = replace(entry, number=next_number(connection, audit.c.number))
            values = asdict(kept) | {"details": to_plain(dict(kept.details))}
            connection.execute(insert(audit).values(**values))
        return kept

    def page(self, query: AuditQuery, piece: Slice) -> Page[AuditEntry]:
        """The entries asked for, latest first."""
        return paged(self._database, _asked_for(query), (audit.c.number.desc(),), piece, _entry)


def _asked_for(query: AuditQuery) -> Select[Any]:
    statement = select(audit)
    if query.who is not None:
        statement = statement.where(audit.c.who == query.who)
    if query.action is not None:
        is_group = query.action.endswith(".")
        of_group = audit.c.action.startswith(query.action, autoescape=True)
        statement = statement.where(of_group if is_group else audit.c.action == query.action)
    if query.subject is not None:
        statement = statement.where(audit.c.subject == query.subject)
    if query.since_ns is not None:
        statement = statement.where(audit.c.at_ns >= query.since_ns)
    if query.until_ns is not None:
        statement = statement.where(audit.c.at_ns < query.until_ns)
    return statement


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(**row._asdict() | {"details": from_plain(row.details)})
