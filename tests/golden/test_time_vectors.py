"""Bars added up by hand: half days, clocks that change, lunch, markets that never close, ends of years.

Session hours are the exchanges' published ones; the numbers of the real files were added up from their rows.
"""

from __future__ import annotations

import gzip

import numpy as np
import pytest
from tests.timed_bars import dates, instants, sessions_of, spans, timed, times

import tradewright as tw
from tradewright.domain.errors import CalendarError, DataError
from tradewright.marketdata.placement import Hours
from tradewright.marketdata.resample import resample

NYSE, XETRA = tw.Equity("X", "XNYS"), tw.Equity("X", "XETR")
TOKYO, HONG_KONG, MUMBAI = tw.Equity("X", "XTKS"), tw.Equity("X", "XHKG"), tw.Equity("X", "XNSE")
COIN, EURO = tw.Crypto("BTCUSD"), tw.FxPair("EURUSD")


@pytest.fixture(scope="module")
def stoxx(shared_data):
    said = {"symbol": "ESTX50", "calendar": "XETR", "timeframe": "5m", "stamp": "end", "volume": "none"}
    return tw.read_bars(shared_data / "intraday/ESTX50_5m_200601.csv.gz", **said)


def raw_rows(file):
    with gzip.open(file, "rt") as stream:
        next(stream)
        return [line.rstrip("\n").split(",") for line in stream]


class TestStampsAtBarEnds:
    def test_the_first_bar_of_the_file_is_nine_to_five_past_in_berlin(self, stoxx):
        assert spans(stoxx)[0] == "2006-01-02T08:00 08:05"

    def test_hours_hold_the_rows_that_end_inside_them(self, stoxx, shared_data):
        """The hour 08:00 to 09:00 UTC is made of the twelve rows stamped 08:05 to 09:00."""
        rows = raw_rows(shared_data / "intraday/ESTX50_5m_200601.csv.gz")
        hour = [row for row in rows if "2006-01-03T08:05" <= row[0] <= "2006-01-03T09:00:00Z"]
        hours = resample(stoxx, "1h")
        bar = hours.bar(spans(hours).index("2006-01-03T08:00 09:00"))
        assert len(hour) == 12
        assert (bar.open, bar.close) == (float(hour[0][1]), float(hour[-1][4]))
        assert bar.high == max(float(row[2]) for row in hour)
        assert bar.low == min(float(row[3]) for row in hour)

    def test_a_day_of_xetra_has_nine_hours_the_last_one_half(self, stoxx):
        day = [span for span in spans(resample(stoxx, "1h")) if span.startswith("2006-01-03")]
        assert len(day) == 9
        assert (day[0], day[-1]) == ("2006-01-03T08:00 09:00", "2006-01-03T16:00 16:30")

    def test_days_are_those_of_the_index(self, stoxx, shared_data):
        """The daily file of the same index agrees on the extremes of the days that both hold, but for late prints."""
        daily = tw.read_bars(
            shared_data / "daily/ESTX50_1d_2006.csv", symbol="ESTX50", calendar="XETR", timeframe="1d", volume="none"
        )
        days = resample(stoxx, "1d")
        both = np.isin(days.sessions.labels, daily.sessions.labels)
        published = np.isin(daily.sessions.labels, days.sessions.labels[both])
        assert both.sum() >= 20
        assert days.high[both] == pytest.approx(daily.high[published], rel=2e-3)
        assert days.low[both] == pytest.approx(daily.low[published], rel=2e-3)


class TestHalfDays:
    @pytest.mark.parametrize("date", ["2023-11-24", "2024-12-24", "2024-07-03"])
    def test_new_york_closes_at_one(self, date):
        minutes = sessions_of(NYSE, "5m", date, date)
        offset = 1 if date == "2024-07-03" else 0
        hours = [
            f"{date}T{14 + k - offset}:30 {15 + k - offset if k < 3 else 18 - offset}:{'30' if k < 3 else '00'}"
            for k in range(4)
        ]
        assert spans(resample(minutes, "1h")) == hours
        assert spans(resample(minutes, "1d")) == [f"{date}T{14 - offset}:30 {18 - offset}:00"]

    def test_xetra_closes_at_two_before_new_year(self):
        minutes = sessions_of(XETRA, "30m", "2023-12-29", "2023-12-29")
        assert spans(resample(minutes, "1d")) == ["2023-12-29T08:00 13:00"]
        assert spans(resample(minutes, "2h")) == [
            "2023-12-29T08:00 10:00",
            "2023-12-29T10:00 12:00",
            "2023-12-29T12:00 13:00",
        ]

    def test_hong_kong_has_no_afternoon_before_the_lunar_new_year(self):
        assert spans(resample(sessions_of(HONG_KONG, "30m", "2024-02-09", "2024-02-09"), "2h")) == [
            "2024-02-09T01:30 03:30",
            "2024-02-09T03:30 04:00",
        ]


class TestChangesOfTheClock:
    """A session keeps its local hours; in UTC it moves by one."""

    @pytest.mark.parametrize(
        ("instrument", "before", "after", "hours"),
        [
            (NYSE, "2024-03-08", "2024-03-11", ("14:30 21:00", "13:30 20:00")),
            (NYSE, "2024-11-01", "2024-11-04", ("13:30 20:00", "14:30 21:00")),
            (XETRA, "2024-03-28", "2024-04-02", ("08:00 16:30", "07:00 15:30")),
            (XETRA, "2024-10-25", "2024-10-28", ("07:00 15:30", "08:00 16:30")),
        ],
    )
    def test_days_move_by_an_hour(self, instrument, before, after, hours):
        days = resample(sessions_of(instrument, "15m", before, after), "1d")
        assert [spans(days)[0], spans(days)[-1]] == [f"{before}T{hours[0]}", f"{after}T{hours[1]}"]

    @pytest.mark.parametrize(
        ("first", "opens"), [("2024-03-08", ("14:30", "13:30")), ("2024-11-01", ("13:30", "14:30"))]
    )
    def test_hours_are_counted_from_the_moved_open(self, first, opens):
        last = str(np.datetime64(first) + 3)
        hours = resample(sessions_of(NYSE, "30m", first, last), "1h")
        starts = times(hours.open_time)
        assert (starts[0][11:], starts[7][11:], len(hours)) == (*opens, 14)

    def test_the_week_of_the_change_ends_at_the_moved_close(self):
        weeks = resample(sessions_of(NYSE, "1d", "2024-03-04", "2024-03-15"), "1w")
        assert spans(weeks) == ["2024-03-04T14:30 2024-03-08T21:00", "2024-03-11T13:30 2024-03-15T20:00"]

    def test_a_market_around_the_clock_does_not_notice(self):
        hours = sessions_of(COIN, "1h", "2024-03-30", "2024-04-01")
        assert spans(resample(hours, "1d")) == [
            f"2024-{date}T00:00 2024-{after}T00:00"
            for date, after in (("03-30", "03-31"), ("03-31", "04-01"), ("04-01", "04-02"))
        ]

    def test_local_stamps_of_the_hour_that_happens_twice_are_refused(self):
        price = [1.0] * 3
        stamps = ["2024-11-03 00:30", "2024-11-03 01:30", "2024-11-03 02:30"]
        frame = {"time": stamps, "open": price, "high": price, "low": price, "close": price, "volume": price}
        with pytest.raises(DataError, match="2024-11-03 01:30, happens twice or never in America/New_York"):
            tw.bars_from(frame, instrument=COIN, timeframe="1h", tz="America/New_York")


class TestLunch:
    """Bars below a day stop at the pause and start again after it; a day goes on."""

    def test_hours_in_tokyo(self):
        hours = resample(sessions_of(TOKYO, "15m", "2024-06-03", "2024-06-03"), "1h")
        assert [span[11:] for span in spans(hours)] == [
            "00:00 01:00", "01:00 02:00", "02:00 02:30", "03:30 04:30", "04:30 05:30", "05:30 06:00",
        ]  # fmt: skip

    def test_tokyo_closes_half_an_hour_later_since_november_2024(self):
        hours = resample(sessions_of(TOKYO, "15m", "2024-11-05", "2024-11-05"), "1h")
        assert [span[11:] for span in spans(hours)][-3:] == ["03:30 04:30", "04:30 05:30", "05:30 06:30"]

    def test_hours_in_hong_kong(self):
        hours = resample(sessions_of(HONG_KONG, "30m", "2024-06-03", "2024-06-03"), "1h")
        assert [span[11:] for span in spans(hours)] == [
            "01:30 02:30", "02:30 03:30", "03:30 04:00", "05:00 06:00", "06:00 07:00", "07:00 08:00",
        ]  # fmt: skip

    def test_four_hours_are_the_morning_and_the_afternoon(self):
        halves = resample(sessions_of(HONG_KONG, "30m", "2024-06-03", "2024-06-03"), "4h")
        assert spans(halves) == ["2024-06-03T01:30 04:00", "2024-06-03T05:00 08:00"]
        assert halves.volume.tolist() == [sum(range(1, 6)), sum(range(6, 12))]

    def test_a_day_holds_both(self):
        days = resample(sessions_of(HONG_KONG, "30m", "2024-06-03", "2024-06-04"), "1d")
        assert spans(days) == ["2024-06-03T01:30 08:00", "2024-06-04T01:30 08:00"]

    def test_a_print_during_lunch_is_a_bar_of_its_own(self):
        stamps = instants("2024-06-03T03:55", "2024-06-03T04:05", "2024-06-03T05:00", "2024-06-03T07:55")
        bars = resample(timed(HONG_KONG, "5m", stamps), "4h")
        assert spans(bars) == [
            "2024-06-03T03:55 04:00",
            "2024-06-03T04:05 05:00",
            "2024-06-03T05:00 08:00",
        ]

    def test_a_source_whose_bars_span_lunch_is_not_seen_early(self):
        """A two-hour bar from 11:30 holds trades of the afternoon up to 13:30, so nothing made of it is older."""
        stamps = instants("2024-06-03T01:30", "2024-06-03T03:30", "2024-06-03T05:30", "2024-06-03T07:30")
        bars = resample(timed(HONG_KONG, "2h", stamps), "4h")
        assert spans(bars) == ["2024-06-03T01:30 05:30", "2024-06-03T05:30 08:00"]


class TestIndia:
    def test_hours_are_counted_from_a_quarter_past_nine(self):
        hours = resample(sessions_of(MUMBAI, "15m", "2019-07-09", "2019-07-09"), "1h")
        assert (spans(hours)[0], spans(hours)[-1]) == ("2019-07-09T03:45 04:45", "2019-07-09T09:45 10:00")
        assert len(hours) == 7

    def test_rows_after_half_past_three_are_a_bar_of_their_own(self, shared_data):
        said = {"symbol": "YESBANK", "calendar": "XNSE", "timeframe": "1m", "sessions": "extended"}
        bars = tw.read_bars(shared_data / "india/YESBANK_1m_20190709_20190711.csv", **said)
        first = [span for span in spans(resample(bars, "1h")) if span.startswith("2019-07-09")]
        assert first[6].startswith("2019-07-09T09:45 10:00")
        assert first[7].startswith("2019-07-09T10:00")

    @pytest.mark.filterwarnings("ignore::tradewright.face.bars.DroppedRowsWarning")
    def test_the_first_hour_of_a_real_day(self, shared_data):
        said = {"symbol": "YESBANK", "calendar": "XNSE", "timeframe": "1m", "sessions": "regular"}
        file = shared_data / "india/YESBANK_1m_20190709_20190711.csv"
        hours = resample(tw.read_bars(file, **said), "1h")
        rows = [line.split(",") for line in file.read_text().splitlines()[1:]]
        hour = [row for row in rows if "2019-07-10T03:45" <= row[0] < "2019-07-10T04:45"]
        bar = hours.bar(times(hours.open_time).index("2019-07-10T03:45"))
        assert (bar.open, bar.close) == (float(hour[0][1]), float(hour[-1][4]))
        assert bar.volume == sum(float(row[5]) for row in hour)

    def test_months_can_be_had_up_to_the_last_day_that_the_calendar_knows(self):
        """The calendar of India is published year by year; what lies beyond must not be asked for."""
        days = sessions_of(MUMBAI, "1d", "2026-11-02", "2026-11-30")
        assert dates(resample(days, "1mo")) == ["2026-11-30"]


class TestAroundTheClock:
    def test_weeks_of_a_coin_end_on_sunday(self):
        weeks = resample(sessions_of(COIN, "1d", "2024-01-01", "2024-01-14"), "1w")
        assert dates(weeks) == ["2024-01-07", "2024-01-14"]
        assert spans(weeks)[0] == "2024-01-01T00:00 2024-01-08T00:00"

    def test_days_of_a_real_coin(self, shared_data):
        """Volume and extremes of the minutes are those of the day."""
        file = shared_data / "crypto/BTCUSD_1m_20200101_bitstamp.csv"
        minutes = tw.read_bars(file, symbol="BTCUSD", calendar="24/7", timeframe="1m")
        rows = np.array(
            [[float(value) for value in line.split(",")[1:6]] for line in file.read_text().splitlines()[1:]]
        )
        bar = resample(minutes, "1d").bar(0)
        assert (bar.open, bar.high, bar.low, bar.close) == (
            rows[0, 0], rows[:, 1].max(), rows[:, 2].min(), rows[-1, 3],
        )  # fmt: skip
        assert bar.volume == pytest.approx(rows[:, 4].sum(), rel=1e-12)

    def test_the_week_of_currencies_is_sunday_evening_to_friday(self, shared_data):
        said = {"symbol": "EURUSD", "calendar": "24/5", "timeframe": "1h"}
        weeks = resample(tw.read_bars(shared_data / "fx/EURUSD_1h_2017_2018.csv.gz", **said), "1w")
        week = spans(weeks)[dates(weeks).index("2017-05-05")]
        assert week in {"2017-04-30T21:00 2017-05-06T00:00", "2017-04-30T22:00 2017-05-06T00:00"}
        assert len(set(np.diff(weeks.sessions.labels)) - {7}) == 0

    def test_saturday_is_no_day_of_currencies(self):
        row = {"time": ["2024-01-06T10:00Z"], "open": [1.0], "high": [1.0], "low": [1.0], "close": [1.0]}
        with pytest.raises(CalendarError, match=r"2024-01-06 10:00, lies outside the sessions of 24/5"):
            tw.bars_from(row, instrument=EURO, timeframe="1h")


class TestEndsOfYears:
    def test_a_week_may_belong_to_two_years_and_a_month_may_not(self):
        days = sessions_of(NYSE, "1d", "2024-12-02", "2025-01-31")
        weeks, months = resample(days, "1w"), resample(days, "1mo")
        assert dates(weeks)[4:6] == ["2025-01-03", "2025-01-10"]
        assert spans(weeks)[4] == "2024-12-30T14:30 2025-01-03T21:00"
        assert dates(months) == ["2024-12-31", "2025-01-31"]

    def test_a_week_whose_friday_is_new_years_day_ends_on_thursday(self):
        weeks = resample(sessions_of(NYSE, "1d", "2020-12-28", "2021-01-08"), "1w")
        assert dates(weeks) == ["2020-12-31", "2021-01-08"]

    def test_weeks_of_a_coin_cross_the_year(self):
        weeks = resample(sessions_of(COIN, "1d", "2025-12-29", "2026-01-11"), "1w")
        assert dates(weeks) == ["2026-01-04", "2026-01-11"]

    def test_quarters_and_years(self):
        days = sessions_of(NYSE, "1d", "2023-01-03", "2024-12-31")
        assert dates(resample(days, "3mo"))[:4] == ["2023-03-31", "2023-06-30", "2023-09-29", "2023-12-29"]
        assert dates(resample(days, "12mo")) == ["2023-12-29", "2024-12-31"]


class TestSeveralDays:
    """Several days are that many sessions, counted from the first of the year."""

    def test_two_days_are_two_sessions_over_weekends_and_holidays(self):
        """2024-01-15 was no session, so Friday the 12th goes with Tuesday the 16th."""
        bars = resample(sessions_of(NYSE, "1d", "2024-01-02", "2024-01-17"), "2d", keep_incomplete=True)
        assert dates(bars) == ["2024-01-03", "2024-01-05", "2024-01-09", "2024-01-11", "2024-01-16", "2024-01-18"]
        assert spans(bars)[4] == "2024-01-12T14:30 2024-01-16T21:00"

    def test_their_bounds_do_not_depend_on_where_the_data_begin(self):
        whole, late = (sessions_of(NYSE, "1d", first, "2024-03-28") for first in ("2024-01-02", "2024-02-05"))
        later = resample(late, "3d")
        assert dates(later)[1:] == dates(resample(whole, "3d"))[-len(later) + 1 :]

    def test_the_last_one_of_a_year_may_be_shorter(self):
        """2022 had 251 sessions."""
        bars = resample(sessions_of(NYSE, "1d", "2022-12-27", "2023-01-06"), "2d")
        assert dates(bars) == ["2022-12-27", "2022-12-29", "2022-12-30", "2023-01-04", "2023-01-06"]

    def test_on_a_market_around_the_clock_they_are_days(self):
        bars = resample(sessions_of(COIN, "1d", "2023-12-25", "2024-01-06"), "3d")
        assert dates(bars) == ["2023-12-26", "2023-12-29", "2023-12-31", "2024-01-03", "2024-01-06"]

    def test_read_from_a_source_they_are_complete_with_their_last_session(self):
        price = [1.0, 2.0]
        frame = {"date": ["2024-01-12", "2024-01-17"], "open": price, "high": price, "low": price, "close": price}
        bars = tw.bars_from(frame | {"volume": price}, instrument=NYSE, timeframe="2d")
        assert spans(bars) == ["2024-01-12T14:30 2024-01-16T21:00", "2024-01-17T14:30 2024-01-18T21:00"]

    def test_two_rows_of_one_bar_are_refused(self):
        price = [1.0, 2.0]
        frame = {"date": ["2024-01-12", "2024-01-16"], "open": price, "high": price, "low": price, "close": price}
        with pytest.raises(DataError, match=r"Row 1 .* falls into the same 2d bar as the row before it"):
            tw.bars_from(frame | {"volume": price}, instrument=NYSE, timeframe="2d")

    @pytest.mark.parametrize(("held", "wanted"), [("1w", "1mo"), ("2d", "3d"), ("2d", "1w"), ("2mo", "3mo")])
    def test_bars_that_hold_parts_of_two_longer_ones_are_refused(self, held, wanted):
        bars = resample(sessions_of(NYSE, "1d", "2024-01-02", "2024-06-28"), held)
        with pytest.raises(DataError, match=f"Bars of {held} do not add up to {wanted}"):
            resample(bars, wanted)

    @pytest.mark.parametrize(("held", "wanted"), [("1w", "2w"), ("2d", "4d"), ("1mo", "3mo")])
    def test_bars_that_fit_are_the_same_as_from_days(self, held, wanted):
        days = sessions_of(NYSE, "1d", "2024-01-02", "2024-06-28")
        through, direct = resample(resample(days, held), wanted), resample(days, wanted)
        assert spans(through) == spans(direct)
        assert through.volume.tolist() == direct.volume.tolist()


class TestDaysAreSeenAtTheirClose:
    """A strategy on five-minute bars reads days only when their session has closed, on half days too."""

    @staticmethod
    def seen(bars: tw.Bars) -> dict[str, int]:
        """How many days are known when each bar closes, by that time."""
        found = {}

        class Watch(tw.Strategy):
            def required_warmup_bars(self):
                return 0

            def on_bar(self, ctx):
                found[ctx.timestamp.strftime("%m-%dT%H:%M")] = len(ctx.get_last_n_bars(None, "1d", 1_000))

        tw.backtest(Watch, bars, costs=tw.Costs.none())
        return found

    def test_the_day_is_known_with_the_last_bar_of_the_session_and_not_before(self):
        known = self.seen(sessions_of(NYSE, "5m", "2023-11-22", "2023-11-27"))
        assert [known[f"11-22T{clock}"] for clock in ("14:35", "20:55", "21:00")] == [0, 0, 1]

    def test_on_a_half_day_it_is_known_at_one_o_clock(self):
        known = self.seen(sessions_of(NYSE, "5m", "2023-11-22", "2023-11-27"))
        assert [known[f"11-24T{clock}"] for clock in ("14:35", "17:55", "18:00")] == [1, 1, 2]
        assert [known[f"11-27T{clock}"] for clock in ("14:35", "20:55", "21:00")] == [2, 2, 3]

    def test_with_hours_after_the_close_it_is_known_when_the_local_day_has_ended(self):
        evening = instants("2023-11-22T20:55", "2023-11-22T23:00", "2023-11-24T17:55", "2023-11-24T20:00")
        known = self.seen(timed(NYSE, "5m", evening, Hours.EXTENDED))
        assert list(known.values()) == [0, 0, 1, 1]
