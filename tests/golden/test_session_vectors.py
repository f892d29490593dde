"""Opens and closes of real sessions, from the exchanges' own published hours."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.errors import CalendarError
from tradewright.marketdata.sessions import sessions_around, sessions_between


def day(text: str) -> int:
    return int(np.datetime64(text, "D").astype(np.int64))


def instant(text: str) -> int:
    return int(np.datetime64(text, "ns").astype(np.int64))


def hours(calendar: str, date: str) -> tuple[str, str]:
    table = sessions_between(calendar, day(date), day(date))
    opens, closes = (str(np.datetime64(int(column[0]), "ns"))[:16] for column in (table.opens, table.closes))
    return opens, closes


@pytest.mark.parametrize(
    ("calendar", "date", "opens", "closes"),
    [
        ("XNYS", "2023-11-22", "2023-11-22T14:30", "2023-11-22T21:00"),
        ("XNYS", "2023-11-24", "2023-11-24T14:30", "2023-11-24T18:00"),  # the day after Thanksgiving closes at 13:00
        ("XNAS", "2023-07-03", "2023-07-03T13:30", "2023-07-03T17:00"),
        ("XNYS", "2024-03-08", "2024-03-08T14:30", "2024-03-08T21:00"),  # clocks go forward on 2024-03-10
        ("XNYS", "2024-03-11", "2024-03-11T13:30", "2024-03-11T20:00"),
        ("XLON", "2024-03-28", "2024-03-28T08:00", "2024-03-28T16:30"),  # and in London three weeks later
        ("XLON", "2024-04-02", "2024-04-02T07:00", "2024-04-02T15:30"),
        ("XLON", "2023-12-22", "2023-12-22T08:00", "2023-12-22T12:30"),
        ("XTKS", "2024-01-04", "2024-01-04T00:00", "2024-01-04T06:00"),
        ("XHKG", "2024-02-09", "2024-02-09T01:30", "2024-02-09T04:00"),  # the eve of the lunar new year
        ("XNSE", "2019-07-09", "2019-07-09T03:45", "2019-07-09T10:00"),
        ("24/7", "2024-02-29", "2024-02-29T00:00", "2024-03-01T00:00"),
        ("24/5", "2024-01-08", "2024-01-07T18:00", "2024-01-09T00:00"),
        ("24/5", "2024-01-09", "2024-01-09T00:00", "2024-01-10T00:00"),
    ],
)
def test_session_hours(calendar, date, opens, closes):
    assert hours(calendar, date) == (opens, closes)


@pytest.mark.parametrize(
    ("calendar", "date"),
    [
        ("XNYS", "2023-11-23"),
        ("XNYS", "2001-09-12"),
        ("XNYS", "2012-10-29"),
        ("XTKS", "2024-01-02"),
        ("24/5", "2024-01-06"),
    ],
)
def test_no_session(calendar, date):
    assert len(sessions_between(calendar, day(date), day(date))) == 0


def test_session_of_an_instant_holds_its_open_and_not_its_close():
    table = sessions_between("XNYS", day("2023-11-20"), day("2023-11-30"))
    asked = np.array([instant(f"2023-11-24T{clock}") for clock in ("14:29:59", "14:30", "17:59:59", "18:00")])
    friday = int(np.flatnonzero(table.labels == day("2023-11-24"))[0])
    assert table.of_instants(asked).tolist() == [-1, friday, friday, -1]


def test_extended_hours_belong_to_the_local_day():
    table = sessions_between("XNYS", day("2023-11-20"), day("2023-11-30"))
    asked = np.array([instant(text) for text in ("2023-11-24T09:00", "2023-11-25T00:59", "2023-11-25T05:00")])
    friday = int(np.flatnonzero(table.labels == day("2023-11-24"))[0])
    assert table.of_instants(asked, extended=True).tolist() == [friday, friday, -1]


def test_extended_hours_of_a_session_that_spans_midnight_do_not_overlap():
    starts, stops = sessions_between("CMES", day("2024-03-01"), day("2024-03-29")).extended
    assert (stops[:-1] <= starts[1:]).all()
    assert (starts < stops).all()


@pytest.mark.parametrize("count", [1, 40])
def test_the_same_dates_have_the_same_sessions_whatever_was_asked(count):
    wide = sessions_between("XNYS", day("2010-01-01"), day("2020-12-31"))
    narrow = sessions_between("XNYS", day("2014-06-05"), day("2014-06-05") + count)
    keep = np.isin(wide.labels, narrow.labels)
    assert np.array_equal(wide.opens[keep], narrow.opens)
    assert np.array_equal(wide.closes[keep], narrow.closes)


def test_a_calendar_that_is_not_known_so_far_says_so():
    with pytest.raises(CalendarError, match="The calendar XHKG does not reach from 2000-01-01 to 2100-01-01"):
        sessions_between("XHKG", day("2000-01-01"), day("2100-01-01"))


def test_a_calendar_that_is_known_up_to_some_year_is_used_up_to_then():
    assert len(sessions_between("XHKG", day("2049-12-01"), day("2049-12-31"))) > 15


def test_dates_that_no_calendar_means_are_refused():
    with pytest.raises(CalendarError, match="Dates rise and lie between 1900 and 2199"):
        sessions_between("24/7", day("2024-01-02"), day("2024-01-01"))


def test_a_range_without_any_session_is_refused():
    saturday = instant("2024-01-06T10:00")
    with pytest.raises(CalendarError, match="has no session from 2024-01-06 to 2024-01-06"):
        sessions_around("24/5", saturday, saturday, pad_days=0)


def test_no_session_holds_anything_in_a_table_without_one():
    empty = sessions_between("XNYS", day("2024-01-06"), day("2024-01-07"))
    asked = np.array([day("2024-01-06")])
    assert empty.of_labels(asked).tolist() == [-1]
    assert empty.of_instants(asked).tolist() == [-1]


@pytest.mark.parametrize(
    ("calendar", "date", "last"), [("XHKG", "2049-12-30", "2049-12-31"), ("24/7", "2199-12-30", "2199-12-31")]
)
def test_days_to_either_side_end_with_what_the_calendar_knows(calendar, date, last):
    noon = instant(f"{date}T12:00")
    assert sessions_around(calendar, noon, noon, pad_days=40).labels[-1] == day(last)


def test_an_instant_beyond_what_the_calendar_knows_is_refused():
    new_year = instant("2050-01-03T04:00")
    with pytest.raises(CalendarError, match="The calendar XHKG does not reach from"):
        sessions_around("XHKG", new_year, new_year)


def test_a_calendar_that_there_is_not_is_named_with_its_neighbours():
    noon = instant("2024-01-03T12:00")
    with pytest.raises(CalendarError, match=r"There is no calendar named 'XNYX'\. Did you mean XNYS"):
        sessions_around("XNYX", noon, noon)


@pytest.mark.parametrize(
    ("calendar", "date", "pause"),
    [
        ("XTKS", "2024-06-03", ("02:30", "03:30")),
        ("XHKG", "2024-06-03", ("04:00", "05:00")),
        ("XSHG", "2024-06-03", ("03:30", "05:00")),
    ],
)
def test_pauses_for_lunch(calendar, date, pause):
    table = sessions_between(calendar, day(date), day(date))
    assert table.breaks is not None
    assert tuple(str(np.datetime64(int(column[0]), "ns"))[11:16] for column in table.breaks) == pause


def test_a_half_day_has_no_pause():
    table = sessions_between("XHKG", day("2024-02-09"), day("2024-02-09"))
    assert table.breaks is not None
    assert [column[0] for column in table.breaks] == [table.closes[0], table.closes[0]]
    assert sessions_between("XNYS", day("2024-02-09"), day("2024-02-09")).breaks is None
