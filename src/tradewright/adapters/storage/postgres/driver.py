"""The one place where the driver of PostgreSQL is opened, and what it says put into our words."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError, MissingExtraError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection

__all__ = ["connected", "driver", "live_connection", "place_of", "require_sound", "translated"]

CONNECT_TIMEOUT_S = 5
"""A server that is away is said to be away before a lease of 15 s has run out."""

_LIVE = {
    "tcp_user_timeout": 5000, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3,
    "application_name": "tradewright",
}  # fmt: skip
"""A line that was cut is noticed within seconds, also where no byte says so."""

_SETTINGS = ("synchronous_commit=on", "lock_timeout=5s", "statement_timeout=10s", "client_min_messages=warning")


def driver() -> Any:
    """The driver's module.

    Raises
    ------
    MissingExtraError
        When it is not installed.
    """
    try:
        import psycopg
    except ImportError as error:
        raise MissingExtraError(
            "PostgreSQL needs the library psycopg.", hint="Install it with: pip install 'tradewright[postgres]'"
        ) from error
    return psycopg


def connected(dsn: str, **options: Any) -> Connection[Any]:
    """A connection.

    Raises
    ------
    MissingExtraError
        When the driver is not installed.
    psycopg.Error
        When the server cannot be reached, or refuses.
    """
    found: Connection[Any] = driver().connect(dsn, connect_timeout=CONNECT_TIMEOUT_S, **options)
    return found


def live_connection(dsn: str) -> Connection[Any]:
    """A connection on which each statement is a transaction that is on the disk when it is answered.

    A statement travels as one message and is carried out when the last of its bytes is there: a process that is stopped
    in the middle of it holds no lock.
    """
    psycopg = driver()
    said = psycopg.conninfo.conninfo_to_dict(dsn)
    options = f"{said.get('options') or ''} {' '.join(f'-c {each}' for each in _SETTINGS)}".strip()
    words = {name: value for name, value in _LIVE.items() if name not in said}
    return connected(dsn, autocommit=True, cursor_factory=psycopg.ClientCursor, options=options, **words)


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Raise what the driver raises as an error of the one tree.

    Raises
    ------
    StorageError
        When the server cannot be reached, or refuses.
    """
    psycopg = driver()
    try:
        yield
    except psycopg.Error as error:
        said = " ".join(str(error).split())
        raise StorageError(f"{place} cannot be used: {said}.", hint="Look whether its server runs.") from error


def require_sound(dsn: str, name: str) -> None:
    """Refuse a connection string that cannot be read, before any sentence quotes a piece of it.

    A password with ``@``, ``:``, ``/`` or ``?`` that is not percent-encoded is read as host, port or database.

    Parameters
    ----------
    dsn : str
    name : str
        The setting that says it.

    Raises
    ------
    ConfigError
        Without anything of what is said.
    """
    try:
        words = driver().conninfo.conninfo_to_dict(dsn)
    except driver().Error:
        words = {"host": "@"}
    named = [str(words.get(each) or "") for each in ("host", "hostaddr", "port", "dbname", "user")]
    ports = [each for each in str(words.get("port") or "").split(",") if each]
    if not words or any("@" in each for each in named) or not all(each.isdigit() for each in ports):
        raise ConfigError(
            f"What '{name}' names cannot be read as a connection string of PostgreSQL.",
            hint="Write postgresql://user:password@host:5432/database; in a password @ is %40, : is %3A, / is %2F.",
        ) from None


def place_of(dsn: str) -> str:
    """How the database is called in a sentence: name and host, without user and password."""
    words = driver().conninfo.conninfo_to_dict(dsn)
    host = words.get("host") or words.get("hostaddr") or "this machine"
    return f"The database '{words.get('dbname') or words.get('user') or 'postgres'}' on {host}"
