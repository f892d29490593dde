"""Schedules and their times as rows: a time is written where its schedule stands as it was seen, or not at all."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, delete, insert, select, update

from tradewright.domain.control.jobs import JobKind
from tradewright.domain.control.schedules import Cause, Firing, FiringState, MissedRuns, Schedule
from tradewright.domain.errors import ConflictError, StorageError
from tradewright.domain.plain_values import from_plain, to_plain

from .control_tables import firings, schedules
from .listing import paged, rows_of

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Row, Select

    from tradewright.domain.control.paging import Page, Slice

    from .database import Database

__all__ = ["SqlSchedules"]

_LATEST_FIRST = (firings.c.at_ns.desc(), firings.c.due_ns.desc())


class SqlSchedules:
    """Schedules in a database; see `tradewright.ports.schedules.ScheduleStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, schedule: Schedule) -> None:
        """Keep a schedule."""
        with self._database.writing() as connection:
            _require_free(connection, schedule)
            connection.execute(insert(schedules).values(**_row(schedule)))

    def all(self) -> list[Schedule]:
        """Every schedule, by name."""
        return [_schedule(row) for row in rows_of(self._database, select(schedules).order_by(schedules.c.name))]

    def get(self, schedule_id: str) -> Schedule | None:
        """The schedule with that id."""
        found = rows_of(self._database, select(schedules).where(schedules.c.id == schedule_id))
        return _schedule(found[0]) if found else None

    def pause(self, schedule_id: str, now_ns: int) -> Schedule | None:
        """It is not due until it is resumed."""
        return self._change(schedule_id, schedules.c.paused_ns.is_(None), paused_ns=now_ns)

    def resume(self, schedule_id: str, now_ns: int) -> Schedule | None:
        """It is due again from now on."""
        # Never back: a clock that is behind another's would have it begin what has begun.
        cursor = case((schedules.c.cursor_ns > now_ns, schedules.c.cursor_ns), else_=now_ns)
        return self._change(schedule_id, schedules.c.paused_ns.is_not(None), paused_ns=None, cursor_ns=cursor)

    def change(self, seen: Schedule, to: Schedule) -> bool:
        """Have it say something else, where nobody has changed it since it was seen."""
        before = _row(seen)
        values = {name: value for name, value in _row(to).items() if value != before[name]}
        with self._database.writing() as connection:
            _require_free(connection, to)
            return connection.execute(update(schedules).where(_as_seen(seen)).values(**values)).rowcount == 1

    def remove(self, schedule_id: str) -> bool:
        """Take it away with what is known of its times."""
        with self._database.writing() as connection:
            return connection.execute(delete(schedules).where(schedules.c.id == schedule_id)).rowcount == 1

    def move(self, seen: Schedule, firing: Firing, cursor_ns: int) -> bool:
        """Write one time down and deal with all up to a cursor, both or neither."""
        still = and_(_as_seen(seen), schedules.c.cursor_ns == seen.cursor_ns, schedules.c.paused_ns.is_(None))
        with self._database.writing() as connection:
            if _is_known(connection, firing):
                return False
            if connection.execute(update(schedules).where(still).values(cursor_ns=cursor_ns)).rowcount == 0:
                return False
            connection.execute(insert(firings).values(**_firing_row(firing)))
            return True

    def put(self, firing: Firing) -> bool:
        """Write a time down that moves no cursor."""
        there = select(schedules.c.id).where(schedules.c.id == firing.schedule_id)
        with self._database.writing() as connection:
            if connection.execute(there).first() is None or _is_known(connection, firing):
                return False
            connection.execute(insert(firings).values(**_firing_row(firing)))
            return True

    def settle(self, firing: Firing, state: FiringState, error: str | None = None) -> bool:
        """Say what became of one that was begun."""
        mine = and_(_is(firing), firings.c.state == FiringState.BEGUN.value)
        with self._database.writing() as connection:
            changed = connection.execute(update(firings).where(mine).values(state=state.value, error=error))
            return changed.rowcount == 1

    def unsettled(self) -> list[Firing]:
        """Those that were begun and of which nobody has said more."""
        begun = select(firings).where(firings.c.state == FiringState.BEGUN.value)
        return self._read(begun.order_by(firings.c.at_ns, firings.c.due_ns))

    def last_run(self, schedule_id: str) -> Firing | None:
        """The latest of a schedule that was not passed over."""
        ran = select(firings).where(
            firings.c.schedule_id == schedule_id, firings.c.state != FiringState.SKIPPED.value
        )  # fmt: skip
        return next(iter(self._read(ran.order_by(*_LATEST_FIRST).limit(1))), None)

    def page(self, schedule_id: str, piece: Slice) -> Page[Firing]:
        """What became of the times of a schedule, latest first."""
        theirs = select(firings).where(firings.c.schedule_id == schedule_id)
        return paged(self._database, theirs, _LATEST_FIRST, piece, _firing)

    def forget(self, before_ns: int) -> None:
        """Take away what was written down before an instant and is settled."""
        old = and_(firings.c.state != FiringState.BEGUN.value, firings.c.at_ns < before_ns)
        with self._database.writing() as connection:
            connection.execute(delete(firings).where(old))

    def _change(self, schedule_id: str, only: ColumnElement[bool], **values: Any) -> Schedule | None:
        with self._database.writing() as connection:
            connection.execute(update(schedules).where(schedules.c.id == schedule_id, only).values(**values))
            row = connection.execute(select(schedules).where(schedules.c.id == schedule_id)).one_or_none()
            return None if row is None else _schedule(row)

    def _read(self, statement: Select[Any]) -> list[Firing]:
        return [_firing(row) for row in rows_of(self._database, statement)]


def _require_free(connection: Connection, schedule: Schedule) -> None:
    others = select(schedules.c.id).where(schedules.c.name == schedule.name, schedules.c.id != schedule.id)
    if connection.execute(others).first() is not None:
        raise ConflictError(
            f"There is a schedule '{schedule.name}' already.", hint="Remove it, or choose another name."
        )


def _as_seen(seen: Schedule) -> ColumnElement[bool]:
    return and_(schedules.c.id == seen.id, schedules.c.revision == seen.revision)


def _is(firing: Firing) -> ColumnElement[bool]:
    return and_(firings.c.schedule_id == firing.schedule_id, firings.c.due_ns == firing.due_ns)


def _is_known(connection: Connection, firing: Firing) -> bool:
    return connection.execute(select(firings.c.due_ns).where(_is(firing))).first() is not None


def _row(schedule: Schedule) -> dict[str, Any]:
    values = asdict(schedule) | {"kind": schedule.kind.value, "missed": schedule.missed.value}
    return values | {"expression": values.pop("when"), "request": to_plain(dict(schedule.request))}


def _firing_row(firing: Firing) -> dict[str, Any]:
    return asdict(firing) | {"cause": firing.cause.value, "state": firing.state.value}


def _schedule(row: Row[Any]) -> Schedule:
    values = row._asdict()
    when = values.pop("expression")
    try:
        words = {"kind": JobKind(row.kind), "missed": MissedRuns(row.missed)}
    except ValueError as error:
        raise StorageError(
            f"The schedule '{row.name}' says what this version does not know: {error}.",
            hint="Use the version of the package that wrote it.",
        ) from error
    return Schedule(**values | words | {"when": when, "request": from_plain(row.request)})


def _firing(row: Row[Any]) -> Firing:
    try:
        words = {"cause": Cause(row.cause), "state": FiringState(row.state)}
    except ValueError as error:
        raise StorageError(
            f"A time of a schedule says what this version does not know: {error}.",
            hint="Use the version of the package that wrote it.",
        ) from error
    return Firing(**row._asdict() | words)
