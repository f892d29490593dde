"""Messages on their way, and places of readers, as rows."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from tradewright.domain.control.alerts import Severity
from tradewright.domain.control.outbox import NoticeState, QueuedNotice
from tradewright.domain.errors import StorageError
from tradewright.domain.notice import NoticeKind

from .listing import rows_of
from .notice_tables import notices, places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row, Select

    from .database import Database

__all__ = ["SqlNotices", "SqlPlaces"]

_OVER = (NoticeState.SENT, NoticeState.FAILED, NoticeState.GATHERED, NoticeState.UNKNOWN)


class SqlNotices:
    """Messages in a database; see `tradewright.ports.outbox.NoticeQueue`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, notice: QueuedNotice) -> bool:
        """Keep a message that is not there."""
        with self._database.writing() as connection:
            if connection.execute(select(notices.c.id).where(notices.c.id == notice.id)).first() is not None:
                return False
            connection.execute(insert(notices).values(**_row(notice)))
        return True

    def get(self, notice_id: str) -> QueuedNotice | None:
        """The message with that id."""
        return next(iter(self._read(select(notices).where(notices.c.id == notice_id))), None)

    def due(self, now_ns: int, limit: int) -> list[QueuedNotice]:
        """What is to be sent now, oldest first."""
        waiting = (notices.c.state == NoticeState.DUE.value, notices.c.next_ns <= now_ns)
        return self._read(select(notices).where(*waiting).order_by(notices.c.made_ns, notices.c.id).limit(limit))

    def held(self, channel: str) -> list[QueuedNotice]:
        """What is held back for a channel, oldest first."""
        back = (notices.c.channel == channel, notices.c.state == NoticeState.HELD.value)
        return self._read(select(notices).where(*back).order_by(notices.c.made_ns, notices.c.id))

    def take(self, notice_id: str, now_ns: int) -> QueuedNotice | None:
        """Begin an attempt, where nobody else has."""
        with self._database.writing() as connection:
            waiting = (notices.c.id == notice_id, notices.c.state == NoticeState.DUE.value)
            row = connection.execute(select(notices).where(*waiting)).one_or_none()
            if row is None:
                return None
            # While it is being sent `next_ns` says since when.
            begun = {"state": NoticeState.SENDING.value, "next_ns": now_ns, "attempts": row.attempts + 1}
            connection.execute(update(notices).where(notices.c.id == notice_id).values(**begun))
            return _notice(row, **begun)

    def end(self, notice_id: str, state: NoticeState, next_ns: int, error: str | None) -> None:
        """Say what became of an attempt."""
        said = {"state": state.value, "next_ns": next_ns, "error": error}
        with self._database.writing() as connection:
            connection.execute(update(notices).where(notices.c.id == notice_id).values(**said))

    def gather(self, digest: QueuedNotice, held: Sequence[str]) -> None:
        """Keep a digest in the place of what was held back."""
        with self._database.writing() as connection:
            connection.execute(insert(notices).values(**_row(digest)))
            gathered = update(notices).where(notices.c.id.in_(held), notices.c.state == NoticeState.HELD.value)
            connection.execute(gathered.values(state=NoticeState.GATHERED.value))

    def give_up(self, before_ns: int) -> list[QueuedNotice]:
        """Call unknown what was begun and not ended."""
        stuck = select(notices).where(notices.c.state == NoticeState.SENDING.value, notices.c.next_ns < before_ns)
        if not rows_of(self._database, stuck):
            # Asked at every look, and hardly ever so: nobody has to wait for the right to write.
            return []
        with self._database.writing() as connection:
            rows = connection.execute(stuck).all()
            ids = [row.id for row in rows]
            connection.execute(update(notices).where(notices.c.id.in_(ids)).values(state=NoticeState.UNKNOWN.value))
        return [_notice(row, state=NoticeState.UNKNOWN.value) for row in rows]

    def forget(self, before_ns: int) -> None:
        """Take away what is over."""
        over = [each.value for each in _OVER]
        with self._database.writing() as connection:
            connection.execute(delete(notices).where(notices.c.made_ns < before_ns, notices.c.state.in_(over)))

    def _read(self, statement: Select[Any]) -> list[QueuedNotice]:
        return [_notice(row) for row in rows_of(self._database, statement)]


class SqlPlaces:
    """Places in a database; see `tradewright.ports.outbox.Places`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> int | None:
        """The number up to which it has read."""
        rows = rows_of(self._database, select(places.c.number).where(places.c.name == name))
        return int(rows[0].number) if rows else None

    def move(self, name: str, number: int) -> None:
        """It has read up to a number; never back."""
        with self._database.writing() as connection:
            known = connection.execute(select(places.c.number).where(places.c.name == name)).scalar()
            if known is None:
                connection.execute(insert(places).values(name=name, number=number))
            elif known < number:
                connection.execute(update(places).where(places.c.name == name).values(number=number))


def _row(notice: QueuedNotice) -> dict[str, Any]:
    words = {name: getattr(notice, name).value for name in ("kind", "severity", "state")}
    return asdict(notice) | words | {"alert_ids": list(notice.alert_ids)}


def _notice(row: Row[Any], **changed: Any) -> QueuedNotice:
    values = row._asdict() | changed
    try:
        kind, severity = NoticeKind(values["kind"]), Severity(values["severity"])
        state = NoticeState(values["state"])
    except ValueError as error:
        raise StorageError(
            f"The message '{row.id}' says what this version does not know: {error}.",
            hint="Use the version of the package that wrote it.",
        ) from error
    return QueuedNotice(
        **values | {"kind": kind, "severity": severity, "state": state, "alert_ids": tuple(values["alert_ids"])}
    )
