"""The same tables on a PostgreSQL server, with the transactions the stores count on.

Opening a connection costs more than most questions, so connections are kept between them. One that the server has let
go of meanwhile is noticed before it is used; a process that was forked opens its own.
"""

from __future__ import annotations

import os
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text

from ..postgres.driver import connected, place_of
from .database import Database, as_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

__all__ = ["ServerDatabase"]

_LOCK = 0x7472_6164_6577
"""Number of the lock that a change holds: the stores count on one change at a time, as a file gives it to them."""

_KEPT, _MORE = 4, 36
"""Connections that are kept, and those that come on top while many ask at once: a server has 40 threads."""
_OLD_S = 600
"""Age at which a connection is opened anew: addresses and rights of a server change."""


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
        self._engine = _pooled(dsn)
        self._is_current = False
        # Where nobody closes it, the last who knew it does.
        self._closing = weakref.finalize(self, self._engine.dispose)
        _OPEN.add(self)

    def close(self) -> None:
        """Let go of the connections that nobody uses; whoever asks afterwards opens others."""
        self._engine.dispose()

    def leave_to_parent(self) -> None:
        """Forget the connections without a word on them: they are those of the process that this one was forked of."""
        self._engine.dispose(close=False)

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


_OPEN: weakref.WeakSet[ServerDatabase] = weakref.WeakSet()


def _pooled(dsn: str) -> Engine:
    return create_engine(
        "postgresql+psycopg://", creator=lambda: connected(dsn), json_serializer=as_json, pool_size=_KEPT,
        max_overflow=_MORE, pool_pre_ping=True, pool_recycle=_OLD_S, pool_use_lifo=True,
    )  # fmt: skip


def _after_fork() -> None:
    for database in list(_OPEN):
        database.leave_to_parent()


os.register_at_fork(after_in_child=_after_fork)
