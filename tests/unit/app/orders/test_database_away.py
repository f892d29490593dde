"""The database of journal and lease goes away under a road: entries wait, the rest goes on, a lost lease stops it."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest
from tests.faults.drills import _order

from tradewright.adapters.storage.emergency.journal import EmergencyJournal
from tradewright.adapters.storage.journal.forcing import Forcer
from tradewright.adapters.storage.postgres import writer
from tradewright.adapters.storage.postgres.journal import PostgresJournal
from tradewright.app.orders.book import LiveBook
from tradewright.app.orders.lease import LeaseKeeper
from tradewright.app.orders.submit import Decision, Intent
from tradewright.domain.errors import OrderRejectedError, StorageError
from tradewright.domain.live.ids import DecisionKey, IdRole
from tradewright.domain.live.journal import JournalIdentity
from tradewright.domain.live.latch import LatchOrder
from tradewright.domain.live.order import Lifecycle
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide

IDENTITY = JournalIdentity("acct", "live")


class Away:
    """A lease whose database does not answer."""

    def __init__(self):
        self.is_ours = None

    async def renew(self, epoch):
        if self.is_ours is None:
            raise StorageError("The database cannot be used.")
        return self.is_ours


def renewed(trader, lease):
    return trader.world.loop.run(LeaseKeeper(trader.office, lease)._renewed())


def test_nothing_that_opens_leaves_while_the_journal_is_degraded(trader):
    entry, stop = _order(trader, Lifecycle.WORKING), _order(trader, Lifecycle.WORKING)
    stop.role = IdRole.STOP
    entry.ttl_ns = stop.ttl_ns = 1 << 62
    assert trader.office.why_not(entry) is None
    trader.office.journal.is_degraded = True
    assert trader.office.why_not(entry) == "The database of the journal is away."
    assert trader.office.why_not(stop) is None


def test_the_road_outlives_a_lease_that_cannot_be_asked_for(trader):
    lease = Away()
    trader.office.lease_ends_ns = trader.office.clock.monotonic_ns() - 1
    assert not renewed(trader, lease)
    trader.office.journal.is_degraded = True
    assert renewed(trader, lease)
    assert not trader.office.has_lease()
    lease.is_ours = False
    assert not renewed(trader, lease)


def decide(trader, symbol):
    wire = WireOrder(symbol=symbol, side=OrderSide.BUY, quantity=Decimal(1))
    intent = Intent(trader.office.approver.approve(wire), 1 << 62)
    return trader.road.submitter.decide(Decision(DecisionKey(7, symbol), (intent,)))


async def forced_at_once(forcer, sync, handle):
    """Virtual time knows no threads, and would pass while one works."""
    sync(handle)


@pytest.fixture
def on_server(trader, own_postgres, tmp_path, monkeypatch):
    """The road over a journal on a real server, which may be stopped."""
    monkeypatch.setattr(writer, "RETRY_S", 0.01)
    monkeypatch.setattr(Forcer, "force", forced_at_once)
    with own_postgres.fresh() as dsn:
        journal = EmergencyJournal(PostgresJournal(dsn, IDENTITY, is_patient=True), tmp_path / "emergency")
        journal.open()
        journal.begin_epoch(1)
        trader.office.journal = journal
        trader.server, trader.dsn = own_postgres, dsn
        yield trader
        journal.close()
        if own_postgres._process is None:
            own_postgres.start()


def replayed(trader):
    """What another process would know."""
    journal, book = PostgresJournal(trader.dsn, IDENTITY), LiveBook()
    book.replay(journal.open().entries)
    journal.close()
    return book


def test_what_the_road_did_without_its_database_is_in_it_afterwards(on_server):
    trader, office = on_server, on_server.office

    async def day():
        await decide(trader, "BBB")
        cid = next(iter(office.book.orders))
        trader.server.stop()
        await trader.road.canceller.cancel(cid)
        assert office.journal.is_degraded
        with pytest.raises(OrderRejectedError, match="database of the journal is away"):
            await decide(trader, "CCC")
        await trader.road.switch.latch(LatchOrder("told", "Ada"))
        trader.server.start()
        while office.journal.is_degraded:
            await office.durable(office.book.sequence)

    asyncio.run(asyncio.wait_for(day(), 60))
    assert office.stopped is None
    found = replayed(trader)
    assert found.state_hash == office.book.state_hash
    assert found.latch.is_set
    assert [order.cancel_wanted for order in found.orders.values()] == [True]
