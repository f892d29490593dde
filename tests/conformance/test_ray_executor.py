"""Ray keeps what the suite of executors promises: the real one, started on this machine once for the whole file."""

from __future__ import annotations

import builtins
import importlib.util
import os
import sys

import pytest
from tests.unit.adapters.executors import works

from tradewright.adapters.executors.ray import RayExecutor
from tradewright.domain.errors import ConfigError, MissingExtraError
from tradewright.ports.executor import Work
from tradewright.testing import ExecutorConformance, sample_outcomes, sample_work

pytestmark = pytest.mark.slow

CHECKS = (
    "test_every_task_has_one_outcome",
    "test_a_task_that_raises_is_a_failure_and_harms_no_other",
    "test_arrays_are_whole_and_cannot_be_written",
    "test_leaving_early_begins_no_further_tasks",
    "test_a_task_that_kills_two_workers_fails_alone",
)
"""Each costs the start of a process of Ray's or more, so not all of them are made."""


@pytest.fixture(scope="module")
def crew(tmp_path_factory):
    """A crew that starts Ray; those inside find it running, and it is gone when this one is."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        before, printing = dict(os.environ), builtins.print
        with RayExecutor(2).open(sample_work()) as crew:
            assert {name for name in os.environ if not name.startswith("RAY_")} == set(before)
            yield crew
        assert set(os.environ) == set(before)
        assert builtins.print is printing
    assert not sys.modules["ray"].is_initialized()
    assert list(home.iterdir()) == []


def outcomes(crew, tasks):
    return sorted(crew.map(tasks), key=lambda outcome: outcome.index)


@pytest.mark.parametrize("check", CHECKS)
def test_what_is_promised_of_executors(crew, check, capfd):
    class One(ExecutorConformance):
        """Another crew beside the first, of as few actors as the check needs."""

        opened = staticmethod(lambda workers: RayExecutor(1))

    One.check(check)
    assert capfd.readouterr() == ("", "")


def test_a_crew_works_as_often_as_it_is_asked(crew):
    for count in (1, 5, 0, 3):
        assert outcomes(crew, range(count)) == sample_outcomes(range(count))


def test_a_task_that_cannot_travel_is_a_failure(crew):
    (found,) = outcomes(crew, [sys.stdout])
    assert "The task cannot travel between processes" in found.failure


def test_an_error_of_the_house_stays_itself(crew):
    def opened():
        with RayExecutor(1).open(Work(works.choosy, None)) as inner:
            return outcomes(inner, [1])

    with pytest.raises(ConfigError, match="The length of 'fast' is no number"):
        opened()


def test_as_many_workers_as_the_cluster_has_processors(crew):
    assert RayExecutor().workers == 2


def test_without_the_library_the_extra_is_named(monkeypatch):
    monkeypatch.setattr("tradewright.adapters.executors.ray.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"needs Ray. Install it with: pip install 'tradewright\[cluster\]'"):
        RayExecutor()
    assert importlib.util.find_spec("ray")
