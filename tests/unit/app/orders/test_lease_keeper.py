"""How a lease is asked for, waited for and given up; and what is told when records were put aside."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tradewright.app.orders.lease import LeaseKeeper
from tradewright.app.orders.submit import Decision, Intent
from tradewright.domain.errors import JournalError, StorageError
from tradewright.domain.live.ids import DecisionKey
from tradewright.domain.live.journal import Replay
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide
from tradewright.ports.lease import Grant

GRANT = Grant(7, 15.0)


class Said:
    """A lease that answers as it was told to."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.released = []

    async def acquire(self):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def renew(self, epoch):
        return epoch == 7

    async def release(self, epoch):
        self.released.append(epoch)
        raise StorageError("The database cannot be used.")


def keeper(trader, *answers, wait_s=float("inf")):
    object.__setattr__(trader.office.settings, "lease_wait_s", wait_s)
    return LeaseKeeper(trader.office, Said(*answers))


@pytest.fixture
def run(trader):
    return trader.world.loop.run


@pytest.fixture
def told(trader, monkeypatch):
    alarms = []
    monkeypatch.setattr(trader.office, "alarm", lambda alarm, subject, detail="": alarms.append(alarm.value))
    return alarms


def test_an_account_that_another_holds_is_refused_where_it_is_not_waited_for(trader, run, told):
    with pytest.raises(JournalError, match="The account is held by another process"):
        run(keeper(trader, None, wait_s=0.0).acquire())
    assert told == []


def test_a_wait_comes_to_its_end(trader, run, told):
    began = trader.office.clock.monotonic_ns()
    with pytest.raises(JournalError, match="held by another"):
        run(keeper(trader, *[None] * 30, wait_s=20.0).acquire())
    assert 20 <= (trader.office.clock.monotonic_ns() - began) / 1e9 <= 21


def test_a_standby_says_so_once_and_goes_on_asking_while_the_database_is_away(trader, run, told):
    away = StorageError("The database cannot be used.")
    assert run(keeper(trader, None, None, away, away, GRANT).acquire()) == GRANT
    assert told == ["standby"]


def test_a_start_without_the_database_is_refused(trader, run):
    with pytest.raises(StorageError, match="cannot be used"):
        run(keeper(trader, StorageError("The database cannot be used.")).acquire())


def test_what_is_given_up_is_what_was_granted_and_once(trader, run):
    held = keeper(trader, GRANT)
    run(held.acquire())
    trader.office.book.epoch = 12
    run(held.release())
    run(held.release())
    assert held.lease.released == [7]


def test_a_lease_runs_by_its_own_clock(trader, run):
    class Still:
        def monotonic_ns(self):
            return 5

    trader.office.lease_clock = Still()
    run(keeper(trader, GRANT).acquire())
    assert trader.office.lease_ends_ns == 5 + 15_000_000_000
    assert trader.office.has_lease(), "a venue that replays a week in a minute does not take it away"


def test_what_was_decided_does_not_leave_once_less_than_the_margin_is_left_of_the_lease(trader, run):
    wire = WireOrder(symbol="AAA", side=OrderSide.BUY, quantity=Decimal(1))
    intent = Intent(trader.office.approver.approve(wire), 1 << 62)
    (cid,) = run(trader.road.submitter.decide(Decision(DecisionKey(5, "AAA"), (intent,))))
    order, margin_ns = trader.office.book.orders[cid], int(trader.office.settings.margin_s * 1e9)
    trader.office.lease_ends_ns = trader.office.lease_now_ns() + margin_ns + 1_000_000
    assert trader.road.submitter.why_not(order) is None
    trader.office.lease_ends_ns = trader.office.lease_now_ns() + margin_ns
    assert trader.road.submitter.why_not(order) == "The lease does not last long enough."
    assert not trader.road.submitter.permit(order)
    assert order.handed == 0


def test_records_that_were_put_aside_are_told(trader, run, told, monkeypatch):
    journal = trader.office.journal
    monkeypatch.setattr(journal, "open", lambda: Replay((), put_aside=3))
    monkeypatch.setattr(journal, "begin_epoch", lambda epoch: None)
    run(trader.road.recovery.replay(Grant(99, 15.0, former_is_dead=True)))
    assert "put_aside" in told
