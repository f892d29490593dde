"""Research in the dashboard, in a real browser on a real server: runs, pictures, tables, a new run, what differs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from tests.dashboard import Furnished, Visit, furnished

import tradewright as tw
from tradewright.reporting import presentation
from tradewright.reporting.result import Result

pytestmark = pytest.mark.slow

HEADLINE = ("total_return", "cagr", "sharpe", "max_drawdown", "trades", "benchmark_return")
CHIPS = ["Costs", "Fill rule", "Sample", "Trials", "PBO", "Open positions", "Data", "Look-ahead"]
PAGES = {
    "desk": (
        "/runs?sort=sharpe&order=asc", "/runs/{plain}?tab=orders&table=fills", "/runs/{plain}?tab=statistics",
        "/runs/new?kind=walk_forward", "/compare?ids={plain},{other},{minutes}",
        "/strategies/sma_cross", "/data",
    ),
    "phone": (
        "/runs", "/runs/{idle}", "/runs/{flattered}", "/runs/{minutes}?trade=3",
        "/runs/new", "/compare?ids={plain},{other}", "/strategies",
    ),
}  # fmt: skip


class Turns(tw.Strategy):
    """Buys and sells in turn."""

    every = tw.Param(4, low=2, high=500)

    def setup(self) -> None:
        self.seen = 0

    def on_bar(self, ctx: Any) -> None:
        self.seen += 1
        if self.seen % self.every == 0:
            ctx.log("turn", bar=self.seen)
            if ctx.has_position():
                ctx.close_position()
            else:
                ctx.target_percent(0.5)


class Idle(tw.Strategy):
    """Never trades."""

    def on_bar(self, ctx: Any) -> None:
        """Do nothing."""


class Kept(NamedTuple):
    """Runs by what they are like: their results and ids."""

    results: dict[str, Result]
    ids: dict[str, str]


def growing(days: int, by: float, gap: range = range(0)) -> Any:
    """Bars that grow by the same factor every day, some days left out."""
    close = 100.0 * by ** np.arange(days)
    frame = pd.DataFrame({"timestamp": pd.date_range("2024-01-01", periods=days, tz="UTC"), "close": close})
    frame = frame.assign(open=close, high=close * 1.01, low=close * 0.99, volume=1e6).drop(index=list(gap))
    return tw.bars_from(frame, symbol="WILD", calendar="24/7", currency="USD", timeframe="1d", stamp="start")


def seed() -> Kept:
    """Runs of several kinds in the folder that the environment names."""
    days = tw.synthetic_bars("ACME", bars=500, seed=3)
    fewer = tw.synthetic_bars("ACME", bars=300, seed=3)
    minutes = tw.synthetic_bars("COIN", bars=6_000, timeframe="1m", calendar="24/7", seed=3)
    results = {
        "idle": tw.backtest(Idle, fewer),
        "other": tw.backtest(Turns, fewer, params={"every": 7}, costs=tw.Costs(slippage_bps=1)),
        "flattered": tw.backtest(Turns, fewer, params={"every": 50}, costs=tw.Costs.none(), fill_at="close"),
        # All that makes a number unbelievable: no costs, the deciding close, five trades, a position still open.
        "absurd": tw.backtest(Turns, growing(47, 1.5), costs=tw.Costs.none(), fill_at="close"),
        "gappy": tw.backtest(Turns, growing(200, 1.001, gap=range(90, 110))),
        "pair": tw.backtest(Idle, {name: tw.synthetic_bars(name, bars=300, seed=4) for name in ("ONE", "TWO")}),
        "minutes": tw.backtest(Turns, minutes, params={"every": 40}),
        "plain": tw.backtest(Turns, days, costs=tw.Costs(slippage_bps=1, commission=tw.PerTrade(1.0))),
    }
    return Kept(results, {name: tw.keep_run(result, name=name) for name, result in results.items()})


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    """A server with a worker, over stores with runs."""
    with furnished(tmp_path_factory.mktemp("research"), seed) as begun:
        yield begun


@pytest.fixture(scope="module")
def kept(room: Furnished) -> Kept:
    return room.kept


def texts(result: Result) -> list[str]:
    """The headline as the command line writes it."""
    return [presentation.metric_text(result.metrics, key, "USD") for key in HEADLINE]


@pytest.mark.parametrize("which", PAGES)
def test_every_page_of_research_is_sound(which: str, kept: Kept, request: pytest.FixtureRequest) -> None:
    seen: Visit = request.getfixturevalue(which)
    assert seen.faults_at(*(path.format(**kept.ids) for path in PAGES[which])) == {}


def test_list_shows_the_numbers_of_the_command_line_with_trust_in_every_row(desk: Visit, kept: Kept) -> None:
    desk.go("/runs")
    row = desk.page.get_by_role("row").filter(has_text=kept.ids["plain"][:8])
    said = row.inner_text()
    for key in ("total_return", "sharpe", "max_drawdown", "trades"):
        assert presentation.metric_text(kept.results["plain"].metrics, key, "USD") in said
    assert re.search(r"warning|fails?|not computed|ok", said)


@pytest.mark.parametrize("name", ["plain", "minutes", "idle", "flattered", "absurd", "gappy", "pair"])
def test_headline_and_trust_bar_say_what_the_result_says(name: str, desk: Visit, kept: Kept) -> None:
    result = kept.results[name]
    desk.go(f"/runs/{kept.ids[name]}")
    headline = desk.page.get_by_role("region", name="Headline")
    shown = [re.sub(r" [▲▼]$", "", each.partition(",")[0]) for each in headline.locator("dd").all_inner_texts()]
    assert [each.split("n/a")[0] or "n/a" for each in shown] == [
        "n/a" if text == "n/a" else text.partition(",")[0] for text in texts(result)
    ]
    chips = desk.page.get_by_role("region", name="Trust").get_by_role("button").all()
    assert len(chips) == len(CHIPS)
    for chip, label, told in zip(chips, CHIPS, result.trust, strict=True):
        assert label in chip.inner_text()
        assert told.value in chip.inner_text()
        assert chip.get_attribute("title") == told.sentence
    assert not re.search(r"NaN|Infinity|∞|undefined|null", desk.page.locator("main").inner_text())


def test_what_flatters_a_result_is_named_and_a_chip_tells_why(desk: Visit, kept: Kept) -> None:
    desk.go(f"/runs/{kept.ids['flattered']}")
    bar = desk.page.get_by_role("region", name="Trust")
    assert "none" in bar.get_by_role("button", name="Costs").inner_text()
    bar.get_by_role("button", name="Fill rule").click()
    assert "close" in bar.locator("p").inner_text()


def test_what_makes_a_number_unbelievable_stands_beside_it(desk: Visit, kept: Kept) -> None:
    page = desk.page
    said = {}
    for name in ("absurd", "gappy"):
        desk.go(f"/runs/{kept.ids[name]}")
        chips = page.get_by_role("region", name="Trust").get_by_role("button").all()
        said[name] = {label: chip.inner_text() for label, chip in zip(CHIPS, chips, strict=True)}
    assert re.search(r"warning:\s+Costs\s+none", said["absurd"]["Costs"])
    assert re.search(r"warning:\s+Fill rule\s+close", said["absurd"]["Fill rule"])
    assert re.search(r"fails:\s+Sample\s+5 trades", said["absurd"]["Sample"])
    assert re.search(r"notice:\s+Open positions\s+1, ", said["absurd"]["Open positions"])
    assert re.search(r"warning:\s+Data\s+1 gap", said["gappy"]["Data"])
    desk.go(f"/runs/{kept.ids['absurd']}")
    headline = page.get_by_role("region", name="Headline")
    assert "✕ unreliable Sample:" in headline.inner_text()
    assert re.search(r"×\d\.\de\+2\d", headline.inner_text())
    desk.go(f"/runs/{kept.ids['pair']}")
    missing = headline.locator("div", has_text="Benchmark").get_by_title("Not available")
    assert "no benchmark was given" in missing.get_attribute("title")


def test_a_run_without_trades_says_so_and_a_number_without_a_value_says_why(desk: Visit, kept: Kept) -> None:
    desk.go(f"/runs/{kept.ids['idle']}")
    assert desk.page.get_by_text("No trade was closed").is_visible()
    missing = desk.page.get_by_role("region", name="Headline").get_by_title("Not available").first
    assert kept.results["idle"].metrics.reason("sharpe") in missing.get_attribute("title")


def test_trades_are_walked_with_keys_and_the_table_follows(desk: Visit, kept: Kept) -> None:
    desk.go(f"/runs/{kept.ids['plain']}")
    page = desk.page
    page.keyboard.press("]")
    page.wait_for_url("**trade=1**")
    page.keyboard.press("]")
    page.wait_for_url("**trade=2**")
    page.locator("tr[aria-selected=true]", has_text="#2").wait_for()
    page.keyboard.press("[")
    page.wait_for_url("**trade=1**")
    page.keyboard.press("[")
    page.locator("tbody tr", has_text="#9").first.click()
    page.wait_for_url("**trade=9**")
    assert page.get_by_text(f"trade 9 of {len(kept.results['plain'].trades)}").is_visible()
    page.reload()
    page.locator("tr[aria-selected=true]", has_text="#9").wait_for()


def test_trades_are_sorted_by_the_server_and_a_hidden_column_stays_hidden(desk: Visit, kept: Kept) -> None:
    desk.go(f"/runs/{kept.ids['plain']}")
    page = desk.page
    page.get_by_role("columnheader", name="Net USD").get_by_role("button").click()
    page.wait_for_url("**sort=-net**")
    best = kept.results["plain"].trades["net"].max()
    trades = page.get_by_role("table", name="Trades, money in USD")
    trades.locator("tbody tr").first.get_by_title(re.compile(rf"^{re.escape(str(best))[:8]}")).first.wait_for()
    page.get_by_text("Columns", exact=True).click()
    page.get_by_role("checkbox", name="Symbol").uncheck()
    page.reload()
    desk.settle()
    page.get_by_role("columnheader", name="Side").wait_for()
    assert page.get_by_role("columnheader", name="Symbol").count() == 0
    page.get_by_text("Columns", exact=True).click()
    page.get_by_role("checkbox", name="Symbol").check()


def test_zooming_asks_for_a_finer_picture_and_the_address_keeps_the_view(desk: Visit, kept: Kept) -> None:
    page = desk.page
    desk.go(f"/runs/{kept.ids['minutes']}")
    page.get_by_role("region", name="COIN").wait_for()
    with page.expect_request(lambda asked: "/series?" in asked.url and "from=" in asked.url):
        for _ in range(6):
            page.get_by_role("button", name="Zoom in").click()
    page.wait_for_url("**from=**")
    kept_view = page.url
    page.reload()
    page.get_by_role("region", name="COIN").wait_for()
    assert page.url == kept_view
    page.get_by_role("button", name="Fit").click()
    page.wait_for_url(lambda url: "from=" not in url)


def test_a_chart_is_a_table_as_well(desk: Visit, kept: Kept) -> None:
    desk.go(f"/runs/{kept.ids['plain']}")
    desk.page.get_by_role("button", name="Show as table").click()
    table = desk.page.get_by_role("region", name="as a table")
    assert f"{kept.results['plain'].equity['equity'].iloc[-1]:,.0f}" in table.get_by_role("row").nth(1).inner_text()


def test_comparison_shows_what_differs_and_its_base_can_be_changed(desk: Visit, kept: Kept) -> None:
    first, second = kept.ids["plain"], kept.ids["other"]
    desk.go(f"/compare?ids={first},{second}")
    page = desk.page
    choices = page.get_by_role("region", name="Choices side by side").inner_text()
    assert "strategy.params.every" in choices
    assert "seed" not in choices
    assert "of the common period" in page.locator("main").inner_text()
    page.get_by_role("button", name="set base").click()
    page.wait_for_url(lambda url: f"{second}%2C{first}" in url or f"{second},{first}" in url)
    page.get_by_role("button", name="Show everything").click()
    page.wait_for_url("**all=true**")
    page.get_by_text("seed", exact=True).first.wait_for()


def test_a_link_to_a_comparison_gives_the_same_view_in_a_new_tab(desk: Visit, kept: Kept) -> None:
    desk.go(f"/compare?ids={kept.ids['plain']},{kept.ids['other']}&all=true")
    tab = desk.page.context.new_page()
    tab.goto(desk.page.url)
    for each in (desk.page, tab):
        each.get_by_text("seed", exact=True).first.wait_for()
    seen = [each.get_by_role("region", name="Choices side by side").inner_text() for each in (desk.page, tab)]
    tab.close()
    assert seen[0] == seen[1]


def test_a_ninth_run_is_explained(desk: Visit) -> None:
    desk.go("/compare?ids=" + ",".join(f"r{number}" for number in range(9)))
    assert "At most 8 runs are compared, and 9 are chosen" in desk.page.locator("main").inner_text()


def test_a_run_is_estimated_started_watched_and_shown(desk: Visit) -> None:
    desk.go("/runs/new?strategy=sma_cross&source=synthetic")
    page = desk.page
    page.get_by_label("Name").fill("from the form")
    page.get_by_role("region", name="Estimate").get_by_text("Memory").wait_for()
    page.get_by_role("button", name="Start").click()
    page.get_by_role("region", name="Trust").wait_for(timeout=120_000)
    assert page.get_by_role("heading", name="from the form").is_visible()
    desk.go("/runs")
    assert page.get_by_role("row").filter(has_text="from the form").count() == 1
    desk.go("/runs/new")
    assert page.get_by_label("Strategy", exact=True).input_value() == "sma_cross"
