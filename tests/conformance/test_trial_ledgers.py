"""Every trial ledger keeps what the suite promises, and the suite catches one that does not."""

from __future__ import annotations

from tradewright.adapters.storage.memory.trial_ledger import MemoryTrialLedger
from tradewright.testing import TrialLedgerConformance


class TestMemory(TrialLedgerConformance):
    opened = MemoryTrialLedger
