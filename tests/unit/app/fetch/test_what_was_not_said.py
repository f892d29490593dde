"""Days of which a source did not say everything are asked for again: what it lacks, and what cannot be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.feed_stage import ScriptedHistory, bars_of
from tests.markets import daily
from tests.unit.app.fetch.test_series import MONDAY, TAPE, Desk

from tradewright.adapters.storage.parquet.store import ParquetBarStore
from tradewright.adapters.storage.segmented import store as segmented
from tradewright.domain.bars import Bar
from tradewright.domain.errors import BrokerError, DataNotAvailableError, ImpossibleRowsError, SymbolNotFoundError
from tradewright.domain.quality import Problem, QualityReport
from tradewright.domain.stored import ALL_DAYS, DayRange
from tradewright.domain.timeframe import NS_PER_DAY

Answers = Callable[[list[Bar], int, int], Sequence[Bar]]
SHORT = 1440
"""Bars of a piece of one day."""


class Vendor:
    """A history that answers as it is told to."""

    def __init__(self, desk: Desk, said: Answers) -> None:
        self.said, self.asked = said, 0
        self._whole = desk.history

    async def bars(self, symbol: str, timeframe: Any, start_ns: int, end_ns: int) -> Sequence[Bar]:
        self.asked += 1
        return self.said(list(await self._whole.bars(symbol, timeframe, start_ns, end_ns)), start_ns, end_ns)


def without(*rows: int, unreadable: bool = False) -> Answers:
    """Rows of the tape cannot be, and the time of them perhaps not be read."""
    stamps = {int(TAPE.open_time[row]) for row in rows}

    def said(bars: list[Bar], first: int, last: int) -> Sequence[Bar]:
        bad = [bar for bar in bars if bar.open_time in stamps]
        good = tuple(bar for bar in bars if bar.open_time not in stamps)
        if bad:
            rows_ = tuple((None if unreadable else bar.open_time, "its high is below its low") for bar in bad)
            raise ImpossibleRowsError("A bar of ACME cannot be used.", bars=good, rows=rows_)
        return good

    return said


def everything(bars: list[Bar], _: int, __: int) -> Sequence[Bar]:
    """All that there is."""
    return bars


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def by_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each day is a piece of its own."""
    monkeypatch.setattr("tradewright.app.fetch.series._PIECE_BARS", SHORT)


def report(desk: Desk) -> QualityReport:
    found: QualityReport | None = desk.series().quality
    assert found is not None
    return found


def left_out(desk: Desk) -> list[str]:
    """What the report of the series tells of bars that were left out."""
    return [each.sentence for each in report(desk).findings if each.problem is Problem.IMPOSSIBLE]


# ---------------------------------------------------------------- what the source says that it lacks


@pytest.mark.parametrize("error", [DataNotAvailableError, SymbolNotFoundError])
def test_days_that_the_source_says_it_lacks_are_asked_for_again(
    desk: Desk, by_days: None, error: type[DataNotAvailableError]
) -> None:
    gone = range((MONDAY + 1) * NS_PER_DAY, (MONDAY + 3) * NS_PER_DAY)

    def said(bars: list[Bar], first: int, last: int) -> Sequence[Bar]:
        if first in gone:
            raise error("Nothing is known of those days.")
        return bars

    vendor = Vendor(desk, said)
    desk.history = vendor  # type: ignore[assignment]
    done = desk.fetch(0, 5)
    assert (done.new, desk.known()) == (90, ((0, 1), (3, 5)))
    assert [(first - MONDAY, stop - MONDAY) for first, stop in done.lacking] == [(1, 3)]
    assert (done.incomplete.days, done.notes) == (0, ["Nothing is known of those days."])
    vendor.said, vendor.asked = everything, 0
    again = desk.fetch(0, 5)
    assert (again.new, again.lacking.days, vendor.asked) == (60, 0, 2)
    assert desk.bars().fingerprint == TAPE.rows(0, 150).fingerprint
    assert desk.known() == ((0, 5),)


def test_an_answer_without_bars_is_an_answer(desk: Desk) -> None:
    desk.history = Vendor(desk, lambda bars, *_: bars[:30])  # type: ignore[assignment]
    done = desk.fetch(0, 5)
    assert (done.lacking.days, desk.known()) == (0, ((0, 5),))


# ---------------------------------------------------------------- what cannot be


def test_one_impossible_row_leaves_the_rest_of_its_piece_and_its_day_is_asked_for_again(desk: Desk) -> None:
    vendor = Vendor(desk, without(40))
    desk.history = vendor  # type: ignore[assignment]
    done = desk.fetch(0, 5)
    assert (done.came, done.new, done.refused) == (149, 149, 1)
    assert [(first - MONDAY, stop - MONDAY) for first, stop in done.incomplete] == [(1, 2)]
    assert desk.known() == ((0, 1), (2, 5))
    assert done.notes == ["A bar of ACME that opens at 2020-01-07T14:40:00Z was left out: its high is below its low."]
    assert left_out(desk) == done.notes
    vendor.said, vendor.asked = everything, 0
    again = desk.fetch(0, 5)
    assert (vendor.asked, again.new, again.revised, again.incomplete.days) == (1, 1, 0, 0)
    assert desk.bars().fingerprint == TAPE.rows(0, 150).fingerprint
    assert (left_out(desk), desk.known()) == ([], ((0, 5),))


def test_a_row_that_stays_impossible_is_told_once_and_asked_for_each_time(desk: Desk) -> None:
    vendor = Vendor(desk, without(40))
    desk.history = vendor  # type: ignore[assignment]
    for _ in range(3):
        assert desk.fetch(0, 5).incomplete.days == 1
    assert vendor.asked == 3
    assert len(left_out(desk)) == 1
    assert len(desk.store.versions(desk.series().key)) == 1


def test_where_the_time_of_a_row_cannot_be_read_every_day_of_its_piece_is_asked_for_again(
    desk: Desk, by_days: None
) -> None:
    desk.history = Vendor(desk, without(40, unreadable=True))  # type: ignore[assignment]
    done = desk.fetch(0, 5)
    assert (done.new, desk.known()) == (149, ((0, 1), (2, 5)))
    assert done.notes == ["A bar of ACME was left out: its high is below its low."]


def test_a_bar_that_the_house_refuses_leaves_its_day_unknown_as_well(desk: Desk) -> None:
    strange, *sound = bars_of(TAPE.rows(0, 60))
    desk.history = ScriptedHistory(desk.clock, [replace(strange, low=0.0), *sound])
    done = desk.fetch(0, 5)
    assert (done.refused, done.incomplete.days, desk.known()) == (1, 1, ((1, 5),))


def test_a_bar_on_a_day_without_a_session_is_named_and_nothing_is_missing(tmp_path: Path) -> None:
    bars = bars_of(daily([100.0] * 5))
    saturday = replace(bars[0], open_time=bars[4].open_time + NS_PER_DAY, close_time=bars[4].close_time + NS_PER_DAY)
    desk = Desk(tmp_path)
    desk.history = ScriptedHistory(desk.clock, [*bars, saturday])
    done = desk.fetch(0, 8, timeframe="1d")
    assert (done.new, done.refused, done.incomplete.days) == (5, 1, 0)
    assert "lies outside the sessions" in done.notes[0]
    assert desk.known() == ((0, 8),)


def test_a_stored_bar_stays_where_the_source_now_sends_one_that_cannot_be(desk: Desk) -> None:
    desk.fetch(0, 5)
    desk.history = Vendor(desk, without(40))  # type: ignore[assignment]
    done = desk.fetch(0, 5, refresh=True)
    assert (done.new, done.revised, done.refused) == (0, 0, 1)
    assert desk.bars().fingerprint == TAPE.rows(0, 150).fingerprint
    assert left_out(desk) == []


def test_it_stands_in_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.history = Vendor(desk, without(40, 41))  # type: ignore[assignment]
    with caplog.at_level("WARNING", logger="tradewright.fetch"):
        desk.fetch(0, 5)
    (line,) = caplog.messages
    assert line.startswith("XNYS:ACME 1m raw from scripted: 2 bars were left out; the first: A bar of ACME that opens")


# ---------------------------------------------------------------- reports


def test_a_series_is_looked_over_once_when_its_pieces_are_there(desk: Desk, by_days: None) -> None:
    desk.fetch(0, 5)
    current, *others = desk.store.versions(desk.series().key)
    assert [each.quality for each in others] == [None] * 4
    assert (report(desk).rows, current.rows) == (150, 150)


def test_what_came_before_a_vendor_fails_is_looked_over(desk: Desk, by_days: None) -> None:
    def said(bars: list[Bar], first: int, last: int) -> Sequence[Bar]:
        if first > (MONDAY + 3) * NS_PER_DAY:
            raise BrokerError("The history is away.")
        return bars

    desk.history = Vendor(desk, said)  # type: ignore[assignment]
    with pytest.raises(BrokerError):
        desk.fetch(0, 5)
    assert report(desk).rows == 90


def test_what_a_file_left_out_is_still_told_after_a_fetch(desk: Desk, by_days: None) -> None:
    from tradewright.domain.quality import Gravity, QualityFinding
    from tradewright.marketdata.quality import examine

    mine = TAPE.rows(0, 30)
    stamp = int(TAPE.open_time[29]) + 60_000_000_000
    noted = QualityFinding(Problem.IMPOSSIBLE, Gravity.WARN, 1, stamp, stamp, 32, "Line 32 of ACME.csv was left out.")
    with desk.store.writing() as writer:
        writer.add(replace(mine, quality=examine(mine, noted=[noted])))
    desk.fetch(1, 5)
    assert left_out(desk) == [noted.sentence]


# ---------------------------------------------------------------- how much is read


def test_a_piece_reads_what_lies_beside_it_and_not_the_whole_series(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_days: None
) -> None:
    desk = Desk(tmp_path)
    desk.store = ParquetBarStore(tmp_path / "bars", segment_rows=30)
    read: list[int] = []
    opened = segmented.open_bars

    def counted(shelf: Any, key: Any, head: Any, days: DayRange = ALL_DAYS) -> Any:
        found = opened(shelf, key, head, days)
        read.append(len(found))
        return found

    monkeypatch.setattr(segmented, "open_bars", counted)
    desk.fetch(0, 12)
    assert len(desk.bars()) == 300
    *pieces, looked_over, _ = read
    assert looked_over == 300
    assert max(pieces) <= 3 * 30


def test_days_of_which_the_end_is_stored_are_added_to_without_reading_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path)
    desk.fetch(0, 5)
    desk.fetch(0, 12, refresh=True)
    stored = desk.store.versions(desk.series().key)
    assert [each.rows for each in stored] == [300, 150]
    assert desk.bars().fingerprint == TAPE.fingerprint
