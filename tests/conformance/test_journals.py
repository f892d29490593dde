"""Every journal keeps what the suite promises, and the suite catches one that does not."""

from __future__ import annotations

import pytest

from tradewright.adapters.storage.emergency.journal import EmergencyJournal
from tradewright.adapters.storage.journal.file_journal import FileJournal
from tradewright.adapters.storage.memory.journal import MemoryJournal
from tradewright.adapters.storage.postgres.journal import PostgresJournal
from tradewright.domain.live.journal import JournalIdentity, Replay
from tradewright.testing import JournalConformance

IDENTITY = JournalIdentity("acct", "paper")


def after_death(journal):
    journal.close()
    return MemoryJournal(journal.disk)


class TestMemory(JournalConformance):
    opened = MemoryJournal
    reopened = staticmethod(after_death)
    beside = staticmethod(lambda journal: MemoryJournal(journal.disk))


class TestFile(JournalConformance):
    @pytest.fixture(autouse=True)
    def place(self, tmp_path):
        kind = type(self)
        kind.held = []
        kind.opened = staticmethod(lambda: self.made(tmp_path))
        kind.reopened = staticmethod(lambda journal: journal.close() or self.made(tmp_path))
        kind.beside = staticmethod(lambda journal: self.made(tmp_path))
        yield
        for journal in kind.held:
            journal.close()

    def made(self, folder):
        self.held.append(FileJournal(folder / "journal", IDENTITY, segment_bytes=400))
        return self.held[-1]


class TestPostgres(JournalConformance):
    """That one process holds it is a matter of the epoch here: see the tests of the two hosts."""

    @pytest.fixture(autouse=True)
    def place(self, postgres_dsn):
        kind = type(self)
        held = []

        def made(*old):
            for journal in old:
                journal.close()
            held.append(PostgresJournal(postgres_dsn, IDENTITY, linger_s=60))
            return held[-1]

        kind.opened = kind.reopened = staticmethod(made)
        yield
        for journal in held:
            journal.close()


class TestEmergency(JournalConformance):
    """The database is there; what is different when it is away has tests of its own."""

    @pytest.fixture(autouse=True)
    def place(self, postgres_dsn, tmp_path):
        kind = type(self)
        held = []

        def made(*old):
            for journal in old:
                journal.close()
            primary = PostgresJournal(postgres_dsn, IDENTITY, linger_s=60, is_patient=True)
            held.append(EmergencyJournal(primary, tmp_path))
            return held[-1]

        kind.opened = kind.reopened = staticmethod(made)
        yield
        for journal in held:
            journal.close()


def of(journal):
    return JournalConformance.of(opened=journal, reopened=lambda old: old.close() or journal(old.disk))


def test_a_journal_that_loses_records_is_caught():
    class Losing(MemoryJournal):
        def open(self):
            return Replay(super().open().entries[:-1])

    with pytest.raises(AssertionError, match="changed"):
        of(Losing).check()


def test_a_journal_that_lets_an_old_epoch_write_is_caught():
    class Lenient(MemoryJournal):
        def begin_epoch(self, epoch):
            self._epoch = self.disk.epoch = epoch

    with pytest.raises(AssertionError, match="Epoch 2 wrote after epoch 3"):
        of(Lenient).check()


def test_a_journal_that_calls_everything_safe_is_caught():
    class Boasting(MemoryJournal):
        @property
        def durable_sequence(self):
            return 1 << 30

    with pytest.raises(AssertionError, match="safe before"):
        of(Boasting).check()
