"""Which archive of runs a process uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.app.runs.archive import RunArchive
from tradewright.bootstrap.artifacts import artifact_store
from tradewright.bootstrap.databases import state_database

if TYPE_CHECKING:
    from os import PathLike

__all__ = ["run_archive"]


def run_archive(folder: str | PathLike[str] | None = None) -> RunArchive:
    """The archive over the database and the place of artifacts of the settings, or in another folder altogether.

    It is made when something is first kept; errors as `state_database`.
    """
    from tradewright.adapters.storage.sql.run_store import SqlRunStore

    database = state_database(folder)
    return RunArchive(SqlRunStore(database), artifact_store(database, folder))
