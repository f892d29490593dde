"""What every store of bars promises: what is read is what was written, in versions by content; ranges, removal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.stores import FIRST_DAY, actions, content, days, full_instrument, key, minutes, orphans, with_prices, write

from tradewright.domain.actions import ActionKind, CorporateAction, actions_of
from tradewright.domain.bars import Adjustment
from tradewright.domain.errors import DataError, DataNotAvailableError, StorageError, SymbolNotFoundError
from tradewright.domain.quality import Gravity, Problem, QualityFinding, QualityReport
from tradewright.domain.stored import DayRange, WriteEffect, WriteMode

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.stores import AnyStore

REPORT = QualityReport(
    "XNYS:ACME", "1d", "raw", "ACME.csv", 10, 10, 1, 2,
    (QualityFinding(Problem.SPIKE, Gravity.WARN, 1, 1, 1, 4, "A spike."),),
)  # fmt: skip


@pytest.fixture
def store(new_bar_store: Callable[..., AnyStore]) -> AnyStore:
    """An empty store with segments of seven rows and a clock that ticks by one."""
    ticks = iter(range(1, 1000))
    return new_bar_store(segment_rows=7, now_ns=lambda: next(ticks))


def test_what_is_read_equals_what_was_written(store: AnyStore) -> None:
    bars = days(20, actions=actions({5: 2.0}, {3: 0.1, 9: 1 / 3}), quality=REPORT)
    bars = replace(bars, instrument=full_instrument(), synthetic=True, source="SYNTHETIC seed=7")
    write(store, bars)
    read = store.read(key("ES", exchange="XCME"))
    assert read.instrument == bars.instrument
    assert read.fingerprint == bars.fingerprint
    assert replace(read).fingerprint == bars.fingerprint
    assert read.actions.dividends.tolist() == bars.actions.dividends.tolist()
    assert (read.synthetic, read.quality, read.adjustment) == (True, REPORT, Adjustment.RAW)
    assert read.source == f"SYNTHETIC seed=7 (store, version {bars.fingerprint[:12]})"
    assert read.open.dtype == np.float64
    assert not read.open.flags.writeable


def test_where_bars_come_from_says_how_to_get_them_again(store: AnyStore) -> None:
    write(store, days(20))
    read = store.read(key(), DayRange(FIRST_DAY + 3, FIRST_DAY + 5))
    assert read.origin == {
        "kind": "store", "instrument": "XNYS:ACME", "timeframe": "1d", "adjustment": "raw",
        "version": days(20).fingerprint, "start": "2024-01-04", "end": "2024-01-05",
    }  # fmt: skip


def test_the_fingerprint_of_a_whole_version_is_not_computed_again(store: AnyStore) -> None:
    write(store, days(20))
    assert store.read(key()).__dict__["fingerprint"] == days(20).fingerprint
    assert "fingerprint" not in store.read(key(), DayRange(None, FIRST_DAY + 5)).__dict__


@pytest.mark.parametrize(("first", "stop"), [(None, 5), (3, None), (3, 5), (6, 8), (0, 20), (-5, 99)])
def test_a_range_has_the_rows_from_its_first_day_up_to_its_stop(
    store: AnyStore, first: int | None, stop: int | None
) -> None:
    bars = days(20)
    write(store, bars)
    read = store.read(key(), DayRange(first and FIRST_DAY + first, stop and FIRST_DAY + stop))
    cut = bars.rows(max(first or 0, 0), min(stop or 20, 20))
    assert replace(read).fingerprint == replace(cut).fingerprint


def test_an_empty_range_says_what_there_is(store: AnyStore) -> None:
    write(store, days(20))
    with pytest.raises(DataNotAvailableError, match="has no bars from 2024-02-10") as caught:
        store.read(key(), DayRange(FIRST_DAY + 40, None))
    assert caught.value.hint == "It is stored from 2024-01-01 to 2024-01-20."


def test_a_series_that_is_not_there_is_refused_with_the_nearest(store: AnyStore) -> None:
    write(store, days(20, "AAPL"))
    with pytest.raises(SymbolNotFoundError, match="XNYS:APPL 1d raw is not in the store") as caught:
        store.read(key("APPL"))
    assert caught.value.hint == "Did you mean XNYS:AAPL 1d raw?"


def test_an_empty_store_has_nothing(store: AnyStore) -> None:
    assert (store.series(), store.versions(key()), store.tidy(), store.remove([])) == ([], [], 0, 0)
    with pytest.raises(SymbolNotFoundError):
        store.read(key())


def test_the_same_content_again_changes_nothing(store: AnyStore) -> None:
    first = write(store, days(20))[0].version
    again = write(store, days(20))[0]
    assert (again.effect, again.new_rows, again.version) == (WriteEffect.UNCHANGED, 0, first)
    assert len(store.versions(key())) == 1


def test_other_content_is_refused_unless_it_is_to_be_added_or_to_replace(store: AnyStore) -> None:
    write(store, days(20))
    with pytest.raises(DataError, match=r"is stored with 20 bars, and ACME\.csv has others"):
        write(store, days(21))
    assert store.series()[0].rows == 20


def test_a_series_stands_once_in_a_command(store: AnyStore) -> None:
    with pytest.raises(DataError, match="stands twice in one import"):
        write(store, days(20), days(21))
    assert store.series() == []


def test_the_series_of_a_name_are_those_of_the_symbol_or_the_instrument(store: AnyStore) -> None:
    write(store, days(20), days(20, "OTHER"), minutes(2, 5))
    assert [str(each.key) for each in store.series("ACME")] == ["XNYS:ACME 1d raw", "XNYS:ACME 1m raw"]
    assert [str(each.key) for each in store.series("XNYS:OTHER")] == ["XNYS:OTHER 1d raw"]
    assert store.series("XNYS") == []


def test_what_was_replaced_stays_readable_by_its_version(store: AnyStore) -> None:
    old, new = days(20), with_prices(days(20), 4, volume=7.0)
    write(store, old)
    done = write(store, new, mode=WriteMode.REPLACE)[0]
    assert (done.effect, done.new_rows) == (WriteEffect.REPLACED, 0)
    assert store.read(key()).fingerprint == new.fingerprint
    assert replace(store.read(key(), version=old.fingerprint)).fingerprint == old.fingerprint
    assert [version.is_current for version in store.versions(key())] == [True, False]


def test_an_earlier_version_becomes_current_again_without_a_third(store: AnyStore) -> None:
    write(store, days(20))
    write(store, days(21), mode=WriteMode.REPLACE)
    write(store, days(20), mode=WriteMode.REPLACE)
    assert [version.rows for version in store.versions(key())] == [20, 21]


def test_an_unknown_version_is_refused_with_those_there_are(store: AnyStore) -> None:
    write(store, days(20))
    with pytest.raises(DataNotAvailableError, match="has no version beef") as caught:
        store.read(key(), version="beef")
    assert days(20).fingerprint[:12] in str(caught.value.hint)


def test_another_description_of_the_same_bars_is_refused_by_field(store: AnyStore) -> None:
    write(store, days(20))
    other = replace(days(20), instrument=replace(days(20).instrument, tick=0.05))
    with pytest.raises(DataError, match=r"is stored with tick=0\.01, and ACME\.csv says 0\.05"):
        write(store, other)
    assert write(store, other, mode=WriteMode.REPLACE)[0].effect is WriteEffect.REPLACED
    assert store.read(key()).instrument.tick == 0.05


def test_what_was_found_in_a_version_is_told_anew_and_its_bars_stay(store: AnyStore) -> None:
    write(store, days(20), days(9, "OTHER"))
    before = store.versions(key())[0]
    store.describe(before, REPORT)
    (after,) = store.versions(key())
    assert (before.quality, after) == (None, replace(before, quality=REPORT))
    assert (store.read(key()).quality, store.read(key()).fingerprint) == (REPORT, days(20).fingerprint)
    assert store.versions(key("OTHER"))[0].quality is None
    store.remove([after])
    store.describe(after, REPORT)
    assert store.versions(key()) == []


def test_quality_is_asked_for_where_the_bars_bring_none(store: AnyStore) -> None:
    def examine(bars):
        return replace(REPORT, rows=len(bars), source=bars.source)

    with store.writing(examine) as writer:
        writer.add(days(20))
    assert store.read(key()).quality == replace(REPORT, rows=20)
    with store.writing(examine) as writer:
        writer.add(days(9, first=18, source="more.csv"), WriteMode.APPEND)
    assert store.read(key()).quality == replace(REPORT, rows=27, source="more.csv")


def test_removing_frees_what_no_other_version_needs(store: AnyStore) -> None:
    write(store, days(20))
    write(store, days(1, first=20), mode=WriteMode.APPEND)
    assert store.remove(store.versions(key())[1:]) > 0
    assert content(store) == {"XNYS:ACME 1d raw": (days(21).fingerprint,)}
    assert orphans(store) == []


def test_the_latest_of_the_others_becomes_current(store: AnyStore) -> None:
    for rows in (20, 21, 22):
        write(store, days(rows), mode=WriteMode.REPLACE)
    store.remove(store.versions(key())[:1])
    assert [(version.rows, version.is_current) for version in store.versions(key())] == [(21, True), (20, False)]


def test_a_version_that_became_current_after_it_was_chosen_is_not_removed(store: AnyStore) -> None:
    write(store, days(5))
    write(store, days(6), mode=WriteMode.REPLACE)
    chosen = [each for each in store.versions(key()) if not each.is_current]
    write(store, days(5), mode=WriteMode.REPLACE)
    with pytest.raises(StorageError, match="has become the current version meanwhile; nothing was removed"):
        store.remove(chosen)
    assert len(store.read(key())) == 5
    assert len(store.versions(key())) == 2


def test_a_series_goes_with_all_its_versions_at_once(store: AnyStore) -> None:
    for rows in (20, 21, 22):
        write(store, days(rows), mode=WriteMode.REPLACE)
    assert store.remove(store.versions(key())) > 0
    assert store.series() == []
    assert orphans(store) == []


def test_removing_nothing_changes_nothing(store: AnyStore) -> None:
    write(store, days(20))
    assert store.remove([]) == 0
    assert store.series()[0].rows == 20


# ---------------------------------------------------------------- what was said of the instrument


def said(number: int, ratio: float, **more: int) -> CorporateAction:
    return CorporateAction(
        kind=ActionKind.SPLIT, symbol="ACME", day=FIRST_DAY + number, source="vendor", ratio=ratio, **more
    )


def test_what_was_said_is_kept_with_a_version_and_told_without_opening_its_bars(store: AnyStore) -> None:
    told = actions_of([said(5, 2.0, known_ns=7), said(5, 3.0, known_ns=9)], "USD")
    bars = days(20, actions=told)
    write(store, bars)
    read = store.read(key())
    assert (read.fingerprint, replace(read).fingerprint) == (bars.fingerprint, bars.fingerprint)
    assert (read.actions.split_ratios.tolist(), read.actions.announced) == ([3.0], told.announced)
    assert store.series()[0].announced == told.announced
    assert [checked.fault for checked in store.check(store.series())] == [None]


def test_what_is_said_otherwise_makes_a_version_and_the_one_before_stays(store: AnyStore) -> None:
    first = [said(5, 2.0)]
    write(store, days(20, actions=actions_of(first, "USD")))
    before = store.series()[0].version
    write(store, days(20, actions=actions_of([*first, said(5, 3.0, known_ns=9)], "USD")), mode=WriteMode.REPLACE)
    assert store.series()[0].version != before
    assert store.read(key(), version=before).actions.announced == tuple(first)


def test_bars_that_come_later_bring_what_was_said_meanwhile(store: AnyStore) -> None:
    write(store, days(20, actions=actions_of([said(5, 2.0)], "USD")))
    later = actions_of([said(5, 2.0), said(22, 4.0)], "USD")
    write(store, days(5, first=20, actions=later), mode=WriteMode.APPEND)
    assert store.read(key()).fingerprint == days(25, actions=later).fingerprint
    assert store.series()[0].announced == later.announced


def test_bars_of_a_file_behind_fetched_ones_add_what_the_file_says(store: AnyStore) -> None:
    write(store, days(20, actions=actions_of([said(5, 2.0)], "USD")))
    write(store, days(5, first=20, actions=actions({22: 4.0}, {}), source="late.csv"), mode=WriteMode.APPEND)
    found = store.read(key()).actions
    assert found.split_ratios.tolist() == [2.0, 4.0]
    assert [(each.day - FIRST_DAY, each.source) for each in found.announced] == [(5, "vendor"), (22, "late.csv")]
