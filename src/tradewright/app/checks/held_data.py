"""What a strategy's code holds outside of the run: whether it was made with bars that had not come."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.bars import Bars
from tradewright.domain.leaks import Gravity, LeakFinding, LeakKind
from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.research.leak_foresight import foresight, sample_statistics, scaled_so_far, whole_sample_scale
from tradewright.strategy.lines import Line
from tradewright.strategy.places import spot

from .alignment import stamps_of
from .subject import OURS
from .wording import number_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from tradewright.domain.leaks import Spot
    from tradewright.engine.steps import Step

    from .subject import Subject

    Floats = NDArray[np.float64]

__all__ = ["HeldData"]

_LEAST_DIGITS = 6
_HINT = "Hold nothing that was computed over bars after the one it is read at; compute it in setup() with self.use."


@dataclass(frozen=True)
class Held:
    """Something held: its name as it is read, the value, and who reads it."""

    name: str
    value: Any
    code: Any = None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Knowledge:
    """What something held knows: in words, of which symbol, at which bar, and what could be known there instead."""

    words: str
    symbol: str
    row: int
    before: float
    after: float


@dataclass
class HeldData:
    """Asks of everything held whether it knows too much.

    Parameters
    ----------
    subject : Subject
    """

    subject: Subject

    def findings(self) -> Iterator[LeakFinding]:
        """One for each thing that does."""
        for held in self._everything():
            found = self._of(held)
            if found is not None:
                yield found

    def _everything(self) -> Iterator[Held]:
        for slot, value in self.subject.outside.values():
            yield Held(slot.name, value, slot.owner)
        # What a strategy has prepared over fewer bars already, and not otherwise, it has from elsewhere.
        whole = self.subject.preparation()
        for attributes in whole.held:
            for name, value in attributes.items():
                if name not in OURS and not isinstance(value, Line):
                    yield Held(f"self.{name}", value, None, tuple(whole.steps))

    def _of(self, held: Held) -> LeakFinding | None:
        for name, number in _numbers(held):
            meant = self._statistic(number) if not held.steps else None
            if meant is not None:
                return self._finding(held, name, meant)
        for name, column in self._columns(held.name, held.value):
            found = self._knowing(column)
            if found is not None:
                return self._finding(held, name, found)
        return None

    def _knowing(self, column: Floats) -> Knowledge | None:
        """What a column by row of the market knows."""
        for track in self.subject.market.tracks:
            bars = track.bars
            rows = np.arange(len(bars)) if track.present is None else np.flatnonzero(track.present)
            own = column if track.present is None else column[rows]
            if len(own) != len(bars):
                continue
            known = foresight(own, bars.close)
            if known is not None:
                words = (
                    f"foretells the next bar of {bars.symbol}: correlation {known.correlation:+.2f} with its return "
                    f"over {known.rows} bars, beyond what the bars up to then say (t {known.t:+.0f})."
                )
                return Knowledge(words, bars.symbol, int(rows[known.row]), known.expected, known.value)
            columns = {name: getattr(bars, name) for name in ("close", "high", "low", "volume")}
            scaled = whole_sample_scale(own, columns)
            if scaled is not None:
                place = len(own) // 2
                before = scaled_so_far(scaled, columns, place)
                return Knowledge(f"is {scaled}.", bars.symbol, int(rows[place]), before, float(own[place]))
        return None

    @cached_property
    def _statistics(self) -> list[tuple[str, str, float]]:
        return [(symbol, name, value) for symbol, bars in self.subject.series.items() for name, value in _all_of(bars)]

    def _statistic(self, number: float) -> Knowledge | None:
        """Of which whole sample a number is a statistic."""
        if len(f"{abs(number):.15g}".replace(".", "").strip("0")) < _LEAST_DIGITS:
            return None
        for symbol, name, value in self._statistics:
            if abs(value - number) <= 1e-12 * abs(number):
                row = self.subject.first_row
                until = self.subject.series[symbol].rows(0, max(2, row + 1))
                said = f"is {number:.10g}: {name} of {symbol} over all bars of the run, known only at their end."
                return Knowledge(said, symbol, row, dict(_all_of(until))[name], number)
        return None

    def _columns(self, name: str, value: Any, depth: int = 2) -> Iterator[tuple[str, Floats]]:
        """What of a value has a number for the rows of the market."""
        if isinstance(value, (Bars, Line)) or depth == 0:
            return
        if isinstance(value, (str, bytes)):
            yield from self._by_row(name, np.array([ord(each) for each in str(value)], np.int64), None)
            return
        if hasattr(type(value), "to_numpy"):
            yield from self._of_frame(name, value)
        elif isinstance(value, (np.ndarray, memoryview, array)) and np.ndim(value) == 1:
            yield from self._by_row(name, np.asarray(value), None)
        elif isinstance(value, dict) and value:
            yield from self._of_mapping(name, value, depth)
        elif isinstance(value, (set, frozenset)) and len(value) > 2:
            yield from self._of_dates(name, value)
        elif isinstance(value, (list, tuple)) and len(value) > 20 and all(isinstance(x, (int, float)) for x in value):
            yield from self._by_row(name, np.array(value, np.float64), None)

    def _of_frame(self, name: str, value: Any) -> Iterator[tuple[str, Floats]]:
        if not hasattr(type(value), "columns"):
            stamps = stamps_of(value.index.to_numpy()) if hasattr(type(value), "index") else None
            yield from self._by_row(name, np.asarray(value.to_numpy()), stamps)
            return
        stamps = self._stamps_of_frame(value)
        for column in value.columns:
            yield from self._by_row(f"{name}[{column!r}]", np.asarray(value[column].to_numpy()), stamps)

    def _of_dates(self, name: str, value: Any) -> Iterator[tuple[str, Floats]]:
        stamps = stamps_of(sorted(value, key=str))
        if stamps is not None:
            marks = self._marks(stamps)
            yield name, marks
            # Who holds a date knows it before it comes.
            yield name, np.append(marks[1:], 0.0)

    def _of_mapping(self, name: str, value: dict[Any, Any], depth: int) -> Iterator[tuple[str, Floats]]:
        stamps = stamps_of(list(value))
        amounts = list(value.values())
        if stamps is None:
            for key, each in list(value.items())[:50]:
                yield from self._columns(f"{name}[{key!r}]", each, depth - 1)
        elif all(isinstance(each, (int, float, np.number, np.bool_)) for each in amounts):
            yield from self._by_row(name, np.array(amounts, np.float64), stamps)

    def _stamps_of_frame(self, frame: Any) -> Any:
        index = stamps_of(frame.index.to_numpy()) if hasattr(type(frame), "index") else None
        if index is not None:
            return index
        columns = (np.asarray(frame[name].to_numpy()) for name in frame.columns)
        return next((found for each in columns if (found := stamps_of(each)) is not None), None)

    def _by_row(self, name: str, numbers: Any, stamps: Any) -> Iterator[tuple[str, Floats]]:
        if numbers.dtype.kind not in "fib" or numbers.ndim != 1:
            return
        values = numbers.astype(np.float64)
        if stamps is None:
            if len(values) == len(self.subject.market):
                yield name, values
            return
        places, found = self._rows_of(stamps)
        column = np.full(len(self.subject.market), np.nan)
        column[places] = values[found]
        yield name, column

    def _rows_of(self, stamps: Any) -> tuple[Any, Any]:
        """Rows of the market that stamps name, by session date or by the bar's open, and which of the stamps do."""
        market = self.subject.market
        days = not (stamps % NS_PER_DAY).any() and not market.timeframe.is_intraday
        labels = market.timeline(0).labels() if days else market.open_time
        order = np.argsort(stamps, kind="stable")
        places = np.searchsorted(labels, stamps[order])
        hits = (places < len(labels)) & (labels[np.minimum(places, len(labels) - 1)] == stamps[order])
        return places[hits], order[hits]

    def _marks(self, stamps: Any) -> Floats:
        """1 on the rows that are named and 0 elsewhere."""
        places, _ = self._rows_of(stamps)
        column = np.zeros(len(self.subject.market))
        column[places] = 1.0
        return column

    def _finding(self, held: Held, name: str, known: Knowledge) -> LeakFinding:
        return LeakFinding(
            kind=LeakKind.LOOK_AHEAD,
            gravity=Gravity.FAIL,
            compared=name,
            sentence=f"{name} {known.words}",
            hint=_HINT,
            symbol=known.symbol,
            bar=self.subject.label(known.row),
            before=number_text(known.before),
            after=number_text(known.after),
            spot=_reader(held, name),
        )


def _all_of(bars: Bars) -> Iterator[tuple[str, float]]:
    return sample_statistics({each: getattr(bars, each) for each in ("close", "open", "high", "low", "volume")})


def _numbers(held: Held) -> Iterator[tuple[str, float]]:
    """Plain numbers of a value, and those inside it."""
    value = held.value
    parts: dict[str, Any] = {held.name: value}
    if isinstance(value, dict) and len(value) <= 50:
        parts = {f"{held.name}[{key!r}]": each for key, each in value.items()}
    elif isinstance(value, (list, tuple)) and len(value) <= 50:
        parts = {f"{held.name}[{place}]": each for place, each in enumerate(value)}
    elif hasattr(value, "__dict__") and not callable(value):
        parts = {f"{held.name}.{name}": each for name, each in vars(value).items()}
    for name, each in parts.items():
        if isinstance(each, (float, np.floating)):
            yield name, float(each)


def _reader(held: Held, name: str) -> Spot | None:
    """The line of the author's text that reads what is held: one that names the part of it, where there is one."""
    from tradewright.engine.steps import assigned_by

    if held.steps:
        step = assigned_by(list(held.steps), held.name.removeprefix("self."))
        return None if step is None else spot(step.file, step.line)
    functions = [held.code] if not isinstance(held.code, type) else list(vars(held.code).values())
    codes = [code for each in functions if (code := getattr(each, "__code__", None)) is not None]
    spots = [spot(code.co_filename, line) for code in codes for _, first, line in _lines(code) if first is not None]
    reading = [each for each in spots if re.search(rf"\b{re.escape(held.name)}\b", each.code)]
    part = name.removeprefix(held.name).strip("[].'\"")
    return next((each for each in reading if part and part in each.code), reading[0] if reading else None)


def _lines(code: Any) -> Iterator[tuple[Any, Any, int]]:
    for begin, end, line in code.co_lines():
        if line is not None and line != code.co_firstlineno:
            yield end, begin, line
    for constant in code.co_consts:
        if hasattr(constant, "co_lines"):
            yield from _lines(constant)
