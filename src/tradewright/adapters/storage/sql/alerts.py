"""Alerts and their deliveries as rows."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, insert, select, update

from tradewright.domain.control.alerts import Alert, Delivery, Severity
from tradewright.domain.errors import NotFoundError, StorageError

from .control_tables import alerts, deliveries
from .listing import next_number, paged, rows_of

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row, Select

    from tradewright.domain.control.alerts import AlertQuery
    from tradewright.domain.control.paging import Page, Slice

    from .database import Database

__all__ = ["SqlAlerts", "SqlDeliveries"]


class SqlAlerts:
    """Alerts in a database; see `tradewright.ports.alerts.AlertStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def raise_(self, alert: Alert) -> Alert:
        """Keep an alert, or count it on the one that is open."""
        with self._database.writing() as connection:
            known = _open(connection, alert.rule, alert.subject)
            if known is None:
                connection.execute(insert(alerts).values(**asdict(alert) | {"severity": alert.severity.value}))
                return alert
            return _keep(connection, _again(known, alert))

    def get(self, alert_id: str) -> Alert | None:
        """The alert with that id."""
        rows = rows_of(self._database, select(alerts).where(alerts.c.id == alert_id))
        return _alert(rows[0]) if rows else None

    def acknowledge(self, alert_id: str, who: str, now_ns: int) -> Alert:
        """Somebody has seen it."""
        with self._database.writing() as connection:
            row = connection.execute(select(alerts).where(alerts.c.id == alert_id)).one_or_none()
            if row is None:
                raise NotFoundError(f"There is no alert '{alert_id}'.", hint="Look at the list of alerts.")
            if row.acknowledged_ns is not None:
                return _alert(row)
            return _keep(connection, replace(_alert(row), acknowledged_ns=now_ns, acknowledged_by=who))

    def resolve(self, rule: str, subject: str, now_ns: int) -> Alert | None:
        """It is so no longer."""
        with self._database.writing() as connection:
            known = _open(connection, rule, subject)
            return None if known is None else _keep(connection, replace(known, resolved_ns=now_ns))

    def page(self, query: AlertQuery, piece: Slice) -> Page[Alert]:
        """The alerts asked for, those found last first."""
        order = (alerts.c.last_ns.desc(), alerts.c.id.desc())
        return paged(self._database, _asked_for(query), order, piece, _alert)

    def forget(self, before_ns: int) -> None:
        """Take away what was resolved before an instant."""
        with self._database.writing() as connection:
            connection.execute(delete(alerts).where(alerts.c.resolved_ns < before_ns))


class SqlDeliveries:
    """Attempts to tell persons in a database; see `tradewright.ports.alerts.DeliveryLog`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, delivery: Delivery) -> Delivery:
        """Keep an attempt under the next number."""
        with self._database.writing() as connection:
            kept = replace(delivery, number=next_number(connection, deliveries.c.number))
            connection.execute(insert(deliveries).values(**asdict(kept)))
        return kept

    def of(self, alert_id: str) -> list[Delivery]:
        """All attempts for an alert, oldest first."""
        return self._read(select(deliveries).where(deliveries.c.alert_id == alert_id).order_by(deliveries.c.number))

    def last(self) -> dict[str, Delivery]:
        """The last attempt of every channel."""
        latest = select(func.max(deliveries.c.number)).group_by(deliveries.c.channel)
        return {each.channel: each for each in self._read(select(deliveries).where(deliveries.c.number.in_(latest)))}

    def _read(self, statement: Select[Any]) -> list[Delivery]:
        return [Delivery(**row._asdict()) for row in rows_of(self._database, statement)]


def _open(connection: Connection, rule: str, subject: str) -> Alert | None:
    lasting = and_(alerts.c.rule == rule, alerts.c.subject == subject, alerts.c.resolved_ns.is_(None))
    row = connection.execute(select(alerts).where(lasting)).one_or_none()
    return None if row is None else _alert(row)


def _again(known: Alert, found: Alert) -> Alert:
    """What is open, as the latest finding has it; who had seen the milder form has not seen this."""
    is_worse = not known.severity.at_least(found.severity)
    return replace(
        known,
        severity=found.severity,
        sentence=found.sentence,
        hint=found.hint,
        last_ns=max(known.last_ns, found.last_ns),
        count=known.count + 1,
        acknowledged_ns=None if is_worse else known.acknowledged_ns,
        acknowledged_by=None if is_worse else known.acknowledged_by,
    )


def _keep(connection: Connection, alert: Alert) -> Alert:
    values = asdict(alert) | {"severity": alert.severity.value}
    connection.execute(update(alerts).where(alerts.c.id == alert.id).values(**values))
    return alert


def _asked_for(query: AlertQuery) -> Select[Any]:
    statement = select(alerts)
    if query.severity is not None:
        statement = statement.where(alerts.c.severity == query.severity.value)
    for wanted, column in (
        (query.is_acknowledged, alerts.c.acknowledged_ns),
        (query.is_resolved, alerts.c.resolved_ns),
    ):
        if wanted is not None:
            statement = statement.where(column.is_not(None) if wanted else column.is_(None))
    if query.since_ns is not None:
        statement = statement.where(alerts.c.last_ns >= query.since_ns)
    if query.until_ns is not None:
        statement = statement.where(alerts.c.last_ns < query.until_ns)
    return statement


def _alert(row: Row[Any]) -> Alert:
    try:
        severity = Severity(row.severity)
    except ValueError as error:
        raise StorageError(
            f"The alert '{row.id}' has a severity that this version does not know: {row.severity}.",
            hint="Use the version of the package that wrote it.",
        ) from error
    return Alert(**row._asdict() | {"severity": severity})
