"""How fast the dashboard is in a real browser: what its own clock, its observers and its debugger say."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from tests.dashboard import Visit

__all__ = [
    "Felt",
    "Load",
    "answer_ms",
    "asked_of",
    "first_content",
    "heap_mb",
    "loaded",
    "observe",
    "slowed",
    "zoom_and_pan",
]

_OBSERVERS = """
window.seen = { paint: null, shift: 0, long: [], event: [], chart: null };
new PerformanceObserver((list) => { for (const each of list.getEntries())
  if (each.name === "first-contentful-paint") seen.paint = each.startTime; })
  .observe({ type: "paint", buffered: true });
new PerformanceObserver((list) => { for (const each of list.getEntries())
  if (!each.hadRecentInput) seen.shift += each.value; }).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => { for (const each of list.getEntries())
  seen.long.push(each.duration); }).observe({ type: "longtask", buffered: true });
new PerformanceObserver((list) => { for (const each of list.getEntries())
  if (each.interactionId) seen.event.push(each.duration); })
  .observe({ type: "event", buffered: true, durationThreshold: 16 });
const isDrawn = () => document.querySelector("figure section[aria-busy=false] canvas");
new MutationObserver(() => { if (seen.chart === null && isDrawn()) seen.chart = performance.now(); })
  .observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-busy"] });
"""

_FRAMES = """() => new Promise((done) => {
  const frames = []; let last = performance.now(); const until = last + 1000;
  const chart = document.querySelector("figure section canvas").closest("section").getBoundingClientRect();
  const step = (now) => {
    frames.push(now - last); last = now;
    document.elementFromPoint(chart.left + chart.width / 2, chart.top + 80).dispatchEvent(
      new WheelEvent("wheel", { deltaX: 30, bubbles: true, cancelable: true }));
    if (now < until) requestAnimationFrame(step); else done(frames.slice(1));
  };
  requestAnimationFrame(step);
})"""


class Load(NamedTuple):
    """What it took until a page stood."""

    paint_ms: float
    shift: float
    chart_ms: float | None
    requests: int
    sent_bytes: int


class Felt(NamedTuple):
    """How it felt to move about in a chart."""

    long_ms: list[float]
    events_ms: list[float]
    frames_ms: list[float]


@contextmanager
def slowed(page: Any, times: float) -> Iterator[Any]:
    """The page on a processor that is so many times slower."""
    tools = page.context.new_cdp_session(page)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": times})
    try:
        yield tools
    finally:
        tools.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        tools.detach()


def observe(seen: Visit) -> None:
    """Let the pages of a visit watch themselves from now on."""
    seen.page.add_init_script(_OBSERVERS)


def loaded(seen: Visit, path: str) -> Load:
    """Open a page of an observed visit anew, as one comes to it from elsewhere."""
    seen.go(path)
    seen.page.wait_for_function("window.seen.paint !== null")
    found = seen.page.evaluate("({ paint: seen.paint, shift: seen.shift, chart: seen.chart })")
    return Load(found["paint"], found["shift"], found["chart"], *asked_of(seen.page))


def asked_of(page: Any) -> tuple[int, int]:
    """How many answers of the interface a page has had since it was opened, and their bytes unpacked."""
    count, size = page.evaluate(
        """() => {
          const all = performance.getEntriesByType("resource").filter((each) => each.name.includes("/v1/"));
          return [all.length, all.reduce((sum, each) => sum + each.decodedBodySize, 0)];
        }"""
    )
    return count, size


def first_content(seen: Visit, path: str, times: float = 4) -> Load:
    """The same on a slow processor."""
    with slowed(seen.page, times):
        return loaded(seen, path)


def heap_mb(page: Any) -> float:
    """What scripts hold once everything that nobody needs is gone."""
    tools = page.context.new_cdp_session(page)
    tools.send("HeapProfiler.enable")
    tools.send("HeapProfiler.collectGarbage")
    used: float = tools.send("Runtime.getHeapUsage")["usedSize"]
    tools.detach()
    return used / 1e6


def zoom_and_pan(seen: Visit, seconds: float, clock: Callable[[], float] = time.monotonic) -> Felt:
    """Zoom with the wheel, drag, and walk from trade to trade, over and over; at least once."""
    page = seen.page
    page.evaluate("() => { seen.long.length = 0; seen.event.length = 0; }")
    box = page.locator("figure section[aria-busy] canvas").first.bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + 80)
    frames: list[float] = []
    until = clock() + seconds
    while not frames or clock() < until:
        page.mouse.move(*middle)
        for turn in (-400, -400, -400, -400, 300, -400, -400):
            page.mouse.wheel(0, turn)
        page.mouse.down()
        page.mouse.move(middle[0] - 200, middle[1], steps=8)
        page.mouse.up()
        for key in "]][]":
            page.keyboard.press(key)
        frames += page.evaluate(_FRAMES)
        page.get_by_role("button", name="Fit").click()
    seen.settle()
    told = page.evaluate("({ long: seen.long, event: seen.event })")
    return Felt(told["long"], told["event"], frames)


def answer_ms(page: Any, act: str, done: str) -> float:
    """Milliseconds in the page from an act to the picture of its answer; both are scripts."""
    script = f"""() => new Promise((told) => {{
      const began = performance.now();
      {act};
      const look = () => ({done}) ? told(performance.now() - began) : requestAnimationFrame(look);
      requestAnimationFrame(look);
    }})"""
    taken: float = page.evaluate(script)
    return taken
