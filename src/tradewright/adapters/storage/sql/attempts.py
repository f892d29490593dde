"""Attempts to sign in, counted in rows, so that neither a restart nor a second server begins anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from tradewright.domain.control.users import LogInAttempts

from .control_tables import attempts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from .database import Database

__all__ = ["SqlAttempts"]


class SqlAttempts:
    """Attempts in a database; see `tradewright.ports.users.AttemptStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, keys: Sequence[str], now_ns: int, wait_ns: Callable[[str, LogInAttempts], int]) -> int:
        """Count an attempt for every key, unless one of them has still to wait."""
        with self._database.writing() as connection:
            known = _known(connection, keys)
            wait = max((wait_ns(key, each) for key, each in known.items()), default=0)
            if wait > 0:
                return wait
            for key in dict.fromkeys(keys):
                _count(connection, key, known.get(key), now_ns)
        return 0

    def take_back(self, key: str) -> None:
        """One attempt does not count."""
        counted = update(attempts).where(attempts.c.key == key, attempts.c.count > 0)
        with self._database.writing() as connection:
            connection.execute(counted.values(count=attempts.c.count - 1))

    def clear(self, key: str) -> None:
        """Nothing counts any more for a key."""
        with self._database.writing() as connection:
            connection.execute(delete(attempts).where(attempts.c.key == key))

    def forget(self, before_ns: int) -> None:
        """Take away keys whose last attempt was before an instant."""
        with self._database.writing() as connection:
            connection.execute(delete(attempts).where(attempts.c.last_ns < before_ns))


def _known(connection: Connection, keys: Sequence[str]) -> dict[str, LogInAttempts]:
    columns = select(attempts.c.key, attempts.c.count, attempts.c.last_ns)
    rows = connection.execute(columns.where(attempts.c.key.in_(keys)))
    return {key: LogInAttempts(count, last_ns) for key, count, last_ns in rows}


def _count(connection: Connection, key: str, known: LogInAttempts | None, now_ns: int) -> None:
    if known is None:
        connection.execute(insert(attempts).values(key=key, count=1, last_ns=now_ns))
    else:
        changed = update(attempts).where(attempts.c.key == key)
        connection.execute(changed.values(count=known.count + 1, last_ns=now_ns))
