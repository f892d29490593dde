"""Kept runs as rows: the same promises in a file and on a server."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tradewright.adapters.storage.sql.run_store import SqlRunStore
from tradewright.domain.control.paging import Slice
from tradewright.domain.errors import NotFoundError
from tradewright.domain.kept_run import Artifact, KeptRun, RunLabel, RunQuery, RunSort

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


# ---------------------------------------------------------------- pages


def many(runs):
    """Six runs: two without a name, one whose ratio is not defined, one that was never asked for it."""
    ratios = {1: 1.0, 2: -2.0, 3: None, 4: 3.0, 5: 0.5}
    for number in range(1, 7):
        label = RunLabel(
            f"r{number:04d}", NOW + number, name=None if number in {2, 5} else f"n{7 - number}",
            tags=("x",) if number % 2 else (), kind="optimize" if number > 4 else "backtest", star=number == 3,
        )  # fmt: skip
        metrics = {"sharpe": (ratios[number], None)} if number in ratios else {}
        strategy = "momentum" if number in {1, 4} else "sma_cross"
        keep(
            runs, kept(label=label, metrics=metrics, strategy=strategy, symbols=("ACME",) if number < 4 else ("BETA",))
        )
    return runs


def numbers(page):
    return [int(run.id[1:]) for run in page.items]


@pytest.fixture(params=[1000, 0], ids=["few", "many"])
def listed(runs, request, monkeypatch):
    """Runs listed the way few are, and the way many are."""
    monkeypatch.setattr("tradewright.adapters.storage.sql.run_lists._FEW", request.param)
    return many(runs)


ORDERS = (
    (RunSort(), [6, 5, 4, 3, 2, 1]),
    (RunSort("created", is_descending=False), [1, 2, 3, 4, 5, 6]),
    (RunSort("name", is_descending=False), [6, 4, 3, 1, 5, 2]),
    (RunSort("name"), [1, 3, 4, 6, 5, 2]),
    (RunSort("strategy", is_descending=False), [1, 4, 2, 3, 5, 6]),
    (RunSort("sharpe"), [4, 1, 5, 2, 3, 6]),
    (RunSort("sharpe", is_descending=False), [2, 5, 1, 4, 3, 6]),
    (RunSort("no such metric"), [6, 5, 4, 3, 2, 1]),
)
FOUND = (
    (RunQuery(strategy="MOM"), {1, 4}),
    (RunQuery(symbol="ACME"), {1, 2, 3}),
    (RunQuery(tag="x"), {1, 3, 5}),
    (RunQuery(kind="optimize"), {5, 6}),
    (RunQuery(status="done"), {1, 2, 3, 4, 5, 6}),
    (RunQuery(status="failed"), set()),
    (RunQuery(star=True), {3}),
    (RunQuery(star=False), {1, 2, 4, 5, 6}),
    (RunQuery(since_ns=NOW + 5), {5, 6}),
    (RunQuery(strategy="sma", symbol="ACME", tag="x", kind="backtest"), {3}),
)


def test_runs_are_sorted_and_what_has_no_value_stands_last(listed):
    for sort, order in ORDERS:
        assert numbers(listed.page(RunQuery(), sort, Slice())) == order, sort
        pieces = [listed.page(RunQuery(), sort, Slice(limit=2, offset=offset)) for offset in range(0, 8, 2)]
        assert [number for piece in pieces for number in numbers(piece)] == order, sort
        assert {piece.total for piece in pieces} == {6}


def test_runs_are_filtered_in_every_order(listed):
    for query, found in FOUND:
        for sort, order in ORDERS:
            page = listed.page(query, sort, Slice())
            assert numbers(page) == [number for number in order if number in found], (query, sort)
            assert page.total == len(found)


def test_a_page_holds_whole_runs(runs):
    keep(runs, kept(1), kept(2))
    assert runs.page(RunQuery(), RunSort(), Slice(limit=1)) == ([kept(2)], 2)
    assert runs.page(RunQuery(), RunSort(), Slice(offset=9)) == ([], 2)


# ---------------------------------------------------------------- labels


def test_what_is_said_of_a_run_is_changed_and_nothing_else(runs):
    keep(runs, kept(1), kept(2))
    with runs.writing() as writer:
        changed = writer.relabel("r0001", lambda label: replace(label, name=None, note="é", tags=("z", "a"), star=True))
    label = replace(kept(1).label, name=None, note="é", tags=("z", "a"), star=True)
    assert changed == replace(kept(1), label=label) == runs.get("r0001")
    assert runs.get("r0002") == kept(2)


def test_id_and_instant_of_a_run_cannot_be_changed(runs):
    keep(runs, kept(1))
    with runs.writing() as writer:
        assert writer.relabel("r0001", lambda label: replace(label, id="other", created_ns=0, kind="x")) == kept(1)


def test_a_run_that_is_not_there_has_no_label(runs):
    with pytest.raises(NotFoundError, match="no kept run 'nobody'"), runs.writing() as writer:
        writer.relabel("nobody", lambda label: label)
