"""The report under a reader's hands: the list of trades, the choice of scale and symbol, and paper in the dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser import View, opened
from tests.builders import Dealt, minute_timeline, random_walk, round_trips, run_record

from tradewright.reporting.result import Result

pytestmark = pytest.mark.slow

LIGHT_TEXT = "rgb(20, 24, 31)"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    closes = random_walk(1_200, seed=5)
    other = [Dealt(row, side, float(closes[row]), book=1) for row, side in ((5, 10.0), (9, -10.0))]
    fills = sorted([*round_trips(closes, every=14, hold=7), *other], key=lambda fill: fill.row)
    record = run_record({"ACME": closes, "ZETA": closes}, fills)
    return Result(record).report(tmp_path_factory.mktemp("report") / "report.html")


@pytest.fixture
def page(running: Any, report: Path) -> Iterator[Any]:
    with opened(running, report, View(1280, "light")) as seen:
        yield seen.page
        assert seen.complaints == []


def column(page: Any, place: int) -> list[str]:
    cells: list[str] = page.locator(f"#trade-list tbody td:nth-child({place})").all_inner_texts()
    return cells


def test_the_list_shows_one_page_and_turns_it(page: Any) -> None:
    assert column(page, 1) == [str(number) for number in range(1, 51)]
    page.get_by_role("button", name="Last").click()
    assert column(page, 1) == [str(number) for number in range(51, 88)]


def test_the_list_sorts_by_a_column_and_back(page: Any) -> None:
    page.get_by_role("button", name="Net, USD").click()
    nets = [float(text.strip("▲▼").replace("−", "-").replace(",", "")) for text in column(page, 9)]
    assert nets == sorted(nets, reverse=True)
    page.get_by_role("button", name="Net, USD").click()
    assert float(column(page, 9)[0].strip("▲▼").replace("−", "-").replace(",", "")) <= min(nets)


def test_the_list_filters_by_text_and_by_outcome(page: Any) -> None:
    page.get_by_label("Filter").fill("zeta long")
    page.wait_for_function("document.querySelector('#trade-list .count').textContent === '1 of 87 trades'")
    assert column(page, 2) == ["ZETA"]
    page.get_by_label("Filter").fill("")
    page.wait_for_function("document.querySelector('#trade-list .count').textContent === '87 trades'")
    page.get_by_label("Show").select_option("loss")
    assert all(text.startswith("−") for text in column(page, 9))


def test_the_scale_of_the_equity_can_be_chosen(page: Any) -> None:
    page.locator("#plot-equity .main-svg").first.wait_for()
    page.get_by_role("button", name="Log", exact=True).click()
    assert page.evaluate("document.getElementById('plot-equity')._fullLayout.yaxis.type") == "log"
    assert page.get_by_role("button", name="Linear").get_attribute("aria-pressed") == "false"


def test_the_symbol_whose_price_is_drawn_can_be_chosen(page: Any) -> None:
    page.locator("#plot-price").scroll_into_view_if_needed()
    page.locator("#plot-price .main-svg").first.wait_for()
    page.locator("select[data-picks]").select_option(index=1)
    titles = page.evaluate("document.getElementById('plot-price').layout.annotations.map(each => each.text)")
    assert titles == ["ZETA, USD"]


def test_paper_is_light_when_the_screen_is_dark(running: Any, report: Path) -> None:
    with opened(running, report, View(1280, "dark")) as seen:
        seen.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert seen.page.evaluate("document.getElementById('plot-equity')._fullLayout.font.color") == "#14181F"
        seen.page.emulate_media(media="print", color_scheme="dark")
        assert seen.page.evaluate("getComputedStyle(document.body).color") == LIGHT_TEXT


def test_paper_says_how_many_trades_are_not_on_it(page: Any) -> None:
    note = page.locator("#trade-list .on-paper")
    assert not note.is_visible()
    page.emulate_media(media="print")
    assert note.inner_text() == "Printed are 50 of 87 trades; the report on a screen lists the others."
    assert page.locator("#trade-list td.when").first.evaluate("cell => getComputedStyle(cell).whiteSpace") == "nowrap"
    page.get_by_label("Filter").evaluate(
        "field => { field.value = 'nothing-like-it'; field.dispatchEvent(new Event('input')); }"
    )
    page.wait_for_function("document.querySelector('#trade-list .on-paper').textContent.includes('0 of 87')")


def test_times_of_minutes_stand_on_the_exchanges_clock_with_utc_beside(running: Any, tmp_path: Path) -> None:
    line = minute_timeline(1)
    closes = random_walk(len(line), spread=0.001)
    record = run_record(closes, round_trips(closes), timeline=line, timeframe="1m")
    with opened(running, Result(record).report(tmp_path / "minutes.html"), View(1280, "light")) as seen:
        assert column(seen.page, 5)[0].split() == ["2020-01-06", "09:31", "14:31", "UTC"]
