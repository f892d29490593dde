"""The session of P8b: a thousand strategies in one process, a row of five symbols each second, everything written down.

Rows come as fast as they are worked, or one in every ``TRADEWRIGHT_BENCH_PACE_S`` seconds.
"""

from __future__ import annotations

import asyncio
import os
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.measure import resident_bytes
from benchmarks.strategies.one_symbol_cross import KINDS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from tradewright.app.live.opening import Opening
    from tradewright.domain.live.session import Input, Output, Row
    from tradewright.strategy.base import Strategy

STRATEGIES = 1_000
HISTORY = 240
MINUTE = 60
PACE = "TRADEWRIGHT_BENCH_PACE_S"

_MINUTE_NS = 60 * 10**9
_FIRST_NS = 1_700_006_400 * 10**9
_DAY_NS = 86_400 * 10**9


def strategies() -> Sequence[Strategy]:
    """Crossings of many lengths, over five symbols in turn."""
    from tradewright.strategy.adapt import as_strategy

    count = len(KINDS)
    return [
        as_strategy(KINDS[number % count], {"fast": 40 + number // count % 20, "slow": 160 + number // count % 37})
        for number in range(STRATEGIES)
    ]


def opening() -> Opening:
    """What the engine is opened with."""
    import tradewright as tw
    from tradewright.app.live.opening import Opening
    from tradewright.domain.timeframe import Timeframe
    from tradewright.risk.limits import Limits

    instruments = tuple(tw.Crypto(kind.symbol) for kind in KINDS)
    policies = {"cash": 1e7, "costs": tw.Costs(), "limits": Limits.of("none")}
    return Opening(strategies, instruments, Timeframe.parse("1m"), policies, at_broker=False)


class Rows:
    """Rows of random walks: a history, then those that act.

    The shortest timeframe is a minute: the rows are called minutes, whatever the pace at which they come.
    """

    def __init__(self, count: int, pace_s: float) -> None:
        self._rng = np.random.default_rng(8)
        self._prices = np.full(len(KINDS), 100.0)
        self.count = count
        self.pace_s = pace_s

    async def __aiter__(self) -> AsyncIterator[Row]:
        for number in range(HISTORY):
            yield self._row(number, acts=False)
        # The history is there before the next bar closes, and the engine opens on it meanwhile.
        await asyncio.sleep(self.pace_s)
        began = time.perf_counter()
        for number in range(self.count):
            yield self._row(HISTORY + number, acts=True)
            # The next row is not made before this one was taken.
            await asyncio.sleep(max(0.0, began + (number + 1) * self.pace_s - time.perf_counter()))

    def _row(self, number: int, *, acts: bool) -> Row:
        from tradewright.domain.bars import Bar
        from tradewright.domain.live.session import Row

        before = self._prices
        self._prices = before * np.exp(self._rng.normal(0.0, 2e-4, len(KINDS)))
        times = _FIRST_NS + number * _MINUTE_NS, _FIRST_NS + (number + 1) * _MINUTE_NS
        pairs = zip(KINDS, before.tolist(), self._prices.tolist(), strict=True)
        bars = tuple(Bar(kind.symbol, *times, was, max(was, now), min(was, now), now, 10.0) for kind, was, now in pairs)
        day = times[0] // _DAY_NS
        return Row(*times, bars, day, (day,) * len(bars), (), acts)


class Watch:
    """How long each row took, from its arrival to its end, and how large the process was after each minute of rows."""

    def __init__(self) -> None:
        self.took: list[float] = []
        self.sizes: list[int] = []
        self.outputs = 0
        self._since = 0.0

    def came(self) -> None:
        """A row is given."""
        self._since = time.perf_counter()

    def heard(self, given: Input, outputs: Sequence[Output]) -> None:
        """It was worked."""
        from tradewright.domain.live.session import Row

        self.outputs += len(outputs)
        if isinstance(given, Row) and given.acts:
            self.took.append(time.perf_counter() - self._since)
            if len(self.took) % MINUTE == 0:
                self.sizes.append(resident_bytes())


async def work(folder: Path, count: int) -> dict[str, Any]:
    """Work so many rows; how it went."""
    from tradewright.adapters.storage.sessions.logs import FileSessionLogs
    from tradewright.adapters.system_clock import SystemClock
    from tradewright.app.live.carrier import SimulatedCarrier
    from tradewright.app.live.core import LocalCore
    from tradewright.app.live.runner import SessionRunner

    watch, made = Watch(), opening()
    log = FileSessionLogs(folder / "sessions").create(f"p8b-{time.perf_counter_ns()}", {})
    runner = SessionRunner(log, lambda: LocalCore(made), SystemClock(), heard=watch.heard)
    runner.carrier = SimulatedCarrier()
    pace_s = float(os.environ.get(PACE, "0"))
    await runner.run(_timed(Rows(count, pace_s), watch))
    standing = await runner.measure()
    runner.close()
    took = np.array(watch.took) * 1e3
    p50, p99 = np.percentile(took, [50, 99])
    growth = resident_bytes() / watch.sizes[0] - 1 if watch.sizes else 0.0
    return {
        **{f"rss_mb_{minute}": size / 1e6 for minute, size in enumerate(watch.sizes, start=1)},
        "late": float((took > pace_s * 1e3).sum()) if pace_s else 0.0,
        "row_p50_ms": float(p50), "row_p99_ms": float(p99), "row_most_ms": float(took.max()), "growth": growth,
        "rows": float(len(took)), "outputs": float(watch.outputs), "retired": float(len(standing["retired"])),
    }  # fmt: skip


async def _timed(rows: Rows, watch: Watch) -> AsyncIterator[Row]:
    """The rows, each after the one before was worked."""
    async for row in rows:
        while len(watch.took) < _acted(row):  # noqa: ASYNC110 - rows are heard of by a plain call
            await asyncio.sleep(0)
        watch.came()
        yield row


def _acted(row: Row) -> int:
    """How many rows have acted before one."""
    return max(0, (row.open_ns - _FIRST_NS) // _MINUTE_NS - HISTORY)
