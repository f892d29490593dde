"""A road without its venue: what it decides stands in its journal, and nothing is sent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.faults.script import scenario
from tests.faults.world import Trader, World

from tradewright.domain.live.venue import ReplaceKind


@pytest.fixture
def trader():
    drawn = scenario(0)
    abilities = replace(drawn.traits.capabilities, replace=ReplaceKind.NONE, reduce_only=False, has_execution_ids=True)
    one = Trader(World(replace(drawn, traits=replace(drawn.traits, capabilities=abilities))), "A")
    one.office.journal.open()
    one.office.journal.begin_epoch(1)
    one.office.gate_is_open = True
    one.office.spawn = lambda work: work.close()
    return one
