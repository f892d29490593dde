"""A part of the runs with real processes: killed with signal 9 at a step of the road, and once out of the blue."""

from __future__ import annotations

import pytest
from tests.faults.real.run import run_real

SEEDS = range(12)


@pytest.mark.slow
def test_what_a_killed_process_began_is_ended_once():
    runs = run_real(SEEDS)
    assert {run.scenario.name: wrong for run, wrong in runs if wrong} == {}
    assert sum(run.kills for run, _ in runs) >= len(SEEDS)
