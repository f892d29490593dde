"""A packed record comes back to the last bit, whatever an author put into it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.builders import Dealt, Refused, minute_timeline, run_record

from tradewright.domain.events import Reason
from tradewright.domain.packed_record import packed, unpacked
from tradewright.domain.plain_values import Unreadable, from_plain, to_plain
from tradewright.domain.record import DataKey, LogLine, RunRecord, StrategyInfo
from tradewright.reporting.result import Result

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.builds(np.float64, st.floats(allow_nan=False))
    | st.builds(np.int64, st.integers(-(2**63), 2**63 - 1))
)
VALUES = st.recursive(
    SCALARS | st.sets(st.integers()) | st.builds(range, st.integers(-9, 9), st.integers(-9, 9)),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(VALUES)
def test_values_come_back_as_they_were(value: Any) -> None:
    again = from_plain(to_plain(value))
    assert again == value
    assert type(again) is type(value)


@given(st.dictionaries(st.sampled_from(["$tuple", "$float", "$dict", "$other", "a"]), st.just([1])))
def test_a_mapping_that_looks_like_a_mark_is_not_read_as_one(value: dict[str, Any]) -> None:
    assert from_plain(to_plain(value)) == value


def test_what_has_no_words_comes_back_as_its_text() -> None:
    again = from_plain(to_plain([object, math.nan]))
    assert again[0] == Unreadable("<class 'object'>")
    assert math.isnan(again[1])


@st.composite
def records(draw: st.DrawFn) -> RunRecord:
    """Small records with fills, refusals, logs and parameters."""
    symbols = draw(st.sampled_from([("ACME",), ("ACME", "ZETA")]))
    minutes = draw(st.booleans())
    timeline = minute_timeline(2, 7, first_row=draw(st.integers(0, 3))) if minutes else None
    rows = 14 if minutes else draw(st.integers(2, 40))
    prices = st.integers(100, 50_000).map(lambda cents: cents / 100)
    closes = {symbol: draw(st.lists(prices, min_size=rows, max_size=rows)) for symbol in symbols}
    units, books = st.integers(-50, 50).filter(bool), st.integers(0, len(symbols) - 1)
    fill = st.tuples(st.integers(0, rows - 1), units, prices, books).map(lambda each: Dealt(*each[:3], book=each[3]))
    dealt = sorted(draw(st.lists(fill, max_size=6)), key=lambda each: each.row)
    refused = [Refused(0, 5.0, Reason.CUT_DOWN)] if draw(st.booleans()) else []
    log = st.builds(
        LogLine, st.integers(0, 2**60), st.text(), st.text(), st.dictionaries(st.text(), VALUES, max_size=2)
    )
    record = run_record(
        closes, dealt, refused=refused, timeline=timeline, timeframe="1m" if minutes else "1d",
        synthetic=draw(st.booleans()), tags=draw(st.dictionaries(st.integers(1, 9), st.text(), max_size=3)),
        logs=tuple(draw(st.lists(log, max_size=2))),
    )  # fmt: skip
    params = draw(st.dictionaries(st.text(), SCALARS | st.tuples(SCALARS), max_size=3))
    return replace(
        record,
        strategies=tuple(replace(each, params=params) for each in record.strategies),
        data=tuple(replace(key, origin={"kind": "file", "path": "A.csv"}) for key in record.data),
    )


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(records())
def test_a_record_comes_back_whole(record: RunRecord) -> None:
    again = unpacked(packed(record))
    assert (again.hash, again.config_hash) == (record.hash, record.config_hash)
    assert (again.data, again.logs, again.meta) == (record.data, record.logs, record.meta)
    assert (again.open_positions, again.rows_in_market) == (record.open_positions, record.rows_in_market)
    for name in ("events", "orders", "trades"):
        before, after = getattr(record, name), getattr(again, name)
        assert list(after) == list(before)
        assert [(c.dtype, c.tobytes()) for c in after.values()] == [(c.dtype, c.tobytes()) for c in before.values()]
    for column in ("open_time", "close_time"):
        assert np.array_equal(getattr(again.timeline, column), getattr(record.timeline, column))


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(records())
def test_a_record_that_came_back_shows_itself_the_same(record: RunRecord) -> None:
    before = Result(replace(record, bars={}))
    after = Result(unpacked(packed(record)))
    with np.errstate(all="ignore"):  # moments of returns that hardly move
        assert after.to_json() == before.to_json()
        assert after.summary() == before.summary()


def test_equal_records_are_equal_bytes() -> None:
    first, second = (run_record([100.0, 101.0, 99.0], [Dealt(1, 5.0, 101.0)]) for _ in range(2))
    assert packed(first) == packed(second)


def test_times_of_equal_steps_take_no_room() -> None:
    rows = 40_000
    record = run_record(np.full(rows, 100.0), timeline=minute_timeline(rows // 400, 400))
    assert len(packed(record)) < rows


def test_what_it_is_made_of_keeps_its_type() -> None:
    again = unpacked(packed(run_record([100.0, 101.0])))
    assert isinstance(again.strategies[0], StrategyInfo)
    assert isinstance(again.data[0], DataKey)
    assert again.instruments == run_record([100.0, 101.0]).instruments
