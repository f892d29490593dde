"""The use case: from what a user calls a series to its bars."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.bars import Adjustment
from tradewright.domain.errors import ConfigError, DataNotAvailableError, ResourceError, SymbolNotFoundError
from tradewright.domain.listing import renamed, taken_over_by
from tradewright.domain.stored import ALL_DAYS, DayRange, SeriesKey, short_version
from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.engine.dates import day_of
from tradewright.marketdata.adjust import adjust, in_name_only
from tradewright.marketdata.hours import in_hours
from tradewright.marketdata.point_in_time import as_known_on, with_end
from tradewright.marketdata.quality import examine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tradewright.domain.bars import Bars
    from tradewright.domain.quality import QualityFinding
    from tradewright.domain.stored import StoredVersion
    from tradewright.domain.timeframe import Timeframe
    from tradewright.marketdata.placement import Hours
    from tradewright.ports.bar_store import BarStore

__all__ = ["Wanted", "as_traded", "days_between", "find", "load", "load_all", "named"]

_BYTES_PER_ROW = 64
"""Eight columns of eight bytes."""

_HOW_FAR = {Adjustment.RAW: 0, Adjustment.SPLIT: 1, Adjustment.FULL: 2}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a symbol is asked for.

    Parameters
    ----------
    timeframe : Timeframe
    adjustment : Adjustment or None
        None takes the one there is.
    version : str or None
        Its first digits, six or more; None takes the current one.
    days : DayRange
    as_of : int or None
        A day since 1970-01-01: only what was known when it ended; None takes what is known now.
    hours : Hours or None
        Of bars shorter than a day: those of the exchange alone, or with those around them; None takes what there is.
    """

    timeframe: Timeframe
    adjustment: Adjustment | None = None
    version: str | None = None
    days: DayRange = ALL_DAYS
    as_of: int | None = None
    hours: Hours | None = None


def days_between(start: str | None, end: str | None) -> DayRange:
    """From the dates that a user gives, both included, to a range of days.

    Raises
    ------
    ConfigError
        When one is no date.
    DataNotAvailableError
        When the range ends before it begins.
    """
    first = None if start is None else day_of(start, "start")
    stop = None if end is None else day_of(end, "end") + 1
    if first is not None and stop is not None and stop <= first:
        raise DataNotAvailableError(f"The range {start} … {end} ends before it begins.")
    return DayRange(first, stop)


def named(stored: Sequence[StoredVersion], symbol: str) -> list[StoredVersion]:
    """The series of a symbol, or of an instrument in full (``EXCHANGE:SYMBOL``).

    Raises
    ------
    SymbolNotFoundError
        When there is none; names the nearest, or the present name of what was called so.
    """
    found = [each for each in stored if symbol in (each.key.instrument, each.key.symbol)]
    if not found:
        lost = taken_over_by(symbol, [said for each in stored for said in each.announced])
        if lost is not None:
            raise renamed(lost)
        raise SymbolNotFoundError(f"{symbol} is not in the store.", hint=_nearest(stored, symbol))
    return found


def _nearest(stored: Sequence[StoredVersion], symbol: str) -> str:
    names = {each.key.symbol: each.key.symbol for each in stored} | {
        each.key.instrument: each.key.instrument for each in stored
    }
    if not names:
        return "It is empty; 'tradewright data import' fills it."
    folded = {name.casefold(): name for name in names}
    near = difflib.get_close_matches(symbol.casefold(), folded, n=1)
    if near:
        return f"Did you mean {folded[near[0]]}?"
    return f"There are {_listed(sorted({each.key.symbol for each in stored}))}."


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:10]) + (", …" if len(names) > 10 else "")


def find(store: BarStore, symbol: str, wanted: Wanted) -> StoredVersion:
    """The one series that is meant, in the version that is meant.

    Where the adjustment that was asked for is not stored, the one it can be computed from is given.

    Raises
    ------
    SymbolNotFoundError
        When no series, or several instruments, have the name; names the nearest or the candidates.
    DataNotAvailableError
        When there is nothing of the timeframe, adjustment or version; says what there is.
    ConfigError
        When several adjustments are stored and none was asked for.
    """
    known = store.series(symbol) or named(store.series(), symbol)
    series = _of_timeframe(_one_instrument(known, symbol), wanted.timeframe)
    if wanted.version is None:
        return _adjusted(series, wanted.adjustment)
    versions = [each for one in series for each in store.versions(one.key)]
    return _adjusted(_of_version(versions, wanted.version), wanted.adjustment)


def _one_instrument(found: Sequence[StoredVersion], symbol: str) -> Sequence[StoredVersion]:
    instruments = _distinct(each.key.instrument for each in found)
    if len(instruments) > 1:
        raise SymbolNotFoundError(
            f"{symbol} is stored of {len(instruments)} exchanges.", hint=f"Say {' or '.join(instruments)}."
        )
    return found


def _distinct(names: Iterable[object]) -> list[str]:
    return sorted({str(name) for name in names})


def _of_timeframe(found: Sequence[StoredVersion], timeframe: Timeframe) -> Sequence[StoredVersion]:
    fitting = [each for each in found if each.key.timeframe == timeframe]
    if not fitting:
        there = ", ".join(_distinct(each.key.timeframe for each in found))
        raise DataNotAvailableError(
            f"{found[0].key.instrument} is not stored in bars of {timeframe}.", hint=f"It is stored in {there}."
        )
    return fitting


def _of_version(versions: Sequence[StoredVersion], version: str) -> Sequence[StoredVersion]:
    if len(version) < 6:
        raise ConfigError(f"The version '{version}' is too short to tell.", hint="Give six digits of it or more.")
    fitting = [each for each in versions if each.version.startswith(version.lower())]
    if not fitting:
        there = _listed([short_version(each.version) for each in versions])
        key = versions[0].key
        raise DataNotAvailableError(
            f"{key.instrument} {key.timeframe} has no version {version}.", hint=f"It has {there}."
        )
    if len(fitting) > 1:
        raise DataNotAvailableError(
            f"The version '{version}' may be {' or '.join(each.version[:24] for each in fitting)}.",
            hint="Give more digits of it.",
        )
    return fitting


def _adjusted(found: Sequence[StoredVersion], adjustment: Adjustment | None) -> StoredVersion:
    by_adjustment = {each.key.adjustment: each for each in found}
    if adjustment is None:
        if len(by_adjustment) > 1:
            key, choices = found[0].key, " or ".join(f"adjustment='{name}'" for name in sorted(by_adjustment))
            raise ConfigError(
                f"{key.instrument} {key.timeframe} is stored with {len(by_adjustment)} adjustments.",
                hint=f"Choose {choices}.",
            )
        return found[0]
    # The least adjusted one that is stored holds the most actions to adjust for.
    for name in (adjustment, *sorted(by_adjustment, key=_HOW_FAR.__getitem__)):
        if name in by_adjustment and _HOW_FAR[name] <= _HOW_FAR[adjustment]:
            return by_adjustment[name]
    key = found[0].key
    raise DataNotAvailableError(
        f"{key.instrument} {key.timeframe} is not stored with adjustment='{adjustment}'.",
        hint=f"It is stored with adjustment={', '.join(repr(str(name)) for name in by_adjustment)}.",
    )


def load(store: BarStore, found: StoredVersion, wanted: Wanted) -> Bars:
    """The bars of what `find` found.

    What is not stored adjusted as asked is computed over the whole history and cut then, so that the prices of a date
    do not depend on the range. A part of a series is looked over anew, as its report is about all of it.

    Raises
    ------
    DataNotAvailableError
        When the range has no bar, or none of the hours that are wanted.
    ConfigError
        When hours are wanted of bars of a day or longer.
    DataError
        When the adjustment cannot be computed.
    """
    version = None if found.is_current else found.version
    noted: list[QualityFinding | None] = []
    if wanted.as_of is None and wanted.adjustment in (None, found.key.adjustment):
        bars = as_traded(store.read(found.key, wanted.days, version), found)
    else:
        stored = _known(as_traded(store.read(found.key, version=version), found), wanted)
        noted = [in_name_only(stored)] if wanted.adjustment is Adjustment.FULL else []
        whole = adjust(stored, wanted.adjustment or stored.adjustment)
        bars = replace(_cut(whole, found.key, wanted.days), quality=None)
    if wanted.hours is not None:
        bars = in_hours(bars, wanted.hours)
    if bars.quality is not None or found.quality is None:
        return bars
    return replace(bars, quality=examine(bars, noted=[each for each in noted if each is not None]))


def as_traded(bars: Bars, stored: StoredVersion) -> Bars:
    """The bars of a stored version, with the end of their instrument where it is traded no more."""
    return with_end(bars, stored.last_ns // NS_PER_DAY)


def _known(bars: Bars, wanted: Wanted) -> Bars:
    return bars if wanted.as_of is None else as_known_on(bars, wanted.as_of)


def load_all(
    store: BarStore,
    symbols: Sequence[str],
    wanted: Wanted,
    *,
    free: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Bars]:
    """The bars of several symbols, by their names as given.

    Parameters
    ----------
    store : BarStore
    symbols : sequence of str
    wanted : Wanted
    free : int, optional
        Bytes of memory at hand; nothing is refused where that is not known.
    progress : callable, optional
        Called with how many are read, and of how many.

    Raises
    ------
    ResourceError
        When they would not fit in memory.
    SymbolNotFoundError, DataNotAvailableError, ConfigError
        As `find`.
    """
    if wanted.version is not None and len(symbols) != 1:
        raise ConfigError("A version is of one symbol.", hint="Load the symbols one by one.")
    found = {symbol: find(store, symbol, wanted) for symbol in symbols}
    _require_room(sum(_rows_at_once(version, wanted) for version in found.values()), free)
    loaded: dict[str, Bars] = {}
    for symbol, version in found.items():
        loaded[symbol] = load(store, version, wanted)
        if progress is not None:
            progress(len(loaded), len(found))
    return loaded


def _rows_at_once(version: StoredVersion, wanted: Wanted) -> int:
    """Rows that are certainly held; how many a range has is not known before it is read.

    What is computed is computed over the whole history, of which a range is then a view.
    """
    is_computed = wanted.as_of is not None or wanted.adjustment not in (None, version.key.adjustment)
    return version.rows if is_computed or wanted.days.is_whole else 0


def _require_room(rows: int, free: int | None) -> None:
    needed = rows * _BYTES_PER_ROW
    if free is not None and needed > free:
        raise ResourceError(
            f"Reading {rows:,} bars needs about {needed / 1e9:.1f} GB and {free / 1e9:.1f} GB are free.",
            hint="Use fewer symbols, or a range of dates.",
        )


def _cut(bars: Bars, key: SeriesKey, days: DayRange) -> Bars:
    if days.is_whole:
        return bars
    labels = bars.sessions.row_labels(len(bars))
    first = 0 if days.first is None else int(np.searchsorted(labels, days.first))
    stop = len(labels) if days.stop is None else int(np.searchsorted(labels, days.stop))
    if first >= stop:
        raise DataNotAvailableError(
            f"{key} has no bars in the range.", hint="'tradewright data list' says what it has."
        )
    last = None if days.stop is None else _date(days.stop - 1)
    span = f"{'' if days.first is None else _date(days.first)}/{last or ''}"
    then = [*bars.origin.get("then", ()), {"days": span}]
    return replace(bars.rows(first, stop), origin={**bars.origin, "then": then})


def _date(day: int) -> str:
    return str(np.datetime64(day, "D"))
