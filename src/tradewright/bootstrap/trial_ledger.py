"""Which ledger of trials a process uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.bootstrap.databases import state_database

if TYPE_CHECKING:
    from os import PathLike

    from tradewright.ports.trial_ledger import TrialLedger

__all__ = ["passing_ledger", "trial_ledger"]


def trial_ledger(folder: str | PathLike[str] | None = None) -> TrialLedger:
    """The ledger in the database of kept runs; made at the first trial, errors as `state_database`."""
    from tradewright.adapters.storage.sql.trial_ledger import SqlTrialLedger

    return SqlTrialLedger(state_database(folder))


def passing_ledger() -> TrialLedger:
    """A ledger that is gone with the process, where nothing shall be kept."""
    from tradewright.adapters.storage.memory.trial_ledger import MemoryTrialLedger

    return MemoryTrialLedger()
