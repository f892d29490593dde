"""What a stamp means is stated; what follows from it."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.adapters.data.actions import FactorRows, actions_from_columns, actions_from_factors
from tradewright.adapters.data.stamps import local_to_utc, utc_to_local
from tradewright.domain.bars import Actions
from tradewright.domain.errors import BadRowsError, DataError, InstrumentError
from tradewright.domain.instrument import Equity, InstrumentKind
from tradewright.face.bars import bars_from, read_bars


def table(*stamps: str) -> dict[str, list]:
    ones = [1.0] * len(stamps)
    return {"time": list(stamps), "open": ones, "high": ones, "low": ones, "close": ones, "volume": ones}


def read(*stamps: str, **said):
    return bars_from(table(*stamps), **{"symbol": "X", "calendar": "XNYS", "timeframe": "1d", **said})


def times(column: np.ndarray) -> list[str]:
    return [str(value)[:16] for value in column.view("datetime64[ns]")]


@pytest.mark.parametrize(
    ("stamp", "said"),
    [
        ("2024-01-05", {}),
        ("2024-01-05T00:00:00Z", {}),  # a label, not an instant: it stays the fifth in New York
        ("2024-01-05T00:00:00Z", {"tz": "America/New_York"}),
        ("2024-01-05T00:00:00-05:00", {}),
        ("2024-01-05T05:00:00Z", {"tz": "America/New_York"}),
        ("2024-01-05T14:30:00Z", {"stamp": "start"}),
        ("2024-01-05 09:30", {"stamp": "start", "tz": "America/New_York"}),
        ("2024-01-05T21:00:00Z", {"stamp": "end"}),
        ("2024-01-06T05:00:00Z", {"stamp": "end"}),
    ],
)
def test_a_day_is_the_same_day_however_it_is_stamped(stamp, said):
    bars = read(stamp, **said)
    assert times(bars.labels()) == ["2024-01-05T00:00"]
    assert times(bars.close_time) == ["2024-01-05T21:00"]


def test_a_day_of_a_market_around_the_clock_ends_at_midnight():
    bars = read("2024-01-06T00:00:00Z", calendar="24/7", stamp="end")
    assert times(bars.labels()) == ["2024-01-05T00:00"]
    assert times(bars.close_time) == ["2024-01-06T00:00"]


@pytest.mark.parametrize("label", ["2024-01-01", "2024-01-17", "2024-01-31"])
def test_a_month_may_carry_any_of_its_dates(label):
    bars = read(label, timeframe="1mo")
    assert times(bars.open_time) == ["2024-01-02T14:30"]
    assert times(bars.close_time) == ["2024-01-31T21:00"]
    assert times(bars.labels()) == ["2024-01-31T00:00"]


@pytest.mark.parametrize("stamp", ["start", "end"])
def test_weeks_stamped_by_instants_keep_their_week(stamp):
    at = {"start": "2024-01-08T00:00:00Z", "end": "2024-01-15T00:00:00Z"}[stamp]
    assert times(read(at, timeframe="1w", calendar="24/7", stamp=stamp).labels()) == ["2024-01-14T00:00"]


def test_two_weeks_in_one_are_refused():
    with pytest.raises(DataError, match=r"Row 1 of the mapping falls into the same 1w bar as the row before it"):
        read("2024-01-08", "2024-01-10", timeframe="1w")


def test_weekly_rows_are_no_days():
    mondays = np.arange("2024-01-01", "2024-06-01", 7, dtype="datetime64[D]").astype(str).tolist()
    with pytest.raises(DataError, match=r"at least 7 days apart, so the timeframe is not 1d"):
        read(*mondays, calendar="24/7")


def test_the_last_hour_of_a_session_is_complete_at_the_close():
    bars = read("2024-01-05 14:30", "2024-01-05 15:30", timeframe="1h", tz="America/New_York")
    assert times(bars.close_time) == ["2024-01-05T20:30", "2024-01-05T21:00"]


def test_an_hour_that_runs_past_the_close_is_not_cut_in_a_series_of_extended_hours():
    bars = read("2024-01-05 15:30", timeframe="1h", tz="America/New_York", sessions="extended")
    assert times(bars.close_time) == ["2024-01-05T21:30"]


def test_a_short_first_bar_is_complete_when_the_second_opens():
    stamps = ("2024-01-05 09:30", "2024-01-05 10:00", "2024-01-05 11:00", "2024-01-08 09:30", "2024-01-08 10:00")
    bars = read(*stamps, timeframe="1h", tz="America/New_York")
    assert times(bars.close_time)[:4] == [
        "2024-01-05T15:00",
        "2024-01-05T16:00",
        "2024-01-05T17:00",
        "2024-01-08T15:00",
    ]


def test_ends_of_hours_open_where_the_bar_before_ended():
    bars = read("2024-01-05 15:30", "2024-01-05 16:00", timeframe="1h", stamp="end", tz="America/New_York")
    assert times(bars.open_time) == ["2024-01-05T19:30", "2024-01-05T20:30"]
    assert times(bars.close_time) == ["2024-01-05T20:30", "2024-01-05T21:00"]


def test_the_first_end_of_a_session_opens_with_it():
    bars = read("2024-01-05 10:00", "2024-01-05 11:00", timeframe="1h", stamp="end", tz="America/New_York")
    assert times(bars.open_time) == ["2024-01-05T14:30", "2024-01-05T15:00"]


def test_wall_clock_stamps_follow_the_clock_change():
    bars = read("2024-03-08 09:30", "2024-03-11 09:30", timeframe="1m", tz="America/New_York")
    assert times(bars.open_time) == ["2024-03-08T14:30", "2024-03-11T13:30"]


def test_an_hour_that_never_happens_is_refused_by_row():
    with pytest.raises(BadRowsError, match=r"Row 1 of the mapping, 2024-03-10 02:30, happens twice or never") as caught:
        read("2024-03-10 01:30", "2024-03-10 02:30", timeframe="1h", calendar="24/7", tz="America/New_York")
    assert caught.value.rows == ((1, "its time is unclear"),)


def test_wall_clock_and_instants_are_each_others_inverse():
    utc = np.arange(0, 10**18, 7_777_777_777_777_777)
    again, unclear = local_to_utc(utc_to_local(utc, "Europe/London"), "Europe/London")
    assert np.array_equal(again[~unclear], utc[~unclear])


def test_rows_off_the_calendar_are_left_out_with_the_bad_ones():
    with pytest.warns(
        UserWarning, match=r"1 of 3 rows of the mapping were left out, first row 1: it lies outside the sess"
    ):
        bars = read("2024-01-05", "2024-01-06", "2024-01-08", bad_rows="drop")
    assert times(bars.labels()) == ["2024-01-05T00:00", "2024-01-08T00:00"]


@pytest.mark.parametrize(
    ("said", "name", "kind"),
    [
        ({"symbol": "AAPL", "calendar": "XNAS"}, "XNAS:AAPL", InstrumentKind.EQUITY),
        ({"symbol": "AAPL", "exchange": "XNAS", "calendar": "XNYS"}, "XNAS:AAPL", InstrumentKind.EQUITY),
        ({"symbol": "AAPL", "exchange": "XNAS"}, "XNAS:AAPL", InstrumentKind.EQUITY),
        ({"symbol": "BTCUSD", "calendar": "24/7"}, "CRYPTO:BTCUSD", InstrumentKind.CRYPTO),
        ({"symbol": "EURUSD", "calendar": "24/5"}, "FX:EURUSD", InstrumentKind.FX),
        ({"instrument": Equity("AAPL", "XNAS")}, "XNAS:AAPL", InstrumentKind.EQUITY),
        ({"instrument": Equity("AAPL", "XNAS"), "calendar": "24/7"}, "XNAS:AAPL", InstrumentKind.EQUITY),
    ],
)
def test_the_short_form_of_an_instrument(said, name, kind):
    instrument = bars_from(table("2024-01-05"), timeframe="1d", **said).instrument
    assert (instrument.id, instrument.kind) == (name, kind)


def test_an_instrument_and_a_symbol_contradict_each_other():
    with pytest.raises(InstrumentError, match=r"of an instrument or of a symbol, not of both"):
        read("2024-01-05", instrument=Equity("Y"))


def test_a_table_without_volume_declares_that_it_is_not_known():
    frame = table("2024-01-05")
    del frame["volume"]
    bars = bars_from(frame, symbol="X", calendar="XNYS", timeframe="1d")
    assert not bars.instrument.has_volume
    assert bars.volume.tolist() == [0.0]


def test_declared_as_unknown_a_volume_column_is_not_read():
    bars = bars_from(table("2024-01-05") | {"volume": [-1]}, symbol="X", calendar="XNYS", timeframe="1d", volume="none")
    assert (bars.instrument.has_volume, bars.volume.tolist()) == (False, [0.0])


def test_dividends_and_splits_beside_the_prices():
    days = np.array([10, 11, 12])
    actions = actions_from_columns(days, np.array([0.0, 0.5, np.nan]), np.array([1.0, 1.0, 3.0]))
    assert (actions.dividend_days.tolist(), actions.dividends.tolist()) == ([11], [0.5])
    assert (actions.split_days.tolist(), actions.split_ratios.tolist()) == ([12], [3.0])


def test_a_dividend_on_the_day_of_a_split_is_per_new_share():
    factors = FactorRows(np.array([10, 99]), np.array([0.98, 1.0]), np.array([0.5, 1.0]), np.array([50.0, 0.0]))
    actions = actions_from_factors(factors, np.array([9, 10, 13]))
    assert (actions.split_days.tolist(), actions.split_ratios.tolist()) == ([13], [2.0])
    assert actions.dividends.tolist() == pytest.approx([0.5])


def test_a_reverse_split_survives_the_rounding_of_its_factor():
    factors = FactorRows(np.array([10, 99]), np.ones(2), np.array([15.0, 1.0]), np.array([1.0, 0.0]))
    assert actions_from_factors(factors, np.array([10, 11])).split_ratios.tolist() == [1 / 15]


def test_steps_before_and_after_the_bars_are_left_out():
    factors = FactorRows(np.array([5, 20, 99]), np.array([0.9, 0.95, 1.0]), np.ones(3), np.array([10.0, 10.0, 0.0]))
    assert actions_from_factors(factors, np.array([9, 10, 13])).is_empty


def test_actions_given_as_values_are_kept():
    actions = Actions(dividend_days=np.array([19727]), dividends=np.array([0.24]))
    assert (
        bars_from(table("2024-01-05"), symbol="X", calendar="XNYS", timeframe="1d", actions=actions).actions is actions
    )


@pytest.mark.parametrize("row", ["2024-01-05,-1,1,5", "yesterday,1,1,5", "2024-01-02,1,1,5"])
def test_a_wrong_row_of_a_factor_file_is_named(tmp_path, row):
    factors, prices = tmp_path / "factors.csv", tmp_path / "x.csv"
    factors.write_text(f"timestamp,price_factor,split_factor,reference_price\n2024-01-03,1,1,5\n{row}\n")
    prices.write_text("date,open,high,low,close,volume\n2024-01-05,1,1,1,1,1\n")
    with pytest.raises(DataError, match=r"Line 3 of factors.csv is no row of a factor file"):
        read_bars(prices, symbol="X", calendar="XNYS", timeframe="1d", actions=factors)
