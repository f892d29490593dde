"""From a column of stamps to instants or dates; which of the two, and in which time zone, is the caller's statement.

A stamp either names its offset (then it is an instant) or does not (then it is wall-clock time, and the caller names
the zone). A table that mixes both is refused.
"""

from __future__ import annotations

import datetime as dt
import decimal
import difflib
import zoneinfo
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.adapters.data.arrow import missing_in, truths_of, values_of, wrapped
from tradewright.domain.errors import ConfigError, DataError
from tradewright.domain.timeframe import NS_PER_DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

__all__ = ["Stamps", "joined", "local_to_utc", "read_stamps", "require_zone", "utc_to_local"]

_OFFSET = r"(Z|z|[+-]\d\d(:?\d\d)?)$"
_AWARE = r":\d.*" + _OFFSET
_UNITS = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}
# Instants outside these cannot be bars, and their nanoseconds would overflow.
_EARLIEST, _LATEST = (int(np.datetime64(day, "ns").astype(np.int64)) for day in ("1900-01-15", "2199-12-01"))
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Stamps:
    """A column of stamps.

    Parameters
    ----------
    wall : (n,) int64
        Wall-clock nanoseconds since 1970 as written, offset left aside.
    utc : (n,) int64 or None
        Instants, where the stamps say their offset.
    faults : list of (int, str)
        Rows that hold no stamp, with the reason; their other values are 0.
    """

    wall: Ints
    utc: Ints | None
    faults: list[tuple[int, str]]


def read_stamps(column: Any, epoch: str | None, source: str) -> Stamps:
    """Read a time column of text, timestamps, dates or (with `epoch`) numbers.

    Raises
    ------
    DataError
        When aware and naive stamps are mixed, or numbers come without their unit.
    ConfigError
        When the unit is unknown.
    """
    if epoch is not None:
        return _from_epoch(column, epoch, source)
    if isinstance(column, np.ndarray) and column.dtype.kind == "M":
        return _from_datetimes(column)
    if isinstance(column, np.ndarray) and column.dtype.kind in "iuf":
        raise _needs_unit(source)
    if isinstance(column, np.ndarray | list | tuple):
        return _from_objects(column, source)
    return _from_arrow(column, source)


def joined(dates: Any, times: Any, source: str) -> Any:
    """One column of stamps from a column of dates and one of times of day, both text.

    Raises
    ------
    DataError
        When they are not text.
    """
    import pyarrow as pa
    from pyarrow import compute

    if not all(hasattr(column, "cast") and pa.types.is_string(column.type) for column in (dates, times)):
        raise DataError(
            f"{source} has a date and a time column.",
            hint="Join them into one, or name one with columns={'time': ...}.",
        )
    return compute.binary_join_element_wise(dates, times, " ")


def require_zone(name: str) -> zoneinfo.ZoneInfo:
    """The time zone of that name.

    Raises
    ------
    ConfigError
        When there is none; names the nearest.
    """
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError, TypeError):
        near = difflib.get_close_matches(str(name), zoneinfo.available_timezones(), n=1)
        hint = f"Did you mean '{near[0]}'?" if near else "Use a name such as 'America/New_York' or 'UTC'."
        raise ConfigError(f"tz='{name}' is not a time zone.", hint=hint) from None


def local_to_utc(wall: Ints, zone: str) -> tuple[Ints, NDArray[np.bool_]]:
    """Instants of wall-clock times in a zone, and which of them happen twice or never (clock changes)."""
    require_zone(zone)
    import pyarrow as pa
    from pyarrow import compute

    local = wrapped(wall, pa.timestamp("ns"))
    first, last = (
        _ints(compute.assume_timezone(local, zone, ambiguous=choice, nonexistent=choice))
        for choice in ("earliest", "latest")
    )
    return first, first != last


def utc_to_local(utc: Ints, zone: str) -> Ints:
    """Wall-clock nanoseconds of instants in a zone, or at an offset such as ``+05:30``."""
    if not zone.startswith(("+", "-")):
        require_zone(zone)
    import pyarrow as pa
    from pyarrow import compute

    return _ints(compute.local_timestamp(wrapped(utc, pa.timestamp("ns", zone))))


def _ints(column: Any) -> Ints:
    import pyarrow as pa

    return np.where(missing_in(column), 0, values_of(column.cast(pa.int64()), np.int64))


def _checked(wall: Ints, utc: Ints | None, missing: NDArray[np.bool_]) -> Stamps:
    """Blank out what is missing or beyond the range of bars."""
    instants = wall if utc is None else utc
    beyond = ~missing & ((instants < _EARLIEST) | (instants > _LATEST))
    faults = [(int(row), "its time is missing") for row in np.flatnonzero(missing)]
    faults += [(int(row), "its time lies before 1900 or after 2199") for row in np.flatnonzero(beyond)]
    if not faults:
        return Stamps(wall, utc, faults)
    bad = missing | beyond
    return Stamps(np.where(bad, 0, wall), None if utc is None else np.where(bad, 0, utc), faults)


def _needs_unit(source: str) -> DataError:
    return DataError(
        f"The time column of {source} holds numbers.", hint="Say their unit with epoch='s', 'ms', 'us' or 'ns'."
    )


def _from_datetimes(column: NDArray[np.datetime64]) -> Stamps:
    # Nanoseconds count no further than 2262, and numpy wraps around there without a word.
    days = column.astype("datetime64[D]").astype(np.int64) * ~np.isnat(column)
    beyond = np.abs(days) > _LATEST // NS_PER_DAY + 1
    held = np.where(beyond, np.datetime64(_LATEST // NS_PER_DAY + 1, "D"), column)
    return _checked(held.astype("datetime64[ns]").astype(np.int64), None, np.isnat(column))


def _is_temporal(column: Any) -> bool:
    if isinstance(column, np.ndarray):
        return bool(column.dtype.kind == "M")
    if not hasattr(column, "cast"):
        return False
    import pyarrow as pa

    found: bool = pa.types.is_temporal(column.type)
    return found


def _from_epoch(column: Any, epoch: str, source: str) -> Stamps:
    if epoch not in _UNITS:
        raise ConfigError(f"epoch='{epoch}' is no unit of time.", hint="Use 's', 'ms', 'us' or 'ns'.")
    if _is_temporal(column):
        raise DataError(f"The time column of {source} holds times already, not numbers.", hint="Leave epoch= out.")
    if isinstance(column, np.ndarray) and column.dtype == np.int64:
        return _from_whole_numbers(column, _UNITS[epoch])
    values = column.tolist() if isinstance(column, np.ndarray) else column
    values = values.to_pylist() if hasattr(values, "to_pylist") else list(values)
    numbers = [_nanoseconds(value, _UNITS[epoch]) for value in values]
    # Kept as whole numbers: nanoseconds since 1970 do not fit a float.
    instants = np.array([number or 0 for number in numbers], np.int64)
    checked = _checked(instants, instants, np.array([number is None for number in numbers], np.bool_))
    unread = {row: _why_unread(values[row]) for row, number in enumerate(numbers) if number is None}
    return Stamps(checked.wall, checked.utc, sorted((dict(checked.faults) | unread).items()))


def _from_whole_numbers(column: Ints, unit: int) -> Stamps:
    """Epochs that are integers already: no copy where the unit is one nanosecond."""
    # What the unit would carry beyond 64 bits is beyond the range of bars too: held just outside it, and named.
    limit = _LATEST // unit + 1
    instants = column if unit == 1 else np.clip(column, -limit, limit) * unit
    return _checked(instants, instants, np.zeros(len(column), np.bool_))


def _nanoseconds(value: Any, unit: int) -> int | None:
    """A number of units as whole nanoseconds, exactly as it is written; None where it is no number.

    What is beyond the range of bars is held just outside it.
    """
    if isinstance(value, bool) or (isinstance(value, str) and "_" in value):
        return None
    try:
        scaled = value * unit if isinstance(value, int) else decimal.Decimal(str(value)) * unit
        return int(min(max(scaled, -_LATEST - 1), _LATEST + 1))
    except (ArithmeticError, TypeError, ValueError):
        return None


def _from_objects(values: Any, source: str) -> Stamps:
    """A column of Python values: text, dates, or datetimes with or without a zone."""
    if any(isinstance(value, int | float | np.number) and value == value for value in values):  # noqa: PLR0124 - NaN
        raise _needs_unit(source)
    return _one_by_one(list(values), source)


def _from_arrow(column: Any, source: str) -> Stamps:
    import pyarrow as pa

    types = pa.types
    if types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if types.is_integer(column.type) or types.is_floating(column.type) or types.is_decimal(column.type):
        raise _needs_unit(source)
    if types.is_timestamp(column.type):
        return _from_timestamps(column)
    if types.is_date(column.type):
        days = column.cast(pa.timestamp("ms"))
        return _from_timestamps(days)
    if types.is_string(column.type) or types.is_large_string(column.type) or types.is_string_view(column.type):
        return _from_text(column.cast(pa.string()), source)
    return _one_by_one(column.to_pylist(), source)


def _from_timestamps(column: Any) -> Stamps:

    zone, unit, missing = column.type.tz, _UNITS[column.type.unit], missing_in(column)
    # Held just outside the range of bars where nanoseconds could not count so far: it is named there.
    limit = _LATEST // unit + 1
    utc = np.clip(_ints(column), -limit, limit) * unit
    if zone is None:
        return _checked(utc, None, missing)
    wall = utc if zone in ("UTC", "+00:00", "Z") else utc_to_local(np.where(missing, 0, utc), zone)
    return _checked(wall, utc, missing)


def _from_text(column: Any, source: str) -> Stamps:
    """ISO-8601 text, read as a whole; only where that fails value by value, to find the ones that are not."""
    import pyarrow as pa
    from pyarrow import compute

    aware = truths_of(compute.match_substring_regex(column, _AWARE))
    missing = missing_in(column)
    _require_one_kind(aware, missing, source)
    try:
        if not aware.any():
            return _checked(_ints(column.cast(pa.timestamp("ns"))), None, missing)
        utc = _ints(column.cast(pa.timestamp("ns", "UTC")))
        if (truths_of(compute.ends_with(column, "Z")) | missing).all():
            return _checked(utc, utc, missing)
        bare = compute.replace_substring_regex(column, _OFFSET, "")
        return _checked(_ints(bare.cast(pa.timestamp("ns"))), utc, missing)
    except pa.ArrowInvalid:
        return _one_by_one(column.to_pylist(), source)


def _require_one_kind(aware: NDArray[np.bool_], missing: NDArray[np.bool_], source: str) -> None:
    given = aware[~missing]
    if given.any() and not given.all():
        raise DataError(
            f"{source} mixes stamps with and without a time zone ({int(given.sum())} of {len(given)} have one).",
            hint="Write all of them in UTC with a Z.",
        )


def _one_by_one(values: list[Any], source: str) -> Stamps:
    moments = [_moment(value) for value in values]
    unread = np.array([moment is None for moment in moments], np.bool_)
    if values and unread.all() and all(str(value).isdigit() for value in values):
        raise _needs_unit(source)
    aware = np.array([moment is not None and moment.tzinfo is not None for moment in moments], np.bool_)
    _require_one_kind(aware, unread, source)
    wall = np.array([_since_1970(moment) for moment in moments], np.int64)
    shift = np.array([_offset(moment) for moment in moments], np.int64)
    checked = _checked(wall, wall - shift if aware.any() else None, np.zeros(len(values), np.bool_) | unread)
    faults = dict(checked.faults)
    faults |= {row: _why_unread(values[row]) for row in np.flatnonzero(unread).tolist()}
    return Stamps(checked.wall, checked.utc, sorted(faults.items()))


def _why_unread(value: Any) -> str:
    if value is None or value != value or value == "":  # noqa: PLR0124 - NaN and NaT differ from themselves
        return "its time is missing"
    return f"its time '{str(value)[:_SHOWN]}' cannot be read"


def _moment(value: Any) -> dt.datetime | None:
    if isinstance(value, dt.datetime):
        return value if value == value else None  # noqa: PLR0124 - pandas' NaT differs from itself
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time())
    if isinstance(value, np.datetime64):
        return _moment(value.astype("datetime64[us]").item())
    if not isinstance(value, str):
        return None
    try:
        return dt.datetime.fromisoformat(value.strip())
    except ValueError:
        return None


def _since_1970(moment: dt.datetime | None) -> int:
    if moment is None:
        return 0
    past = moment.replace(tzinfo=dt.UTC) - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    nanoseconds = (past.days * 86_400 + past.seconds) * 1_000_000_000 + past.microseconds * 1_000
    # Further out than any offset could bring back into range.
    return min(max(nanoseconds, _EARLIEST - 4 * NS_PER_DAY), _LATEST + 4 * NS_PER_DAY)


def _offset(moment: dt.datetime | None) -> int:
    delta = None if moment is None else moment.utcoffset()
    return 0 if delta is None else int(delta.total_seconds() * 1_000_000_000)
