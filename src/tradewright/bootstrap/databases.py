"""Which database holds what the platform knows: runs, trials, approvals, users, jobs, events and alerts.

One setting says which: ``storage.database``. Bulk lies beside it in folders, whichever it is.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from tradewright.bootstrap.home import storage_folder
from tradewright.bootstrap.settings import said_settings
from tradewright.bootstrap.settings_values import DATABASE

if TYPE_CHECKING:
    from os import PathLike

    from tradewright.adapters.storage.sql.database import Database
    from tradewright.adapters.storage.sql.server import ServerDatabase
    from tradewright.bootstrap.settings import Settings

__all__ = ["FILE", "RUNS", "home_of", "own_settings", "server_named", "state_database"]

RUNS, FILE = "runs", "runs.db"

_SERVERS: WeakValueDictionary[str, ServerDatabase] = WeakValueDictionary()
"""By connection string: all stores of a process share the connections of one."""


def home_of(folder: str | PathLike[str] | None) -> Path:
    """The folder of all stores, or the one that is named."""
    return storage_folder() if folder is None else Path(folder).expanduser()


def state_database(folder: str | PathLike[str] | None = None) -> Database:
    """The database that the settings name, else a file in the folder of all stores, made when something is first kept.

    Parameters
    ----------
    folder : path, optional
        Another folder than that of the settings, whose file it is then.

    Raises
    ------
    ConfigError
        When the settings cannot be used, or the secret is not where they say or is no connection string; the sentence
        does not quote it.
    MissingExtraError
        When the driver of PostgreSQL is not installed.
    """
    settings = own_settings(folder)
    dsn = None if settings is None else server_named(settings)
    if dsn is None:
        from tradewright.adapters.storage.sql.database import Database

        return Database(home_of(folder) / RUNS / FILE)
    from tradewright.adapters.storage.sql.server import ServerDatabase

    return _SERVERS.setdefault(dsn, ServerDatabase(dsn))


def own_settings(folder: str | PathLike[str] | None) -> Settings | None:
    """The settings, where they say something of stores in this folder; another folder than theirs has none."""
    is_own = folder is None or home_of(folder) == storage_folder()
    return said_settings(Path.cwd(), os.environ) if is_own else None


def server_named(settings: Settings) -> str | None:
    """The connection string of the server that the settings name; None where they name none.

    Raises
    ------
    ConfigError
        When the secret is not where they say or is no connection string; the sentence does not quote it.
    MissingExtraError
        When the driver of PostgreSQL is not installed.
    """
    from tradewright.adapters.storage.postgres.driver import require_sound

    reference = settings.references.get(DATABASE)
    if reference is None:
        return None
    dsn = reference.read(os.environ).reveal()
    require_sound(dsn, DATABASE)
    return dsn
