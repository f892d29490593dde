"""Every store of records of sessions keeps what the suite promises, and the suite catches one that does not."""

from __future__ import annotations

import pytest

from tradewright.adapters.storage.sessions.logs import FileSessionLogs
from tradewright.testing import SessionLogConformance


class TestFile(SessionLogConformance):
    @pytest.fixture(autouse=True)
    def place(self, tmp_path):
        type(self).opened = staticmethod(lambda: FileSessionLogs(tmp_path / "sessions"))
        type(self).reopened = staticmethod(lambda _: FileSessionLogs(tmp_path / "sessions"))


def of(kind, folder):
    return SessionLogConformance.of(opened=lambda: kind(folder), reopened=lambda _: kind(folder))


def test_a_store_that_lets_two_write_is_caught(tmp_path):
    class Lenient(FileSessionLogs):
        def open(self, session):
            return self.read(session)

    with pytest.raises(AssertionError, match="Two processes write one session"):
        of(Lenient, tmp_path).check("test_one_process_writes")


def test_a_store_that_shows_what_it_saw_first_is_caught(tmp_path):
    class Stale(FileSessionLogs):
        def read(self, session):
            looking = super().read(session)
            seen = list(looking.entries())
            looking.entries = lambda: iter(seen)
            return looking

    with pytest.raises(AssertionError, match="Of 1 inputs 0 were seen"):
        of(Stale, tmp_path).check("test_a_running_session_is_followed")
