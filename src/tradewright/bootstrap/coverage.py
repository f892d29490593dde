"""Which book says what sources of bars were asked for: that of the database of the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.bootstrap.databases import state_database

if TYPE_CHECKING:
    from os import PathLike

    from tradewright.ports.coverage import CoverageBook

__all__ = ["coverage_book"]


def coverage_book(folder: str | PathLike[str] | None = None) -> CoverageBook:
    """The book beside the stores that the settings name, or those of another folder.

    Raises
    ------
    ConfigError, MissingExtraError
        As `tradewright.bootstrap.databases.state_database`.
    """
    from tradewright.adapters.storage.sql.coverage import SqlCoverageBook

    return SqlCoverageBook(state_database(folder))
