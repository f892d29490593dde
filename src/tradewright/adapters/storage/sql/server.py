"""The same tables on a PostgreSQL server, with the transactions the stores count on."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from ..postgres.driver import connected, place_of
from .database import Database, as_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

__all__ = ["ServerDatabase"]

_LOCK = 0x7472_6164_6577
"""Number of the lock that a change holds: the stores count on one change at a time, as a file gives it to them."""


class ServerDatabase(Database):
    """A database on a server with the tables of this version.

    Parameters
    ----------
    dsn : str
        A connection string of libpq. What it keeps secret is in no sentence.

    Raises
    ------
    StorageError
        From every use, when it cannot be reached, refuses, or is of a newer version.
    MissingExtraError
        When the driver is not installed.
    """

    def __init__(self, dsn: str) -> None:
        self._said = place_of(dsn)
        self._engine = create_engine(
            "postgresql+psycopg://", creator=lambda: connected(dsn), poolclass=NullPool, json_serializer=as_json
        )
        self._is_current = False

    def _is_there(self) -> bool:
        return self._is_current or self.revision() is not None

    @contextmanager
    def _reader(self) -> Iterator[Connection]:
        still = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with still.begin() as connection:
            yield connection

    @contextmanager
    def _writer(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:it)"), {"it": _LOCK})
            yield connection

    def _make_room(self) -> None:
        """The database itself is made by whoever runs the server."""

    @property
    def place(self) -> str:
        """How it is called in sentences; without user and password."""
        return self._said
