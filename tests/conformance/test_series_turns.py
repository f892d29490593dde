"""Turns at series: one has it, others wait and are told for whom, and the turn of a dead process is taken over."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from typing import Any

import pytest
from tests.feed_stage import ScriptedHistory, at, bars_of
from tests.markets import intraday, share
from tests.risk_desk import HandClock

from tradewright.adapters.storage.parquet.store import ParquetBarStore
from tradewright.adapters.storage.sql.coverage import SqlCoverageBook
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.duties import SqlDuties
from tradewright.app.fetch.series import FetchAsk, FetchDesk, Fetched, Fetcher
from tradewright.app.fetch.turns import turn_name
from tradewright.app.leaving import remove_series, remove_versions
from tradewright.bootstrap.duties import holder_name, is_gone
from tradewright.bootstrap.series_turns import DutyTurns
from tradewright.domain.control.duties import Duty
from tradewright.domain.errors import StorageError
from tradewright.domain.stored import SeriesKey
from tradewright.domain.timeframe import Timeframe
from tradewright.ports.provider import Provider

MONDAY = 18_267  # 2020-01-06
TAPE = intraday([[100 + day + minute / 10 for minute in range(30)] for day in range(5)])
HELD = "fetch XNYS:ACME 1m raw"


class Shares:
    """Knows every symbol as a share."""

    async def instrument(self, symbol: str) -> Any:
        return share(symbol)


def to_nobody(_: str) -> None:
    """Nobody wants to hear why it waits."""


def dead_holder() -> str:
    """How a process of this machine called itself that is no more."""
    said = "from tradewright.bootstrap.duties import holder_name; print(holder_name())"
    return subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout.strip()


def test_who_asks_while_another_fetches_waits_and_then_finds_it_known(state: Database, tmp_path: Any) -> None:
    clock = HandClock(at("2020-03-01T00:00:00"))
    history = ScriptedHistory(clock, bars_of(TAPE))
    provider: Any = Provider(name="scripted", source="scripted", history=history, instruments=Shares())
    desk = FetchDesk(ParquetBarStore(tmp_path / "bars"), SqlCoverageBook(state), DutyTurns(state), clock)
    ask = FetchAsk(share(), Timeframe.parse("1m"), MONDAY, MONDAY + 5)
    told: list[str] = []

    async def both() -> list[Fetched]:
        fetchers = Fetcher(provider, desk), Fetcher(provider, desk)
        return await asyncio.gather(*(each.fetch(ask, lambda _, why: told.append(why)) for each in fetchers))

    done = asyncio.run(both())
    assert sorted(each.came for each in done) == [0, 150]
    assert all(each.is_whole for each in done)
    assert len(history.asked) == 1
    assert any(f"process {os.getpid()} fetches this series" in why for why in told)
    assert SqlDuties(state).get(HELD) is None


def desk_of(state: Database, folder: Any) -> FetchDesk:
    """A store, a book and real turns."""
    clock = HandClock(at("2020-03-01T00:00:00"))
    return FetchDesk(ParquetBarStore(folder / "bars"), SqlCoverageBook(state), DutyTurns(state), clock)


class HeldHistory(ScriptedHistory):
    """Says that it is in the midst of an answer, and goes on when it may."""

    def __init__(self, clock: Any, bars: Any, at_call: int) -> None:
        super().__init__(clock, bars)
        self.at_call = at_call
        self.is_amid, self.may_go = asyncio.Event(), asyncio.Event()

    async def bars(self, *asked: Any) -> Any:
        if len(self.asked) + 1 == self.at_call:
            self.is_amid.set()
            await asyncio.wait_for(self.may_go.wait(), 60)
        return await super().bars(*asked)


def provider_of(name: str, history: Any) -> Any:
    return Provider(name=name, source=name, history=history, instruments=Shares())


def test_two_sources_of_one_series_take_turns_and_each_finds_what_the_other_brought(
    state: Database, tmp_path: Any
) -> None:
    desk = desk_of(state, tmp_path)
    first = HeldHistory(desk.clock, bars_of(TAPE.rows(0, 90)), 1)
    second = ScriptedHistory(desk.clock, bars_of(TAPE.rows(60, 150)))
    ask = FetchAsk(share(), Timeframe.parse("1m"), MONDAY, MONDAY + 5)
    told: list[str] = []

    def waits(_: int, why: str) -> None:
        if why:
            told.append(why)
            first.may_go.set()

    async def both() -> list[Fetched]:
        one = asyncio.create_task(Fetcher(provider_of("one", first), desk).fetch(ask))
        await asyncio.wait_for(first.is_amid.wait(), 60)
        other = Fetcher(provider_of("other", second), desk).fetch(ask, waits)
        return list(await asyncio.gather(one, other))

    done = asyncio.run(both())
    assert any("fetches this series; waiting for it" in why for why in told)
    assert [(each.came, each.new, each.revised) for each in done] == [(90, 90, 0), (90, 60, 0)]
    assert desk.store.read(ask.key).fingerprint == TAPE.fingerprint
    assert [desk.book.covered(name, ask.key).days for name in ("one", "other")] == [5, 5]


def test_who_removes_a_series_waits_for_the_fetch_of_it_and_removes_all_that_came(
    state: Database, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tradewright.app.fetch.series._PIECE_BARS", 1440)
    desk = desk_of(state, tmp_path)
    history = HeldHistory(desk.clock, bars_of(TAPE), 3)
    ask = FetchAsk(share(), Timeframe.parse("1m"), MONDAY, MONDAY + 5)
    told: list[str] = []

    def waits(why: str) -> None:
        told.append(why)
        history.may_go.set()

    async def removed() -> int:
        return sum([len(each.versions) async for each in remove_series(desk, [ask.key], waits)])

    async def both() -> tuple[Fetched, int]:
        fetching = asyncio.create_task(Fetcher(provider_of("one", history), desk).fetch(ask))
        await asyncio.wait_for(history.is_amid.wait(), 60)
        removing = asyncio.create_task(removed())
        return await fetching, await removing

    done, versions = asyncio.run(both())
    assert (done.new, versions) == (150, 5)
    assert told
    assert desk.store.series() == []
    assert desk.book.asked() == {}


def test_who_removes_the_current_version_waits_for_the_fetch_of_its_series(state: Database, tmp_path: Any) -> None:
    desk = desk_of(state, tmp_path)
    history = HeldHistory(desk.clock, bars_of(TAPE), 2)
    ask = FetchAsk(share(), Timeframe.parse("1m"), MONDAY, MONDAY + 2)
    longer = FetchAsk(share(), Timeframe.parse("1m"), MONDAY, MONDAY + 5)

    async def all_of_it() -> int:
        fetcher = Fetcher(provider_of("one", history), desk)
        await fetcher.fetch(ask)
        (current,) = desk.store.versions(ask.key)
        fetching = asyncio.create_task(fetcher.fetch(longer))
        await asyncio.wait_for(history.is_amid.wait(), 60)
        removing = asyncio.create_task(remove_versions(desk, [current], lambda _: history.may_go.set()))
        await fetching
        return len((await removing).versions)

    assert asyncio.run(all_of_it()) == 1
    assert [each.rows for each in desk.store.versions(ask.key)] == [150]
    # The version that went was not the current one any more, and yet nothing counts as known that might be missing.
    assert desk.book.asked() == {}


def test_the_turn_of_a_dead_process_is_taken_over_at_once(state: Database) -> None:
    SqlDuties(state).move(None, Duty(HELD, dead_holder(), 1))

    async def taken() -> str:
        # A holder that is merely silent would be waited for beyond the patience of any test.
        async with DutyTurns(state, silent_s=3600.0).taken(HELD, to_nobody):
            found = SqlDuties(state).get(HELD)
            return "" if found is None else found.holder

    assert asyncio.run(taken()).split(":")[1] == str(os.getpid())


def test_the_turn_of_a_silent_process_elsewhere_is_taken_over(state: Database) -> None:
    SqlDuties(state).move(None, Duty(HELD, "elsewhere:1:x:y@1", 1))
    told: list[str] = []

    async def taken() -> bool:
        async with DutyTurns(state, silent_s=1.0).taken(HELD, told.append):
            return True

    assert asyncio.run(taken())
    assert told
    assert set(told) == {"elsewhere, process 1 fetches this series; waiting for it"}


def test_a_turn_that_cannot_be_written_down_is_an_error(state: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SqlDuties, "move", lambda *_: False)

    async def taken() -> None:
        async with DutyTurns(state, silent_s=0.5).taken(HELD, to_nobody):
            pass

    with pytest.raises(StorageError, match="turn cannot be written down"):
        asyncio.run(taken())


def test_a_process_is_gone_only_where_that_is_certain() -> None:
    dead, alive = dead_holder(), holder_name()
    host, pid, drawn, mark = dead.split(":")
    assert is_gone(dead)
    assert not is_gone(alive)
    for unsure in (
        "elsewhere:1:x",
        f"{host}:{pid}:{drawn}",
        f"{host}:{pid}:{drawn}:-@{mark.partition('@')[2]}",
        "a",
        "",
    ):
        assert not is_gone(unsure)
    younger = f"{alive.rpartition('@')[0]}@1"
    assert is_gone(younger)


def test_the_name_of_a_turn_fits_whatever_the_series_is_called() -> None:
    long = [SeriesKey(f"XNYS:{'A' * 90}{last}", Timeframe.parse("1m")) for last in "12"]
    names = [turn_name(key) for key in long]
    assert turn_name(SeriesKey("XNYS:ACME", Timeframe.parse("1m"))) == HELD
    assert len(set(names)) == 2
    assert max(map(len, names)) <= 64
