"""Runs with real processes: a venue here, traders that are killed with signal 9 and started again, one journal."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import random
import signal
import tempfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

from tradewright.adapters.storage.journal.segments import read_all
from tradewright.app.orders.book import LiveBook
from tradewright.domain.live.ids import IdRole
from tradewright.testing.venue_double import Fault, VenueConnection
from tradewright.testing.venue_double.faults import FAULTS_OF

from ..script import STEPS, STEPS_OF, scenario
from ..verdict import breaches
from ..world import SCOPE, World
from .fast import FastLoop, RunTime
from .line import Exchange
from .trader import IDENTITY, main

PROFILES = ("road", "road", "replace", "in_place", "bracket", "bracket")
LATE = {"late", "error_late", "hangs", "slow"}
"""Faults that use up the settle window whole, which leaves nothing for a machine that is busy."""
LONGEST_S = 800.0
QUIET = 15
"""Reports of rest in a row, of which one comes in two seconds: longer than a fill and a cycle of questions may take."""
CONTEXT = multiprocessing.get_context("forkserver")


def drawn(seed):
    """A scenario for real processes, where each of the first lives ends, and when the killer looks in besides."""
    rng = random.Random(seed)  # noqa: S311 - a seeded run
    profile = PROFILES[seed % len(PROFILES)]
    plan = scenario(seed, profile)
    kept = tuple(fault for fault in plan.faults if fault.at in FAULTS_OF and fault.kind not in LATE)
    traits = replace(plan.traits, lag="none" if plan.traits.lag == "full" else plan.traits.lag)
    plan = replace(plan, faults=kept, traits=traits, mute_at=None, hand_orders=(), restart_s=0.5)
    groups = STEPS_OF[profile]
    deaths = [(rng.choice(STEPS[rng.choice(groups)]), rng.choice((1, 1, 2))) for _ in range(rng.randint(1, 3))]
    return replace(plan, faults=plan.faults + tuple(Fault(at, "kill -9", nth) for at, nth in deaths)), deaths, rng


class RealRun(World):
    """One run."""

    def __init__(self, seed, folder, began, naive=None):
        plan, self.deaths, rng = drawn(seed)
        self.began = began
        self.naive = naive
        super().__init__(plan)
        self.plan.faults = [fault for fault in plan.faults if fault.kind != "kill -9"]
        self.folder = folder
        self.exchange = Exchange(self)
        self.kill_at = rng.uniform(16.0, 50.0)
        self.kills = 0
        self.process = None
        self.calm = 0
        self.said = None
        self.done = asyncio.Event()

    def new_loop(self):
        return RunTime(asyncio.get_running_loop(), self.began)

    def line(self):
        return VenueConnection(self.truth, self.plan, self.rng, lambda kind, cid: None)

    # The trading process.

    def start(self, name="A"):
        death = self.deaths.pop(0) if self.deaths else None
        self.process = CONTEXT.Process(
            target=main, args=(self.scenario, self.folder, self.began, death, self.naive), daemon=True
        )
        self.process.start()
        asyncio.get_running_loop().add_reader(self.process.sentinel, self._died, self.process)

    def _died(self, process):
        asyncio.get_running_loop().remove_reader(process.sentinel)
        process.join()
        self.kills += process.exitcode == -signal.SIGKILL and not self.done.is_set()
        self.calm = 0
        if not self.done.is_set():
            self._at(self.scenario.restart_s, self.start)

    def _kill(self):
        if self.process is not None and self.process.is_alive():
            os.kill(self.process.pid, signal.SIGKILL)

    def _reset(self):
        for connection, _ in list(self.exchange.lines):
            connection.drop()

    def told(self, pid, is_quiet, state_hash, sequence, said):
        """What the trading process says of itself."""
        if self.process is None or pid != self.process.pid:
            return
        self.said = state_hash, sequence
        for name in ("denied", "back", "fell"):
            getattr(self.tally, name).update(said[name])
        self.tally.alarms = [*said["alarms"]]
        last = max(wish.at_s for wish in self.scenario.wishes) + 30.0
        self.calm = self.calm + 1 if is_quiet and self.loop.time() > max(last, self.kill_at) and self._agrees() else 0
        if self.calm >= QUIET:
            self.done.set()

    def _agrees(self):
        return self.process.is_alive()

    # The run.

    async def run(self):
        server = await asyncio.start_unix_server(self.exchange.serve, str(self.folder / "venue"))
        self._at(self.kill_at, self._kill)
        for at_s in self.scenario.resets:
            self._at(at_s, self._reset)
        for at_s, symbol, price in self.scenario.prices:
            self._at(at_s, lambda symbol=symbol, price=price: self._market(symbol, price))
        self.start()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_S):
                await self.done.wait()
        is_settled = self.done.is_set()
        self.done.set()
        self._kill()
        self.process.join()
        server.close()
        await self.exchange.close()
        found = [] if is_settled else ["unsettled: the run did not come to rest"]
        return found + self.verdict()

    def _market(self, symbol, price):
        self.truth.set_price(symbol, price)
        self.exchange.price(symbol, price)

    def verdict(self):
        """The journal, read again after the last kill, against the venue's truth."""
        book = LiveBook()
        entries = self.entries()
        book.replay(entries)
        self._final = SimpleNamespace(
            office=SimpleNamespace(book=book), is_up=True,
            cid=lambda wish: SCOPE.cid(IdRole.ENTRY, self.key_of(wish), 0),
        )  # fmt: skip
        found = breaches(self)
        if self.said is not None and self.said[1] == book.sequence and self.said[0] != book.state_hash:
            found.append("the replay makes another state than the process had")
        return found

    def entries(self):
        return read_all(self.folder / "journal", IDENTITY).entries


async def _batch(seeds, naive):
    began = asyncio.get_running_loop().time()
    with tempfile.TemporaryDirectory() as home:
        runs = {}
        for seed in seeds:
            folder = Path(home) / str(seed)
            folder.mkdir()
            runs[seed] = RealRun(seed, folder, began, naive)
        found = await asyncio.gather(*(run.run() for run in runs.values()))
        return [(run, wrong) for run, wrong in zip(runs.values(), found, strict=True)]


def run_real(seeds, naive=None):
    """Runs side by side: each with what is wrong with it."""
    CONTEXT.set_forkserver_preload(["tests.faults.real.trader"])
    loop = FastLoop()
    try:
        return loop.run_until_complete(_batch(list(seeds), naive))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
