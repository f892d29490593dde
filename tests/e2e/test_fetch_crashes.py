"""A fetch that is killed anywhere leaves whole pieces in the store, and the next one fetches only the rest."""

from __future__ import annotations

import signal
from typing import Any

import pytest
from tests.child_processes import told_by

pytestmark = pytest.mark.slow

DAYS, PER_DAY = 3, 30
LEFT = {
    "the turn is taken": (0, 0),
    "the first piece came": (0, 0),
    "the first piece is put aside": (0, 0),
    "the first piece is stored": (1, 0),
    "the first piece is known": (1, 1),
    "the second piece came": (1, 1),
    "in the transaction of the second": (1, 1),
    "the second piece is stored": (2, 1),
    "the second piece is known": (2, 2),
    "the last piece is stored": (3, 2),
    "all is known": (3, 3),
    "before the turn is given back": (3, 3),
    "before the series is looked over": (3, 3),
}
"""How many days are stored and known after the kill, by its step."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What killed fetches left in files, by the step at which they died."""
    return told_by("fetch_crashes", str(tmp_path_factory.mktemp("fetches")))


@pytest.fixture(scope="module")
def databases(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The same in databases of a server."""
    with postgres.fresh() as bars, postgres.fresh() as state:
        return told_by("fetch_crashes", str(tmp_path_factory.mktemp("fetches")), bars, state)


def check(told: dict[str, Any], stored: int, known: int) -> None:
    assert told["signal"] == signal.SIGKILL
    assert told["left"] == {"rows": stored * PER_DAY, "known": known}
    assert (told["asked"], told["new"]) == (DAYS - known, (DAYS - stored) * PER_DAY)
    assert told["after"] == {"rows": DAYS * PER_DAY, "known": DAYS}
    assert told["whole"]


@pytest.mark.parametrize("step", LEFT)
def test_a_killed_fetch_leaves_whole_pieces_and_the_next_one_brings_the_rest(
    files: dict[str, dict[str, Any]], step: str
) -> None:
    check(files[step], *LEFT[step])


def test_over_databases_it_is_the_same(databases: dict[str, dict[str, Any]]) -> None:
    assert len(databases) == 4
    for step, told in databases.items():
        check(told, *LEFT[step])
