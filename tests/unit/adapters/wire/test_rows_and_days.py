"""Rows of vendors become bars: numbers that are numbers, each bar once, and days as long as their sessions."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from tests.vendor_truth import DAILY, NEW_YORK, day

from tradewright.adapters.wire.days import SessionDays
from tradewright.adapters.wire.reading import retry_after_s
from tradewright.adapters.wire.rows import in_order, number_in
from tradewright.domain.errors import BrokerError, DataError
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


def test_bars_come_out_once_and_oldest_first():
    truth = NEW_YORK.closed(DAILY)
    assert in_order([*truth[5:], *truth[:8]], "Quay") == truth


def test_two_different_bars_of_one_time_are_refused_with_who_sent_them():
    one, other = NEW_YORK.closed(DAILY)[:2]
    twin = type(one)(one.symbol, one.open_time, one.close_time, other.open, other.high, other.low, other.close, 1.0)
    with pytest.raises(BrokerError, match="Quay sent two different bars of ACME that open at 2023-11-01 13:30:00"):
        in_order([one, twin], "Quay")


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
