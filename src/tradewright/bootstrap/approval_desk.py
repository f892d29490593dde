"""The desk where persons approve, over the stores of this installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.app.approve import ApprovalDesk
from tradewright.bootstrap.approvals import approval_store
from tradewright.bootstrap.run_archive import run_archive
from tradewright.bootstrap.session_logs import session_logs

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

__all__ = ["approval_desk"]


def approval_desk(now_ns: Callable[[], int], folder: str | PathLike[str] | None = None) -> ApprovalDesk:
    """The desk over the folder of all stores, or over another one."""
    return ApprovalDesk(approval_store(folder), run_archive(folder), session_logs(folder), now_ns)
