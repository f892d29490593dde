"""`tradewright data fetch` of a vendor that sends a row which cannot be: the others are kept, and it is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.command_line import Tw
from tests.vendor_server import VendorServer
from tests.vendor_truth import DAILY, NEW_YORK
from tests.vendor_words import Row, Yahoo

import tradewright as tw_
from tradewright.face.bars import DroppedRowsWarning

FETCH = ("data", "fetch", "ACME", "--source", "yahoo", "--start", "2023-11-01", "--end", "2023-11-10")
SENTENCE = "A bar of ACME that opens at 2023-11-03T13:30:00Z was left out: its high is below its low."


def spoiled(rows: list[Row]) -> list[Row]:
    """The high of the third day is below its low."""
    third = NEW_YORK.bars(DAILY)[2].open_time
    return [Row(row.bar, {"h": 0.0001}) if row.bar.open_time == third else row for row in rows]


@pytest.fixture
def vendor(desk: Path) -> Iterator[VendorServer]:
    """A vendor on loopback that the settings name, with one day that cannot be."""
    with VendorServer(Yahoo()) as server:
        server.change = spoiled
        (desk / "tradewright.yaml").write_text(f"providers: {{yahoo: {{address: '{server.address}'}}}}\n")
        yield server


def test_the_other_rows_are_kept_and_the_exit_code_says_that_one_is_missing(tw: Tw, vendor: VendorServer) -> None:
    run = tw(*FETCH)
    assert run.code == 1
    assert SENTENCE in run.err
    assert "1 days of XNAS:ACME 1d raw are asked for again next time: bars of them were left out." in run.err
    said = json.loads(tw(*FETCH, "--json").out)["symbols"][0]
    assert (said["days_asked"], said["days_incomplete"], said["days_lacking"], said["refused"]) == (1, 1, 0, 1)
    assert said["notes"] == [SENTENCE]
    vendor.change = list
    mended = tw(*FETCH, "--json")
    assert (mended.code, json.loads(mended.out)["symbols"][0]["new"]) == (0, 1)


def test_the_report_of_the_series_names_the_row(tw: Tw, vendor: VendorServer) -> None:
    tw(*FETCH)
    assert SENTENCE in tw("data", "check", "ACME").out


def test_python_is_warned(tw: Tw, vendor: VendorServer) -> None:
    with pytest.warns(DroppedRowsWarning, match="that opens at 2023-11-03T13:30:00Z was left out"):
        bars = tw_.load_bars("ACME", "2023-11-01", "2023-11-10", source="yahoo")
    assert len(bars) == 6
