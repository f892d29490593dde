"""Which store of bars a process uses: files in the folder of all stores, or rows of the database, by one setting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.bootstrap.databases import own_settings, server_named
from tradewright.bootstrap.home import storage_folder
from tradewright.bootstrap.settings_values import DATABASE
from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from os import PathLike

    from tradewright.ports.bar_store import BarStore

__all__ = ["bar_store", "bars_server"]

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
        from tradewright.adapters.storage.market_data.store import DatabaseBarStore

        return DatabaseBarStore(dsn)
    from tradewright.adapters.storage.parquet.store import ParquetBarStore

    return ParquetBarStore((storage_folder() if folder is None else Path(folder).expanduser()) / BARS)


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
