"""The engine of a session in a process of its own: what hangs or dies is left out, and nothing else is lost."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.compiled_worlds import load
from tests.live_rows import rows_from
from tests.markets import FREE, daily, share

from tradewright.adapters.executors.solo import SoloProcess
from tradewright.adapters.storage.sessions.logs import FileSessionLogs
from tradewright.app.live.about import Policies, engine_words, opening_again
from tradewright.app.live.carrier import SimulatedCarrier
from tradewright.app.live.core import LocalCore
from tradewright.app.live.far import FarCore, far_work
from tradewright.app.live.replay import replay
from tradewright.app.live.runner import SessionRunner
from tradewright.domain.errors import StrategyHungError
from tradewright.domain.live.session import Command, Row, StrategyFailed
from tradewright.domain.timeframe import Timeframe
from tradewright.risk.limits import Limits
from tradewright.strategy.adapt import as_strategy

pytestmark = pytest.mark.slow

TEXT = """
import os
import tradewright as tw


class Buys(tw.Strategy):
    units = tw.Param(3)

    def setup(self):
        self.average = self.use(tw.indicators.sma, "close", 3)

    def on_bar(self, ctx):
        ctx.log("asked", close=ctx.close())
        if not ctx.has_position():
            ctx.buy(self.units)


class Hangs(tw.Strategy):
    def on_bar(self, ctx):
        ctx.buy(1, limit_price=1.0)
        while ctx.close() > 108:
            pass


class Dies(tw.Strategy):
    def on_bar(self, ctx):
        if ctx.close() > 108:
            os._exit(7)
"""
PRICES = [100.0 + n for n in range(16)]


class StillClock:
    def now_ns(self) -> int:
        return 0

    def monotonic_ns(self) -> int:
        return 0


def words(tmp_path: Path, *names: str, **params: Any) -> dict[str, Any]:
    made = [load(TEXT, tmp_path / "drawn_session.py", name) for name in names]
    strategies = [as_strategy(each, params if each.__name__ == "Buys" and params else None) for each in made]
    policies = Policies(costs=FREE, limits=Limits.of("none"), cash=10_000.0)
    return engine_words(
        strategies, (share(),), Timeframe.parse("1d"), policies, at_broker=False, source="a test"
    )  # fmt: skip


def rows() -> list[Row]:
    return [
        Row(**{name: getattr(row, name) for name in Row.__slots__} | {"acts": number >= 3})
        for number, row in enumerate(rows_from({"ACME": daily(PRICES)}, 0))
    ]


def far(made: dict[str, Any], deadline_s: float = 30.0) -> FarCore:
    names = tuple(each["name"] for each in made["recipes"])
    return FarCore(SoloProcess(far_work(made)), deadline_s, names)


def test_it_answers_as_the_engine_in_this_process_does(tmp_path: Path) -> None:
    made = words(tmp_path, "Buys", units=5)

    async def work() -> list[Any]:
        core = far(made)
        found = [await core.take(row) for row in rows()]
        found.append(await core.standings())
        core.close()
        return found

    near = LocalCore(opening_again(made))
    expected = [near.answer(row) for row in rows()] + [near.standing()]
    assert asyncio.run(work()) == expected


@pytest.mark.parametrize(("name", "why"), [("Hangs", "did not come back within"), ("Dies", "with exit code 7")])
def test_a_strategy_that_hangs_or_kills_its_process_is_named(tmp_path: Path, name: str, why: str) -> None:
    async def work() -> None:
        core = far(words(tmp_path, "Buys", name), deadline_s=1.0)
        try:
            for row in rows():
                await core.take(row)
        finally:
            core.close()

    with pytest.raises(StrategyHungError, match=why) as caught:
        asyncio.run(work())
    assert caught.value.strategy == 1


def test_what_is_practised_in_its_process_changes_nothing_of_what_it_answers(tmp_path: Path) -> None:
    made = words(tmp_path, "Buys", units=5)

    async def work() -> list[Any]:
        core = far(made)
        aside, found = core.practising(), []
        for row in rows():
            await aside.take(row)
            found.append(await core.take(row))
        core.close()
        return found

    near = LocalCore(opening_again(made))
    assert asyncio.run(work()) == [near.answer(row) for row in rows()]


def test_a_process_that_ends_while_it_practises_is_lost_for_the_session_too(tmp_path: Path) -> None:
    async def work() -> list[str]:
        core = far(words(tmp_path, "Buys"))
        await core.take(rows()[0])
        process = core._solo._process  # type: ignore[attr-defined]
        process.kill()
        process.wait()
        said = []
        for each in (core.practising(), core):
            with pytest.raises(StrategyHungError) as caught:
                await each.take(rows()[1])
            said.append(caught.value.message)
        core.close()
        return said

    first, second = asyncio.run(work())
    assert (first == second, "ended its process" in first) == (True, True)


def test_its_process_is_replaced_and_the_session_goes_on_without_it(tmp_path: Path) -> None:
    made, logs = words(tmp_path, "Buys", "Hangs"), FileSessionLogs(tmp_path / "sessions")

    async def feed() -> Any:
        for row in rows():
            yield row

    async def work() -> Any:
        runner = SessionRunner(logs.create("a", made), lambda: far(made, 1.0), StillClock())
        runner.carrier = SimulatedCarrier()
        await runner.run(feed())
        standing = await runner.measure()
        runner.close()
        return standing

    standing = asyncio.run(work())
    log = logs.read("a")
    outputs = [each for _, _, said in log.entries() for each in said]
    assert [each.strategy for each in outputs if isinstance(each, StrategyFailed)] == [1]
    assert [given.who for _, given, _ in log.entries() if isinstance(given, Command)] == ["watchdog"]
    assert standing["replaced_workers"] == 1
    assert standing["retired"] == [1]
    assert [order["strategy"] for order in standing["orders"]] == []
    asked = [each for each in outputs if type(each).__name__ == "Logged"]
    assert len(asked) == len(PRICES) - 3
    assert replay(log, opening_again(log.about)).difference is None
