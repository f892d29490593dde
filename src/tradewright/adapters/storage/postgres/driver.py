"""The one place where the driver of PostgreSQL is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import MissingExtraError

if TYPE_CHECKING:
    from psycopg import Connection

__all__ = ["connected", "place_of"]

CONNECT_TIMEOUT_S = 5
"""A server that is away is said to be away before a lease of 15 s has run out."""


def connected(dsn: str, **options: Any) -> Connection[Any]:
    """A connection.

    Raises
    ------
    MissingExtraError
        When the driver is not installed.
    psycopg.Error
        When the server cannot be reached, or refuses.
    """
    return driver().connect(dsn, connect_timeout=CONNECT_TIMEOUT_S, **options)  # type: ignore[no-any-return]


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


def place_of(dsn: str) -> str:
    """How the database is called in a sentence: name and host, without user and password."""
    words = driver().conninfo.conninfo_to_dict(dsn)
    host = words.get("host") or words.get("hostaddr") or "this machine"
    return f"The database '{words.get('dbname') or words.get('user') or 'postgres'}' on {host}"
