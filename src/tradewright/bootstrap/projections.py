"""What sessions did, in rows of the database, and the hand that writes them while a server runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.bootstrap.databases import home_of, state_database
from tradewright.bootstrap.session_logs import SESSIONS

if TYPE_CHECKING:
    from os import PathLike

    from tradewright.adapters.storage.sql.database import Database
    from tradewright.app.projections.projector import Projector
    from tradewright.ports.trading_rows import TradingRows

__all__ = ["open_projector", "trading_rows"]


def trading_rows(database: Database) -> TradingRows:
    """The rows of what sessions did."""
    from tradewright.adapters.storage.sql.trading_rows import SqlTradingRows

    return SqlTradingRows(database)


def open_projector(folder: str | PathLike[str] | None = None, database: Database | None = None) -> Projector:
    """What makes rows of the records of this installation's sessions.

    Parameters
    ----------
    folder : path, optional
        The folder of all stores, where it is another than that of the settings.
    database : Database, optional
        Where the rows are; that of the settings if not given.
    """
    from tradewright.adapters.storage.sessions.watch import FolderWatch
    from tradewright.app.projections.projector import Projector

    return Projector(FolderWatch(home_of(folder) / SESSIONS), trading_rows(database or state_database(folder)))
