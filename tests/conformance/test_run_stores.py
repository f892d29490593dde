"""Kept runs as rows: the same promises in a file and on a server."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tradewright.adapters.storage.sql.run_store import SqlRunStore
from tradewright.domain.kept_run import Artifact, KeptRun, RunLabel, RunQuery

NOW = 1_763_700_000_123_456_789


def kept(number=1, **values):
    label = RunLabel(f"r{number:04d}", NOW + number, name="first é", note="n", tags=("b", "a"))
    plain = {"fast": 10, "infinite": float("inf"), "none": None, "pair": (1, "x")}
    run = KeptRun(
        label, "done", "sma_cross", ("ACME", "BETA"), "1d", "2020-01-02", "2020-12-31", "ab" * 32, "cd" * 32, "0.1.0",
        config=plain, recipe=plain, evidence=plain, metrics={"sharpe": (1.25, None), "sortino": (None, "no losses")},
        artifacts=(Artifact("record", "application/zip", 7, f"{number:064d}", "folder"),),
    )  # fmt: skip
    return replace(run, **values)


@pytest.fixture
def runs(state):
    return SqlRunStore(state)


def keep(runs, *some):
    with runs.writing() as writer:
        for each in some:
            writer.add(each)


def test_a_run_comes_back_as_it_was(runs):
    keep(runs, kept())
    assert runs.get("r0001") == kept()
    assert runs.get("r") is None
    assert runs.find(RunQuery()) == [kept()]


def test_runs_are_found_latest_first(runs):
    other = kept(3, strategy="Momentum", symbols=("GAMMA",), label=RunLabel("r0003", NOW + 3, tags=("x%",)))
    keep(runs, kept(1), other, kept(2))
    for query, found in (
        (RunQuery(), ["r0003", "r0002", "r0001"]),
        (RunQuery(strategy="SMA_c"), ["r0002", "r0001"]),
        (RunQuery(strategy="sma%"), []),
        (RunQuery(symbol="GAMMA"), ["r0003"]),
        (RunQuery(tag="a"), ["r0002", "r0001"]),
        (RunQuery(since_ns=NOW + 2), ["r0003", "r0002"]),
    ):
        assert [each.id for each in runs.find(query)] == found, query


def test_ids_are_found_by_how_they_begin(runs):
    keep(runs, *(kept(number) for number in range(25)))
    assert runs.ids("r000") == [f"r000{number}" for number in range(10)]
    assert len(runs.ids("r")) == 20
    assert runs.ids("%") == []


def test_removed_runs_are_gone_with_all_their_parts(runs):
    keep(runs, kept(1), kept(2))
    with runs.writing() as writer:
        writer.remove(["r0001", "nobody"])
        assert writer.digests() == {f"{2:064d}"}
    assert runs.find(RunQuery()) == [kept(2)]
    keep(runs, kept(1))
    assert runs.get("r0001") == kept(1)


def test_a_change_that_fails_leaves_nothing(runs):
    def change():
        with runs.writing() as writer:
            writer.add(kept())
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"):
        change()
    assert runs.find(RunQuery()) == []
