"""The tables of journals and leases, and the steps that lead to them; a step that has been released is not changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import StorageError

if TYPE_CHECKING:
    from psycopg import Connection

__all__ = ["STEPS", "bring_up"]

_LOCK = 0x7472_6164_6578

_VERSION = "CREATE TABLE IF NOT EXISTS tradewright_live (version integer NOT NULL)"

STEPS = (
    """
    CREATE TABLE live_accounts (
        account text NOT NULL,
        mode text NOT NULL,
        epoch bigint NOT NULL DEFAULT 0,
        begun bigint NOT NULL DEFAULT 0,
        sequence bigint NOT NULL DEFAULT 0,
        checksum bigint NOT NULL,
        holder text NOT NULL DEFAULT '',
        beat bigint NOT NULL DEFAULT 0,
        ttl_ms bigint NOT NULL DEFAULT 0,
        PRIMARY KEY (account, mode)
    );
    CREATE TABLE live_records (
        account text NOT NULL,
        mode text NOT NULL,
        sequence bigint NOT NULL,
        epoch bigint NOT NULL,
        checksum bigint NOT NULL,
        body text NOT NULL,
        PRIMARY KEY (account, mode, sequence)
    );
    """,
    """
    CREATE TABLE live_install (
        is_one boolean PRIMARY KEY DEFAULT true CHECK (is_one),
        name text NOT NULL
    );
    """,
    """
    CREATE TABLE live_ceilings (
        account text NOT NULL,
        mode text NOT NULL,
        body text NOT NULL,
        PRIMARY KEY (account, mode)
    );
    """,
)
"""`epoch` is the number of the lease's holder, `begun` the one under which the journal is written, `sequence` and
`checksum` are those of the last record; `beat` rises with every renewal, and `holder` is empty once it was given up.
The name of the installation is that of every host over this database: by it they know each other's orders. A ceiling
is what a person said that an account may risk at most."""


def bring_up(connection: Connection[Any]) -> None:
    """Make or change the tables where they are not the present ones; of several processes the others find it done.

    Raises
    ------
    StorageError
        When they are of a newer version.
    """
    if _version(connection) == len(STEPS):
        return
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        connection.execute(_VERSION)
        found = _version(connection)
        if found > len(STEPS):
            raise StorageError(
                f"The tables of live trading have version {found}, and this program knows up to {len(STEPS)}.",
                hint="Use the version of the package that made them.",
            )
        for step in STEPS[found:]:
            connection.execute(step)
        connection.execute("DELETE FROM tradewright_live")
        connection.execute("INSERT INTO tradewright_live VALUES (%s)", (len(STEPS),))


def _version(connection: Connection[Any]) -> int:
    if connection.execute("SELECT to_regclass('tradewright_live')").fetchall() == [(None,)]:
        return 0
    found = connection.execute("SELECT max(version) FROM tradewright_live").fetchall()
    return int(found[0][0] or 0)
