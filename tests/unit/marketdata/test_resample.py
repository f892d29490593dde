from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.bars import Bars, SessionIndex
from tradewright.domain.errors import CalendarError, DataError, DataNotAvailableError
from tradewright.domain.instrument import Crypto, Equity, FxPair, Instrument
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_MINUTE, Timeframe
from tradewright.marketdata.periods import period_of
from tradewright.marketdata.placement import Hours, place_instants, place_labels
from tradewright.marketdata.resample import resample, visible_rows


def instants(*texts: str) -> np.ndarray:
    return np.array(texts, "datetime64[ns]").astype(np.int64)


def times(column: np.ndarray) -> list[str]:
    return [str(value)[:16] for value in column.view("datetime64[ns]")]


def dates(bars: Bars) -> list[str]:
    return bars.sessions.labels.astype("datetime64[D]").astype(str).tolist()


def made(instrument: Instrument, timeframe: str, stamps: np.ndarray, hours: Hours = Hours.STRICT) -> Bars:
    """Bars whose open, close and volume count the rows."""
    frame = Timeframe.parse(timeframe)
    calendar = instrument.calendar or ""
    placed = (
        place_instants(calendar, frame, stamps, hours)
        if frame.is_intraday
        else place_labels(calendar, frame, stamps // NS_PER_DAY)
    )
    assert not placed.outside.any()
    count = np.arange(1.0, len(stamps) + 1)
    return Bars(
        instrument,
        frame,
        placed.open_time,
        placed.close_time,
        count,
        count + 0.5,
        count - 0.5,
        count,
        count,
        SessionIndex.of_labels(placed.labels),
    )


def minutes(start: str, stop: str) -> np.ndarray:
    return np.arange(*instants(start, stop), NS_PER_MINUTE)


NYSE = Equity("X", "XNYS")
HALF_DAY = minutes("2023-11-24T14:30", "2023-11-24T18:00")
FULL_DAY = minutes("2023-11-27T14:30", "2023-11-27T21:00")


def test_prices_and_volume_of_a_group():
    bars = resample(made(NYSE, "1m", HALF_DAY), "30m")
    first = bars.bar(0)
    assert (first.open, first.high, first.low, first.close, first.volume) == (1, 30.5, 0.5, 30, sum(range(1, 31)))


def test_the_last_shorter_bar_of_a_session_closes_at_its_close():
    bars = resample(made(NYSE, "1m", FULL_DAY), "4h")
    assert times(bars.open_time) == ["2023-11-27T14:30", "2023-11-27T18:30"]
    assert times(bars.close_time) == ["2023-11-27T18:30", "2023-11-27T21:00"]


def test_an_intraday_bar_never_spans_sessions():
    bars = resample(made(NYSE, "1m", np.concatenate((HALF_DAY, FULL_DAY))), "4h")
    assert times(bars.close_time) == ["2023-11-24T18:00", "2023-11-27T18:30", "2023-11-27T21:00"]
    assert dates(bars) == ["2023-11-24", "2023-11-27"]


def test_a_day_is_complete_at_its_sessions_close():
    bars = resample(made(NYSE, "1m", np.concatenate((HALF_DAY, FULL_DAY))), "1d")
    assert times(bars.close_time) == ["2023-11-24T18:00", "2023-11-27T21:00"]


def test_a_trailing_bar_that_may_still_change_is_left_out():
    bars = made(NYSE, "1m", np.concatenate((HALF_DAY, FULL_DAY[:-1])))
    assert dates(resample(bars, "1d")) == ["2023-11-24"]
    assert dates(resample(bars, "1d", keep_incomplete=True)) == ["2023-11-24", "2023-11-27"]


def test_a_bar_with_silent_last_minutes_is_complete_once_later_rows_exist():
    bars = made(NYSE, "1m", np.concatenate((HALF_DAY[:-5], FULL_DAY)))
    assert times(resample(bars, "1d").close_time) == ["2023-11-24T18:00", "2023-11-27T21:00"]


def test_nothing_complete_is_an_error():
    with pytest.raises(DataNotAvailableError, match="holds no complete bar of 1d"):
        resample(made(NYSE, "1m", FULL_DAY[:10]), "1d")


def test_hours_outside_the_session_form_bars_of_their_own():
    stamps = np.concatenate(
        (minutes("2023-11-27T13:50", "2023-11-27T14:30"), FULL_DAY, minutes("2023-11-27T21:00", "2023-11-27T21:20"))
    )
    bars = resample(made(NYSE, "1m", stamps, Hours.EXTENDED), "4h", keep_incomplete=True)
    assert times(bars.open_time) == ["2023-11-27T13:50", "2023-11-27T14:30", "2023-11-27T18:30", "2023-11-27T21:00"]
    assert times(bars.close_time)[:3] == ["2023-11-27T14:30", "2023-11-27T18:30", "2023-11-27T21:00"]


def test_a_day_of_extended_hours_is_complete_when_the_local_day_ends():
    stamps = np.concatenate((HALF_DAY, minutes("2023-11-24T18:00", "2023-11-24T18:05"), FULL_DAY))
    bars = resample(made(NYSE, "1m", stamps, Hours.EXTENDED), "1d")
    assert times(bars.close_time) == ["2023-11-25T05:00"]


def test_weeks_are_labelled_and_complete_by_their_last_session():
    days = np.array(
        ["2023-11-20", "2023-11-21", "2023-11-22", "2023-11-24", "2023-11-27", "2023-11-28"], "datetime64[D]"
    )
    bars = resample(made(NYSE, "1d", days.astype("datetime64[ns]").astype(np.int64)), "1w")
    assert dates(bars) == ["2023-11-24"]
    assert times(bars.open_time) == ["2023-11-20T14:30"]
    assert times(bars.close_time) == ["2023-11-24T18:00"]


def test_months_end_with_their_last_session():
    days = np.arange("2023-11-01", "2024-01-01", dtype="datetime64[D]").astype("datetime64[ns]").astype(np.int64)
    bars = resample(made(Crypto("BTC"), "1d", days), "1mo")
    assert dates(bars) == ["2023-11-30", "2023-12-31"]
    assert times(bars.close_time) == ["2023-12-01T00:00", "2024-01-01T00:00"]


def test_sunday_evening_belongs_to_monday_in_the_currency_market():
    stamps = np.arange(*instants("2024-01-07T22:00", "2024-01-10T00:00"), 60 * NS_PER_MINUTE)
    bars = resample(made(FxPair("EURUSD"), "1h", stamps), "1d")
    assert dates(bars) == ["2024-01-08", "2024-01-09"]
    assert times(bars.open_time) == ["2024-01-07T22:00", "2024-01-09T00:00"]


def test_hours_of_a_market_without_sessions_are_counted_from_midnight():
    stamps = np.arange(*instants("2024-01-07T22:00", "2024-01-08T08:00"), 60 * NS_PER_MINUTE)
    bars = resample(made(FxPair("EURUSD"), "1h", stamps), "4h")
    assert times(bars.close_time) == ["2024-01-08T00:00", "2024-01-08T04:00", "2024-01-08T08:00"]


def test_the_same_timeframe_gives_the_same_bars():
    bars = made(NYSE, "1m", HALF_DAY)
    assert resample(bars, "1m") is bars


@pytest.mark.parametrize(
    ("timeframe", "reason"), [("1m", "cannot be resampled to the shorter 1m"), ("7m", "do not add up to 7m")]
)
def test_impossible_timeframes_are_refused(timeframe, reason):
    bars = resample(made(NYSE, "1m", HALF_DAY), "5m")
    with pytest.raises(DataError, match=reason):
        resample(bars, timeframe)


def test_bars_without_a_calendar_cannot_be_resampled():
    bars = made(NYSE, "1m", HALF_DAY).with_instrument(Instrument("X", "NOWHERE"))
    with pytest.raises(CalendarError, match="names no calendar"):
        resample(bars, "1d")


@pytest.mark.parametrize("timeframe", ["5m", "1d"])
def test_bars_of_another_calendar_cannot_be_resampled(timeframe):
    sunday = made(Crypto("X"), "1m", minutes("2024-01-07T10:00", "2024-01-07T10:10"))
    with pytest.raises(CalendarError, match="2024-01-07, no session of XNYS"):
        resample(sunday.with_instrument(NYSE), timeframe)


def test_a_higher_bar_is_visible_from_its_close_on():
    assert visible_rows(np.array([5, 10, 11, 20]), np.array([10, 20])).tolist() == [-1, 0, 0, 1]


@pytest.mark.parametrize(
    ("timeframe", "first", "second"),
    [("1w", "2024-01-07", "2024-01-08"), ("1mo", "2024-01-31", "2024-02-01"), ("3mo", "2024-03-31", "2024-04-01")],
)
def test_periods_change_at_calendar_bounds(timeframe, first, second):
    numbers = period_of(np.array([first, second], "datetime64[D]").astype(np.int64), Timeframe.parse(timeframe))
    assert numbers[1] == numbers[0] + 1
