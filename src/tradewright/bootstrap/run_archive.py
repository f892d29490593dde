"""Which archive of runs a process uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.app.runs.archive import RunArchive
from tradewright.bootstrap.databases import RUNS, home_of, state_database

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path

    from tradewright.adapters.storage.sql.database import Database

__all__ = ["run_archive"]

ARTIFACTS = "artifacts"


def run_archive(folder: str | PathLike[str] | None = None) -> RunArchive:
    """The archive over the database of the settings and the folder of all stores, or in another folder altogether.

    It is made when something is first kept; errors as `state_database`.
    """
    from tradewright.adapters.storage.folder.artifacts import FolderArtifacts
    from tradewright.adapters.storage.sql.run_store import SqlRunStore

    database, home = state_database(folder), home_of(folder) / RUNS
    return RunArchive(SqlRunStore(database), FolderArtifacts(lambda: _folder(database, home)))


def _folder(database: Database, home: Path) -> Path:
    """Each database has a folder of its own: what one of them needs no more, another may still need."""
    from tradewright.adapters.storage.sql.server import ServerDatabase

    is_server = isinstance(database, ServerDatabase)
    return home / (f"{ARTIFACTS}-{database.installation()}" if is_server else ARTIFACTS)
