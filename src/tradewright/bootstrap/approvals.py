"""Which store of approvals a process uses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.bootstrap.home import storage_folder
from tradewright.bootstrap.run_archive import DATABASE, RUNS

if TYPE_CHECKING:
    from os import PathLike

    from tradewright.ports.approvals import ApprovalStore

__all__ = ["approval_store"]


def approval_store(folder: str | PathLike[str] | None = None) -> ApprovalStore:
    """The approvals in the database of kept runs, in the folder of all stores or in another; made at the first one."""
    from tradewright.adapters.storage.sql.approvals import SqlApprovals
    from tradewright.adapters.storage.sql.database import Database

    home = storage_folder() if folder is None else Path(folder).expanduser()
    return SqlApprovals(Database(home / RUNS / DATABASE))
