"""The page of data quality in a real browser: on a desk and on a phone, light and dark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.browser import View, opened
from tests.price_series import changed, minutes, placed, scaled, walk, without

from tradewright.domain.instrument import Crypto
from tradewright.marketdata.quality import examine
from tradewright.reporting.quality_page import quality_page

VIEWS = [View(1280, "light"), View(390, "dark")]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    doubtful = changed(scaled(without(walk(1), 10, 11, 300), 200, 2), 400, low=0.5)
    every = minutes("2024-01-01", "2024-01-20")
    thin = placed(every[np.random.default_rng(1).random(len(every)) < 0.5], "1m", Crypto("BTCUSD"))
    file = tmp_path_factory.mktemp("quality") / "quality.html"
    file.write_text(quality_page([examine(doubtful), examine(thin), examine(walk(2))]), encoding="utf-8")
    return file


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_it_fits_every_width_and_needs_nothing_but_itself(running: Any, page_file: Path, view: View) -> None:
    with opened(running, page_file, view) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") == view.width
        assert seen.complaints == []
        assert seen.requests == [page_file.resolve().as_uri()]
        assert seen.page.locator("table.strip").count() == 3
        assert seen.page.locator("table.strip td.fail").inner_text() == "✕\nsplit"


def test_a_series_is_reached_from_the_overview_by_the_keyboard(running: Any, page_file: Path) -> None:
    with opened(running, page_file, VIEWS[0]) as seen:
        seen.page.locator(".overview a").nth(1).focus()
        seen.page.keyboard.press("Enter")
        assert seen.page.url.endswith("#series-1")


def test_on_a_phone_each_finding_is_a_card_with_its_sentence_below(running: Any, page_file: Path) -> None:
    with opened(running, page_file, VIEWS[1]) as seen:
        row = seen.page.locator(".findings tbody tr").first
        cell = row.locator("td").last
        assert cell.bounding_box()["width"] > 0.8 * row.bounding_box()["width"]


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_every_sentence_can_be_read_to_its_end(running: Any, page_file: Path, view: View) -> None:
    beyond = "all => all.filter(each => each.scrollWidth > each.clientWidth).length"
    with opened(running, page_file, view) as seen:
        assert seen.page.locator(".findings tbody td:last-child").count() > 3
        assert seen.page.locator(".findings tbody td:last-child").evaluate_all(beyond) == 0
        assert seen.page.locator("div:has(> .findings)").evaluate_all(beyond) == 0
