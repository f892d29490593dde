"""Opening the schema of bars: brought to the present tables before anything is written, left alone when read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import StorageError

from ..postgres.driver import connected, place_of

if TYPE_CHECKING:
    from psycopg import Connection

__all__ = ["HEAD", "MIGRATIONS", "bring_up", "revision_of"]

HEAD = "0001"
"""The revision of this version; a test holds it to the latest migration."""

MIGRATIONS = Path(__file__).with_name("migrations")

_LOCK = 0x7472_6164_657A
"""Number of the lock under which the tables are made or changed."""


def revision_of(connection: Connection[Any]) -> str | None:
    """The revision of the tables of bars; None where there are none."""
    if connection.execute("SELECT to_regclass('market_data.alembic_version')").fetchall() == [(None,)]:
        return None
    found = connection.execute("SELECT version_num FROM market_data.alembic_version").fetchall()
    return str(found[0][0]) if found else None


def bring_up(dsn: str) -> str | None:
    """Make the tables, or bring them to the present revision; the revision that they were at before.

    Of several processes the others find it done. A process that dies meanwhile leaves the tables as they were.

    Raises
    ------
    StorageError
        When they are of a newer revision.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from sqlalchemy import create_engine, text
    from sqlalchemy.pool import NullPool

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    engine = create_engine("postgresql+psycopg://", creator=lambda: connected(dsn), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:it)"), {"it": _LOCK})
        found = revision_of(connection.connection.dbapi_connection)  # type: ignore[arg-type]
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if found is not None and found not in known:
            raise StorageError(
                f"{place_of(dsn)} holds bars at revision {found}, and this version of the program knows up to {HEAD}.",
                hint="Use the version of the package that wrote them.",
            )
        connection.execute(text("CREATE SCHEMA IF NOT EXISTS market_data"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return found
