"""Data that an author holds beside the bars, with another future.

What is dated after an instant, or stands in a row after it, is changed; everything known by then stays as it is.
Frames are met by their own methods: whose they are is not known here.
"""

from __future__ import annotations

import copy
import datetime as dt
import re
from array import array
from collections import deque
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.bars import Bar, Bars
from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.reporting.result import Result

from .alignment import are_stamps
from .cutting import altered_series

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tradewright.research.leak_futures import Future

    from .alignment import Alignment

    Ints = NDArray[np.int64]

__all__ = ["OtherFuture"]

_AMOUNT = re.compile(r"-?\d+\.?\d*([eE][+-]?\d+)?")
_DEPTH = 4
_NUMBERS = (int, float, np.number)


@dataclass
class OtherFuture:
    """Rewrites values as if what came after a row had been otherwise.

    Parameters
    ----------
    alignment : Alignment
        With the bars of the whole run.
    row : int
        The last row that is known.
    future : Future
    rng : numpy.random.Generator
    """

    alignment: Alignment
    row: int
    future: Future
    rng: np.random.Generator

    def __post_init__(self) -> None:
        market = self.alignment.market
        self.instant = int(market.close_time[self.row])
        self.opened = int(market.open_time[self.row])
        self.day = int(market.sessions.row_labels(len(market))[self.row]) * NS_PER_DAY

    def _known(self, values: Any) -> int | None:
        """How many of the first values of a column without times are known; None where it is aligned with nothing."""
        return self.alignment.known(values, self.row, self.instant)

    def __call__(self, value: Any, depth: int = _DEPTH) -> Any:
        """The value with another future: a copy where anything in it lies after the row, else the value itself."""
        if depth == 0 or value is None or isinstance(value, (str, bytes, int, float, bool, type, dt.date)):
            return value
        rewrite = self._rule(value)
        return value if rewrite is None else rewrite(value, depth)

    def _rule(self, value: Any) -> Callable[[Any, int], Any] | None:
        known: tuple[tuple[Any, Callable[[Any, int], Any]], ...] = (
            (Bars, self._of_bars),
            (Result, self._of_result),
            (np.ndarray, self._array),
            ((memoryview, array), self._buffer),
            (dict, self._mapping),
            ((list, tuple, deque), self._sequence),
        )
        for kinds, rule in known:
            if isinstance(value, kinds):
                return rule
        if hasattr(type(value), "to_numpy") and hasattr(type(value), "columns"):
            return self._frame
        if hasattr(type(value), "to_numpy") and hasattr(type(value), "dtype") and not hasattr(type(value), "levels"):
            return self._column
        return self._instance if _has_own_state(value) else None

    def _of_bars(self, bars: Bars, _: int) -> Bars:
        return altered_series({"": bars}, self.instant, self.future, self.rng)[""]

    def _of_result(self, result: Result, _: int) -> Result:
        """A result of a run over the same time, its equity and its trades otherwise as far as they end later."""
        record = result.record
        trades = {name: np.array(column) for name, column in record.trades.items()}
        later = trades["exit_time"] > self.instant
        for name in ("gross", "net", "return"):
            trades[name] = np.where(later, -trades[name] - 1e-9, trades[name])
        first = record.timeline.first_row
        equity = self._altered(record.equity, record.timeline.close_time[first:] > self.instant)
        return Result(replace(record, trades=trades, equity=equity), risk_free=result.risk_free)

    def _array(self, values: Any, _: int) -> Any:
        if values.ndim not in (1, 2) or values.dtype.kind not in "fi" or are_stamps(values):
            return values
        known = self._known(values)
        return values if known is None or known >= len(values) else self._altered(values, _from(known, len(values)))

    def _buffer(self, buffer: Any, depth: int) -> Any:
        values = np.asarray(buffer)
        made = self._array(values, depth)
        if made is values:
            return buffer
        return memoryview(made) if isinstance(buffer, memoryview) else array(buffer.typecode, made.tolist())

    def _altered(self, values: Any, later: NDArray[np.bool_]) -> Any:
        """Numbers with those that come later mirrored on the last one known, and shifted."""
        if not later.any():
            return values
        made = np.array(values, copy=True)
        earlier = made[~later]
        level = earlier[-1] if len(earlier) else made[0]
        with np.errstate(all="ignore"):
            spread = np.nanstd(made.astype(np.float64)) or 1.0
            moved = level - self.rng.uniform(0.8, 1.2) * (made[later].astype(np.float64) - level)
            moved = moved + {"crash": -3.0, "boom": 3.0}.get(str(self.future), 0.25) * spread
        made[later] = np.rint(moved).astype(made.dtype) if made.dtype.kind == "i" else moved
        return made

    def _later(self, stamps: Ints) -> NDArray[np.bool_]:
        """Which stamps lie after the row: days after its day, bars after its bar, instants after its close."""
        if not (stamps % NS_PER_DAY).any():
            return stamps > self.day
        if self.alignment.are_opens(stamps):
            return stamps > self.opened
        # Of another zone or another clock: only what is later wherever it was.
        return stamps > self.instant + NS_PER_DAY

    def _mapping(self, values: dict[Any, Any], depth: int) -> dict[Any, Any]:
        stamps = self.alignment.stamps(list(values)) if values else None
        if stamps is None:
            return self._parts(values, {key: self(each, depth - 1) for key, each in values.items()})
        later = self._later(stamps)
        made = {
            key: self._shifted(each) if is_later else each
            for (key, each), is_later in zip(values.items(), later.tolist(), strict=True)
        }
        return self._parts(values, made)

    def _parts(self, values: dict[Any, Any], made: dict[Any, Any]) -> dict[Any, Any]:
        if all(made[key] is values[key] for key in values):
            return values
        found = copy.copy(values)
        found.update(made)
        return found

    def _shifted(self, value: Any) -> Any:
        """A value of a later time, otherwise: its numbers, and those inside it."""
        if isinstance(value, bool):
            return not value
        if isinstance(value, (int, float, np.number)):
            kind: Any = type(value)
            return kind(value * {"crash": 0.5, "boom": 1.6}.get(str(self.future), -1.0)) if value else kind(1)
        if isinstance(value, str) and _AMOUNT.fullmatch(value):
            return str(float(value) * {"crash": 0.5, "boom": 1.6}.get(str(self.future), 0.97) + 0.25)
        if isinstance(value, Bar):
            return _scaled_bar(value, {"crash": 0.6, "boom": 1.4}.get(str(self.future), 0.97))
        return self._shifted_inside(value)

    def _shifted_inside(self, value: Any) -> Any:
        if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
            return type(value)(self._shifted(each) for each in value)
        if isinstance(value, dict):
            return {key: self._shifted(each) for key, each in value.items()}
        if isinstance(value, np.ndarray) and value.dtype.kind in "fi" and not are_stamps(value):
            return value * value.dtype.type(2)
        return value

    def _sequence(self, values: Any, depth: int) -> Any:
        if len(values) > 20 and all(isinstance(each, _NUMBERS) and not isinstance(each, bool) for each in values):
            numbers = np.array(values, np.float64)
            known, made = self._known(numbers), self._array(numbers, depth)
            return values if made is numbers else _like(values, [*list(values)[:known], *made[known:].tolist()])
        stamps = self._stamps_of_items(values) if len(values) > 5 else None
        if stamps is not None:
            later = self._later(stamps)
            made = [self._shifted(each) if late else each for each, late in zip(values, later.tolist(), strict=True)]
        elif len(values) <= 200:
            made = [self(each, depth - 1) for each in values]
        else:
            return values
        return values if all(a is b for a, b in zip(made, values, strict=True)) else _like(values, made)

    def _stamps_of_items(self, values: Any) -> Ints | None:
        """When each of some records is dated: by its own field, or the latest of them."""
        first = next(iter(values))
        if isinstance(first, Bar):
            return np.array([each.open_time for each in values], np.int64)
        if isinstance(first, dict):
            named = [[each.get(name) for each in values] for name in first]
        elif isinstance(first, (tuple, list)):
            named = [list(each) for each in zip(*values, strict=False)]
        elif is_dataclass(first):
            named = [[getattr(each, part.name, None) for each in values] for part in fields(first)]
        else:
            return None
        found = [
            stamps
            for column in named
            if (stamps := self.alignment.stamps(column)) is not None and len(stamps) == len(values)
        ]
        return np.max(found, axis=0) if found else None

    def _frame(self, frame: Any, _: int) -> Any:
        names = list(frame.columns)
        columns = {name: np.asarray(frame[name].to_numpy()) for name in names}
        stamps = [found for values in columns.values() if (found := self.alignment.stamps(values)) is not None]
        index = None if not hasattr(type(frame), "index") else self.alignment.stamps(frame.index.to_numpy())
        stamps += [] if index is None else [index]
        later = (
            self._later(np.max(stamps, axis=0))
            if stamps
            else self._later_rows(next(iter(columns.values()), np.empty(0)))
        )
        if later is None or not later.any():
            return frame
        made = {name: self._altered(each, later) for name, each in columns.items() if _is_amount(each)}
        return _with_columns(frame, made)

    def _later_rows(self, values: Any) -> NDArray[np.bool_] | None:
        known = self._known(values)
        return None if known is None else _from(known, len(values))

    def _column(self, column: Any, _: int) -> Any:
        values = np.asarray(column.to_numpy())
        if not _is_amount(values) and values.dtype.kind != "b":
            return column
        stamps = self.alignment.stamps(column.index.to_numpy()) if hasattr(type(column), "index") else None
        later = self._later_rows(values) if stamps is None else self._later(stamps)
        if later is None or not later.any():
            return column
        made = np.where(later, ~values, values) if values.dtype.kind == "b" else self._altered(values, later)
        if hasattr(type(column), "index"):
            return type(column)(made, index=column.index, name=column.name)
        return type(column)(column.name, made)

    def _instance(self, value: Any, depth: int) -> Any:
        made = {name: self(each, depth - 1) for name, each in vars(value).items()}
        if all(made[name] is each for name, each in vars(value).items()):
            return value
        found = copy.copy(value)
        vars(found).update(made)
        return found


def _has_own_state(value: Any) -> bool:
    module = str(getattr(type(value), "__module__", ""))
    libraries = ("tradewright.", "numpy", "pandas", "polars", "builtins", "functools", "collections", "datetime")
    return hasattr(value, "__dict__") and not callable(value) and not module.startswith(libraries)


def _from(known: int, length: int) -> NDArray[np.bool_]:
    return np.arange(length) >= known


def _is_amount(values: Any) -> bool:
    return values.dtype.kind in "fi" and not are_stamps(values)


def _like(values: Any, made: list[Any]) -> Any:
    if isinstance(values, tuple) and hasattr(values, "_make"):
        return values._make(made)
    return deque(made, values.maxlen) if isinstance(values, deque) else type(values)(made)


def _with_columns(frame: Any, made: dict[Any, Any]) -> Any:
    if hasattr(type(frame), "with_columns"):
        return frame.with_columns([type(frame[name])(name, values) for name, values in made.items()])
    copied = frame.copy()
    for name, values in made.items():
        copied[name] = values
    return copied


def _scaled_bar(bar: Bar, factor: float) -> Bar:
    prices = {name: getattr(bar, name) * factor for name in ("open", "high", "low", "close")}
    return replace(bar, **prices)
