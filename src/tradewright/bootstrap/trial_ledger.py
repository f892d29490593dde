"""Which ledger of trials a process uses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.bootstrap.home import storage_folder
from tradewright.bootstrap.run_archive import DATABASE, RUNS

if TYPE_CHECKING:
    from os import PathLike

    from tradewright.ports.trial_ledger import TrialLedger

__all__ = ["passing_ledger", "trial_ledger"]


def trial_ledger(folder: str | PathLike[str] | None = None) -> TrialLedger:
    """The ledger in the database of kept runs, in the folder of all stores or in another; made at the first trial."""
    from tradewright.adapters.storage.sql.database import Database
    from tradewright.adapters.storage.sql.trial_ledger import SqlTrialLedger

    home = storage_folder() if folder is None else Path(folder).expanduser()
    return SqlTrialLedger(Database(home / RUNS / DATABASE))


def passing_ledger() -> TrialLedger:
    """A ledger that is gone with the process, where nothing shall be kept."""
    from tradewright.adapters.storage.memory.trial_ledger import MemoryTrialLedger

    return MemoryTrialLedger()
