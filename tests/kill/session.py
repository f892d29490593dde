"""A session that holds the account: it buys, protects what it bought, leaves an entry resting, and behaves as told.

``python -m tests.kill.session serve|busy`` says READY once its orders stand.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from decimal import Decimal
from pathlib import Path

import tests.kill.short  # noqa: F401 - short windows

from tradewright.adapters.storage.journal.file_journal import FileJournal
from tradewright.adapters.storage.journal.latch_file import FileLatch
from tradewright.adapters.system_clock import SystemClock
from tradewright.app.live.alarms import AlarmWatcher
from tradewright.app.orders.office import Office, RoadSettings
from tradewright.app.orders.road import OrderRoad
from tradewright.app.orders.submit import Decision, Intent
from tradewright.bootstrap.accounts import account_places, install_name
from tradewright.bootstrap.brokers import PROCESS, venue_door
from tradewright.bootstrap.settings import load_settings
from tradewright.domain.errors import OrderError
from tradewright.domain.live.ids import DecisionKey, IdRole, IdScope, install_tag
from tradewright.domain.live.modes import Mode
from tradewright.domain.live.order import BracketPlan, Lifecycle
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide, OrderType
from tradewright.risk.gate import RiskGate
from tradewright.risk.limits import Limits

FAR = 1 << 62


class OpenGate:
    def __init__(self):
        self.gate = RiskGate(Limits(), 100_000.0)

    def approve(self, order):
        return self.gate.pass_through(order)


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def main(how):
    clock = SystemClock()
    door = venue_door("alpaca", Mode.PAPER, load_settings(Path.cwd(), os.environ), PROCESS, clock)
    places = account_places(door.account, Mode.PAPER)
    scope = IdScope(places.account, "s1", install_tag(install_name()))
    office = Office(
        broker=door.open().broker, journal=FileJournal(places.journal, places.identity), clock=clock,
        latch=FileLatch(places.latch), approver=OpenGate(), watcher=AlarmWatcher(lambda *_: None),
        settings=RoadSettings(scope=scope, reconcile_s=2.0, busy_s=0.2),
    )  # fmt: skip
    road = OrderRoad(office)
    await road.start()
    await want(road, 1, WireOrder(symbol="ACME", side=OrderSide.BUY, quantity=Decimal(10)), BracketPlan(Decimal(90)))
    await want(road, 2, limit(Decimal(50)))
    say("ASKED")
    await office.until(lambda: stands(office.book))
    say("READY")
    if how == "busy":
        while True:
            time.perf_counter()
    if how == "deaf":
        await deaf(road)
    number = 3
    while office.stopped is None:
        try:
            await want(road, number, limit(Decimal(40)))
        except OrderError as error:
            say(f"REFUSED {error}")
        number += 1
        await asyncio.sleep(0.3)


async def deaf(road):
    """It goes on deciding and never looks at the latch for the sake of ending anything."""
    road.switch.watch = None
    for task in list(road.office.tasks):
        if "watch" in repr(task.get_coro()):
            task.cancel()


def limit(price):
    return WireOrder(
        symbol="ACME", side=OrderSide.BUY, quantity=Decimal(5), order_type=OrderType.LIMIT, limit_price=price
    )


async def want(road, moment, wire, plan=None):
    approved = road.office.approver.approve(wire)
    await road.submitter.decide(Decision(DecisionKey(moment, "ACME"), (Intent(approved, FAR, plan),)))


def stands(book):
    """The bought units have their stop, and an entry rests."""
    working = [order for order in book.orders.values() if order.state is Lifecycle.WORKING and order.vid]
    return {IdRole.STOP, IdRole.ENTRY} <= {order.role for order in working}


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
