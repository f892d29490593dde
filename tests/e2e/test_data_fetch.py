"""`tradewright data fetch` as a user types it, over Alpaca's protocol of a local venue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.live_project import Project
from tests.markets import intraday
from tests.sandboxes import sandbox_over

from tradewright.adapters.storage.parquet.store import ParquetBarStore

pytestmark = pytest.mark.slow

TAPE = intraday([[100 + day + minute / 100 for minute in range(390)] for day in range(4)])
FETCH = ("data", "fetch", "ACME", "--source", "alpaca", "--timeframe", "1m", "--start", "2020-01-06")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project whose broker is a venue that has played two sessions and a half."""
    with sandbox_over(TAPE) as venue:
        venue.advance(390 * 2 + 100)
        yield Project(tmp_path_factory.mktemp("fetch"), venue)


def stored(project: Project) -> Any:
    store = ParquetBarStore(project.folder / "store" / "bars")
    return store.read(next(each.key for each in store.series() if each.key.timeframe.is_intraday))


def test_what_has_closed_is_fetched_and_later_only_what_is_missing(project: Project) -> None:
    first = project.said(*FETCH, "--end", "2020-01-09")["symbols"][0]
    played = stored(project)
    assert (first["new"], first["revised"], first["refused"]) == (len(played), 0, 0)
    assert played.close.tolist() == TAPE.close[: len(played)].tolist()
    assert played.open_time.tolist() == TAPE.open_time[: len(played)].tolist()
    assert 390 * 2 < len(played) <= 390 * 2 + 101
    project.venue.advance(390 + 90)
    later = project.said(*FETCH, "--end", "2020-01-09")["symbols"][0]
    assert later["days_asked"] < first["days_asked"]
    assert later["new"] == len(stored(project)) - len(played) > 390
    ran = project.run("backtest", "sma_cross", "--symbols", "ACME", "--timeframe", "1m", "--json")
    assert ran.returncode == 0, ran.stderr


def test_a_symbol_that_the_venue_does_not_know_leaves_the_others_alone(project: Project) -> None:
    done = project.run(*FETCH, "NOSUCH")
    assert done.returncode == 1
    assert "NOSUCH was not fetched: " in done.stderr
    assert "XNYS:ACME 1m raw" in done.stdout


def test_a_source_that_is_none_is_said(project: Project) -> None:
    done = project.run("data", "fetch", "ACME", "--source", "alpacca")
    assert done.returncode == 2
    assert "alpacca" in done.stderr


def test_what_was_fetched_is_what_the_venue_says_and_what_is_not_stored_is_told(project: Project) -> None:
    compare = ("data", "compare", "ACME", "--sources", "store,alpaca", "--timeframe", "1m", "--start", "2020-01-06")
    project.said(*FETCH, "--end", "2020-01-07")
    (same,) = project.said(*compare, "--end", "2020-01-07")["symbols"]
    assert (same["same"], same["common"], same["missing"]) == (True, 780, [0, 0])
    removed = project.run("data", "remove", "ACME", "--timeframe", "1m", "--yes")
    assert removed.returncode == 0, removed.stderr
    project.said(*FETCH[:-1], "2020-01-07", "--end", "2020-01-07")
    done = project.run(*compare, "--end", "2020-01-07", "--json")
    assert done.returncode == 1
    (found,) = json.loads(done.stdout)["symbols"]
    assert (found["missing"], found["absent"][0]["side"], found["absent"][0]["count"]) == ([390, 0], 0, 390)
