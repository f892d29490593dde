"""Which store of approvals a process uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.bootstrap.databases import state_database

if TYPE_CHECKING:
    from os import PathLike

    from tradewright.ports.approvals import ApprovalStore

__all__ = ["approval_store"]


def approval_store(folder: str | PathLike[str] | None = None) -> ApprovalStore:
    """The approvals in the database of kept runs; made at the first one, errors as `state_database`."""
    from tradewright.adapters.storage.sql.approvals import SqlApprovals

    return SqlApprovals(state_database(folder))
