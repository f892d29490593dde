"""A store loses and adds nothing: however a series is cut into appends, and whatever part of it is read."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.stores import FIRST_DAY, AnyStore, actions, days, emptied, key, minutes, segment_names, write

from tradewright.adapters.storage.market_data.store import DatabaseBarStore
from tradewright.adapters.storage.parquet.store import ParquetBarStore
from tradewright.adapters.storage.segmented.content import actions_from, actions_text
from tradewright.adapters.storage.segmented.segments import columns_of, cut
from tradewright.domain.bars import Bars
from tradewright.domain.stored import DayRange, SeriesKey, WriteMode

Opened = Callable[[int], AbstractContextManager[AnyStore]]

FEW = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
DAYS = st.integers(0, 60)


@st.composite
def series(draw: st.DrawFn) -> Bars:
    """Daily bars or minutes, with actions inside and outside their sessions."""
    splits = draw(st.dictionaries(DAYS, st.sampled_from([2.0, 0.5, 1 / 3]), max_size=3))
    paid = draw(st.dictionaries(DAYS, st.floats(0.001, 5), max_size=3))
    known = actions(dict(sorted(splits.items())), dict(sorted(paid.items())))
    if draw(st.booleans()):
        return days(draw(st.integers(2, 40)), actions=known)
    return minutes(draw(st.integers(1, 8)), draw(st.integers(2, 9)), actions=known)


@pytest.fixture(scope="module", params=["files", "database"])
def opened(request: pytest.FixtureRequest) -> Callable[[int], AbstractContextManager[AnyStore]]:
    """Opens an empty store of so many rows per segment, for one example."""
    if request.param == "files":
        return _in_files
    return partial(_in_database, request.getfixturevalue("bars_dsn"))


@contextmanager
def _in_files(segment_rows: int) -> Iterator[AnyStore]:
    with tempfile.TemporaryDirectory() as folder:
        yield ParquetBarStore(folder, segment_rows=segment_rows)


@contextmanager
def _in_database(dsn: str, segment_rows: int) -> Iterator[AnyStore]:
    yield DatabaseBarStore(emptied(dsn), segment_rows=segment_rows)


@FEW
@given(series(), st.integers(1, 12), st.data())
def test_appended_in_any_cut_a_series_is_what_it_is_when_written_whole(
    opened: Opened, bars: Bars, segment_rows: int, data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(bars) - 1), max_size=4)))
    with opened(segment_rows) as store:
        for first, stop in zip([0, *cuts], [*cuts, len(bars)], strict=True):
            overlap = data.draw(st.integers(0, first))
            write(store, bars.rows(first - overlap, stop), mode=WriteMode.APPEND)
        read = store.read(SeriesKey.of(bars))
        assert read.fingerprint == replace(read).fingerprint == bars.fingerprint
        assert {segment.name for segment, _ in cut(columns_of(bars), segment_rows)} <= segment_names(store)
        assert [checked.fault for checked in store.check(store.series())] == [None]


@FEW
@given(series(), st.integers(1, 12), DAYS, DAYS)
def test_a_range_is_the_slice_of_the_whole(opened: Opened, bars: Bars, segment_rows: int, one: int, other: int) -> None:
    first, stop = FIRST_DAY + min(one, other), FIRST_DAY + max(one, other) + 1
    labels = bars.sessions.row_labels(len(bars))
    rows = [row for row, label in enumerate(labels) if first <= label < stop]
    with opened(segment_rows) as store:
        write(store, bars)
        if rows:
            read = store.read(SeriesKey.of(bars), DayRange(first, stop))
            assert replace(read).fingerprint == replace(bars.rows(rows[0], rows[-1] + 1)).fingerprint


@given(st.lists(st.tuples(st.integers(-(10**6), 10**6), st.floats(1e-300, 1e300)), max_size=5))
def test_actions_come_back_to_the_last_bit(pairs: list[tuple[int, float]]) -> None:
    written = actions(dict(pairs), {day: -value for day, value in pairs})
    read = actions_from(actions_text(written))
    assert read.split_ratios.tobytes() == written.split_ratios.tobytes()
    assert read.dividends.tobytes() == written.dividends.tobytes()
    assert read.split_days.tolist() == written.split_days.tolist()


def test_the_key_of_a_series_comes_back() -> None:
    assert SeriesKey.from_dict(key("BRK/B", "15m", "full").to_dict()) == key("BRK/B", "15m", "full")
