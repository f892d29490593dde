"""When a session writes down how it stands: not before its orders have left, and not never."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.unit.app.live.test_runner import all_rows, feed, opening

from tradewright.adapters.storage.sessions.logs import FileSessionLogs
from tradewright.app.live import runner as runners
from tradewright.app.live.carrier import SimulatedCarrier
from tradewright.app.live.core import LocalCore
from tradewright.app.live.runner import SessionRunner

NS = 1_000_000_000


class MinutesClock:
    """A minute passes whenever somebody looks."""

    def __init__(self) -> None:
        self.ns = 0

    def now_ns(self) -> int:
        return self.ns

    def monotonic_ns(self) -> int:
        self.ns += 60 * NS
        return self.ns


class SendingCarrier(SimulatedCarrier):
    """Lets a request go for each input, as the road does: by a task of its own."""

    def __init__(self, said: list[str]) -> None:
        self.said = said

    async def carry_out(self, *_: Any) -> None:
        asyncio.get_running_loop().call_soon(self.said.append, "sent")


def made(folder: Path, said: list[str], measured: asyncio.Event | None = None) -> SessionRunner:
    log = FileSessionLogs(folder).create("a", {})

    def measure(_: Any) -> None:
        said.append("measured")
        if measured is not None:
            measured.set()

    log.measure = measure  # type: ignore[method-assign]
    runner = SessionRunner(log, lambda: LocalCore(opening()), MinutesClock())
    runner.carrier = SendingCarrier(said)
    return runner


def test_requests_leave_before_it_is_measured(tmp_path: Path) -> None:
    said: list[str] = []

    async def work() -> None:
        measured = asyncio.Event()
        runner, rows = made(tmp_path, said, measured), all_rows()
        working = asyncio.create_task(runner.run(feed(rows[:6])))
        await working
        later = asyncio.create_task(runner.run(_then_silence(rows[6:9])))
        async with asyncio.timeout(60.0):
            await measured.wait()
        runner.end()
        await later
        runner.close()

    asyncio.run(work())
    assert said == ["sent"] * 9 + ["measured"]


def test_a_session_that_is_never_idle_is_measured_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(runners, "_MOST_UNMEASURED", 8)

    async def work() -> None:
        runner = made(tmp_path, said)
        await runner.run(feed(all_rows()[:20]))
        runner.close()

    asyncio.run(work())
    assert said.count("measured") == 2
    assert said[8] == "measured"


async def _then_silence(rows: Any) -> Any:
    for row in rows:
        yield row
    await asyncio.Event().wait()


def test_a_pulse_says_that_a_session_lives_though_no_bar_comes(tmp_path: Path) -> None:
    logs = FileSessionLogs(tmp_path)

    async def work() -> None:
        runner = SessionRunner(logs.create("a", {}), lambda: LocalCore(opening()), MinutesClock(), status=dict)
        runner.carrier = SimulatedCarrier()
        runner.pulse()
        assert logs.read("a").standing is None
        await runner.run(feed(all_rows()[:3]))
        measured = await runner.measure()
        runner.clock.monotonic_ns()
        runner._status = lambda: {"feed": "mute"}
        runner.pulse()
        found = logs.read("a").standing
        assert (found["feed"], found["equity"]) == ("mute", measured["equity"])
        assert found["pulse_ns"] > found["measured_ns"] == measured["measured_ns"]
        runner.close()

    asyncio.run(work())


def test_a_session_in_the_time_of_a_venue_is_measured_by_the_time_of_its_host(tmp_path: Path) -> None:
    async def work() -> None:
        log = FileSessionLogs(tmp_path).create("a", {})
        runner = SessionRunner(log, lambda: LocalCore(opening()), MinutesClock(), status=dict)
        runner.host_ns = lambda: 77
        runner.carrier = SimulatedCarrier()
        await runner.run(feed(all_rows()[:3]))
        assert (await runner.measure())["measured_ns"] == 77
        runner.pulse()
        assert FileSessionLogs(tmp_path).read("a").standing["pulse_ns"] == 77
        runner.close()

    asyncio.run(work())
