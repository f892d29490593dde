"""The record's tables with words for numbers."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from tests.builders import Dealt, Refused, daily_timeline, minute_timeline, run_record

from tradewright.domain.events import EventKind, Reason
from tradewright.domain.record import EVENT_COLUMNS, ORDER_COLUMNS, TRADE_COLUMNS
from tradewright.reporting import frames, tables

CLOSES = [10.0, 11.0, 12.0, 13.0]
FILLS = [Dealt(1, 10, 11.0, 1.0), Dealt(3, -10, 13.0, 1.0, phase=1)]


def test_fills_have_positive_quantities_and_words() -> None:
    columns = tables.fills(run_record(CLOSES, FILLS, tags={1: "cross"}))
    assert columns["side"].tolist() == ["buy", "sell"]
    assert columns["quantity"].tolist() == [10.0, 10.0]
    assert columns["phase"].tolist() == ["open", "stop"]
    assert columns["tag"].tolist() == ["cross", ""]
    assert columns["strategy"].tolist() == ["SmaCross", "SmaCross"]


def test_a_fill_at_the_open_carries_the_open_and_others_the_close() -> None:
    line = daily_timeline(4)
    times = tables.fills(run_record(CLOSES, FILLS))["time"]
    assert times.tolist() == [line.open_time[1], line.close_time[3]]


def test_events_that_are_not_fills_are_no_fills() -> None:
    record = run_record(CLOSES, FILLS)
    record.events["kind"][1] = EventKind.CANCELLED
    assert len(tables.fills(record)["time"]) == 1
    assert tables.events(record)["kind"].tolist() == ["fill", "cancelled"]


def test_books_name_their_symbol_and_strategy() -> None:
    fills = [Dealt(1, 1, 11.0, book=book) for book in range(4)]
    record = run_record({"ACME": CLOSES, "ZETA": CLOSES}, fills, strategies=("One", "Two"))
    columns = tables.fills(record)
    assert columns["symbol"].tolist() == ["ACME", "ZETA", "ACME", "ZETA"]
    assert columns["strategy"].tolist() == ["One", "One", "Two", "Two"]


def test_an_event_of_the_whole_account_names_no_symbol() -> None:
    record = run_record(CLOSES, FILLS)
    record.events["book"][1] = -1
    assert tables.events(record)["symbol"].tolist() == ["ACME", ""]


def test_trades_hold_every_column_of_the_record() -> None:
    columns = tables.trades(run_record(CLOSES, FILLS, tags={1: "in", 2: "out"}))
    assert set(TRADE_COLUMNS) <= set(columns)
    assert columns["side"].tolist() == ["long"]
    assert (columns["entry_tag"][0], columns["exit_tag"][0]) == ("in", "out")


def test_a_refused_order_says_why_in_a_sentence() -> None:
    record = run_record(CLOSES, FILLS, refused=[Refused(2, -5, Reason.SHORTS_OFF)])
    columns = tables.orders(record)
    assert columns["status"].tolist() == ["filled", "filled", "rejected"]
    assert columns["reason"][2] == "It would open a short position and shorts are off."
    assert columns["side"][2] == "sell"


def test_a_working_order_has_no_end() -> None:
    record = run_record(CLOSES, FILLS)
    record.orders["ended"][1] = -1
    assert tables.orders(record)["ended_time"][1] == tables.NAT
    assert frames.orders(record)["ended_time"].isna().tolist() == [False, True]


def test_a_negative_trail_is_a_percentage() -> None:
    record = run_record(CLOSES, FILLS)
    record.orders["trail"][:] = [0.5, -0.05]
    columns = tables.orders(record)
    assert columns["trail_amount"][0] == 0.5
    assert columns["trail_percent"][1] == pytest.approx(5.0)
    assert np.isnan([columns["trail_percent"][0], columns["trail_amount"][1]]).all()


def test_events_hold_every_column_of_the_record() -> None:
    assert set(EVENT_COLUMNS) <= set(tables.events(run_record(CLOSES, FILLS)))
    assert set(ORDER_COLUMNS) - {"trail"} <= set(tables.orders(run_record(CLOSES, FILLS)))


def test_daily_equity_is_indexed_by_session_and_starts_after_the_warm_up() -> None:
    record = run_record(CLOSES, equity=[100, 100, 90, 120], cash=100.0, timeline=daily_timeline(4, first_row=2))
    frame = frames.equity(record)
    assert frame.index.name == "session"
    assert [str(day.date()) for day in frame.index] == ["2020-01-08", "2020-01-09"]
    assert frame["drawdown"].tolist() == pytest.approx([-0.1, 0.0])
    assert str(frame["close_time"].dt.tz) == "UTC"


def test_intraday_equity_is_indexed_by_the_bars_open_in_utc() -> None:
    frame = frames.equity(run_record(CLOSES, timeline=minute_timeline(2, 2), timeframe="1m"))
    assert str(frame.index[0]) == "2020-01-06 14:30:00+00:00"
    assert frame.index.name == "open_time"


def test_times_of_frames_are_aware_utc() -> None:
    frame = frames.trades(run_record(CLOSES, FILLS))
    assert str(frame["entry_time"].dt.tz) == "UTC"
    assert len(frames.fills(run_record(CLOSES, FILLS))) == 2


def test_a_run_without_anything_gives_empty_frames_with_all_columns() -> None:
    record = run_record(CLOSES)
    assert len(frames.trades(record)) == len(frames.fills(record)) == len(frames.events(record)) == 0
    assert set(TRADE_COLUMNS) <= set(frames.trades(record).columns)


def test_prices_that_do_not_apply_are_missing_not_zero() -> None:
    record = run_record(CLOSES, FILLS)
    record.orders["display"][:] = [0.0, 5.0]
    assert np.isnan(tables.orders(record)["display"][0])
    assert tables.orders(record)["display"][1] == 5.0


def test_a_reason_is_read_by_its_number_wherever_it_stands_in_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    record = run_record(CLOSES, FILLS, refused=[Refused(1, 5, reason) for reason in Reason])
    monkeypatch.setattr(tables, "Reason", partial(Reason))  # which can be asked and has no order
    shown = tables.orders(record)["reason"].tolist()
    assert shown[len(FILLS) :] == [reason.sentence for reason in Reason]
