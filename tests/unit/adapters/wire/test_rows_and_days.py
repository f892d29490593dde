"""Rows of vendors become bars: numbers that are numbers, each bar once, and days as long as their sessions."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from tests.vendor_truth import DAILY, NEW_YORK, day

from tradewright.adapters.wire.days import SessionDays
from tradewright.adapters.wire.reading import retry_after_s
from tradewright.adapters.wire.rows import RowReader, number_in
from tradewright.domain.errors import DataError, ImpossibleRowsError
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_SECOND

ZONE = ZoneInfo("America/New_York")
HOUR = 3_600 * NS_PER_SECOND


@pytest.mark.parametrize("value", [12.5, "12.5", Decimal("12.5")])
def test_a_number_may_be_written_in_any_way(value):
    assert number_in({"h": value}, "h") == 12.5


@pytest.mark.parametrize("value", [None, True, "", "n/a", "nan", float("inf"), [1.0], {"v": 1}, 10**400])
def test_what_is_no_finite_number_is_refused_by_name(value):
    with pytest.raises(DataError, match=r"'h' is .*, and no number"):
        number_in({"h": value}, "h")


@pytest.mark.parametrize("row", [None, [], "row", {}])
def test_a_row_that_has_no_such_number_is_refused(row):
    with pytest.raises(DataError, match="'h' is None"):
        number_in(row, "h")


TRUTH = NEW_YORK.closed(DAILY)
FIRST, LAST = TRUTH[0].open_time, TRUTH[-1].close_time
READER = RowReader(
    "Quay", "ACME", lambda row: (row["t"], row["t"] + HOUR), lambda row: [number_in(row, name) for name in "ohlcv"]
)


def sent(bar, **changes):
    """A bar as the vendor sends it."""
    numbers = {"o": bar.open, "h": bar.high, "l": bar.low, "c": bar.close, "v": bar.volume}
    return {"t": bar.open_time, **numbers, **changes}


def opened(bars):
    return [bar.open_time for bar in bars]


def impossible(*rows):
    """What is said of rows that cannot be, among all the others."""
    others = [sent(bar) for bar in TRUTH[3:]]
    with pytest.raises(ImpossibleRowsError) as caught:
        READER.bars([*rows, *others], FIRST, LAST)
    assert opened(caught.value.bars)[-len(others) :] == opened(TRUTH[3:])
    return caught.value


def test_bars_come_out_once_and_oldest_first():
    rows = [sent(bar) for bar in (*TRUTH[5:], *TRUTH[:8])]
    assert opened(READER.bars(rows, FIRST, LAST)) == opened(TRUTH)


def test_of_two_different_bars_of_one_time_neither_counts():
    error = impossible(sent(TRUTH[0]), sent(TRUTH[1]), sent(TRUTH[1], v=7.0), sent(TRUTH[1], v=8.0))
    assert error.rows == ((TRUTH[1].open_time, "it is one of two different bars that open together"),)
    assert opened(error.bars) == opened([TRUTH[0], *TRUTH[3:]])


REASONS = {
    "its high is below its low": {"h": 1.0},
    "its open is negative": {"l": -3.0, "o": -4.0},
    "its open is zero": {"o": 0.0},
    "its volume is negative": {"v": -1.0},
    "its 'h' is 'n/a', and no number": {"h": "n/a"},
    "its 'v' is None, and no number": {"v": None},
    "its 'c' is 'nan', and no number": {"c": "nan"},
}


@pytest.mark.parametrize("reason", REASONS)
def test_a_row_that_cannot_be_leaves_the_others_and_is_named_in_the_words_of_files(reason):
    error = impossible(sent(TRUTH[0]), sent(TRUTH[1], **REASONS[reason]))
    assert error.rows == ((TRUTH[1].open_time, reason),)
    assert error.message == f"A bar of ACME from Quay at 2023-11-02 13:30:00 cannot be used: {reason}."


@pytest.mark.parametrize("row", [None, [], {"t": "soon"}, {"o": 1.0}])
def test_a_row_whose_time_cannot_be_read_is_named_without_one(row):
    error = impossible(row)
    assert [at for at, _ in error.rows] == [None]
    assert error.rows[0][1].startswith("it cannot be read (")
    assert error.message.startswith("A bar of ACME from Quay cannot be used: it cannot be read (")


def test_a_number_that_a_file_would_call_infinite_is_called_so_here():
    with pytest.raises(ImpossibleRowsError, match="its high is infinite"):
        RowReader("Quay", "ACME", lambda row: (row, row + HOUR), lambda _: [1.0, float("inf"), 1.0, 1.0, 1.0]).bars(
            [FIRST], FIRST, LAST
        )


def test_rows_that_were_not_asked_for_are_not_looked_at():
    bad = sent(TRUTH[1], h=0.5)
    assert opened(READER.bars([bad, sent(TRUTH[2])], TRUTH[2].open_time, LAST)) == opened(TRUTH[2:3])


def test_a_day_lasts_as_long_as_its_session_half_days_included():
    days = SessionDays("XNYS", ZONE)
    opened, closed = days.span_at(day("2023-11-24") * NS_PER_DAY + 12 * HOUR)
    assert (opened, closed - opened) == (day("2023-11-24") * NS_PER_DAY + 14 * HOUR + HOUR // 2, 3 * HOUR + HOUR // 2)
    assert (
        days.span_at(day("2010-06-01") * NS_PER_DAY + 12 * HOUR)[0] == day("2010-06-01") * NS_PER_DAY + 27 * HOUR // 2
    )


def test_a_day_without_a_session_is_a_whole_day_for_others_to_refuse():
    begin, stop = SessionDays("XNYS", ZONE).span_at(day("2023-12-25") * NS_PER_DAY + 15 * HOUR)
    assert (begin, stop - begin) == (day("2023-12-25") * NS_PER_DAY + 5 * HOUR, 24 * HOUR)


def test_days_that_a_calendar_does_not_know_are_whole_days():
    begin, stop = SessionDays("XBOM", ZoneInfo("Asia/Kolkata")).span_at(day("1980-01-02") * NS_PER_DAY)
    assert stop - begin == 24 * HOUR


def test_a_bar_is_over_when_its_session_is():
    days = SessionDays("XNYS", ZONE)
    close = day("2023-11-24") * NS_PER_DAY + 18 * HOUR
    assert days.closes_by(close - HOUR // 2, close + HOUR // 2) == close
    assert days.closes_by(close + HOUR, close + 2 * HOUR) == close + 2 * HOUR


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("7", 7.0), ("0.5", 0.5), ("-3", 0.0), ("Thu, 01 Jan 1970 00:01:40 GMT", 90.0), ("soon", None), ("", None)],
)
def test_a_wait_is_named_in_seconds_or_by_its_end(said, seconds):
    assert retry_after_s({"retry-after": said}, now_ns=10 * NS_PER_SECOND) == seconds


def test_a_date_is_not_understood_without_the_time():
    assert retry_after_s({"retry-after": "Thu, 01 Jan 1970 00:01:40 GMT"}) is None
    assert retry_after_s({}, now_ns=0) is None
