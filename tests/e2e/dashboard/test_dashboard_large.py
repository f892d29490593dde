"""A run of a million bars with a hundred thousand trades: drawn, walked, filtered, saved, with keys alone."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from tests.dashboard import DESK, PASSWORD, Furnished, Visit, furnished, visit
from tests.dashboard_measures import asked_of, first_content, heap_mb, observe, zoom_and_pan
from tests.large_runs import LargeRun, keep_large_run

from tradewright.reporting import presentation

pytestmark = pytest.mark.slow

DAY_S = 86_400
MOST_ROWS = 60
MOST_REQUESTS, MOST_BYTES = 8, 1_500_000
MOST_SHIFT, MOST_HEAP_MB = 0.05, 150
LONG_MS = 120_000
"""What nobody waits for, on however busy a machine; `python -m benchmarks.dashboard` tells the figures themselves."""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    """A server over a store with the run."""
    with furnished(tmp_path_factory.mktemp("large"), keep_large_run, "--no-worker") as begun:
        yield begun


@pytest.fixture(scope="module")
def large(room: Furnished) -> LargeRun:
    return room.kept


def address_of(large: LargeRun, words: str = "") -> str:
    return f"/runs/{large.id}{words}"


def first_rows(seen: Visit) -> list[int]:
    """Numbers of the trades in the rows that are drawn."""
    seen.settle()
    cells = seen.page.locator("tr[data-row] td:first-child").all_inner_texts()
    return [int(each.removeprefix("#").replace(",", "")) for each in cells]


def zoom_to_a_day(seen: Visit) -> None:
    """Press + as long as more is shown; a key that comes before the first picture moves nothing."""
    from playwright.sync_api import TimeoutError as NotYetError

    page = seen.page
    page.get_by_role("button", name="Zoom in").focus()
    for _ in range(60):
        known = page.url
        if (shown_span(page) or DAY_S + 1) <= DAY_S:
            return
        for _ in range(4):
            page.keyboard.press("+")
        with suppress(NotYetError):
            page.wait_for_url(lambda url, known=known: url != known, timeout=2_000)
    raise AssertionError(f"after all that {page.url} is in view")


def shown_span(page: Any) -> int | None:
    """Seconds in the chart's view, as the address has them."""
    found = re.search(r"from=(\d+).*?&to=(\d+)", page.url)
    return None if found is None else int(found[2]) - int(found[1])


def test_page_asks_little_and_shows_the_deepest_drawdown_of_the_metrics(desk: Visit, large: LargeRun) -> None:
    page = desk.page
    desk.go(address_of(large))
    page.get_by_role("region", name="COIN, equity and drawdown").wait_for()
    desk.settle()
    asked = page.evaluate("performance.getEntriesByType('resource').map(each => each.name)")
    # Each once: what is asked for every few seconds comes as often as the machine is slow.
    assert 0 < len({each for each in asked if "/v1/" in each}) <= MOST_REQUESTS
    assert 0 < asked_of(page)[1] <= MOST_BYTES
    deepest = presentation.metric_text(large.result.metrics, "max_drawdown", "USD").partition(",")[0]
    figure = page.locator("figure")
    assert f"deepest {deepest}" in figure.inner_text()
    assert f"deepest drawdown {deepest}" in figure.inner_text()


def test_a_day_is_shown_in_bars_and_trades_are_walked_inside_it(desk: Visit, large: LargeRun) -> None:
    page = desk.page
    desk.go(address_of(large))
    page.get_by_role("region", name="COIN, equity and drawdown").wait_for()
    desk.settle()
    zoom_to_a_day(desk)
    view = shown_span(page)
    page.keyboard.press("]")
    page.wait_for_url("**trade=1**")
    page.keyboard.press("]")
    page.wait_for_url("**trade=2**")
    page.locator("tr[aria-selected=true]", has_text="#2").wait_for()
    assert shown_span(page) == pytest.approx(view, rel=0.02)


def test_an_indicator_gets_a_pane_of_its_own_and_the_view_stays(desk: Visit, large: LargeRun) -> None:
    page = desk.page
    desk.go(address_of(large, "?from=1440000000&to=1440086400&trade=5"))
    page.get_by_role("region", name="COIN, equity and drawdown").wait_for()
    panes = page.locator("figure table tr td:nth-child(2) canvas:first-of-type")
    rows = "document.querySelectorAll('figure table tr').length"
    before = page.evaluate(rows)
    page.get_by_text("Indicators", exact=True).click()
    page.get_by_label("Indicator", exact=True).select_option("rsi")
    with page.expect_response(lambda answer: "rsi" in answer.url):
        page.get_by_role("button", name="Add to the chart").click()
    page.wait_for_url("**lines=rsi**")
    page.get_by_text("RSI 14").first.wait_for()
    page.wait_for_function(f"count => {rows} > count", arg=before)
    boxes = [each.bounding_box() for each in panes.all()]
    assert len({(box["x"], box["width"]) for box in boxes[:-1]}) == 1
    assert shown_span(page) == DAY_S
    page.get_by_role("button", name="Remove RSI 14").click()
    page.wait_for_url(lambda url: "lines" not in url)


def test_rows_are_filtered_and_sorted_by_the_server_and_few_are_in_the_page(desk: Visit, large: LargeRun) -> None:
    page = desk.page
    trades = large.result.trades
    desk.go(address_of(large))
    page.get_by_label("Outcome").select_option("gain")
    page.wait_for_url("**outcome=gain**")
    gains = trades[trades["net"] > 0]
    page.get_by_text(f"{len(gains):,} of {len(trades):,}").wait_for()
    page.get_by_role("columnheader", name="Net USD").get_by_role("button").click()
    page.wait_for_url("**sort=-net**")
    page.locator("tr[data-row]", has_text=f"#{gains['net'].idxmax() + 1}").first.wait_for()
    assert len(first_rows(desk)) <= MOST_ROWS
    table = page.get_by_role("table", name="Trades, money in USD")
    assert table.get_attribute("aria-rowcount") == str(len(gains) + 1)


def test_the_end_of_the_list_is_reached_with_keys_alone(desk: Visit, large: LargeRun) -> None:
    page = desk.page
    last = len(large.result.trades)
    desk.go(address_of(large))
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.closest('[data-filters]') !== null")
    page.locator("section[aria-label^='Trades, money']").focus()
    page.keyboard.press("End")
    page.locator("tr:focus", has_text=f"#{last}").wait_for()
    page.keyboard.press("k")
    row = page.locator("tr:focus", has_text=f"#{last - 1}")
    row.wait_for()
    assert row.get_attribute("aria-rowindex") == str(last)
    assert len(first_rows(desk)) <= MOST_ROWS
    page.keyboard.press("Enter")
    page.wait_for_url(f"**trade={last - 1}**")
    page.locator("tr[aria-selected=true]", has_text=f"#{last - 1}").wait_for()
    page.reload()
    page.locator("tr[aria-selected=true]", has_text=f"#{last - 1}").wait_for()
    assert desk.faults() == []


def test_a_hidden_and_a_moved_column_stay_so_and_the_file_equals_the_filter(
    desk: Visit, large: LargeRun, tmp_path: Path
) -> None:
    page = desk.page
    desk.go(address_of(large, "?outcome=loss&sort=-net"))
    page.get_by_text("Columns", exact=True).click()
    page.get_by_role("checkbox", name="Symbol").uncheck()
    page.get_by_role("button", name="Move Side down").click()
    page.reload()
    desk.settle()
    heads = page.get_by_role("table", name="Trades, money in USD").get_by_role("columnheader").all_inner_texts()
    assert heads[:3] == ["#", "Entry", "Side"]
    with page.expect_download() as started:
        page.get_by_role("button", name="Save as CSV").click()
    file = tmp_path / "trades.csv"
    started.value.save_as(file)
    with file.open(encoding="utf-8", newline="") as stream:
        nets = [float(row["net"]) for row in csv.DictReader(stream)]
    trades = large.result.trades
    assert nets == sorted(trades["net"][trades["net"] < 0], reverse=True)


def test_a_slow_processor_shows_something_and_nothing_jumps(running: Any, desk: Visit, large: LargeRun) -> None:
    with visit(running, desk.address, DESK) as seen:
        observe(seen)
        seen.enter(PASSWORD)
        load = first_content(seen, address_of(large))
        assert load.shift < MOST_SHIFT
        assert load.paint_ms < LONG_MS
        felt = zoom_and_pan(seen, 0)
        assert heap_mb(seen.page) < MOST_HEAP_MB
        assert max(felt.long_ms, default=0) < LONG_MS
        assert seen.faults() == []


def test_rows_are_cards_of_two_lines_on_a_phone(phone: Visit, large: LargeRun) -> None:
    phone.go(address_of(large))
    phone.page.locator("tr[data-row]", has_text="#1").first.wait_for()
    heights = phone.page.eval_on_selector_all("tr[data-row]", "rows => rows.map(row => row.offsetHeight)")
    assert set(heights) == {heights[0]}
    assert heights[0] <= 64
    assert len(heights) <= MOST_ROWS
    assert phone.faults() == []
