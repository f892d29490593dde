"""A road without its venue: what it decides stands in its journal, and nothing is sent."""

from __future__ import annotations

import pytest
from tests.faults.script import scenario
from tests.faults.world import Trader, World


@pytest.fixture
def trader():
    one = Trader(World(scenario(0)), "A")
    one.office.journal.open()
    one.office.journal.begin_epoch(1)
    one.office.gate_is_open = True
    one.office.spawn = lambda work: work.close()
    return one
