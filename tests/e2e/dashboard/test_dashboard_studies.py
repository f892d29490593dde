"""Research in the dashboard from the first start on: a backtest, a failure, a search of noise, a walk out of sample."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.dashboard import PROJECT, Served, Visit, require_built, served

from tradewright.app.jobs.commands import JobCommands, Places
from tradewright.bootstrap.control_room import ControlRoom, control_room
from tradewright.face.bars_again import OriginReader
from tradewright.reporting import presentation
from tradewright.reporting.catalog import BY_KEY

pytestmark = pytest.mark.slow

LONG_MS = 180_000
COMMAND = (sys.executable, "-c", "from tradewright.cli import main; raise SystemExit(main())")
STRATEGIES = '''
"""One that is slow, one that fails, one whose later trials wait."""

import time
from pathlib import Path

from tradewright import Param, Strategy

GO = Path(__file__).with_name("go")


def wait(seconds):
    end = time.monotonic() + seconds
    while not GO.exists() and time.monotonic() < end:
        time.sleep(0.01)


class Slow(Strategy):
    """Takes its time on every bar, until it may hurry."""

    def setup(self):
        self.seen = 0

    def on_bar(self, ctx):
        wait(0.05)
        self.seen += 1
        if self.seen % 60 == 0:
            if ctx.has_position():
                ctx.close_position()
            else:
                ctx.target_percent(0.5)


class Fails(Strategy):
    """Divides by nothing on its fiftieth bar."""

    def setup(self):
        self.seen = 0

    def on_bar(self, ctx):
        self.seen += 1
        if self.seen == 50:
            1 / (self.seen - 50)


class Coin(Strategy):
    """Buys and sells by the calendar, which knows nothing of prices."""

    a = Param(0, low=0, high=9)
    b = Param(0, low=0, high=9)

    def setup(self):
        self.seen = 0

    def on_bar(self, ctx):
        self.seen += 1
        if self.seen == 1:
            wait(120 if self.a >= 8 else 0.02)
        if self.seen * (7 * self.a + 3) % 37 == self.b:
            if ctx.has_position():
                ctx.close_position()
            else:
                ctx.target_percent(0.9)
'''
CATALOGUE = """
strategies:
  sma_cross: {class: sma_cross.py}
  slow: {class: "walks.py:Slow"}
  fails: {class: "walks.py:Fails"}
  coin: {class: "walks.py:Coin"}
"""


class Place(NamedTuple):
    """A server with a project of its own, and nothing in its stores."""

    server: Served
    room: ControlRoom
    project: Path

    @property
    def go(self) -> Path:
        """Where it lies, nothing waits."""
        return self.project / "go"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    require_built()
    folder = tmp_path_factory.mktemp("studies") / "stores"
    project = folder.parent / "project"
    project.mkdir(parents=True)
    folder.mkdir()
    (project / "walks.py").write_text(STRATEGIES, encoding="utf-8")
    (project / "strategies.yaml").write_text(CATALOGUE, encoding="utf-8")
    shutil.copy(PROJECT / "strategies" / "sma_cross.py", project)
    with served(folder) as server:
        yield Place(server, control_room("0", OriginReader, folder=folder, project=project), project)


@pytest.fixture(scope="module")
def server(place: Place) -> Served:
    return place.server


def start(seen: Visit, words: str) -> None:
    """Open the form, wait for the estimate, start."""
    seen.go(f"/runs/new?source=synthetic&{words}")
    seen.page.get_by_role("region", name="Estimate").get_by_text("Memory").wait_for()
    seen.page.get_by_role("button", name="Start").click()
    seen.page.wait_for_url("**/jobs/**")


def led_to_the_run(seen: Visit) -> str:
    """Whoever started it is led on to what came out; its id."""
    seen.page.wait_for_url("**/runs/**", timeout=LONG_MS)
    seen.page.get_by_role("region", name="Trust").wait_for(timeout=LONG_MS)
    return str(seen.page.url).partition("/runs/")[2].partition("?")[0]


def test_first_start_leads_from_nothing_to_a_run_with_its_trust_bar(desk: Visit, place: Place) -> None:
    page = desk.page
    place.go.touch()
    page.get_by_text("No run is kept yet").wait_for()
    page.get_by_role("link", name="New run on synthetic data").click()
    page.get_by_role("region", name="Estimate").get_by_text("Memory").wait_for()
    page.get_by_role("button", name="Start").click()
    led_to_the_run(desk)
    assert page.get_by_role("region", name="Trust").get_by_role("button").count() == 8
    assert "SYNTHETIC" in page.get_by_role("region", name="Trust").inner_text()
    assert desk.faults() == []


def test_a_backtest_is_watched_found_again_and_gives_the_numbers_of_the_command_line(desk: Visit, place: Place) -> None:
    page = desk.page
    place.go.unlink(missing_ok=True)
    start(desk, "strategy=slow")
    for _ in range(2):
        page.get_by_text(re.compile(r"bars/s · .* left")).wait_for()
        assert page.get_by_role("progressbar", name="Progress").is_visible()
        page.reload()
    place.go.touch()
    run_id = led_to_the_run(desk)
    page.locator("[aria-live=polite]").filter(has_text="Backtest slow · ACME · 1d: done.").wait_for(state="attached")
    job = place.room.jobs.page().items[0]
    known = JobCommands(Places(lambda: place.room.catalogue().entries, place.project))
    words = [word for word in known.words(job.kind, job.request) if word != "--keep"]
    env = os.environ | {"TRADEWRIGHT_STORAGE__FOLDER": str(place.room.folder)}
    printed = subprocess.run([*COMMAND, *words], cwd=place.project, env=env, capture_output=True, text=True, check=True)
    metrics = {name: each["value"] for name, each in json.loads(printed.stdout)["metrics"].items()}
    wanted = [written(metrics, key) for key in presentation.HEADLINE]
    shown = page.get_by_role("region", name="Headline").locator("dd").all_inner_texts()
    assert [re.sub(r" [▲▼]$", "", each.partition(",")[0]) for each in shown] == [
        each.partition(",")[0] for each in wanted
    ]
    assert run_id == job.run_id


def written(metrics: dict[str, Any], key: str) -> str:
    """A number of the document by the rule of its unit."""
    error = metrics["sharpe_se"] if key == "sharpe" else None
    return presentation.value_text(metrics[key], BY_KEY[key].unit, "USD", error)


def test_a_failing_strategy_names_its_line_and_a_cancelled_run_ends_at_once(desk: Visit, place: Place) -> None:
    page = desk.page
    before = place.room.archive.page(_every()).total
    start(desk, "strategy=fails")
    alert = page.get_by_role("alert")
    alert.wait_for(timeout=LONG_MS)
    line = STRATEGIES.splitlines().index("            1 / (self.seen - 50)") + 1
    assert re.search(rf"walks\.py:{line}\b", alert.inner_text())
    assert "division by zero" in alert.inner_text()
    page.get_by_role("log").filter(has_text="division by zero").wait_for(timeout=LONG_MS)
    page.get_by_text(re.compile(r"\d lines?, ended")).wait_for(timeout=LONG_MS)
    assert desk.faults() == []
    place.go.unlink(missing_ok=True)
    start(desk, "strategy=slow")
    page.get_by_text(re.compile("bars/s")).wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.locator("h1 + *").get_by_text("cancelled").wait_for()
    job = place.room.jobs.page().items[0]
    assert (job.state.value, job.run_id) == ("cancelled", None)
    # Two seconds on a machine that is free; by itself the run would go on for far longer.
    assert job.cancel_asked_ns is not None
    assert job.ended_ns is not None
    assert job.ended_ns - job.cancel_asked_ns < 40 * 10**9
    page.get_by_text("No run is kept: a backtest keeps its run when it ends.").wait_for()
    assert desk.faults() == []
    assert place.room.archive.page(_every()).total == before


def _every() -> Any:
    from tradewright.domain.kept_run import RunQuery

    return RunQuery()


@pytest.fixture(scope="module")
def searched(desk: Visit, place: Place) -> str:
    """A search of noise, watched while it ran."""
    page = desk.page
    place.go.unlink(missing_ok=True)
    desk.go("/runs/new?source=synthetic&strategy=coin&kind=optimize")
    page.get_by_label("Slippage, bps").fill("40")
    page.get_by_role("region", name="Estimate").get_by_text("100", exact=True).wait_for()
    page.get_by_role("button", name="Start").click()
    so_far = page.get_by_role("region", name="Search so far")
    so_far.get_by_text("Best Sharpe so far").wait_for(timeout=LONG_MS)
    so_far.get_by_text("Sharpe over a and b").wait_for()
    said = so_far.inner_text()
    assert "of 100" in said
    assert said.count("n/a") == 3
    assert desk.faults() == []
    place.go.touch()
    return led_to_the_run(desk)


def test_a_search_of_noise_reads_luck_beside_its_best(desk: Visit, searched: str, place: Place) -> None:
    desk.go(f"/runs/{searched}")
    tiles = desk.page.get_by_label("Best of the search")
    labels = tiles.locator("dt").all_inner_texts()
    assert labels == ["Best Sharpe", "Trials", "Deflated Sharpe", "PBO", "Out of sample, median"]
    assert "100" in tiles.inner_text()
    head = desk.page.get_by_role("region", name="Search", exact=True).inner_text()
    assert "✕ luck The best reads as luck" in head
    found = place.room.studies.search(place.room.archive.found(searched))
    assert found is not None
    assert str(found.document["headline"]["verdict"]["sentence"]) in head
    assert re.search(r"Neighbours .*(peak, not a plateau|plateau)", desk.page.locator("main").inner_text())


@pytest.mark.parametrize("which", ["desk", "phone"])
def test_pages_of_a_search_are_sound(which: str, searched: str, request: pytest.FixtureRequest) -> None:
    seen: Visit = request.getfixturevalue(which)
    pages = (f"/runs/{searched}", f"/runs/{searched}?part=best", f"/runs/new?like={searched}&kind=walk_forward")
    assert seen.faults_at(*pages, "/strategies/coin", "/runs?star=true") == {}


def test_a_brush_on_an_axis_keeps_the_table_and_the_address_holds_it(desk: Visit, searched: str) -> None:
    page = desk.page
    desk.go(f"/runs/{searched}")
    box = page.get_by_role("img", name="Every trial")
    box.scroll_into_view_if_needed()
    box.locator("canvas").first.wait_for()
    around = box.bounding_box()
    x = around["x"] + around["width"] - 56
    page.mouse.move(x, around["y"] + 40)
    page.mouse.down()
    page.mouse.move(x, around["y"] + 90, steps=5)
    page.mouse.move(x, around["y"] + 120, steps=5)
    page.mouse.up()
    page.wait_for_url("**ranges=**")
    fewer = page.get_by_role("region", name="Trials", exact=True).get_by_label("Pages")
    fewer.get_by_text(re.compile(r"of (?!100$)\d+$")).wait_for()
    kept = fewer.inner_text()
    page.reload()
    desk.settle()
    fewer.get_by_text(kept.partition("\n")[0]).wait_for()
    page.get_by_role("button", name=re.compile("Take away the range")).click()
    fewer.get_by_text("of 100").wait_for()


def test_chosen_trials_are_run_and_compared(desk: Visit, searched: str, place: Place) -> None:
    page = desk.page
    place.go.touch()
    desk.go(f"/runs/{searched}")
    table = page.get_by_role("table", name="Trials, in sample")
    for row in range(3):
        table.get_by_role("checkbox").nth(row).check()
    page.get_by_role("button", name="Run 3 trials and compare").click()
    page.wait_for_url("**/compare?**", timeout=LONG_MS)
    desk.settle()
    chosen = page.get_by_role("region", name="Choices side by side")
    chosen.wait_for()
    assert "strategy.params.a" in chosen.inner_text() or "strategy.params.b" in chosen.inner_text()
    ids = page.url.partition("ids=")[2].replace("%2C", ",").split(",")
    assert len(ids) == 3
    found = place.room.studies.search(place.room.archive.found(searched))
    assert found is not None
    values = {trial.number: trial.value for trial in found.findings.record.trials}
    for each in map(place.room.archive.found, ids):
        number = int(re.search(r"Trial (\d+) of", each.label.name or "").group(1))  # type: ignore[union-attr]
        assert each.metrics["sharpe"][0] == values[number]


def test_from_a_search_to_what_holds_out_of_sample(desk: Visit, phone: Visit, searched: str) -> None:
    page = desk.page
    desk.go(f"/runs/{searched}")
    page.get_by_role("link", name="Walk forward from here").click()
    assert page.get_by_label("Kind", exact=True).input_value() == "walk_forward"
    assert page.get_by_label("Slippage, bps").input_value() == "40"
    page.get_by_label("a low").fill("7")
    page.get_by_label("b low").fill("8")
    page.get_by_label("Train on").fill("504d")
    page.get_by_label("Test on").fill("252d")
    page.get_by_role("region", name="Estimate").get_by_text("Memory").wait_for()
    page.get_by_role("button", name="Start").click()
    phone.go(f"/runs/{led_to_the_run(desk)}")
    for seen in (desk, phone):
        tiles = seen.page.get_by_label("Out of sample", exact=True)
        tiles.get_by_text("Efficiency").wait_for()
        assert tiles.locator("dt").all_inner_texts() == ["Total return", "Sharpe", "Efficiency", "Folds with a gain"]
        seen.page.get_by_role("region", name="Equity and drawdown, out of sample").wait_for()
        assert seen.page.locator("figcaption").first.inner_text().startswith("Equity and drawdown, out of sample")
        assert seen.faults() == []
    assert page.get_by_role("table", name="Folds, in order of time").get_by_role("row").count() > 5
    assert page.get_by_role("img", name=re.compile("^a, fold by fold")).is_visible()
    page.get_by_role("link", name="Start paper").click()
    page.wait_for_url("**/sessions/new?**strategy=coin**")


def test_what_is_said_of_a_run_is_changed_found_again_and_the_run_deleted(desk: Visit, place: Place) -> None:
    page = desk.page
    run = place.room.archive.page(_every()).items[-1]
    desk.go(f"/runs/{run.id}")
    page.get_by_role("button", name="Edit").click()
    form = page.get_by_role("form", name="Name, note and tags")
    form.get_by_role("textbox", name="Name").fill("the first of all")
    form.get_by_role("textbox", name="Note").fill("made to be deleted")
    form.get_by_role("textbox", name="Tags").fill("first, old")
    form.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="the first of all").wait_for()
    page.get_by_role("button", name=re.compile("^Mark the first of all")).click()
    page.get_by_role("button", name=re.compile("^Mark the first of all"), pressed=True).wait_for()
    desk.go("/runs?star=true")
    assert page.get_by_role("row").filter(has_text="made to be deleted").count() == 1
    page.get_by_label("Save this filter as").fill("mine")
    page.get_by_role("button", name="Save", exact=True).click()
    desk.go("/runs")
    page.get_by_role("link", name="mine").click()
    page.wait_for_url("**star=true**")
    page.get_by_role("link", name="the first of all").click()
    page.get_by_role("button", name="Delete").click()
    review = page.get_by_role("alertdialog")
    assert review.get_by_role("button", name="Delete 1 run").is_disabled()
    review.get_by_role("textbox").fill("the first of all")
    review.get_by_role("button", name="Delete 1 run").click()
    page.wait_for_url("**/runs")
    assert place.room.archive.page(_every()).total >= 1
    assert run.id not in {each.id for each in place.room.archive.page(_every()).items}


def test_an_entry_is_changed_after_a_look_and_who_saw_an_older_one_reads_it_again(desk: Visit, place: Place) -> None:
    page, file = desk.page, place.project / "strategies.yaml"
    before = file.read_text(encoding="utf-8")
    desk.go("/strategies/sma_cross")
    page.get_by_role("button", name="Change", exact=True).click()
    form = page.get_by_role("form", name="Catalogue entry")
    form.get_by_label("fast", exact=True).fill("12")
    form.get_by_label("limits", exact=True).select_option("cautious")
    form.get_by_role("button", name="Show what changes").click()
    told = form.get_by_role("table", name="What changes")
    told.get_by_text("params.fast").wait_for()
    assert "To approvals it is another strategy." in form.inner_text()
    assert (file.read_text(encoding="utf-8"), desk.faults()) == (before, [])
    beside = before.replace("{class: sma_cross.py}", "{class: sma_cross.py, limits: bold}  # by hand")
    file.write_text(beside, encoding="utf-8")
    desk.expected.add(409)
    form.get_by_role("button", name="Save").click()
    form.get_by_text("'sma_cross' was changed meanwhile.").wait_for()
    form.get_by_role("button", name="Read it again").click()
    form.get_by_role("button", name="Show what changes").click()
    told.get_by_text("bold").wait_for()
    form.get_by_role("button", name="Save").click()
    form.wait_for(state="detached")
    after = beside.replace(
        "{class: sma_cross.py, limits: bold}", "{params: {fast: 12}, class: sma_cross.py, limits: cautious}"
    )
    assert file.read_text(encoding="utf-8") == after
    page.get_by_role("table", name="Parameters").get_by_role("row", name="fast").get_by_text("12").wait_for()
    assert desk.faults() == []
