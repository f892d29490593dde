"""What sources of bars were asked for, as rows: one for each stretch of days of a series."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, Integer, String, Table, and_, delete, insert, select

from tradewright.domain.spans import Spans

from .metadata import METADATA

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from tradewright.domain.stored import SeriesKey

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
)


class SqlCoverageBook:
    """What sources were asked for in a database; see `tradewright.ports.coverage.CoverageBook`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def covered(self, source: str, key: SeriesKey) -> Spans:
        """The days of which a source has said everything."""
        with self._database.reading() as connection:
            return Spans() if connection is None else _known(connection, source, key)

    def mark(self, source: str, key: SeriesKey, first: int, stop: int, at_ns: int) -> None:
        """A source has said everything of these days; stretches that meet become one."""
        with self._database.writing() as connection:
            known = _known(connection, source, key).joined(Spans.of([(first, stop)]))
            connection.execute(delete(coverage).where(_of(key), coverage.c.source == source))
            row = {"source": source, **key.to_dict(), "asked_ns": at_ns}
            connection.execute(insert(coverage), [{**row, "first_day": begin, "stop_day": end} for begin, end in known])

    def forget(self, key: SeriesKey) -> None:
        """Nothing of a series counts as known any more."""
        with self._database.writing() as connection:
            connection.execute(delete(coverage).where(_of(key)))


def _known(connection: Connection, source: str, key: SeriesKey) -> Spans:
    rows = select(coverage.c.first_day, coverage.c.stop_day).where(_of(key), coverage.c.source == source)
    return Spans.of((first, stop) for first, stop in connection.execute(rows))


def _of(key: SeriesKey) -> ColumnElement[bool]:
    names = key.to_dict()
    return and_(*(coverage.c[name] == names[name] for name in names))
