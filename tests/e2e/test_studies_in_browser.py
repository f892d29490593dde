"""Pages of searches, walks and paths in a real browser: large and empty ones, on a desk, on a phone, on paper."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.browser import View, opened
from tests.searches import hill, honesty, made_search, made_trial, search_record
from tests.studies import shuffled
from tests.walks import made_walk

from tradewright.domain.honesty import SearchHonesty
from tradewright.domain.search import Objective, TrialState
from tradewright.domain.space import Range

VIEWS = [View(1280, "light"), View(390, "dark")]

pytestmark = pytest.mark.slow


def small(path: Path) -> Path:
    return made_search().report(path)


def forty_thousand_cells(path: Path) -> Path:
    pairs = [(fast, slow) for fast, slow in product(range(2, 202), range(50, 250)) if fast < slow]
    trials = [made_trial(n, {"fast": f, "slow": s}, hill(f / 3, s)) for n, (f, s) in enumerate(pairs)]
    trials[7] = made_trial(7, trials[7].params, None, state=TrialState.FAILED, reason="It divided by zero.")
    space = {"fast": range(2, 202), "slow": range(50, 250)}
    return made_search(search_record(trials, space, returns=np.zeros((4, 0)), columns=np.zeros(0, int))).report(path)


def twelve_dimensions(path: Path) -> Path:
    generator = np.random.default_rng(3)
    space = {f"length_{n}": range(5, 100, 5) for n in range(9)} | {"stop": Range(0.01, 0.3, log=True)}
    trials = []
    for number in range(2_000):
        params = {f"length_{n}": int(generator.integers(1, 20)) * 5 for n in range(9)}
        value = float(generator.normal(0.2, 0.5))
        params["stop"] = float(generator.uniform(0.01, 0.3))
        trials.append(made_trial(number, params, value, values=(value, value / 10 - 0.3)))
    objectives = (Objective("sharpe"), Objective("max_drawdown"))
    return made_search(search_record(trials, space, objectives=objectives), honesty(pbo=0.9)).report(path)


def nothing_found(path: Path) -> Path:
    trials = [made_trial(n, {"fast": n}, None, reason="there are no closed trades") for n in (1, 2)]
    return made_search(search_record(trials, {"fast": [1, 2]}), SearchHonesty(2)).report(path)


def walk_with_holes(path: Path) -> Path:
    return made_walk((10, None, 55, 5, 30), efficiency=None).report(path)


def shuffled_trades(path: Path) -> Path:
    return shuffled().report(path)


PAGES: list[Callable[[Path], Path]] = [
    forty_thousand_cells, twelve_dimensions, nothing_found, walk_with_holes, shuffled_trades,
]  # fmt: skip


@pytest.fixture(scope="module", params=PAGES, ids=lambda page: page.__name__)
def study(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    page: Callable[[Path], Path] = request.param
    return page(tmp_path_factory.mktemp("study") / "page.html")


def draw_all(seen: Any) -> None:
    """Reach every figure, so that it is drawn."""
    figures = seen.page.locator("[data-figure]")
    for number in range(figures.count()):
        figures.nth(number).scroll_into_view_if_needed()
        figures.nth(number).locator(".main-svg").first.wait_for()


def test_a_page_draws_everything_without_complaint_request_or_sideways_scroll(running: Any, study: Path) -> None:
    for view in VIEWS:
        with opened(running, study, view) as seen:
            draw_all(seen)
            assert seen.complaints == []
            assert seen.requests == [study.resolve().as_uri()]
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= view.width
            assert seen.page.locator("ul.chips > li").count() == 8
    assert study.stat().st_size < 9_000_000


def test_the_list_of_trials_finds_a_value_of_a_column_and_sorts(running: Any, tmp_path: Path) -> None:
    with opened(running, small(tmp_path / "small.html"), View(1280, "light")) as seen:
        box = seen.page.locator("#section-trials")
        first = box.locator("tbody tr").first
        assert first.locator("td").first.inner_text() == "40"
        box.locator("input").fill("fast=5 slow=20")
        seen.page.wait_for_function(
            "document.querySelector('#section-trials .count').textContent === '1 of 120 trials'"
        )
        assert first.locator("td").first.inner_text() == "0"
        box.locator("input").fill("")
        seen.page.wait_for_function("document.querySelector('#section-trials .count').textContent === '120 trials'")
        box.get_by_role("button", name="Sharpe").click()
        box.get_by_role("button", name="Sharpe").click()
        sharpes = box.locator("tbody tr td:nth-child(4)").all_inner_texts()
        numbers = [float(text.replace("\u2212", "-")) for text in sharpes]
        assert numbers == sorted(numbers)


def test_numbers_in_the_cells_give_way_on_a_narrow_screen_and_a_page_prints(running: Any, tmp_path: Path) -> None:
    page = small(tmp_path / "small.html")
    printed = {}
    for width in (1280, 390):
        with opened(running, page, View(width, "light")) as seen:
            draw_all(seen)
            printed[width] = seen.page.locator("#section-map .textpoint").count()
            if width == 1280:
                assert len(seen.page.pdf(format="A4", path=tmp_path / "page.pdf")) > 20_000
    assert printed == {1280: 120, 390: 0}
