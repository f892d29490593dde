"""Every trial ledger keeps what the suite promises, and the suite catches one that does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tradewright.adapters.storage.memory.trial_ledger import MemoryTrialLedger
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.server import ServerDatabase
from tradewright.adapters.storage.sql.trial_ledger import SqlTrialLedger
from tradewright.testing import TrialLedgerConformance


class TestMemory(TrialLedgerConformance):
    opened = MemoryTrialLedger


class TestSql(TrialLedgerConformance):
    @pytest.fixture(autouse=True)
    def place(self, tmp_path):
        type(self).opened = staticmethod(lambda: SqlTrialLedger(Database(tmp_path / "runs.db")))


class TestPostgres(TrialLedgerConformance):
    @pytest.fixture(autouse=True)
    def place(self, postgres_dsn):
        type(self).opened = staticmethod(lambda: SqlTrialLedger(ServerDatabase(postgres_dsn)))


def of(ledger):
    return TrialLedgerConformance.of(opened=ledger)


def test_a_ledger_that_loses_trials_is_caught():
    class Losing(MemoryTrialLedger):
        def record(self, header, trials):
            super().record(header, trials[:1])

    with pytest.raises(AssertionError, match="Of 5 trials that were kept, 2 came back"):
        of(Losing).check("test_a_search_goes_on_with_what_was_kept")


def test_a_ledger_that_writes_over_trials_is_caught():
    class Overwriting(MemoryTrialLedger):
        def record(self, header, trials):
            for kept in trials:
                self._of(header).trials.pop(kept.trial.number, None)
            super().record(header, trials)

    with pytest.raises(AssertionError, match="was overwritten or lost"):
        of(Overwriting).check("test_trials_are_kept_once")


def test_a_ledger_that_forgets_a_search_when_it_begins_anew_is_caught():
    class Forgetting(MemoryTrialLedger):
        def open(self, header):
            if header.id in self._searches and self._searches[header.id].ended:
                del self._searches[header.id]
            return super().open(header)

        def finish(self, header):
            super().finish(header)
            self.open(header)

    with pytest.raises(AssertionError, match="counts 0 configurations with a failed trial, not 4"):
        of(Forgetting).check("test_failed_trials_do_not_count")


def test_a_ledger_that_counts_everything_is_caught():
    class Counting(MemoryTrialLedger):
        def count(self, family, span):
            spans = [search.header.span for search in self._searches.values()]
            counts = [super(Counting, self).count(family, each).configurations for each in spans]
            return replace(super().count(family, span), configurations=sum(counts))

    with pytest.raises(AssertionError, match="after data called"):
        of(Counting).check("test_only_overlapping_data_of_the_family_counts")
