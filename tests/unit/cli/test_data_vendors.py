"""`data fetch` from vendors: only what is missing, in pieces that stay, and what a refused key leaves behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.command_line import Tw
from tests.vendor_server import VendorServer
from tests.vendor_truth import DAILY, MINUTES, NEW_YORK, Truth
from tests.vendor_words import KEY, Polygon, Yahoo

import tradewright

LONG = Truth("ACME", "XNYS", "2023-05-01", "2024-01-10", intraday_sessions=200)
DAYS = ("--start", "2023-11-01", "--end", "2024-01-09")


@pytest.fixture
def polygon(desk: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[VendorServer]:
    """Polygon on loopback, named in the settings."""
    monkeypatch.setenv("POLYGON_KEY", KEY)
    with VendorServer(Polygon()) as server:
        settings = f'providers: {{polygon: {{key: "${{POLYGON_KEY}}", address: "{server.address}"}}}}\n'
        (desk / "tradewright.yaml").write_text(settings, encoding="utf-8")
        server.vendor.page = 50_000
        yield server


def fetched(tw: Tw, *words: str) -> dict[str, Any]:
    said = json.loads(tw("data", "fetch", "ACME", *words, "--json").out)
    return dict(said["symbols"][0])


def test_bars_of_polygon_lie_in_the_store_as_they_were_traded(polygon: VendorServer, tw: Tw) -> None:
    truth = NEW_YORK.closed(DAILY)
    told = fetched(tw, "--source", "polygon", *DAYS)
    assert (told["instrument"], told["source"], told["new"], told["refused"]) == ("XNAS:ACME", "polygon", len(truth), 0)
    bars = tradewright.load_bars("ACME", adjustment="raw")
    assert bars.close.tolist() == [bar.close for bar in truth]
    assert bars.close_time.tolist() == [bar.close_time for bar in truth]
    assert bars.actions.split_ratios.tolist() == [4.0]
    before = polygon.bars_asked()
    assert fetched(tw, "--source", "polygon", *DAYS)["days_asked"] == 0
    assert polygon.bars_asked() == before


def test_yahoo_gives_the_same_bars_as_polygon(polygon: VendorServer, tw: Tw, desk: Path) -> None:
    fetched(tw, "--source", "polygon", *DAYS)
    with VendorServer(Yahoo()) as server:
        (desk / "tradewright.yaml").write_text(f"providers: {{yahoo: {{address: '{server.address}'}}}}\n")
        told = fetched(tw, "--source", "yahoo", *DAYS)
    assert (told["came"], told["new"], told["revised"]) == (len(NEW_YORK.closed(DAILY)), 0, 0)


def test_a_key_that_is_refused_half_way_keeps_what_came_and_the_rest_is_fetched_later(
    polygon: VendorServer, tw: Tw
) -> None:
    polygon.vendor.truth = LONG
    span = ("--source", "polygon", "--timeframe", "5m", "--start", "2023-05-01", "--end", "2024-01-09")
    rows = polygon.vendor.rows

    def first_only(asked: Any) -> Any:
        polygon.is_expired = True
        return rows(asked)

    polygon.vendor.rows = first_only  # type: ignore[method-assign]
    done = tw("data", "fetch", "ACME", *span)
    assert done.code != 0
    assert "Polygon refuses the key" in done.err
    assert KEY not in done.err + done.out
    kept = tradewright.load_bars("ACME", timeframe="5m")
    polygon.vendor.rows = rows  # type: ignore[method-assign]
    polygon.is_expired = False
    told = fetched(tw, *span)
    whole = tradewright.load_bars("ACME", timeframe="5m")
    truth = [bar for bar in LONG.closed(MINUTES) if bar.open_time < int(LONG.sessions.opens[-1])]
    assert 0 < len(kept) < len(whole) == len(truth)
    assert told["new"] == len(whole) - len(kept)
    assert np.array_equal(whole.open_time, [bar.open_time for bar in truth])
    assert np.array_equal(whole.close, [bar.close for bar in truth])
