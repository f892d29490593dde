"""Sessions that ended at an unlucky moment, and are taken up again; and those that end before anything has happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.live_rows import rows_from
from tests.markets import FREE, daily, share

import tradewright as tw
from tradewright.adapters.storage.sessions.logs import FileSessionLogs
from tradewright.app.live.carrier import SimulatedCarrier
from tradewright.app.live.core import LocalCore
from tradewright.app.live.opening import Opening
from tradewright.app.live.replay import replay
from tradewright.app.live.runner import SessionRunner
from tradewright.domain.errors import StrategyHungError
from tradewright.domain.live.session import Command, Logged, Placed, Row, StrategyFailed
from tradewright.domain.timeframe import Timeframe
from tradewright.strategy.adapt import as_strategy

HISTORY = 5
CLOCK = SimpleNamespace(now_ns=lambda: 0, monotonic_ns=lambda: 0)


class Speaks(tw.Strategy):
    def on_bar(self, ctx):
        if len(ctx.get_last_n_bars(None, None, 99)) % 3 == 0:
            ctx.buy(1)

    def on_stop(self, ctx):
        ctx.log("farewell")


def opening(*strategies: Any, symbols: Sequence[str] = ("ACME",)) -> Opening:
    return Opening(
        lambda: [as_strategy(each, None) for each in strategies or (Speaks,)],
        tuple(share(symbol) for symbol in symbols),
        Timeframe.parse("1d"),
        {"cash": 10_000.0, "costs": FREE},
        at_broker=False,
    )


def all_rows() -> list[Row]:
    rows = list(rows_from({"ACME": daily([100.0 + n for n in range(20)])}, 0))
    return [
        Row(**{name: getattr(row, name) for name in Row.__slots__} | {"acts": number >= HISTORY})
        for number, row in enumerate(rows)
    ]


async def feed(rows: Sequence[Row]) -> AsyncIterator[Row]:
    for row in rows:
        yield row


class Hears(SimulatedCarrier):
    def __init__(self) -> None:
        self.remembered: list[Any] = []

    def remember(self, sequence: int, given: Any, outputs: Any) -> None:
        self.remembered += outputs


def take_up(log: Any, core: Any, rows: Sequence[Row], *, ends: bool = False) -> Any:
    """Take a record up, and give it more rows; the carrier and how the session stands."""

    async def work() -> Any:
        runner = SessionRunner(log, core, CLOCK)
        runner.carrier = carrier = Hears()
        await runner.resume()
        await runner.run(feed(rows))
        if ends:
            await runner.stop()
        standing = await runner.measure()
        runner.close()
        return carrier, standing

    return asyncio.run(work())


@pytest.fixture
def logs(tmp_path: Path) -> FileSessionLogs:
    return FileSessionLogs(tmp_path)


def test_a_session_goes_on_after_its_strategies_were_told_of_an_end(logs: FileSessionLogs) -> None:
    rows = all_rows()
    take_up(logs.create("a", {}), lambda: LocalCore(opening()), rows[:12], ends=True)
    carrier, _ = take_up(logs.open("a"), lambda: LocalCore(opening()), rows[12:], ends=True)
    assert Logged(0, "farewell", {}) in carrier.remembered
    assert replay(logs.read("a"), opening()).difference is None


def test_an_answer_that_was_not_written_any_more_is_written_when_the_session_is_taken_up(
    logs: FileSessionLogs,
) -> None:
    rows = all_rows()
    take_up(logs.create("a", {}), lambda: LocalCore(opening()), rows[:8])
    log = logs.open("a")
    log.take(rows[8])  # and here the program died
    log.close()
    carrier, _ = take_up(logs.open("a"), lambda: LocalCore(opening()), rows[9:])
    assert [each.order_id for each in carrier.remembered if isinstance(each, Placed)] == [1, 2]
    assert replay(logs.read("a"), opening()).difference is None


class HangingCore(LocalCore):
    """A strategy that hangs in one row, and in its farewell, unless it was stopped before."""

    async def take(self, given: Any) -> Any:
        if isinstance(given, Row) and given.close_ns == all_rows()[9].close_ns:
            self._hang()
        return await super().take(given)

    async def stop(self) -> Any:
        self._hang()
        return await super().stop()

    def _hang(self) -> None:
        if not self.engine().loop.retired:
            raise StrategyHungError("Speaks did not come back within 5 s.", strategy=0)


def test_a_program_that_died_while_a_strategy_hung_goes_on_without_the_strategy(logs: FileSessionLogs) -> None:
    rows = all_rows()
    take_up(logs.create("a", {}), lambda: HangingCore(opening()), rows[:9])
    log = logs.open("a")
    log.take(rows[9])  # in which it hung until the program died
    log.close()
    _, standing = take_up(logs.open("a"), lambda: HangingCore(opening()), rows[10:])
    assert standing["retired"] == [0]
    (stopped,) = [given for _, given, _ in logs.read("a").entries() if isinstance(given, Command)]
    assert (stopped.what, stopped.who, stopped.before) == ("stop", "watchdog", 10)
    assert replay(logs.read("a"), opening()).difference is None


class SlowCore(LocalCore):
    """A machine on which a strategy is too slow for a row that it answered on the day, for the first so many times."""

    slow = 1

    async def take(self, given: Any) -> Any:
        if isinstance(given, Row) and given.close_ns == all_rows()[4].close_ns and SlowCore.slow > 0:
            SlowCore.slow -= 1
            raise StrategyHungError("Speaks did not come back within 5 s.", strategy=0)
        return await super().take(given)


def test_a_strategy_that_is_slow_where_it_answered_on_the_day_is_not_stopped(logs: FileSessionLogs) -> None:
    rows = all_rows()
    take_up(logs.create("a", {}), lambda: LocalCore(opening()), rows[:9])
    SlowCore.slow = 1
    _, standing = take_up(logs.open("a"), lambda: SlowCore(opening()), rows[9:])
    assert (standing["retired"], standing["replaced_workers"]) == ([], 1)
    assert not [given for _, given, _ in logs.read("a").entries() if isinstance(given, Command)]
    assert replay(logs.read("a"), opening()).difference is None


def test_a_machine_that_stays_too_slow_ends_the_session_and_leaves_its_record_as_it_was(logs: FileSessionLogs) -> None:
    rows = all_rows()
    take_up(logs.create("a", {}), lambda: LocalCore(opening()), rows[:9])
    SlowCore.slow, log = 2, logs.open("a")
    with pytest.raises(StrategyHungError, match="did not come back within 5 s") as caught:
        take_up(log, lambda: SlowCore(opening()), rows[9:])
    log.close()
    assert "when the machine has time" in str(caught.value.hint)
    SlowCore.slow = 0
    take_up(logs.open("a"), lambda: SlowCore(opening()), rows[9:])
    assert replay(logs.read("a"), opening()).difference is None


class DyingCore(LocalCore):
    """An engine whose process is gone: in one row and in one question, the first time that each comes."""

    lives = 2

    async def take(self, given: Any) -> Any:
        if isinstance(given, Row) and given.close_ns == all_rows()[9].close_ns and DyingCore.lives == 2:
            self._die()
        return await super().take(given)

    async def standings(self) -> Any:
        if DyingCore.lives == 1:
            self._die()
        return await super().standings()

    def _die(self) -> None:
        DyingCore.lives -= 1
        raise StrategyHungError("The engine ended its process.")


def test_an_engine_that_is_lost_while_no_strategy_runs_is_opened_again(logs: FileSessionLogs) -> None:
    DyingCore.lives = 2
    _, standing = take_up(logs.create("a", {}), lambda: DyingCore(opening()), all_rows())
    assert (standing["replaced_workers"], standing["retired"]) == (2, [])
    assert not [given for _, given, _ in logs.read("a").entries() if isinstance(given, Command)]
    assert replay(logs.read("a"), opening()).difference is None


def test_an_engine_that_is_lost_again_at_once_ends_the_session(logs: FileSessionLogs) -> None:
    class Dead(LocalCore):
        async def take(self, given: Any) -> Any:
            raise StrategyHungError("The engine ended its process.")

    with pytest.raises(StrategyHungError):
        take_up(logs.create("a", {}), lambda: Dead(opening()), all_rows())


def test_a_strategy_that_hangs_in_its_farewell_does_not_keep_the_session_from_ending(logs: FileSessionLogs) -> None:
    take_up(logs.create("a", {}), lambda: HangingCore(opening()), all_rows()[:9], ends=True)
    outputs = [each for _, _, said in logs.read("a").entries() for each in said]
    assert [each.strategy for each in outputs if isinstance(each, StrategyFailed)] == [0]
    assert replay(logs.read("a"), opening()).difference is None


@pytest.mark.parametrize("rows", [0, 3])
def test_a_session_ends_in_peace_before_anything_was_decided(logs: FileSessionLogs, rows: int) -> None:
    take_up(logs.create("a", {}), lambda: LocalCore(opening()), all_rows()[:rows], ends=True)
    assert replay(logs.read("a"), opening()).difference is None


def test_how_a_session_stands_is_unknown_before_every_symbol_has_had_a_bar(logs: FileSessionLogs) -> None:
    series = {"ACME": daily([100.0] * 9), "LATE": daily([None, None, *[50.0] * 7], share("LATE"))}
    rows = [
        Row(**{name: getattr(row, name) for name in Row.__slots__} | {"acts": number >= HISTORY})
        for number, row in enumerate(rows_from(series, 0))
    ]
    made = opening(symbols=("ACME", "LATE"))
    assert take_up(logs.create("a", {}), lambda: LocalCore(made), rows[:2])[1] == {}
    assert take_up(logs.create("b", {}), lambda: LocalCore(made), rows)[1]["equity"] == 10_000.0
