"""Opening the schema of bars: tables of an earlier revision are brought to the present one, whatever is done first."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..migrating import Migrations
from ..postgres.driver import connected, place_of, translated

if TYPE_CHECKING:
    from psycopg import Connection

__all__ = ["HEAD", "MIGRATIONS", "BarsStanding", "bring_up", "revision_of", "standing"]

HEAD = "0002"
"""The revision of this version; a test holds it to the latest migration."""

MIGRATIONS = Migrations(Path(__file__).with_name("migrations"), HEAD)

_LOCK = 0x7472_6164_657A
"""Number of the lock under which the tables are made or changed."""


def revision_of(connection: Connection[Any]) -> str | None:
    """The revision of the tables of bars; None where there are none."""
    if connection.execute("SELECT to_regclass('market_data.alembic_version')").fetchall() == [(None,)]:
        return None
    found = connection.execute("SELECT version_num FROM market_data.alembic_version").fetchall()
    return str(found[0][0]) if found else None


class BarsStanding(NamedTuple):
    """How the tables of bars stand: their revision, None where there are none, and how many series they hold."""

    revision: str | None
    series: int

    @property
    def is_current(self) -> bool:
        """Whether they are those of this version, or not there yet."""
        return self.revision in {None, HEAD}

    def __str__(self) -> str:
        return "no bars yet" if self.revision is None else f"bars at revision {self.revision}, {self.series} series"


def standing(dsn: str) -> BarsStanding:
    """Ask a database how its bars stand; nothing is made or changed.

    Raises
    ------
    StorageError
        When it cannot be reached, or refuses.
    """
    with translated(place_of(dsn)), closing(connected(dsn, autocommit=True)) as connection:
        found = revision_of(connection)
        if found is None:
            return BarsStanding(None, 0)
        return BarsStanding(found, int(connection.execute("SELECT count(*) FROM market_data.series").fetchall()[0][0]))


def bring_up(dsn: str) -> str | None:
    """Make the tables, or bring them to the present revision; the revision that they were at before.

    Of several processes the others find it done. A process that dies meanwhile leaves the tables as they were.

    Raises
    ------
    StorageError
        When they are of a newer revision.
    """
    from sqlalchemy import create_engine, text
    from sqlalchemy.pool import NullPool

    engine = create_engine("postgresql+psycopg://", creator=lambda: connected(dsn), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:it)"), {"it": _LOCK})
        found = revision_of(connection.connection.dbapi_connection)  # type: ignore[arg-type]
        MIGRATIONS.require_known(found, f"{place_of(dsn)} holds bars")
        connection.execute(text("CREATE SCHEMA IF NOT EXISTS market_data"))
        MIGRATIONS.run(connection)
    return found
