"""Which store of bars a process uses: files in the folder of all stores, or rows of the database, by one setting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.bootstrap.artifacts import archived_bars
from tradewright.bootstrap.databases import own_settings, server_named, state_database
from tradewright.bootstrap.home import storage_folder
from tradewright.bootstrap.settings_values import DATABASE
from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from os import PathLike

    from tradewright.adapters.storage.market_data.store import DatabaseBarStore
    from tradewright.ports.bar_archive import BarArchive
    from tradewright.ports.bar_store import BarStore

__all__ = ["bar_archive", "bar_store", "bars_server"]

BARS = "bars"
_KEPT = "storage.bars"


def bar_store(folder: str | PathLike[str] | None = None) -> BarStore:
    """The store of bars that the settings name, or the files of another folder. It is made when something is written.

    Raises
    ------
    ConfigError
        When the settings cannot be used, or name a database for bars and none for themselves.
    MissingExtraError
        When the driver of PostgreSQL is not installed.
    """
    dsn = bars_server(folder)
    if dsn is not None:
        return _on_server(dsn)
    from tradewright.adapters.storage.parquet.store import ParquetBarStore

    return ParquetBarStore((storage_folder() if folder is None else Path(folder).expanduser()) / BARS)


def bar_archive() -> BarArchive:
    """What moves old bars of the store that the settings name to the place of the artifacts, and back.

    Raises
    ------
    ConfigError
        When the settings cannot be used, or keep bars as files, which lie where they lie.
    """
    dsn = bars_server()
    if dsn is None:
        raise ConfigError(
            "Bars are kept as files, and files are not archived.", hint=f"Keep them on a server: {_KEPT}: database."
        )
    from tradewright.adapters.storage.market_data.archive import DatabaseArchive

    return DatabaseArchive(_on_server(dsn))


def _on_server(dsn: str) -> DatabaseBarStore:
    from tradewright.adapters.storage.market_data.store import DatabaseBarStore

    return DatabaseBarStore(dsn, archive=archived_bars(state_database()))


def bars_server(folder: str | PathLike[str] | None = None) -> str | None:
    """The connection string of the database in which bars are kept; None where they are kept as files.

    Raises
    ------
    ConfigError, MissingExtraError
        As `bar_store`.
    """
    settings = own_settings(folder)
    if settings is None or settings.value(_KEPT) != "database":
        return None
    dsn = server_named(settings)
    if dsn is None:
        raise ConfigError(
            f"The settings keep bars in the database ({_KEPT}: database), and {DATABASE} names none.",
            hint=f"Name it with {DATABASE}: ${{TRADEWRIGHT_DSN}}, or keep bars in files.",
        )
    return dsn
