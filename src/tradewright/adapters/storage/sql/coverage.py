"""What sources of bars were asked for, as rows: one for each stretch of days of a series."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, Float, Integer, String, Table, and_, delete, insert, select

from tradewright.domain.freshness import Asked
from tradewright.domain.spans import Spans
from tradewright.domain.stored import SeriesKey

from .metadata import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from sqlalchemy import ColumnElement, Connection

    from .database import Database

__all__ = ["SqlCoverageBook", "coverage"]

coverage = Table(
    "coverage",
    METADATA,
    Column("source", String(64), primary_key=True),
    Column("instrument", String(128), primary_key=True),
    Column("timeframe", String(16), primary_key=True),
    Column("adjustment", String(16), primary_key=True),
    Column("first_day", Integer, primary_key=True, autoincrement=False),
    Column("stop_day", Integer, nullable=False),
    Column("asked_ns", BigInteger, nullable=False),
    Column("delay_s", Float),
)


class SqlCoverageBook:
    """What sources were asked for in a database; see `tradewright.ports.coverage.CoverageBook`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def covered(self, source: str, key: SeriesKey) -> Spans:
        """The days of which a source has said everything."""
        with self._database.reading() as connection:
            return Spans() if connection is None else _known(connection, source, key)

    def asked(self) -> dict[SeriesKey, tuple[Asked, ...]]:
        """Everything that is known, by series; the source that was asked last first."""
        rows: dict[tuple[SeriesKey, str], list[Any]] = defaultdict(list)
        with self._database.reading() as connection:
            for row in () if connection is None else connection.execute(select(coverage)).mappings():
                rows[SeriesKey.from_dict({**row}), row["source"]].append(row)
        found: dict[SeriesKey, list[Asked]] = defaultdict(list)
        for (key, source), stretches in rows.items():
            found[key].append(_asked(source, stretches))
        return {key: tuple(sorted(all_, key=lambda each: (-each.at_ns, each.source))) for key, all_ in found.items()}

    def mark(
        self, source: str, key: SeriesKey, first: int, stop: int, at_ns: int, delay_s: float | None = None
    ) -> None:
        """A source has said everything of these days; stretches that meet become one."""
        with self._database.writing() as connection:
            known = _known(connection, source, key).joined(Spans.of([(first, stop)]))
            connection.execute(delete(coverage).where(_of(key), coverage.c.source == source))
            row = {"source": source, **key.to_dict(), "asked_ns": at_ns, "delay_s": delay_s}
            connection.execute(insert(coverage), [{**row, "first_day": begin, "stop_day": end} for begin, end in known])

    def forget(self, key: SeriesKey, before: int | None = None) -> None:
        """Nothing of a series counts as known any more, or nothing of its days before one."""
        with self._database.writing() as connection:
            if before is None:
                connection.execute(delete(coverage).where(_of(key)))
                return
            connection.execute(delete(coverage).where(_of(key), coverage.c.stop_day <= before))
            later = coverage.update().where(_of(key), coverage.c.first_day < before).values(first_day=before)
            connection.execute(later)


def _known(connection: Connection, source: str, key: SeriesKey) -> Spans:
    rows = select(coverage.c.first_day, coverage.c.stop_day).where(_of(key), coverage.c.source == source)
    return Spans.of((first, stop) for first, stop in connection.execute(rows))


def _asked(source: str, stretches: Iterable[Any]) -> Asked:
    latest = max(stretches, key=lambda row: row["asked_ns"])
    days = Spans.of((row["first_day"], row["stop_day"]) for row in stretches)
    return Asked(source, days, latest["asked_ns"], latest["delay_s"])


def _of(key: SeriesKey) -> ColumnElement[bool]:
    names = key.to_dict()
    return and_(*(coverage.c[name] == names[name] for name in names))
