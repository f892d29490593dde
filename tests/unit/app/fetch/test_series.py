"""A day is asked for once, when its source has said everything of it; what ends a fetch, the next goes on from."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from tests.feed_stage import ScriptedHistory, at, bars_of
from tests.markets import intraday, share
from tests.risk_desk import HandClock

from tradewright.adapters.storage.parquet.store import ParquetBarStore
from tradewright.adapters.storage.sql.coverage import SqlCoverageBook
from tradewright.adapters.storage.sql.database import Database
from tradewright.app.fetch.series import FetchAsk, FetchDesk, Fetched, Fetcher
from tradewright.bootstrap.series_turns import DutyTurns
from tradewright.domain.bars import Adjustment, Bars
from tradewright.domain.errors import BrokerError, DataError
from tradewright.domain.stored import WriteMode
from tradewright.domain.timeframe import Timeframe
from tradewright.ports.provider import Provider

MONDAY = 18_267  # 2020-01-06

TAPE = intraday([[100 + day + minute / 10 for minute in range(30)] for day in range(10)])
"""Two weeks of half-hours of trading in minutes, from Monday on."""
LATER = at("2020-03-01T00:00:00")


class Shares:
    """Knows every symbol as a share."""

    async def instrument(self, symbol: str) -> Any:
        return share(symbol)


class Desk:
    """A store, what is known of it, and a history that can be asked."""

    def __init__(self, folder: Path, bars: Bars = TAPE, now: int = LATER, delay_s: float = 0.0) -> None:
        self.clock = HandClock(now)
        self.store = ParquetBarStore(folder / "bars")
        self.state = Database(folder / "runs.db")
        self.book = SqlCoverageBook(self.state)
        self.turns = DutyTurns(self.state)
        self.is_synthetic = False
        self.delay_s = delay_s
        self.history = ScriptedHistory(self.clock, bars_of(bars))
        self.actions: Any = None

    def fetch(self, first: int, stop: int, timeframe: str = "1m", **changes: Any) -> Fetched:
        """Days from Monday on."""
        ask = FetchAsk(share(), Timeframe.parse(timeframe), MONDAY + first, MONDAY + stop, **changes)
        return asyncio.run(self.fetcher().fetch(ask))

    def fetcher(self, others: Sequence[str] = ()) -> Fetcher:
        """Out of the history as it is now."""
        provider: Any = Provider(
            name="scripted", source="scripted", history=self.history, instruments=Shares(), delay_s=self.delay_s,
            actions=self.actions, is_synthetic=self.is_synthetic,
        )  # fmt: skip
        return Fetcher(provider, FetchDesk(self.store, self.book, self.turns, self.clock), others)

    def known(self) -> tuple[tuple[int, int], ...]:
        """The days that count as known, from Monday on."""
        pairs = self.book.covered("scripted", self.series().key)
        return tuple((first - MONDAY, stop - MONDAY) for first, stop in pairs)

    def series(self) -> Any:
        return self.store.series()[0]

    def bars(self) -> Bars:
        return self.store.read(self.series().key)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_what_is_fetched_is_what_the_history_holds(desk: Desk) -> None:
    done = desk.fetch(0, 12)
    assert (done.came, done.new, done.revised, done.refused) == (300, 300, 0, 0)
    assert desk.bars().close.tolist() == TAPE.close.tolist()
    assert desk.bars().open_time.tolist() == TAPE.open_time.tolist()
    assert desk.series().source == "scripted"


def test_a_day_is_asked_for_once(desk: Desk) -> None:
    desk.fetch(0, 5)
    asked = len(desk.history.asked)
    again = desk.fetch(0, 5)
    assert (again.missing.days, again.pieces, len(desk.history.asked)) == (0, 0, asked)


def test_only_what_is_missing_is_asked_for(desk: Desk) -> None:
    desk.fetch(2, 4)
    done = desk.fetch(0, 9)
    assert [(first - MONDAY, stop - MONDAY) for first, stop in done.missing] == [(0, 2), (4, 9)]
    assert (done.new, done.pieces) == (150, 2)
    assert desk.bars().close.tolist() == TAPE.rows(0, 210).close.tolist()


@pytest.mark.parametrize("order", [[(0, 3), (3, 7), (7, 12)], [(7, 12), (3, 7), (0, 3)], [(3, 7), (0, 12)]])
def test_the_same_dates_give_the_same_bars_whatever_was_asked_before(desk: Desk, order: list[tuple[int, int]]) -> None:
    for first, stop in order:
        desk.fetch(first, stop)
    assert desk.bars().fingerprint == TAPE.fingerprint


def restated(bars: Bars, ratio: float) -> Bars:
    """The same bars per share of after a split."""
    prices = {name: getattr(bars, name) / ratio for name in ("open", "high", "low", "close")}
    return replace(bars, volume=bars.volume * ratio, **prices)


def test_prices_that_contain_splits_are_a_series_of_their_own(desk: Desk) -> None:
    desk.fetch(0, 5, adjustment=Adjustment.SPLIT)
    assert desk.bars().adjustment is Adjustment.SPLIT
    assert desk.series().key.adjustment is Adjustment.SPLIT


def test_prices_that_contain_splits_come_anew_as_a_whole_after_one(desk: Desk) -> None:
    desk.fetch(0, 3, adjustment=Adjustment.SPLIT)
    desk.history = ScriptedHistory(desk.clock, bars_of(restated(TAPE, 4.0)))
    done = desk.fetch(3, 9, adjustment=Adjustment.SPLIT)
    assert (done.new, done.revised) == (120, 90)
    assert done.notes == [
        "scripted has other prices of XNYS:ACME 1m split than before, as after a split: all of it comes anew."
    ]
    assert desk.bars().close.tolist() == restated(TAPE.rows(0, 210), 4.0).close.tolist()


def test_prices_that_contain_splits_are_added_to_where_nothing_changed(desk: Desk) -> None:
    desk.fetch(0, 3, adjustment=Adjustment.SPLIT)
    done = desk.fetch(3, 9, adjustment=Adjustment.SPLIT)
    assert (done.new, done.revised, done.notes) == (120, 0, [])


def test_days_without_bars_are_known_as_well(desk: Desk) -> None:
    desk.fetch(0, 20)
    assert desk.known() == ((0, 20),)
    assert desk.fetch(14, 18).pieces == 0


def test_a_session_that_has_not_closed_is_asked_for_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path, now=at("2020-01-08T14:40:00"))
    assert desk.fetch(0, 5).new == 30 + 30 + 10
    assert desk.known() == ((0, 2),)
    desk.clock.now = at("2020-01-08T22:00:00")
    assert desk.fetch(0, 5).new == 20
    desk.clock.now = LATER
    assert desk.fetch(0, 5).new == 60
    assert desk.bars().fingerprint == TAPE.rows(0, 150).fingerprint


def test_what_a_feed_is_late_by_is_waited_for(tmp_path: Path) -> None:
    desk = Desk(tmp_path, now=at("2020-01-06T21:10:00"), delay_s=900.0)
    desk.fetch(0, 1)
    assert desk.known() == ()


def test_the_future_is_not_known(tmp_path: Path) -> None:
    desk = Desk(tmp_path, now=at("2020-01-11T12:00:00"))
    desk.fetch(0, 12)
    assert desk.known() == ((0, 5),)


def test_a_history_that_fails_leaves_what_came_and_the_rest_is_asked_for(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("tradewright.app.fetch.series._PIECE_BARS", 1440)
    desk = Desk(tmp_path)
    calls, whole = [0], desk.history.bars

    async def failing(*asked: Any) -> Any:
        calls[0] += 1
        if calls[0] == 4:
            raise BrokerError("The history is away.")
        return await whole(*asked)

    monkeypatch.setattr(desk.history, "bars", failing)
    with pytest.raises(BrokerError):
        desk.fetch(0, 5)
    assert (desk.known(), len(desk.bars())) == (((0, 3),), 90)
    assert desk.fetch(0, 5).new == 60
    assert desk.bars().fingerprint == TAPE.rows(0, 150).fingerprint


def test_a_revision_is_found_by_asking_again_and_makes_a_version(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.fetch(0, 5)
    before = desk.series().version
    rows = [[100 + day + minute / 10 for minute in range(30)] for day in range(5)]
    rows[2][7] = 50.0
    desk.history = ScriptedHistory(desk.clock, bars_of(intraday(rows)))
    assert desk.fetch(0, 5).pieces == 0
    done = desk.fetch(0, 5, refresh=True)
    assert (done.revised, done.new) == (1, 0)
    assert desk.bars().close[67] == 50.0
    assert desk.store.read(desk.series().key, version=before).close[67] == TAPE.close[67]


def test_what_a_source_no_longer_says_is_not_taken_away(desk: Desk) -> None:
    desk.fetch(0, 5)
    desk.history = ScriptedHistory(desk.clock, bars_of(TAPE.rows(0, 60)))
    done = desk.fetch(0, 5, refresh=True)
    assert (done.came, done.new, done.revised) == (60, 0, 0)
    assert len(desk.bars()) == 150


def test_a_series_that_was_taken_out_of_the_store_is_asked_for_anew(desk: Desk) -> None:
    desk.fetch(0, 5)
    desk.store.remove(desk.store.versions(desk.series().key))
    desk.fetch(4, 5)
    assert desk.known() == ((4, 5),)
    assert desk.fetch(0, 5).new == 120


def test_bars_that_cannot_be_are_left_out_and_said(desk: Desk) -> None:
    strange, sound = bars_of(TAPE, 0, 1)
    desk.history = ScriptedHistory(desk.clock, [replace(strange, low=0.0), sound])
    done = desk.fetch(0, 1)
    assert (done.came, done.refused) == (1, 1)
    assert "has a low of 0.0" in done.notes[0]


def test_bars_are_put_to_what_was_imported(desk: Desk) -> None:
    mine = TAPE.rows(60, 90)
    with desk.store.writing() as writer:
        writer.add(intraday([[100 + 2 + minute / 10 for minute in range(30)]], first_day=MONDAY + 2), WriteMode.NEW)
    assert desk.fetch(0, 5).new == 120
    assert desk.bars().rows(60, 90).close.tolist() == mine.close.tolist()


def test_weeks_are_not_fetched(desk: Desk) -> None:
    with pytest.raises(DataError, match="Bars of 1w are not fetched"):
        desk.fetch(0, 5, timeframe="1w")


def test_made_up_bars_are_stored_as_such_and_never_beside_real_ones(desk: Desk) -> None:
    desk.is_synthetic = True
    desk.fetch(0, 5)
    assert (desk.series().synthetic, desk.bars().synthetic) == (True, True)
    desk.is_synthetic = False
    for days in ((0, 5), (5, 12)):
        with pytest.raises(DataError, match=r"XNYS:ACME cannot hold SYNTHETIC bars .* and real ones"):
            desk.fetch(*days, refresh=True)


def test_what_another_source_has_said_counts_where_it_stands_in(desk: Desk) -> None:
    desk.fetch(0, 3)
    desk.book.mark("other", desk.series().key, MONDAY + 3, MONDAY + 5, LATER)
    ask = FetchAsk(share(), Timeframe.parse("1m"), MONDAY, MONDAY + 7)
    assert desk.fetcher().missing(ask).pairs == ((MONDAY + 3, MONDAY + 7),)
    assert desk.fetcher(["other"]).missing(ask).pairs == ((MONDAY + 5, MONDAY + 7),)


class FleetingTurns:
    """Turns that are lost after so many pieces; while nobody has one, somebody else brings days."""

    def __init__(self, meanwhile: Callable[[], object], *pieces: int) -> None:
        self.meanwhile, self.pieces, self.taken_times = meanwhile, list(pieces), 0

    @property
    def is_mine(self) -> bool:
        self.left -= 1
        return self.left >= 0

    @asynccontextmanager
    async def taken(self, name: str, waits: Callable[[str], None]) -> AsyncIterator[FleetingTurns]:
        assert name == "fetch XNYS:ACME 1m raw"
        if self.taken_times:
            self.meanwhile()
        self.left, self.taken_times = self.pieces.pop(0), self.taken_times + 1
        yield self


def test_a_turn_that_is_lost_is_waited_for_again_and_what_others_brought_is_not_asked_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tradewright.app.fetch.series._PIECE_BARS", 1440)
    other = Desk(desk.store.folder.parent)

    async def brought() -> None:
        ask = FetchAsk(share(), Timeframe.parse("1m"), MONDAY + 2, MONDAY + 4)
        await other.fetcher().fetch(ask)

    def meanwhile() -> None:
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, brought()).result()

    turns = FleetingTurns(meanwhile, 2, 99)
    desk.turns = cast("Any", turns)
    done = desk.fetch(0, 5)
    assert [(first - MONDAY, stop - MONDAY) for first, stop in done.missing] == [(0, 2), (4, 5)]
    assert (turns.taken_times, done.new, len(desk.bars()), done.is_whole) == (2, 90, 150, True)
    assert desk.bars().fingerprint == TAPE.rows(0, 150).fingerprint


def test_where_nothing_is_missing_no_turn_is_taken(desk: Desk) -> None:
    desk.fetch(0, 5)
    desk.turns = cast("Any", FleetingTurns(lambda: None))
    assert desk.fetch(1, 4).is_whole
