"""A session as it runs: everything is written down, a restart takes it up, a replay names the first difference."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.live_rows import rows_from
from tests.markets import FREE, daily, share

import tradewright as tw
from tradewright.adapters.storage.sessions.logs import FileSessionLogs
from tradewright.app.live.carrier import SimulatedCarrier
from tradewright.app.live.core import LocalCore
from tradewright.app.live.opening import Opening
from tradewright.app.live.replay import compare_fills, replay
from tradewright.app.live.runner import SessionRunner
from tradewright.domain.errors import DataNotAvailableError, ParityError, StrategyHungError
from tradewright.domain.live.session import Command, Happened, Placed, Row, StrategyFailed
from tradewright.domain.timeframe import Timeframe
from tradewright.strategy.adapt import as_strategy

PRICES = [100 + (n * 7) % 11 for n in range(40)]


class StillClock:
    def __init__(self) -> None:
        self.ns = 0

    def now_ns(self) -> int:
        return self.ns

    def monotonic_ns(self) -> int:
        self.ns += 1
        return self.ns


class Turns(tw.Strategy):
    level = tw.Param(104)

    def setup(self):
        self.average = self.use(tw.indicators.sma, "close", 3)

    def on_bar(self, ctx):
        if ctx.close() < self.level and not ctx.has_position():
            ctx.buy(10)
        elif ctx.close() >= self.level:
            ctx.close_position()


def opening(*strategies: Any, **params: Any) -> Opening:
    make: Callable[[], Sequence[Any]] = lambda: [as_strategy(each, params or None) for each in strategies or (Turns,)]  # noqa: E731
    return Opening(make, (share(),), Timeframe.parse("1d"), {"cash": 10_000.0, "costs": FREE}, at_broker=False)


def all_rows(history: int = 5) -> list[Row]:
    rows = list(rows_from({"ACME": daily(PRICES)}, 0))
    return [
        Row(**{name: getattr(row, name) for name in Row.__slots__} | {"acts": number >= history})
        for number, row in enumerate(rows)
    ]


async def feed(rows: Sequence[Row]) -> AsyncIterator[Row]:
    for row in rows:
        yield row


def run_session(logs: FileSessionLogs, name: str, rows: Sequence[Row], made: Opening, *, new: bool = True) -> Any:
    async def work() -> Any:
        log = logs.create(name, {}) if new else logs.open(name)
        runner = SessionRunner(log, lambda: LocalCore(made), StillClock())
        runner.carrier = SimulatedCarrier()
        last = None if new else await runner.resume()
        left = [row for row in rows if last is None or row.close_ns > last.close_ns]
        await runner.run(feed(left))
        standing = await runner.measure()
        runner.close()
        return standing

    return asyncio.run(work())


@pytest.fixture
def logs(tmp_path: Path) -> FileSessionLogs:
    return FileSessionLogs(tmp_path)


def test_a_session_on_simulated_fills_is_the_backtest_of_its_bars(logs: FileSessionLogs) -> None:
    standing = run_session(logs, "a", all_rows(), opening())
    report = replay(logs.read("a"), opening())
    stored = tw.backtest(Turns, daily(PRICES), cash=10_000, costs=FREE, start="2020-01-13")
    assert report.difference is None
    assert report.record is not None
    assert report.record.equity[-1] == stored.record.equity[-1] == standing["equity"]
    assert report.record.events["price"].tolist() == stored.record.events["price"].tolist()


def test_every_input_and_output_is_written_down(logs: FileSessionLogs) -> None:
    run_session(logs, "a", all_rows(), opening())
    entries = list(logs.read("a").entries())
    assert [number for number, _, _ in entries] == list(range(1, len(PRICES) + 1))
    assert all(outputs == () for _, given, outputs in entries if not given.acts)
    assert {type(each) for _, _, outputs in entries for each in outputs} == {Placed, Happened}


def test_a_session_that_is_taken_up_again_goes_on_as_if_nothing_had_been(logs: FileSessionLogs) -> None:
    whole = run_session(logs, "whole", all_rows(), opening())
    run_session(logs, "halves", all_rows()[:23], opening())
    halves = run_session(logs, "halves", all_rows(), opening(), new=False)
    assert {name: halves[name] for name in ("equity", "rows", "inputs", "decisions")} == {
        name: whole[name] for name in ("equity", "rows", "inputs", "decisions")
    }
    assert [e[1:] for e in logs.read("halves").entries()] == [e[1:] for e in logs.read("whole").entries()]


def test_the_engine_is_opened_before_the_first_bar_is_waited_for(logs: FileSessionLogs) -> None:
    class Slow(LocalCore):
        is_open = False

        async def standings(self) -> Any:
            self.is_open = True
            return await super().standings()

    core = Slow(opening())
    runner = SessionRunner(logs.create("a", {}), lambda: core, StillClock())
    runner.carrier = SimulatedCarrier()
    assert asyncio.run(runner.resume()) is None
    assert core.is_open
    runner.close()


def test_a_session_is_not_taken_up_with_other_parameters(logs: FileSessionLogs) -> None:
    run_session(logs, "a", all_rows()[:30], opening())
    with pytest.raises(ParityError, match="Input 6 is answered otherwise"):
        run_session(logs, "a", all_rows(), opening(level=101), new=False)


def test_a_replay_names_the_bar_the_field_and_both_values(logs: FileSessionLogs) -> None:
    class OffByOne(Turns):
        def on_bar(self, ctx):
            if ctx.close() < self.level and not ctx.has_position():
                ctx.buy(10 + (len(ctx.get_last_n_bars(None, None, 99)) > 20))
            elif ctx.close() >= self.level:
                ctx.close_position()

    run_session(logs, "a", all_rows(), opening())
    difference = replay(logs.read("a"), opening(OffByOne)).difference
    assert difference is not None
    assert "closing 2020-" in str(difference)
    assert "Placed: quantity was 10.0 and is 11.0" in str(difference)


def test_a_symbol_without_history_is_named(logs: FileSessionLogs) -> None:
    with pytest.raises(DataNotAvailableError, match="no bar of ACME"):
        run_session(logs, "a", all_rows(history=0), opening())


def test_fills_of_the_same_rules_do_not_drift(logs: FileSessionLogs) -> None:
    run_session(logs, "a", all_rows(), opening())
    drift = compare_fills(logs.read("a"), opening())
    assert (drift.only_real, drift.only_simulated, drift.drift) == (0, 0, 0.0)
    assert set(drift.price_bps) == {0.0}
    assert drift.first_other_decision is None


class HangingCore(LocalCore):
    """Comes back with the word that a strategy hangs, in its sixth row, unless that strategy was stopped before."""

    async def take(self, given: Any) -> Any:
        if isinstance(given, Row) and given.close_ns == all_rows()[9].close_ns and not self.engine().loop.retired:
            raise StrategyHungError("Turns did not come back within 5 s.", strategy=0)
        return await super().take(given)


def test_a_strategy_that_hangs_is_left_out_and_the_others_lose_nothing(logs: FileSessionLogs) -> None:
    seen: list[float] = []

    def watches(ctx: Any) -> None:
        seen.append(ctx.close())

    async def work() -> None:
        runner = SessionRunner(logs.create("a", {}), lambda: HangingCore(opening(Turns, watches)), StillClock())
        runner.carrier = SimulatedCarrier()
        await runner.run(feed(all_rows()))
        runner.close()

    asyncio.run(work())
    entries = list(logs.read("a").entries())
    (stopping,) = [(number, given) for number, given, _ in entries if isinstance(given, Command)]
    assert (stopping[0], stopping[1].before, stopping[1].strategy) == (11, 10, 0)
    failed = [each for _, _, outputs in entries for each in outputs if isinstance(each, StrategyFailed)]
    assert len(failed) == 1
    assert len(entries) == len(PRICES) + 1
    assert seen[-1] == PRICES[-1]
    assert replay(logs.read("a"), opening(Turns, watches)).difference is None


def test_rows_that_grew_old_while_an_engine_was_replaced_are_not_decided_on(logs: FileSessionLogs) -> None:
    rows = all_rows()

    async def work() -> None:
        runner = SessionRunner(
            logs.create("a", {}), lambda: HangingCore(opening(Turns, lambda _: None)), StillClock(),
            is_stale=lambda row: row.close_ns <= rows[14].close_ns,
        )  # fmt: skip
        runner.carrier = SimulatedCarrier()
        for row in rows:
            # All of them wait while the engine is replaced.
            runner.put(row)
        await runner.run(feed(()))
        runner.close()

    asyncio.run(work())
    given = [each for _, each, _ in logs.read("a").entries() if isinstance(each, Row)]
    assert [each.close_ns for each in given] == [each.close_ns for each in rows]
    assert [number for number, each in enumerate(given) if not each.acts] == [*range(5), *range(10, 15)]
    assert replay(logs.read("a"), opening(Turns, lambda _: None)).difference is None


def test_what_follows_from_a_row_goes_before_the_feed_goes_on(logs: FileSessionLogs) -> None:
    rows, seen = all_rows(), []

    async def slowly() -> AsyncIterator[Row]:
        for number, row in enumerate(rows):
            seen.append(f"feed {number}")
            yield row

    async def work() -> None:
        runner = SessionRunner(
            logs.create("a", {}), lambda: LocalCore(opening()), StillClock(),
            heard=lambda given, _: seen.append(f"carried {rows.index(given)}"),
        )  # fmt: skip
        runner.carrier = SimulatedCarrier()
        await runner.run(slowly())
        runner.close()

    asyncio.run(work())
    assert seen == [f"{what} {number}" for number in range(len(rows)) for what in ("feed", "carried")]
