"""A part of the fault suite: the protocol comes through every run."""

from __future__ import annotations

import pytest

from .drills import cells, drill
from .script import scenario
from .variants import VARIANTS, search
from .verdict import breaches
from .world import World

RUNS = 320
SHARD = 40


@pytest.mark.parametrize("first", range(0, RUNS, SHARD))
def test_no_order_is_doubled_or_lost(first):
    found = {}
    for seed in range(first, first + SHARD):
        plan = scenario(seed)
        wrong = breaches(World(plan).run())
        if wrong:
            found[plan.name] = wrong
    assert found == {}


def test_the_same_seed_is_the_same_run():
    first, second = World(scenario(7)).run(), World(scenario(7)).run()
    assert first.trader.office.book.state_hash == second.trader.office.book.state_hash
    assert first.tally.steps == second.tally.steps


@pytest.mark.parametrize(("row", "state"), cells())
def test_every_cell_of_the_table_keeps_the_journal_true(row, state):
    assert drill(row, state) == []


@pytest.mark.slow
@pytest.mark.no_cover  # up to 500 of the same runs for each rule, nearly twice as long where they are watched
@pytest.mark.parametrize("one", VARIANTS, ids=lambda one: one.number)
def test_a_naive_rule_is_found_out(one):
    assert search(one) is not None, f"No run shows what is wrong with: {one.name}"
