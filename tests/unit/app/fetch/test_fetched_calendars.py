"""Bars of the exchanges of the world come into the store with the times that their calendars give them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.feed_stage import ScriptedHistory, at, bars_of
from tests.risk_desk import HandClock
from tests.timed_bars import dates, day, sessions_of, spans, timed

from tradewright.adapters.storage.parquet.store import ParquetBarStore
from tradewright.adapters.storage.sql.coverage import SqlCoverageBook
from tradewright.adapters.storage.sql.database import Database
from tradewright.app.fetch.series import FetchAsk, FetchDesk, Fetched, Fetcher
from tradewright.app.stored_actions import said_of
from tradewright.bootstrap.series_turns import DutyTurns
from tradewright.domain.bars import Bars
from tradewright.domain.instrument import Crypto, Equity, Instrument
from tradewright.domain.timeframe import NS_PER_MINUTE, Timeframe
from tradewright.marketdata.placement import Hours
from tradewright.ports.provider import Provider


class Desk:
    """A store, and a provider that has these bars."""

    def __init__(self, folder: Path, bars: Bars) -> None:
        self.clock = HandClock(at("2025-03-01T00:00:00"))
        self.store = ParquetBarStore(folder / "bars")
        self.state = Database(folder / "runs.db")
        self.history = ScriptedHistory(self.clock, bars_of(bars))
        self.instrument = bars.instrument

    def fetch(self, timeframe: str, first: str, last: str, **more: Any) -> Fetched:
        provider: Any = Provider(name="vendor", source="vendor", history=self.history, instruments=None)  # type: ignore[arg-type]
        desk = FetchDesk(self.store, SqlCoverageBook(self.state), DutyTurns(self.state), self.clock)
        ask = FetchAsk(self.instrument, Timeframe.parse(timeframe), day(first), day(last) + 1, **more)
        return asyncio.run(Fetcher(provider, desk).fetch(ask))

    def bars(self) -> Bars:
        return self.store.read(self.store.series()[0].key)


MARKETS = [
    (Equity("IBM", "XNYS"), "2024-11-27", "2024-12-02", "2024-11-29", "14:30 18:00"),
    (Equity("AAPL", "XNAS"), "2024-03-07", "2024-03-12", "2024-03-11", "13:30 20:00"),
    (Equity("RELIANCE", "NSE", currency="INR"), "2024-10-30", "2024-11-04", "2024-10-31", "03:45 10:00"),
    (Equity("RELIANCE", "XNSE", currency="INR"), "2024-10-30", "2024-11-04", "2024-10-31", "03:45 10:00"),
    (Equity("SBIN", "XBOM", currency="INR"), "2024-10-30", "2024-11-04", "2024-10-31", "03:45 10:00"),
    (Equity("VOD", "XLON", currency="GBP"), "2024-12-23", "2024-12-27", "2024-12-24", "08:00 12:30"),
    (Crypto("BTC"), "2024-12-24", "2024-12-26", "2024-12-25", "00:00 2024-12-26T00:00"),
]
IDS = [instrument.id for instrument, *_ in MARKETS]


@pytest.mark.parametrize(("instrument", "first", "last", "on", "hours"), MARKETS, ids=IDS)
def test_days_open_and_close_with_their_sessions(
    tmp_path: Path, instrument: Instrument, first: str, last: str, on: str, hours: str
) -> None:
    true = sessions_of(instrument, "1d", first, last)
    desk = Desk(tmp_path, true)
    desk.fetch("1d", first, last)
    assert desk.bars().fingerprint == true.fingerprint
    assert dict(zip(dates(desk.bars()), spans(desk.bars()), strict=True))[on] == f"{on}T{hours}"
    assert desk.fetch("1d", first, last).pieces == 0


@pytest.mark.parametrize(("instrument", "first", "last", "on", "hours"), MARKETS, ids=IDS)
def test_minutes_belong_to_their_sessions(
    tmp_path: Path, instrument: Instrument, first: str, last: str, on: str, hours: str
) -> None:
    true = sessions_of(instrument, "30m", first, last)
    desk = Desk(tmp_path, true)
    assert desk.fetch("30m", first, last).refused == 0
    assert desk.bars().fingerprint == true.fingerprint
    mine = [span for span, date in zip(spans(desk.bars()), dates(desk.bars()), strict=True) if date == on]
    begin, _, end = hours.partition(" ")
    assert mine[0].startswith(f"{on}T{begin}")
    assert mine[-1].endswith(end)


# ---------------------------------------------------------------- before the open and after the close

APPLE = Equity("AAPL", "XNAS")


def long_days() -> Bars:
    """Half-hours from 04:00 to 20:00 in New York, over the change of the clock: two days of each time."""
    begins = [("2024-03-07T09:00", 32), ("2024-03-08T09:00", 32), ("2024-03-11T08:00", 32), ("2024-03-12T08:00", 32)]
    stamps = np.concatenate([at(f"{begin}:00") + np.arange(count) * 30 * NS_PER_MINUTE for begin, count in begins])
    return timed(APPLE, "30m", stamps, Hours.EXTENDED)


def test_hours_around_the_session_come_where_they_are_asked_for(tmp_path: Path) -> None:
    desk = Desk(tmp_path, long_days())
    done = desk.fetch("30m", "2024-03-07", "2024-03-12", hours=Hours.EXTENDED)
    assert (done.new, done.refused) == (4 * 32, 0)
    assert desk.store.series()[0].source == "vendor extended", "as the book knows it"
    assert desk.bars().fingerprint == long_days().fingerprint
    assert set(dates(desk.bars())) == {"2024-03-07", "2024-03-08", "2024-03-11", "2024-03-12"}


def test_what_was_said_of_actions_is_found_where_the_last_bar_lies_beyond_midnight_utc(tmp_path: Path) -> None:
    desk = Desk(tmp_path, long_days())
    desk.fetch("30m", "2024-03-07", "2024-03-08", hours=Hours.EXTENDED)
    assert spans(desk.bars())[-1].startswith("2024-03-09T00:30")
    assert said_of(desk.store, desk.store.series()[0]) == ()


def test_without_a_word_they_are_left_out(tmp_path: Path) -> None:
    desk = Desk(tmp_path, long_days())
    assert desk.fetch("30m", "2024-03-07", "2024-03-12").new == 4 * 13
    assert spans(desk.bars())[0] == "2024-03-07T14:30 15:00"
    assert spans(desk.bars())[-1] == "2024-03-12T19:30 20:00"


def test_what_was_asked_for_in_the_session_alone_is_asked_for_again_in_longer_hours(tmp_path: Path) -> None:
    desk = Desk(tmp_path, long_days())
    desk.fetch("30m", "2024-03-07", "2024-03-12")
    done = desk.fetch("30m", "2024-03-07", "2024-03-12", hours=Hours.EXTENDED)
    assert (done.new, done.revised) == (4 * 19, 0)
    assert desk.bars().fingerprint == long_days().fingerprint
    assert desk.fetch("30m", "2024-03-07", "2024-03-12", hours=Hours.EXTENDED).pieces == 0
    assert desk.fetch("30m", "2024-03-07", "2024-03-12").pieces == 0


def test_a_day_in_longer_hours_is_known_when_they_are_over(tmp_path: Path) -> None:
    desk = Desk(tmp_path, long_days())
    desk.clock.now = at("2024-03-08T22:00:00")
    assert desk.fetch("30m", "2024-03-08", "2024-03-08", hours=Hours.EXTENDED).new == 26
    desk.clock.now = at("2024-03-09T12:00:00")
    assert desk.fetch("30m", "2024-03-08", "2024-03-08", hours=Hours.EXTENDED).new == 6
