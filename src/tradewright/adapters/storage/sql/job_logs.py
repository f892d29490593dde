"""What jobs printed, as pieces in order: whoever shares the database reads them, on whatever host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, Index, LargeBinary, String, Table, delete, func, insert, select

from .listing import rows_of
from .metadata import METADATA

if TYPE_CHECKING:
    from collections.abc import Callable

    from .database import Database

__all__ = ["SqlJobLogs", "job_logs"]

_PIECE = 64 * 1024
"""Bytes of one row."""

job_logs = Table(
    "job_logs",
    METADATA,
    Column("job_id", String(64), primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("stop", BigInteger, nullable=False),
    Column("at_ns", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index(None, "at_ns"),
)
"""`first` and `stop` count the bytes of a log: where one piece stops the next begins."""


class SqlJobLogs:
    """Logs in a database; see `tradewright.ports.jobs.JobLog`.

    Parameters
    ----------
    database : Database
    now_ns : callable
        UTC nanoseconds.
    """

    def __init__(self, database: Database, now_ns: Callable[[], int]) -> None:
        self._database, self._now_ns = database, now_ns

    def append(self, job_id: str, text: bytes) -> None:
        """Keep more of it."""
        with self._database.writing() as connection:
            end = select(func.max(job_logs.c.stop)).where(job_logs.c.job_id == job_id)
            first, now_ns = connection.execute(end).scalar() or 0, self._now_ns()
            pieces = [(first + at, text[at : at + _PIECE]) for at in range(0, len(text), _PIECE)]
            rows = [
                {"job_id": job_id, "first": at, "stop": at + len(piece), "at_ns": now_ns, "content": piece}
                for at, piece in pieces
            ]
            if rows:
                connection.execute(insert(job_logs), rows)

    def read(self, job_id: str, offset: int, limit: int) -> tuple[bytes, int]:
        """Bytes from an offset on, and the offset to go on from."""
        # No piece is longer, so that the key leads to the first one that is meant.
        begins = (job_logs.c.first > offset - _PIECE, job_logs.c.first < offset + limit)
        within = (job_logs.c.job_id == job_id, *begins, job_logs.c.stop > offset)
        rows = rows_of(self._database, select(job_logs).where(*within).order_by(job_logs.c.first))
        if not rows:
            return b"", offset
        found = b"".join(row.content for row in rows)[offset - rows[0].first :][:limit]
        return found, offset + len(found)

    def forget(self, before_ns: int) -> None:
        """Take away the logs to which nothing came since an instant."""
        later = job_logs.alias("later")
        goes_on = select(later.c.first).where(later.c.job_id == job_logs.c.job_id, later.c.at_ns >= before_ns).exists()
        with self._database.writing() as connection:
            connection.execute(delete(job_logs).where(job_logs.c.at_ns < before_ns, ~goes_on))
