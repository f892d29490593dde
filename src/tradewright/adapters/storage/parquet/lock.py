"""Who may remove files: only a process that knows no other is writing.

A lock that the system lets go of when a process dies, however it dies, and that is the same on every system: that of a
SQLite database in which nothing is ever written. Those who write share it; who tidies up has it alone.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tradewright.domain.errors import StorageError

from .durable import explained, make_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["alone", "shared"]

_PATIENCE_S = 600.0
"""Tidying a large store may take minutes; writing waits for it."""


@contextmanager
def shared(path: Path) -> Iterator[None]:
    """Hold the lock together with others.

    Raises
    ------
    StorageError
        When somebody tidies up for longer than ten minutes, or the folder cannot be written.
    """
    with explained(path):
        make_folder(path.parent)
    connection = _opened(path, _PATIENCE_S)
    try:
        _begin(connection, path)
        yield
    finally:
        connection.close()


def _begin(connection: sqlite3.Connection, path: Path) -> None:
    try:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        raise StorageError(f"The store cannot be locked by {path}: {error}.", hint="Try again.") from error


@contextmanager
def alone(path: Path, *, wait: bool = False) -> Iterator[bool]:
    """Hold the lock alone, if nobody else holds it: true; else, unless told to wait, false."""
    with explained(path):
        make_folder(path.parent)
    connection = _opened(path, _PATIENCE_S if wait else 0.0)
    try:
        yield _exclusive(connection)
    finally:
        connection.close()


def _exclusive(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error:
        return False
    return True


def _opened(path: Path, patience_s: float) -> sqlite3.Connection:
    try:
        return sqlite3.connect(path, timeout=patience_s, isolation_level=None)
    except sqlite3.Error as error:
        raise StorageError(f"The store cannot be locked by {path}: {error}.", hint="Look at its rights.") from error
