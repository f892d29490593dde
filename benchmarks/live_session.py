"""The session of P8: everything a live session is made of, over a local venue, bar by bar."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import sys
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.live_venue import SYMBOL, WARM, series

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from tradewright.app.live.session import LiveSession
    from tradewright.bootstrap.sessions import SessionAsk
    from tradewright.domain.live.session import Input, Output

WARM_BARS = 40
PAUSE_S = 0.002
REST_S = 0.1
"""From one bar to the next: what follows an order (fills forced to the disk, how it stands) is out of the next one's
way, as it is where bars are a minute apart."""
LATE_S = 0.06
"""From the end of a minute to its bar, more or less by what `Venue.jitter` says: at venues it is tenths of a second."""
_DEADLINE_S = 30.0


class BarsClock:
    """A clock that is set to the close of each bar, as if the minute before it had passed."""

    def __init__(self, at_ns: int) -> None:
        self._ahead_ns = at_ns - perf_counter_ns()
        self._set_ns = self._ahead_ns

    def now_ns(self) -> int:
        """UTC nanoseconds."""
        return perf_counter_ns() + self._ahead_ns

    def monotonic_ns(self) -> int:
        """Nanoseconds since some instant."""
        return perf_counter_ns() + self._ahead_ns - self._set_ns

    def pass_until(self, at_ns: int) -> None:
        """Time passes."""
        self._ahead_ns = max(self._ahead_ns, at_ns - perf_counter_ns())


class Venue:
    """The process of `benchmarks.live_venue`."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self._process = process
        self._random = random.Random(8)  # noqa: S311 - nothing is kept secret by it
        self.url = url

    def jitter(self) -> float:
        """Seconds by which the next bar is later than others, so that nothing comes in step with it."""
        return self._random.uniform(0.0, 0.01)

    async def ask(self, line: str) -> str:
        """Say a line; what it answers."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n".encode())
        return (await self._process.stdout.readline()).decode().strip()


@contextlib.asynccontextmanager
async def venue(bars: int) -> AsyncIterator[Venue]:
    """A venue with so many bars, in processes of its own."""
    pipe = asyncio.subprocess.PIPE
    argv = [sys.executable, "-m", "benchmarks.live_venue", str(bars)]
    process = await asyncio.create_subprocess_exec(*argv, stdin=pipe, stdout=pipe, limit=1 << 24)
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield Venue(process, (await process.stdout.readline()).decode().strip())
    finally:
        process.stdin.close()
        await process.wait()


class Marks:
    """Instants inside the session: rows that were carried out, steps of the road, forcings of the disk."""

    def __init__(self) -> None:
        self.steps: dict[str, list[int]] = {}
        self.forced: list[tuple[int, int]] = []
        self.rows = 0
        self.fills = 0

    def heard(self, given: Input, outputs: Sequence[Output]) -> None:  # noqa: ARG002 - what a session says
        """An input was carried out."""
        from tradewright.domain.live.session import Filled, Row

        self.rows += isinstance(given, Row) and given.acts
        self.fills += isinstance(given, Filled)

    def reached(self, step: str, subject: str) -> None:  # noqa: ARG002 - as above
        """A step of the road."""
        self.steps.setdefault(step, []).append(perf_counter_ns())

    def sync(self, handle: int) -> None:
        """Force the disk, and note how long it took."""
        began = perf_counter_ns()
        os.fsync(handle)
        self.forced.append((began, perf_counter_ns()))


def asked(name: str, *, in_process: bool) -> SessionAsk:
    """What the session is asked to be; its approval is given here, as a person would."""
    from benchmarks.strategies.to_and_fro import ToAndFro
    from tradewright.app.approve import identity_of
    from tradewright.bootstrap.approvals import approval_store
    from tradewright.domain.stage import Approval, Stage, Verdict
    from tradewright.face.live import session_ask

    identity = identity_of(ToAndFro(), [f"XNYS:{SYMBOL}"], "1m")
    said = Approval(0, Stage.BACKTEST, Verdict.APPROVED, identity, "P8", "bench", "It is measured.", 0)
    approval_store().add(said)
    return session_ask(
        ToAndFro, SYMBOL, "alpaca", "1m", mode="paper", fills="venue", risk="standard", session=name,
        warmup=WARM_BARS, in_process=in_process,
    )  # fmt: skip


def settings_for(folder: Path, url: str) -> Any:
    """Settings under which Alpaca's addresses lead to the venue."""
    from tradewright.bootstrap.settings import load_settings

    socket = url.replace("http", "ws")
    (folder / "tradewright.yaml").write_text(
        f"""brokers:
  alpaca:
    options: {{accept_delay_s: '0.2', index_lag_s: '0.2'}}
    addresses: {{trading: '{url}', data: '{url}', stream: '{socket}/stream', data_stream: '{socket}/v2'}}
    paper: {{key: '${{P8_KEY}}', secret: '${{P8_SECRET}}'}}
"""
    )
    os.environ.update(P8_KEY=f"PK{perf_counter_ns()}", P8_SECRET="secret")  # noqa: S106 - of a venue on this machine
    return load_settings(folder, os.environ)


async def trade(folder: Path, orders: int, *, in_process: bool) -> dict[str, Any]:
    """Run a session until so many orders went out; instants of the venue and of the session, in nanoseconds."""
    from tradewright.bootstrap.sessions import open_session

    bars = series(WARM + 2 * orders + 2)
    clock, marks = BarsClock(int(bars.close_time[WARM - 1])), Marks()
    async with venue(len(bars)) as place:
        name = f"p8-{'here' if in_process else 'far'}-{perf_counter_ns()}"
        ask, settings = asked(name, in_process=in_process), settings_for(folder, place.url)
        live = await open_session(ask, settings, clock, heard=marks.heard, alarmed=_told)
        _listen(live, marks)
        running = asyncio.create_task(live.run())
        await until(lambda: running.done() or live.parts.feed.status.is_connected)
        await until(lambda: running.done() or live.parts.log.standing is not None)
        for row in range(WARM, len(bars) - 1):
            await _bar(live, place, marks, clock, int(bars.close_time[row]))
            if running.done():
                break
        times = json.loads(await place.ask("times"))
        live.stop("measured")
        await running
    return {**times, "steps": marks.steps, "forced": marks.forced}


def _told(*said: str) -> None:
    print(*said, file=sys.stderr)


def _listen(live: LiveSession, marks: Marks) -> None:
    assert live.parts.watcher is not None
    assert live.parts.account is not None
    live.parts.watcher.reached = marks.reached  # type: ignore[method-assign]
    live.parts.account.way.journal._sync = marks.sync  # type: ignore[attr-defined]  # noqa: SLF001 - to be measured


async def _bar(live: LiveSession, place: Venue, marks: Marks, clock: BarsClock, close_ns: int) -> None:
    """A minute passes, in which the account was looked at; then its bar comes, and everything settles."""
    account, rows = live.parts.account, marks.rows
    assert account is not None
    clock.pass_until(close_ns)
    await account.valuer.account(always=True)
    await asyncio.sleep(LATE_S + place.jitter())
    await place.ask("bar")
    await until(lambda: marks.rows > rows)
    await until(lambda: not any(order.is_open and order.vid is None for order in account.office.book.orders.values()))
    await asyncio.sleep(REST_S)


async def until(holds: Any) -> None:
    """Wait until something holds, and at most so long as nothing on this machine takes."""
    async with asyncio.timeout(_DEADLINE_S):
        while not holds():  # noqa: ASYNC110 - what is waited for lies in several tasks and processes
            await asyncio.sleep(PAUSE_S / 2)


def spread(values: Sequence[float], name: str) -> dict[str, float]:
    """Median, 95th and 99th percentile of nanoseconds, in milliseconds."""
    found = np.percentile(np.asarray(values, float) / 1e6, [50, 95, 99])
    return {f"{name}{at}_ms": float(value) for at, value in zip(("p50", "p95", "p99"), found, strict=True)}


def figures(times: dict[str, Any]) -> dict[str, float]:
    """From instants to the figures: those of `shares`, and the stages."""
    return {**shares(times), **stages(times)}


def shares(times: dict[str, Any]) -> dict[str, float]:
    """How long orders took, the disk's share of it, and what is left, which has no name."""
    bars, forced = np.asarray(times["bars"]), np.asarray(times["forced"])
    whole, disk = [], []
    for came in times["orders"]:
        left = int(bars[np.searchsorted(bars, came) - 1])
        inside = forced[(forced[:, 0] >= left) & (forced[:, 1] <= came)]
        whole.append(came - left)
        disk.append(int((inside[:, 1] - inside[:, 0]).sum()))
    own = np.subtract(whole, disk)
    return {
        "orders": float(len(whole)), **spread(own.tolist(), ""), **spread(whole, "whole_"), **spread(disk, "disk_"),
    }  # fmt: skip


def stages(times: dict[str, Any]) -> dict[str, float]:
    """Medians of the stages: a decision is to be kept, is on the disk, its request stands, leaves and arrives."""
    bars, orders = np.asarray(times["bars"]), np.asarray(times["orders"])
    steps = {name: np.asarray(found) for name, found in times["steps"].items()}
    found: dict[str, list[int]] = {}
    for came in orders:
        at = int(bars[np.searchsorted(bars, came) - 1])
        for step in ("S1", "S1 done", "S2", "S3"):
            where = steps[step]
            now = int(where[np.searchsorted(where, came) - 1])
            found.setdefault(f"until {step}", []).append(now - at)
            at = now
        found.setdefault("until the venue", []).append(int(came) - at)
    return {f"{name}_ms": float(np.median(each)) / 1e6 for name, each in found.items()}
