"""Duties as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from tradewright.domain.control.duties import Duty

from .listing import rows_of
from .notice_tables import duties

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from .database import Database

__all__ = ["SqlDuties"]


class SqlDuties:
    """Duties in a database; see `tradewright.ports.duties.Duties`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> Duty | None:
        """How a duty stands."""
        found = rows_of(self._database, select(duties).where(duties.c.name == name))
        return next((Duty(row.name, row.holder, row.beat_ns) for row in found), None)

    def move(self, seen: Duty | None, duty: Duty) -> bool:
        """Write how a duty stands, where it stands as it was seen."""
        values = {"name": duty.name, "holder": duty.holder, "beat_ns": duty.beat_ns}
        with self._database.writing() as connection:
            if seen is not None:
                return connection.execute(update(duties).where(*_is(seen)).values(**values)).rowcount == 1
            if connection.execute(select(duties.c.name).where(duties.c.name == duty.name)).first() is not None:
                return False
            connection.execute(insert(duties).values(**values))
            return True

    def leave(self, duty: Duty) -> None:
        """Give a duty up."""
        with self._database.writing() as connection:
            connection.execute(delete(duties).where(*_is(duty)))


def _is(duty: Duty) -> tuple[ColumnElement[bool], ...]:
    return (duties.c.name == duty.name, duties.c.holder == duty.holder, duties.c.beat_ns == duty.beat_ns)
