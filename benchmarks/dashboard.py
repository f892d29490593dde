"""The dashboard in a real browser over a run of a million bars: how fast it is, what it holds, what the stream costs.

``python -m benchmarks.dashboard [SECONDS]``, from the top of the checkout; the chart is moved for so long (180), the
stream is fed for a third of it. Needs Chromium, a built dashboard (`make dashboard`) and the tests, which bring the
run, the server and the browser. Figures are printed beside the limits of the design; 1 where one is passed.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from tests.dashboard import Visit

A_SECOND, FACT = 200, 10
TOPIC = "jobs"
SORT = "document.querySelector('th[aria-sort] button').click()"
FILTER = """{ const box = document.querySelector('[data-filters] label + select');
  Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(box, 'long');
  box.dispatchEvent(new Event('change', { bubbles: true })); }"""
SETTLED = "location.search.includes('{}') && !document.querySelector('section[aria-busy=true]')"


class Table:
    """Figures beside their limits."""

    def __init__(self) -> None:
        self.passed: list[str] = []

    def row(self, what: str, value: float, most: float, unit: str) -> None:
        """One figure; over its limit it is counted."""
        mark = "" if value <= most else "  OVER"
        self.passed += [what] if mark else []
        print(f"{what:52} {value:12,.2f} of {most:10,.2f} {unit}{mark}", flush=True)


def main(seconds: float = 180.0) -> int:
    """Measure and print; 1 where a limit is passed."""
    from tests.browser import View, browser
    from tests.dashboard import PASSWORD, served, visit
    from tests.dashboard_measures import observe
    from tests.large_runs import keep_large_run

    table = Table()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "stores"
        folder.mkdir()
        os.environ["TRADEWRIGHT_STORAGE__FOLDER"] = str(folder)
        run = keep_large_run().id
        with (
            served(folder, "--no-worker") as server,
            browser() as running,
            visit(running, server.address, View(1440, "light")) as seen,
        ):
            assert server.password
            observe(seen)
            seen.enter(server.password, PASSWORD)
            pages(seen, run, table)
            lists(seen, run, table)
            chart(seen, run, table, seconds)
            stream(seen, folder, table, seconds / 3)
    return 1 if table.passed else 0


def pages(seen: Visit, run: str, table: Table) -> None:
    """First content on a processor four times slower, and what opening the run asks for."""
    from tests.dashboard_measures import first_content, loaded

    for path in ("/", "/runs", "/data", f"/runs/{run}"):
        load = first_content(seen, path)
        name = path.partition(run)[0] + ("the run" if run in path else "")
        table.row(f"{name}: first content, 4x slower", load.paint_ms, 1_500, "ms")
        table.row(f"{name}: layout shift", load.shift, 0.05, "")
    load = loaded(seen, f"/runs/{run}")
    table.row("1M bars: requests", load.requests, 8, "")
    table.row("1M bars: answers", load.sent_bytes / 1e6, 1.5, "MB")
    table.row("1M bars: until the curve stands", load.chart_ms or float("inf"), 1_500, "ms")


def lists(seen: Visit, run: str, table: Table) -> None:
    """A hundred thousand trades, sorted and filtered: the slowest of ten."""
    from tests.dashboard_measures import answer_ms

    page = seen.page
    for what, act, word in (("sort", SORT, "sort"), ("filter", FILTER, "side")):
        taken = []
        for _ in range(10):
            seen.go(f"/runs/{run}?tab=trades")
            page.locator("tr[data-row]").first.wait_for()
            taken.append(answer_ms(page, act, SETTLED.format(word)))
        table.row(f"100k trades: {what}, median of 10", float(np.median(taken)), 300, "ms")
    rows = page.locator("tbody tr").count()
    table.row("100k trades: rows in the page", rows, 60, "")


def chart(seen: Visit, run: str, table: Table, seconds: float) -> None:
    """Zoom, drag and trades, for minutes."""
    from tests.dashboard_measures import heap_mb, zoom_and_pan

    seen.go(f"/runs/{run}")
    felt = zoom_and_pan(seen, seconds)
    table.row(f"chart: heap after {seconds:,.0f} s of zoom and pan", heap_mb(seen.page), 150, "MB")
    table.row("chart: longest task", max(felt.long_ms, default=0.0), 200, "ms")
    slowest = float(np.percentile(felt.events_ms, 98)) if felt.events_ms else 0.0
    table.row("chart: interaction to next paint (p98)", slowest, 200, "ms")
    table.row("chart: frame while panned (p95)", float(np.percentile(felt.frames_ms, 95)), 25, "ms")


def stream(seen: Visit, folder: Path, table: Table, seconds: float) -> None:
    """Two hundred events a second through the real server: each fact arrives once, and nothing piles up."""
    from tests.dashboard_measures import heap_mb

    from tradewright.bootstrap.control_room import control_room
    from tradewright.face.bars_again import OriginReader

    room = control_room("0", OriginReader, folder=folder)
    job = room.jobs.submit("backtest", {"strategy": "sma_cross", "source": "synthetic"}, owner="admin").id
    heard: list[int] = []
    seen.page.on("websocket", lambda line: line.on("framereceived", lambda frame: heard.extend(_facts(frame))))
    seen.go("/jobs")
    first = room.events.head(TOPIC) + 1
    seen.page.evaluate(_COUNTED)
    before = heap_mb(seen.page)
    feeder = threading.Thread(target=_feed, args=(room, job, seconds))
    feeder.start()
    while feeder.is_alive():
        seen.page.wait_for_timeout(250)
    last = room.events.head(TOPIC)
    facts = [number for number in range(first, last + 1) if number % FACT == 0]
    while heard[-1:] < facts[-1:]:
        seen.page.wait_for_timeout(250)
    writes = seen.page.evaluate("window.written") / seconds
    table.row(f"stream: facts lost or doubled of {len(facts):,}", len(set(facts) ^ set(heard)), 0, "")
    table.row(f"stream: pictures a second, of {(last - first) / seconds:,.0f} events", writes, 5, "")
    table.row("stream: heap it has grown by", heap_mb(seen.page) - before, 20, "MB")


_COUNTED = """() => {
  window.written = 0; let frame = 0;
  new MutationObserver(() => {
    if (frame === 0) frame = requestAnimationFrame(() => { frame = 0; window.written += 1; });
  }).observe(document.querySelector("main"), { subtree: true, characterData: true, childList: true });
}"""


def _facts(frame: Any) -> list[int]:
    event = json.loads(frame).get("event") or {}
    return [event["seq"]] if event.get("topic") == TOPIC and event["seq"] % FACT == 0 else []


def _feed(room: Any, job: str, seconds: float) -> None:
    """States, which may be left out for later ones, and every tenth event a fact."""
    began, number = time.monotonic(), 0
    while (gone := time.monotonic() - began) < seconds:
        for _ in range(int(gone * A_SECOND) - number):
            number += 1
            is_fact = (room.events.head(TOPIC) + 1) % FACT == 0
            progress = {"attempt": 1, "done": number, "total": 1e6, "unit": "bars", "rate": None, "seconds_left": None}
            body = {"id": job, "state": "queued"} if is_fact else {"id": job, **progress}
            room.events.append(TOPIC, "state" if is_fact else "progress", body, time.time_ns())
        time.sleep(0.005)


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:])))
