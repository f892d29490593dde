"""Every lease keeps what the suite promises, and the suite catches one that does not."""

from __future__ import annotations

import pytest

from tradewright.adapters.storage.journal.file_lease import FileLease
from tradewright.adapters.storage.postgres.lease import PostgresLease
from tradewright.domain.live.journal import JournalIdentity
from tradewright.ports.lease import Grant
from tradewright.testing import LeaseConformance

IDENTITY = JournalIdentity("acct", "live")


class TestFile(LeaseConformance):
    is_taken_from_sleepers = False

    @pytest.fixture(autouse=True)
    def place(self, tmp_path):
        held = []

        def opened(clock):
            held.append(FileLease(tmp_path / "account"))
            return held[-1]

        type(self).opened = staticmethod(opened)
        yield
        for lease in held:
            lease.close()


class TestPostgres(LeaseConformance):
    @pytest.fixture(autouse=True)
    def place(self, postgres_dsn):
        held = []

        def opened(clock):
            held.append(PostgresLease(postgres_dsn, IDENTITY, renew_every_s=3600, monotonic_ns=clock))
            return held[-1]

        type(self).opened = staticmethod(opened)
        yield
        for lease in held:
            lease.close()


class Shared:
    """A lease in memory whose mistakes can be chosen."""

    def __init__(self, clock, held, is_hasty=False, is_deaf=False):
        self.clock, self.held, self.is_hasty, self.is_deaf = clock, held, is_hasty, is_deaf

    async def acquire(self):
        if self.held["holder"] is not None and not (self.is_hasty and self.held["holder"] is not self):
            return None
        self.held.update(holder=self, epoch=self.held["epoch"] + (0 if self.is_deaf else 1))
        return Grant(self.held["epoch"], 15.0, former_is_dead=True)

    async def renew(self, epoch):
        return self.held["holder"] is self and self.held["epoch"] == epoch

    async def release(self, epoch):
        if await self.renew(epoch):
            self.held["holder"] = None


def of(**mistakes):
    held = {"holder": None, "epoch": 1}
    return LeaseConformance.of(opened=lambda clock: Shared(clock, held, **mistakes))


def test_a_lease_that_is_given_to_two_is_caught():
    with pytest.raises(AssertionError, match="given to two"):
        of(is_hasty=True).check("test_another_waits_while_it_is_renewed")


def test_a_lease_whose_numbers_stay_is_caught():
    with pytest.raises(AssertionError, match="came after"):
        of(is_deaf=True).check("test_what_was_given_up_is_free_at_once")


def test_a_lease_that_is_never_taken_over_is_caught():
    with pytest.raises(AssertionError, match="another was given None"):
        of().check("test_a_sleeper_keeps_it_until_its_time_is_up")
