"""Data in the dashboard: a file with bad rows comes in, the strip shows the gap, versions stay, jobs come in time."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from tests.child_processes import until
from tests.dashboard import Served, Visit, require_built, served

import tradewright as tw
from tradewright.app.schedules.declaring import Declaration
from tradewright.bootstrap.schedules import schedule_desk
from tradewright.domain.control.schedules import MissedRuns, Wish

pytestmark = pytest.mark.slow

SESSIONS, GAP = 200, range(80, 95)
BAD = {20: "its high is below its low", 40: "its close is negative"}


class Holds(tw.Strategy):
    """Buys once."""

    def on_bar(self, ctx: Any) -> None:
        if not ctx.has_position():
            ctx.target_percent(0.5)


def csv_with_faults(path: Path, seed: int = 3) -> Path:
    """Daily bars with a gap of three weeks, two rows that cannot be, and one without a time."""
    bars = tw.synthetic_bars("ACME", bars=SESSIONS, seed=seed)
    days = np.datetime_as_string(bars.sessions.row_labels(len(bars)).astype("datetime64[D]"))
    lines = ["date,open,high,low,close,volume"]
    for row in (row for row in range(SESSIONS) if row not in GAP):
        high = bars.low[row] - 1 if row == 20 else bars.high[row]
        close = -5.0 if row == 40 else bars.close[row]
        lines.append(f"{days[row]},{bars.open[row]},{high},{bars.low[row]},{close},{bars.volume[row]}")
    path.write_text("\n".join([*lines, "nonsense,1,2,1,1,1"]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stores with nothing in them."""
    made = tmp_path_factory.mktemp("data") / "stores"
    made.mkdir()
    return made


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Served]:
    """A server with a worker; its project has a folder of bars besides."""
    require_built()
    project = folder.parent / "project"
    (project / "elsewhere").mkdir(parents=True)
    (project / "tradewright.yaml").write_text(
        "providers: {elsewhere: {kind: folder, path: elsewhere, timeframe: 1d, calendar: XNYS, stamp: session}}\n",
        encoding="utf-8",
    )
    with served(folder, project=project) as begun:
        yield begun


@pytest.fixture(scope="module")
def imported(desk: Visit, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """The page of an import that has ended, reached by the form from the empty page of the data."""
    seen, page = desk, desk.page
    seen.go("/data")
    assert seen.faults() == []
    page.get_by_role("link", name="Import files").click()
    page.get_by_role("heading", name="Import", level=1).wait_for()
    assert seen.faults() == []
    page.get_by_label("Files of bars").set_input_files(csv_with_faults(tmp_path_factory.mktemp("files") / "acme.csv"))
    page.get_by_label("Symbol", exact=True).fill("ACME")
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("region", name="acme.csv").wait_for(timeout=120_000)
    return seen


def test_every_refused_line_is_told_with_its_reason_and_both_counts_are_there(imported: Visit) -> None:
    region = imported.page.get_by_role("region", name="acme.csv")
    told = region.inner_text()
    assert "Rows kept" in told
    assert f"{SESSIONS - len(GAP) - len(BAD)}, {SESSIONS - len(GAP) - len(BAD)} of them new" in told
    assert "3 rows refused" in told
    refused = region.get_by_role("table", name="Rows that were refused").inner_text()
    for row, reason in BAD.items():
        assert f"Line {row + 2} of acme.csv was left out: {reason}" in refused
    assert "its time 'nonsense' cannot be read" in refused
    assert imported.faults() == []
    imported.page.reload()
    imported.page.get_by_role("table", name="Rows that were refused").wait_for()


def test_the_strip_shows_the_gap_and_says_it_in_words(imported: Visit) -> None:
    imported.go("/data/XNYS:ACME")
    page = imported.page
    gaps = page.get_by_role("img", name="Missing: 15, in 1 places")
    mark = gaps.locator("span").bounding_box()
    strip = gaps.bounding_box()
    assert (mark["x"] - strip["x"]) / strip["width"] == pytest.approx(GAP.start / SESSIONS, abs=0.03)
    assert mark["width"] / strip["width"] == pytest.approx(len(GAP) / SESSIONS, abs=0.03)
    assert "15 are missing where it is hatched" in page.locator("figcaption").first.inner_text()
    assert "15 sessions of XNYS are missing" in page.get_by_role("table", name="What was found").inner_text()
    page.get_by_text("sessions have closed on XNYS since its last bar").first.wait_for()
    assert "stale" in page.locator("main").inner_text()
    assert imported.faults() == []


def test_a_run_over_it_carries_the_chip_and_the_data_names_the_run(imported: Visit, folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRADEWRIGHT_STORAGE__FOLDER", str(folder))
        run = tw.keep_run(tw.backtest(Holds, tw.load_bars("ACME")), name="over the gap")
    page = imported.page
    imported.go(f"/runs/{run}")
    chip = page.get_by_role("region", name="Trust").get_by_role("button", name="Data")
    assert "gap" in chip.inner_text()
    assert "missing" in (chip.get_attribute("title") or "")
    imported.go("/data/XNYS:ACME")
    used = page.get_by_role("table", name="Runs that used it").get_by_role("row").filter(has_text="over the gap")
    assert "the current one" in used.inner_text()
    used.get_by_role("link").click()
    page.get_by_role("heading", name="over the gap").wait_for()


def test_other_bars_of_what_is_stored_are_refused_in_the_words_of_the_import(imported: Visit, tmp_path: Path) -> None:
    page = imported.page
    imported.go("/data/import")
    file = tmp_path / "acme.csv"
    file.write_text("date,open,high,low,close,volume\n2024-01-02,1,2,1,1,1\n2024-01-03,1,2,1,1,1\n", encoding="utf-8")
    page.get_by_label("Files of bars").set_input_files(file)
    page.get_by_label("Symbol", exact=True).fill("ACME")
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_text("failed", exact=True).wait_for(timeout=120_000)
    assert "XNYS:ACME" in page.get_by_role("alert").inner_text()
    assert imported.faults() == []


def test_bars_that_replace_others_are_a_version_beside_the_one_that_a_run_read(imported: Visit, tmp_path: Path) -> None:
    page = imported.page
    imported.go("/data/import")
    page.get_by_label("Files of bars").set_input_files(csv_with_faults(tmp_path / "acme.csv", seed=4))
    page.get_by_label("Symbol", exact=True).fill("ACME")
    page.get_by_label("Where bars are stored").select_option("replace")
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("region", name="acme.csv").wait_for(timeout=120_000)
    imported.go("/data/XNYS:ACME")
    versions = page.get_by_role("table", name="Versions, the current one first").locator("tbody tr")
    versions.nth(1).get_by_role("link", name="over the gap").wait_for()
    current, earlier = (row.inner_text() for row in versions.all())
    assert "current" in current
    assert "no kept run" in current
    assert "bars of a file" in earlier
    assert "current" not in earlier
    imported.go("/data")
    row = page.get_by_role("row").filter(has_text="ACME")
    row.get_by_text("stale", exact=True).wait_for()
    cells = dict(zip(page.locator("thead th").all_inner_texts(), row.locator("td").all_inner_texts(), strict=True))
    assert cells["Versions"] == "2"
    assert cells["Lag"].endswith(" sessions")
    assert imported.faults() == []


def test_bars_of_a_provider_are_fetched_and_told_symbol_by_symbol_and_made_up_ones_are_named_so(desk: Visit) -> None:
    page = desk.page
    desk.go("/data/fetch?symbols=MADE&timeframe=1d")
    told = page.get_by_role("table", name="Providers by name").get_by_role("row")
    told.filter(has_text="SYNTHETIC").get_by_text("can be asked").wait_for()
    told.filter(has_text="polygon").get_by_text("not configured").wait_for()
    page.get_by_label("From").fill("synthetic")
    page.get_by_label("First day").fill("2024-01-02")
    page.get_by_label("Last day").fill("2024-03-28")
    assert desk.faults() == []
    page.get_by_role("button", name="Fetch the bars").click()
    came = page.get_by_role("table", name="What came of each symbol").locator("tbody tr")
    came.get_by_text("stored").wait_for(timeout=120_000)
    assert "SYNTHETIC" in came.inner_text()
    assert desk.faults() == []
    page.reload()
    came.get_by_role("link", name="MADE").click()
    page.get_by_role("link", name="Fetch more").click()
    assert page.get_by_label("Symbols").input_value() == "MADE"
    desk.go("/data")
    page.get_by_role("row").filter(has_text="MADE").get_by_text("SYNTHETIC").wait_for()


def halved(path: Path, seed: int = 4, until_row: int = 100) -> None:
    """The bars of the store, as somebody has them who took a split out of those before a row."""
    bars = tw.synthetic_bars("ACME", bars=SESSIONS, seed=seed)
    days = np.datetime_as_string(bars.sessions.row_labels(len(bars)).astype("datetime64[D]"))
    lines = ["date,open,high,low,close,volume"]
    for row in (row for row in range(SESSIONS) if row not in GAP and row not in BAD):
        by = 2.0 if row < until_row else 1.0
        prices = [getattr(bars, name)[row] / by for name in ("open", "high", "low", "close")]
        lines.append(",".join([days[row], *map(repr, map(float, prices)), repr(float(bars.volume[row] * by))]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_the_stored_bars_are_put_beside_those_of_a_provider_from_their_page(
    imported: Visit, phone: Visit, folder: Path
) -> None:
    page = imported.page
    halved(folder.parent / "project" / "elsewhere" / "ACME.csv")
    imported.go("/data/XNYS:ACME")
    page.get_by_label("Compare sources: the store with").select_option("elsewhere")
    assert imported.faults() == []
    page.get_by_role("button", name="Compare", exact=True).click()
    told = page.get_by_role("table", name="What explains it as a whole").locator("tbody tr")
    told.get_by_text("a split", exact=True).wait_for(timeout=120_000)
    page.get_by_text("different", exact=True).wait_for()
    assert "elsewhere" in page.get_by_role("heading", level=1).inner_text()
    page.reload()
    told.get_by_text("a split", exact=True).wait_for()
    assert imported.faults() == []
    assert phone.faults_at(urlsplit(page.url).path) == {}


def test_a_provider_that_nobody_knows_is_named_by_the_job_that_asks_for_it(desk: Visit) -> None:
    page = desk.page
    desk.go("/data/fetch?symbols=MADE&source=nobody")
    page.get_by_role("button", name="Fetch the bars").click()
    page.get_by_text("failed", exact=True).wait_for(timeout=120_000)
    assert "nobody" in page.get_by_role("alert").inner_text()
    assert desk.faults() == []


def due_times(page: Any) -> list[dt.datetime]:
    """The times that the form of a schedule shows, by the clock in Berlin."""
    times = page.get_by_role("region", name="Next times").locator("li > time")
    berlin = ZoneInfo("Europe/Berlin")
    return [
        dt.datetime.fromisoformat(each).astimezone(berlin)
        for each in times.evaluate_all("all => all.map(each => each.dateTime)")
    ]


def test_a_schedule_shows_its_next_times_before_it_is_added_and_what_is_no_time_says_why(desk: Visit) -> None:
    page = desk.page
    desk.go("/schedules")
    page.get_by_text("Nothing begins by itself yet").wait_for()
    page.get_by_role("main").get_by_role("link", name="New schedule").first.click()
    page.get_by_label("Zone").fill("Europe/Berlin")
    page.get_by_label("Due").fill("30 18 * * mon-fri")
    until(lambda: {f"{each:%H:%M}" for each in due_times(page)} == {"18:30"}, "the next times")
    assert len(due_times(page)) == 5
    assert {each.weekday() for each in due_times(page)} <= {0, 1, 2, 3, 4}
    assert desk.faults() == []
    desk.expected.add(422)
    page.get_by_label("Due").fill("30 99 * * *")
    page.get_by_role("region", name="Next times").get_by_role("alert").wait_for()
    assert due_times(page) == []
    assert desk.faults() == []


def test_a_schedule_is_added_run_paused_resumed_and_removed(desk: Visit) -> None:
    page = desk.page
    desk.go("/schedules/new")
    page.get_by_label("Name").fill("evening-check")
    page.get_by_label("Due").fill("XNYS close + 15 m")
    page.get_by_role("button", name="Add the schedule").click()
    page.get_by_role("heading", name="evening-check", level=1).wait_for()
    desk.go("/schedules")
    row = page.get_by_role("row").filter(has_text="evening-check")
    row.get_by_text("active", exact=True).wait_for()
    assert "never" in row.inner_text()
    row.get_by_role("button", name="Run now: evening-check").click()
    page.get_by_role("heading", name="Data check").wait_for()
    page.get_by_text(re.compile("^(done|failed)$")).first.wait_for(timeout=120_000)
    page.go_back()
    row.get_by_role("link", name=re.compile("done|failed")).wait_for()
    row.get_by_role("button", name="Pause evening-check").click()
    row.get_by_text("paused", exact=True).wait_for()
    row.get_by_role("button", name="Resume evening-check").click()
    row.get_by_text("active", exact=True).wait_for()
    assert desk.faults() == []
    page.get_by_role("link", name="evening-check").click()
    page.get_by_role("table", name="What became of its times").get_by_text("asked for by hand").wait_for()
    page.get_by_role("button", name="Remove evening-check").click()
    review = page.get_by_role("alertdialog")
    review.get_by_label("Type ", exact=False).fill("evening-check")
    assert desk.faults() == []
    review.get_by_role("button", name="Remove 1 schedule").click()
    page.get_by_text("Nothing begins by itself yet").wait_for()


def test_a_schedule_is_edited_and_read_again_where_somebody_was_faster(desk: Visit, phone: Visit, folder: Path) -> None:
    others = schedule_desk(folder)
    kept = others.add(Wish(name="nightly", when="XNYS close", kind="check", request={"max_behind": 2}), "ada").schedule
    page = desk.page
    desk.go(f"/schedules/{kept.id}")
    page.get_by_role("link", name="Edit").click()
    save = page.get_by_role("button", name="Save")
    assert save.get_attribute("aria-description") == "Nothing was changed yet."
    page.get_by_label("Symbols").fill("ACME")
    page.get_by_label("Due").fill("30 18 * * mon-fri")
    others.change(kept.id, {"missed": MissedRuns.SKIP}, "bob")
    desk.expected.add(409)
    save.click()
    page.get_by_text("was changed meanwhile").wait_for()
    assert desk.faults() == []
    assert phone.faults_at(f"/schedules/{kept.id}/edit") == {}
    page.get_by_role("button", name="Read it again").click()
    until(lambda: page.get_by_label("Missed times are").input_value() == "skip", "what somebody else said")
    save.click()
    page.get_by_role("heading", name="nightly", level=1).wait_for()
    page.get_by_text("30 18 * * mon-fri", exact=True).wait_for()
    after = others.found(kept.id).schedule
    assert (after.missed, after.request) == (MissedRuns.SKIP, {"max_behind": 2, "symbols": ["ACME"]})


def test_what_the_settings_say_is_marked_and_changed_there(desk: Visit, folder: Path) -> None:
    others, page = schedule_desk(folder), desk.page
    wish = Wish(name="said-by-settings", when="XNYS close", kind="check", request={})
    Declaration(others.starter, others.new_id).bring_in([wish], others.now_ns())
    desk.go("/schedules")
    page.get_by_role("row").filter(has_text="said-by-settings").get_by_text("from settings").wait_for()
    page.get_by_role("link", name="said-by-settings").click()
    remove = page.get_by_role("button", name="Remove said-by-settings")
    assert remove.get_attribute("aria-description") == "The settings say it: change it in tradewright.yaml."
    assert page.get_by_role("link", name="Edit").count() == 0
    assert desk.faults() == []


def test_pages_of_data_are_sound_on_a_phone(phone: Visit, imported: Visit) -> None:
    pages = ("/data", "/data/import", "/data/fetch", "/data/XNYS:ACME", "/schedules/new")
    assert phone.faults_at(*pages) == {}
