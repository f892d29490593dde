"""Which archive of runs a process uses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.app.runs.archive import RunArchive
from tradewright.bootstrap.home import storage_folder

if TYPE_CHECKING:
    from os import PathLike

__all__ = ["run_archive"]

RUNS, DATABASE, ARTIFACTS = "runs", "runs.db", "artifacts"


def run_archive(folder: str | PathLike[str] | None = None) -> RunArchive:
    """The archive in the folder of all stores, or in another one. It is made when something is first kept."""
    from tradewright.adapters.storage.folder.artifacts import FolderArtifacts
    from tradewright.adapters.storage.sql.database import Database
    from tradewright.adapters.storage.sql.run_store import SqlRunStore

    home = (storage_folder() if folder is None else Path(folder).expanduser()) / RUNS
    return RunArchive(SqlRunStore(Database(home / DATABASE)), FolderArtifacts(home / ARTIFACTS))
