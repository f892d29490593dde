"""The report in a real browser: small and large runs, on a desk and on a phone, light, dark and on paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.browser import View, opened

import tradewright as tw
from tradewright.reporting.result import Result

VIEWS = [View(1280, "light"), View(1280, "dark"), View(390, "light"), View(390, "dark")]
CHIPS = 8

pytestmark = pytest.mark.slow


def every(bars_between: int) -> Callable[[Any], None]:
    """A strategy that buys and sells in turn, once in so many bars."""
    seen = {"bars": 0}

    def trade(ctx: Any) -> None:
        seen["bars"] += 1
        if seen["bars"] % bars_between:
            return
        if ctx.has_position():
            ctx.close_position()
        else:
            ctx.buy(quantity=10)

    return trade


def idle(ctx: Any) -> None:
    """Never trade."""


def a_few_trades() -> Result:
    return tw.backtest(every(60), tw.synthetic_bars(bars=620, seed=3))


def many_trades() -> Result:
    return tw.backtest(every(2), tw.synthetic_bars(bars=80_200, timeframe="1m", calendar="24/7", seed=3))


def a_million_bars() -> Result:
    return tw.backtest(every(5_000), tw.synthetic_bars(bars=1_000_000, timeframe="1m", calendar="24/7", seed=3))


def nothing() -> Result:
    return tw.backtest(idle, tw.synthetic_bars(bars=300, seed=3))


RUNS = {"a few trades": a_few_trades, "20,000 trades": many_trades, "1M bars": a_million_bars, "nothing": nothing}


@pytest.fixture(scope="module", params=RUNS)
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    return RUNS[request.param]().report(folder / "report.html")


def test_a_report_opens_without_complaint_and_asks_the_network_for_nothing(running: Any, report: Path) -> None:
    for view in VIEWS:
        with opened(running, report, view) as seen:
            assert seen.complaints == []
            assert seen.requests == [report.resolve().as_uri()]


def test_no_page_is_wider_than_its_screen(running: Any, report: Path) -> None:
    for view in VIEWS:
        with opened(running, report, view) as seen:
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= view.width


def test_the_trust_bar_is_whole_and_every_figure_is_drawn_when_it_is_reached(running: Any, report: Path) -> None:
    with opened(running, report, View(1280, "light")) as seen:
        assert seen.page.locator("ul.chips > li").count() == CHIPS
        figures = seen.page.locator("[data-figure]")
        for number in range(figures.count()):
            figures.nth(number).scroll_into_view_if_needed()
            figures.nth(number).locator(".main-svg").first.wait_for()


def test_a_report_prints_to_pages(running: Any, report: Path, tmp_path: Path) -> None:
    with opened(running, report, View(1280, "light")) as seen:
        printed = seen.page.pdf(format="A4", path=tmp_path / "report.pdf")
    assert printed.startswith(b"%PDF")
    assert len(printed) > 20_000


def test_a_page_is_small_enough_to_send(report: Path) -> None:
    assert report.stat().st_size < 9_000_000
