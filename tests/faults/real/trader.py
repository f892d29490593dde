"""The trading process: the road as it is, on the disk, until it is killed."""

from __future__ import annotations

import asyncio
import os
import signal
from types import SimpleNamespace

from tradewright.adapters.storage.journal.file_journal import FileJournal
from tradewright.adapters.storage.journal.latch_file import FileLatch
from tradewright.app.orders.office import Office
from tradewright.app.orders.road import OrderRoad
from tradewright.domain.live.journal import JournalIdentity
from tradewright.testing.virtual_time import VirtualClock

from ..variants import VARIANTS
from ..world import OpenGate, Tally, Trader, World
from .fast import FastLoop, RunTime
from .line import RemoteBroker, send

IDENTITY = JournalIdentity("acct", "paper")


class Stage(World):
    """The run as the trading process sees it: no venue, no market, its own steps."""

    def __init__(self, scenario, folder, began, loop, death):
        self.scenario = scenario
        self.folder = folder
        self.loop = RunTime(loop, began)
        self.tally = Tally()
        self.death = death
        self.counts = {}
        self.settings = self.settings_of(scenario)
        self.one = None

    @property
    def trader(self):
        return self.one

    @property
    def traders(self):
        return [SimpleNamespace(process=SimpleNamespace(is_paused=False))]

    def step(self, trader, step):
        self.counts[step] = self.counts.get(step, 0) + 1
        if self.death == (step, self.counts[step]):
            os.kill(os.getpid(), signal.SIGKILL)

    def compare(self, trader, when_s):
        """Only the venue's side knows what was."""

    def ended(self, trader):
        os._exit(1)


class RealTrader(Trader):
    """One start of the trading process."""

    def __init__(self, stage):
        self.world = stage
        stage.one = self
        self.process = SimpleNamespace(is_alive=True, is_paused=False)
        self.clock = VirtualClock(stage.loop)
        capabilities = stage.scenario.traits.capabilities
        self.connection = RemoteBroker(stage.folder / "venue", capabilities, self._bytes_left)
        stage.truth = SimpleNamespace(prices=self.connection.prices)
        self.office = Office(
            broker=self.connection, journal=FileJournal(stage.folder / "journal", IDENTITY), clock=self.clock,
            latch=FileLatch(stage.folder / "latch"), approver=OpenGate(), watcher=self, settings=stage.settings,
        )  # fmt: skip
        self.road = OrderRoad(self.office)
        self.is_up = False

    def has_said_all(self):
        """Whether every wish was decided, or given up by the strategy; a machine that is busy starts processes late."""
        wishes, denied = self.world.scenario.wishes, self.world.tally.denied
        decided = self.office.book.decisions
        return all(wish.label in denied or ("", self.key(wish)) in decided for wish in wishes)

    async def report(self):
        """Say every two seconds what there is to say."""
        while True:
            await asyncio.sleep(2.0)
            writer = self.connection._writer
            if writer is not None and not writer.is_closing():
                tally, book = self.world.tally, self.office.book
                stops = [entry for entry in tally.alarms if entry[1] == "stopped"]
                said = {"denied": tally.denied, "back": tally.back, "fell": tally.fell, "alarms": stops}
                is_quiet = self.has_said_all() and self.world.is_quiet()
                send(writer, "said", os.getpid(), is_quiet, book.state_hash, book.sequence, said)


def main(scenario, folder, began, death, naive=None):
    """A process that trades until it is killed; under a naive rule, where the suite itself is tried."""
    loop = FastLoop()
    asyncio.set_event_loop(loop)
    trader = RealTrader(Stage(scenario, folder, began, loop, death))
    for rule in VARIANTS:
        if rule.number == naive:
            rule.install(trader)

    async def run():
        loop.create_task(trader.report())
        await trader.main()

    loop.run_until_complete(run())
