"""`tradewright data compare`: what is stored beside what was stored before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.command_line import SAY, Run, Tw, csv_of, rows_of


@pytest.fixture
def versions(tw: Tw, desk: Path) -> list[str]:
    """Two versions of a series: the file as it was, then with another high on 2024-02-20 and without 2024-03-01."""
    rows = rows_of()
    for mode in ("--append", "--replace"):
        (desk / "ACME.csv").write_text(csv_of(rows))
        assert tw("data", "import", "ACME.csv", *SAY, mode).code == 0
        rows = [[*row] for row in rows if row[0] != "2024-03-01"]
        rows[50][2] = "150.00"
    found = json.loads(tw("data", "list", "--versions", "--json").out)["series"]
    return [str(each["version"]) for each in sorted(found, key=lambda each: bool(each["is_current"]))]


def compared(tw: Tw, sources: str, *args: str) -> tuple[int, dict[str, Any]]:
    run = tw("data", "compare", "ACME", "--sources", sources, "--json", *args)
    (symbol,) = json.loads(run.out)["symbols"]
    found: dict[str, Any] = symbol
    return run.code, found


def test_what_a_revision_changed_is_told(tw: Tw, versions: list[str]) -> None:
    code, found = compared(tw, f"store@{versions[0][:12]},store")
    assert (code, found["same"], found["rows"], found["common"]) == (1, False, [120, 119], 119)
    assert found["missing"] == [0, 1]
    day = "2024-03-01T00:00:00Z"
    assert found["absent"] == [{"side": 1, "first": day, "last": day, "count": 1}]
    assert (found["differing"], found["patterns"]) == ({"high": 1}, [])
    (worst,) = found["worst"]
    assert (worst["at"], worst["name"], worst["values"][1]) == ("2024-02-20T00:00:00Z", "high", 150.0)


def test_days_tolerance_and_versions_say_what_is_compared(tw: Tw, versions: list[str]) -> None:
    sources = f"store,store@{versions[0][:12]}"
    assert compared(tw, sources, "--start", "2024-03-02")[0] == 0
    assert compared(tw, sources, "--end", "2024-02-29")[1]["differing"] == {"high": 1}
    assert compared(tw, sources, "--end", "2024-02-29", "--tolerance", "0.5")[0] == 0


def test_that_they_differ_is_a_failure_only_where_it_is_one(tw: Tw, versions: list[str]) -> None:
    sources = f"store,store@{versions[0][:12]}"
    assert compared(tw, sources, "--differing", "pass")[0] == 0
    assert compared(tw, sources, "--differing", "fail")[0] == 1
    lost = tw("data", "compare", "BOLT", "--sources", sources, "--differing", "pass")
    assert lost.code == 1
    assert "BOLT was not compared" in lost.err


def test_people_read_where_and_how_much(tw: Tw, versions: list[str]) -> None:
    run = tw("data", "compare", "ACME", "--sources", f"store,store@{versions[0][:12]}")
    assert run.code == 1
    assert "2024-03-01: 1 bar is not in store." in run.out
    assert "Differing: high 1. The furthest apart:" in run.out
    assert "2024-02-20  high" in run.out


def refused(run: Run) -> tuple[int, str]:
    return run.code, run.err.splitlines()[0]


@pytest.mark.parametrize(
    ("sources", "sentence"),
    [
        ("store", "'store' does not name two sources."),
        ("store,store", "'store' would be compared with itself."),
        ("store,nobody", "There is no provider of bars 'nobody'."),
        ("store,stores", "There is no provider of bars 'stores'."),
    ],
)
def test_sources_that_cannot_be_are_refused(tw: Tw, desk: Path, sources: str, sentence: str) -> None:
    assert refused(tw("data", "compare", "ACME", "--sources", sources)) == (2, sentence)


def test_a_symbol_that_is_not_there_leaves_the_others_alone(tw: Tw, versions: list[str]) -> None:
    run = tw("data", "compare", "NOBODY", "ACME", "--sources", f"store,store@{versions[0][:12]}")
    assert run.code == 1
    assert "NOBODY was not compared: NOBODY is not in the store." in run.err
    assert "CRYPTO:ACME 1d" in run.out
