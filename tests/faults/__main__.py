"""`python -m tests.faults --runs 10000`: many seeded runs, what they found, and what they covered."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from tradewright.app.orders.table import IMPOSSIBLE, TABLE, column_of
from tradewright.testing.venue_double.faults import FAULTS_OF

from .drills import drilled_cells
from .month import LEAST as LEAST_ABLE
from .month import live, weather
from .real.run import run_real
from .script import PROCESS_FAULTS, SHARED_FAULTS, SHARED_STEPS, STEPS, scenario
from .variants import VARIANTS, search
from .verdict import breaches, naked_stretches
from .world import World

SHOWN = 20
NAKED_S = 5.0
ASKS = {"unresolved", "over_fill", "over_exit", "break", "two_orders", "evidence", "own_tag"}
"""Alarms after which a person must do something."""
FATES_OF_INTENTS = ("accepted", "not accepted", "rejected", "denied", "frozen")
ABREAST = 8
"""How many real runs go side by side: more, and a machine that is busy starts none of their processes in time."""
LOOKED_AT = 40
"""How many runs under a naive rule are looked at until one fails."""
NAIVE = "26"
"""The rule under which the runs with real processes must fail: the plan of a bracket is in memory."""
LEAST = 30
"""How often each pair of step and fault must strike in ten thousand runs."""


class Cover:
    """What the runs went through: cells of the state table, and pairs of a step and a fault."""

    def __init__(self):
        self.cells = Counter()
        self.pairs = Counter()
        self.alarms = Counter()
        self.counts = Counter()
        self.naked = []

    def add(self, world):
        self.cells.update({(row, column_of(state)) for row, state in world.tally.cells})
        self.pairs.update({(fault.at, fault.kind) for fault in world.plan.struck})
        self.alarms.update({alarm for _, alarm, _, _ in world.tally.alarms})
        self.counts.update(counted(world))
        self.naked += naked_stretches(world)

    def missing_cells(self, drilled):
        wanted = {place for place, cell in TABLE.items() if cell != IMPOSSIBLE}
        return sorted(f"{row.value}/{column}" for row, column in wanted - set(self.cells) - drilled)

    def rare_pairs(self, runs):
        wanted = {(step, kind) for steps in STEPS.values() for step in steps for kind in set(PROCESS_FAULTS)}
        wanted |= {(step, kind) for step in SHARED_STEPS for kind in SHARED_FAULTS}
        wanted |= {(at, kind) for at, kinds in FAULTS_OF.items() for kind in kinds}
        least = max(LEAST * runs // 10_000, 1)
        return sorted(f"{at}:{kind}={self.pairs[at, kind]}" for at, kind in wanted if self.pairs[at, kind] < least)

    def naked_told(self):
        """How long units stood without a stop or exit at the venue, by the venue's own record."""
        found = sorted(self.naked) or [0.0]
        long = sum(seconds > NAKED_S for seconds in found)
        last = len(found) - 1
        share = sum(found) / max(self.counts["runs"], 1)
        spread = (
            f"median {found[last // 2]:.2f} s, 99 % within {found[last * 99 // 100]:.1f} s, longest {found[-1]:.1f} s"
        )
        return f"naked: {len(found)} stretches, {spread}; {long} above {NAKED_S:.0f} s; {share:.2f} s in a run"


def counted(world):
    """What became of the intents of a run, and how often a person was asked."""
    book = world.trader.office.book
    yield "runs"
    yield from ["compared"] * world.tally.compared
    yield from ["restarts"] * world.tally.restarts
    yield from ["asked"] * sum(alarm in ASKS for _, alarm, _, _ in world.tally.alarms)
    for wish in world.scenario.wishes:
        order = book.orders.get(world.trader.cid(wish))
        if order is None:
            yield "denied"
        elif order.symbol in book.frozen:
            yield "frozen"
        else:
            yield {"N": "not accepted", "R": "rejected"}.get(order.state.value, "accepted")


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def run_all(first, runs, profile, cover):
    """The runs; how many were bad, and the kinds of breach."""
    bad, kinds = 0, Counter()
    for seed in range(first, first + runs):
        plan = scenario(seed, profile)
        world = World(plan).run()
        cover.add(world)
        found = breaches(world)
        kinds.update(sentence.split(":")[0] for sentence in found)
        bad += bool(found)
        if found and bad <= SHOWN:
            say("\n    ".join([plan.name, *found]))
    return bad, kinds


def run_virtual(first, runs, profile):
    """The runs in virtual time; how many were bad, and whether they left out what ten thousand must not."""
    started, cover = time.perf_counter(), Cover()
    bad, kinds = run_all(first, runs, profile, cover)
    missing, rare = cover.missing_cells(drilled_cells()), cover.rare_pairs(runs)
    say(f"{runs} runs, {bad} bad {dict(kinds)}, {time.perf_counter() - started:.0f} s")
    if not bad:
        say(f"0 of {runs} are bad: with 95 % confidence fewer than {3 / runs:.1e} of such runs are")
    say(f"cells of the state table: {len(cover.cells)} in runs; never used, drills included: {missing or 'none'}")
    say(f"pairs of step and fault: {len(cover.pairs)} struck; too rare: {rare or 'none'}")
    counts = cover.counts
    say(f"intents: { {name: counts[name] for name in FATES_OF_INTENTS} }; a person was asked {counts['asked']} times")
    say(f"restarts: {counts['restarts']}; orders held against the venue after two cycles: {counts['compared']}")
    say(cover.naked_told())
    say(f"alarms: {dict(cover.alarms.most_common())}")
    return bad, bool(rare or missing) and profile is None and runs >= 10_000


def find_variants():
    """Each naive rule and the run that shows it; the number of those that none shows."""
    blind = 0
    for one in VARIANTS:
        found = search(one)
        blind += found is None
        say(f"  {one.number:>4} {one.name}: " + ("NOT FOUND" if found is None else f"run {found[0]}, {found[2][0]}"))
    return blind


def run_processes(runs):
    """Runs with real processes; how many were bad, and whether a naive rule is found by them at all."""
    bad, kills = 0, 0
    for first in range(0, runs, ABREAST):
        for run, wrong in run_real(range(first, min(first + ABREAST, runs))):
            bad, kills = bad + bool(wrong), kills + run.kills
            if wrong:
                say("\n    ".join([f"real {run.scenario.name}", *wrong]))
    is_blind = runs >= LOOKED_AT and not any(
        wrong
        for first in range(0, LOOKED_AT, ABREAST)
        for _, wrong in run_real(range(first, first + ABREAST), naive=NAIVE)
    )
    seen = "not found by them" if is_blind else "found"
    say(f"{runs} runs of real processes, {kills} killed with signal 9 in the middle, {bad} bad; rule {NAIVE}: {seen}")
    return bad + is_blind


def live_months(first, count):
    """Whole months of a session, from a seed on; how many were bad."""
    bad = 0
    for seed in range(first, first + count):
        found = live(weather(seed))
        bad += bool(found.able < LEAST_ABLE or found.wrong)
        say(f"month {seed}: {found.told()}")
    return bad


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--profile")
    parser.add_argument("--no-variants", action="store_true")
    parser.add_argument("--real", type=int, default=200)
    parser.add_argument("--months", type=int, default=1)
    given = parser.parse_args()
    bad, incomplete = run_virtual(given.first, given.runs, given.profile) if given.runs else (0, False)
    blind = 0 if given.no_variants else find_variants()
    bad += run_processes(given.real) if given.real else 0
    bad += live_months(given.first, given.months)
    return int(bool(bad or blind or incomplete))


if __name__ == "__main__":
    sys.exit(main())
