"""Where a walk-forward trains and where it tests: windows over the rows of a timeline.

A walk trains on a stretch of history, tests on what follows, steps on and begins again. Test windows never overlap
(unless asked for), so that what came of them can be put together to one out-of-sample record.

Source
------
Pardo, "The Evaluation and Optimization of Trading Strategies", 2nd ed., Wiley 2008: rolling and anchored
walk-forward windows.

Lengths
-------
============  ======================================================================================================
``500``       bars, also ``"500 bars"``
``"252d"``    sessions that have bars: the trading days of a session market, the UTC days of one around the clock
``"12w"``     calendar weeks, ``"6mo"`` calendar months, ``"2y"`` calendar years, counted from the first session date;
              a month that is too short ends on its last day
============  ======================================================================================================

A calendar stretch that the data reach up to a weekend without trade is whole: nothing was to come.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import count, pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tradewright.domain.errors import ConfigError
from tradewright.domain.walk import Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradewright.domain.bars import SessionIndex

__all__ = ["Length", "LengthUnit", "WalkPlan", "walk_windows"]

_EPOCH = dt.date(1970, 1, 1)
_LAST_DAY = (dt.date(9999, 12, 31) - _EPOCH).days
_PATTERN = re.compile(r"\s*(\d+)\s*([A-Za-z]+)?\s*")
_LEAST_TRAINING_ROWS = 2


class LengthUnit(StrEnum):
    """What the length of a window counts."""

    BARS = "bars"
    SESSIONS = "d"
    WEEKS = "w"
    MONTHS = "mo"
    YEARS = "y"


_SPELLINGS = {
    **dict.fromkeys(("", "bar", "bars", "b"), LengthUnit.BARS),
    **dict.fromkeys(("d", "day", "days", "session", "sessions"), LengthUnit.SESSIONS),
    **dict.fromkeys(("w", "wk", "week", "weeks"), LengthUnit.WEEKS),
    **dict.fromkeys(("mo", "mon", "month", "months"), LengthUnit.MONTHS),
    **dict.fromkeys(("y", "yr", "year", "years"), LengthUnit.YEARS),
}


@dataclass(frozen=True, slots=True)
class Length:
    """So many bars, sessions, weeks, months or years.

    Examples
    --------
    >>> str(Length.parse("6 months")), str(Length.parse(500))
    ('6mo', '500 bars')
    """

    count: int
    unit: LengthUnit

    @classmethod
    def parse(cls, given: int | str | Length, what: str = "length") -> Length:
        """Read ``500``, ``"500 bars"``, ``"252d"``, ``"12w"``, ``"6mo"``, ``"2y"`` and their long spellings.

        Raises
        ------
        ConfigError
            When it is no length, or not above zero; `what` names it.
        """
        if isinstance(given, Length):
            return given
        found = None if isinstance(given, bool) else _PATTERN.fullmatch(str(given))
        # A capital M is the month of several vendors; a small one is a minute elsewhere and therefore nothing here.
        unit = None if found is None else _SPELLINGS.get("mo" if found[2] == "M" else (found[2] or "").lower())
        if found is None or unit is None:
            raise ConfigError(
                f"The {what} {given!r} of a walk is no length.",
                hint="Write 500 (bars), '252d' (sessions), '12w', '6mo' or '2y'.",
            )
        if int(found[1]) < 1:
            raise ConfigError(f"The {what} {given!r} of a walk is not above zero.", hint="Give at least 1.")
        return cls(int(found[1]), unit)

    def __str__(self) -> str:
        return f"{self.count} bars" if self.unit is LengthUnit.BARS else f"{self.count}{self.unit}"


@dataclass(frozen=True, slots=True)
class WalkPlan:
    """How a walk goes.

    Parameters
    ----------
    train, test : Length
    step : Length
        From one test to the next.
    gap : int
        Bars left out at the end of every training part (embargo), so that nothing decided there reaches into the test.
    anchored : bool
        Whether training always begins at the first row and grows; otherwise it keeps its length and rolls.
    keep_partial : bool
        Whether a last test that the data cut short is kept, marked, or dropped.
    may_overlap : bool
        Whether tests may overlap; what came of them is then no single record.
    """

    train: Length
    test: Length
    step: Length
    gap: int = 0
    anchored: bool = False
    keep_partial: bool = True
    may_overlap: bool = False

    def __post_init__(self) -> None:
        for name in ("anchored", "keep_partial"):
            if not isinstance(getattr(self, name), bool):
                said = f"{name.removeprefix('keep_')}={getattr(self, name)!r:.40}"
                raise ConfigError(f"{said} of a walk is no yes or no.", hint="Pass True or False.")
        if not _is_count(self.gap):
            raise ConfigError(
                f"The gap of a walk is a number of bars from 0 on, not {self.gap!r}.", hint="Write gap=5."
            )

    @classmethod
    def of(
        cls,
        train: int | str | Length,
        test: int | str | Length,
        step: int | str | Length | None = None,
        **options: bool | int,
    ) -> WalkPlan:
        """A plan from lengths as users write them; without a step, test follows test without a break.

        Raises
        ------
        ConfigError
            When a length is none.
        """
        parsed = Length.parse(test, "test")
        onward = parsed if step is None else Length.parse(step, "step")
        return cls(Length.parse(train, "train"), parsed, onward, **options)  # type: ignore[arg-type]


def _is_count(given: object) -> bool:
    return isinstance(given, int) and not isinstance(given, bool) and given >= 0


def walk_windows(
    sessions: SessionIndex, rows: int, plan: WalkPlan, *, first: int = 0, stop: int | None = None
) -> tuple[Window, ...]:
    """The windows of a walk over a timeline.

    Parameters
    ----------
    sessions : SessionIndex
        Of the timeline.
    rows : int
        Length of the timeline.
    plan : WalkPlan
    first : int
        Row at which the first training begins: what is before it warms up.
    stop : int, optional
        Row before which the last test ends; the end of the timeline by default.

    Returns
    -------
    tuple of Window
        In order of time, at least one; their rows are of the timeline.

    Raises
    ------
    ConfigError
        When there is no room for one window, a part of one has too few bars, tests overlap, or sessions are counted
        on bars longer than a session.
    """
    ruler = _Ruler(sessions, rows, first, rows if stop is None else min(stop, rows))
    _require_sessions(ruler, plan)
    found = tuple(_windows(ruler, plan))
    if not found:
        raise _no_window(ruler, plan)
    if not plan.may_overlap:
        _require_apart(found, plan)
    return found


class _Edge(NamedTuple):
    """A boundary between rows; calendar lengths add up from a base day, so that ends of months do not drift."""

    row: int
    base: int
    months: int = 0
    days: int = 0


class _Ruler:
    """Measures lengths along the rows from `first` to `stop`."""

    def __init__(self, sessions: SessionIndex, rows: int, first: int, stop: int) -> None:
        self.first, self.stop = first, stop
        self.labels, self.first_rows = sessions.labels, sessions.first_rows
        self.row_labels = sessions.row_labels(rows)[:stop]
        self.session_count = int(np.searchsorted(self.first_rows, stop))
        self.spacing = int(np.diff(self.labels).min()) if len(self.labels) > 1 else 1
        self.weekends_rest = not any(_is_weekend(int(label)) for label in self.labels)

    @property
    def bars(self) -> int:
        """How many there are to walk over."""
        return max(self.stop - self.first, 0)

    def day(self, row: int) -> int:
        """Session date of a row; the day after the last one at the end."""
        return int(self.row_labels[row]) if row < self.stop else int(self.row_labels[-1]) + 1

    def date(self, row: int) -> str:
        """Session date of a row, as text."""
        return str(np.datetime64(self.day(row), "D"))

    def start(self) -> _Edge:
        """The edge before the first row."""
        return _Edge(self.first, self.day(self.first))

    def onward(self, edge: _Edge, length: Length, times: int = 1) -> _Edge:
        """From an edge before the end that many lengths on, or back; beyond `stop` where the data end first."""
        steps = length.count * times
        match length.unit:
            case LengthUnit.BARS:
                return self._at(edge.row + steps)
            case LengthUnit.SESSIONS:
                return self._at(self._row_of_session(self.session(edge.row) + steps))
            case LengthUnit.WEEKS:
                return self._dated(edge._replace(days=edge.days + 7 * steps))
            case LengthUnit.MONTHS:
                return self._dated(edge._replace(months=edge.months + steps))
            case LengthUnit.YEARS:
                return self._dated(edge._replace(months=edge.months + 12 * steps))

    def _at(self, row: int) -> _Edge:
        return _Edge(row, self.day(row))

    def session(self, row: int) -> int:
        """Number of the session that holds a row before the end."""
        return int(np.searchsorted(self.first_rows, row, "right")) - 1

    def _row_of_session(self, number: int) -> int:
        if number < self.session_count:
            return int(self.first_rows[number])
        return self.stop + number - self.session_count

    def _dated(self, edge: _Edge) -> _Edge:
        day = _shifted(edge)
        row = int(np.searchsorted(self.row_labels, day))
        return edge._replace(row=row if row < self.stop or self._is_reached(day) else self.stop + 1)

    def _is_reached(self, day: int) -> bool:
        """Whether no bar was to come between the last one and a day after it."""
        last = int(self.row_labels[-1])
        if day - last <= self.spacing:
            return True
        return self.weekends_rest and day - last <= 3 and all(_is_weekend(each) for each in range(last + 1, day))


def _is_weekend(day: int) -> bool:
    # 1970-01-01 was a Thursday.
    return (day + 3) % 7 >= 5


def _shifted(edge: _Edge) -> int:
    """The day of an edge: months first, cut to the last day of the month, then days."""
    start = _EPOCH + dt.timedelta(days=edge.base)
    year, month = divmod(start.year * 12 + start.month - 1 + edge.months, 12)
    if year >= dt.MAXYEAR:
        return _LAST_DAY
    last = calendar.monthrange(year, month + 1)[1]
    moved = dt.date(year, month + 1, min(start.day, last))
    return min((moved - _EPOCH).days + edge.days, _LAST_DAY)


def _windows(ruler: _Ruler, plan: WalkPlan) -> Iterator[Window]:
    if ruler.bars == 0:
        return
    opening = ruler.onward(ruler.start(), plan.train)
    for number in count():
        # Tests go on from test to test; training is measured back, so that units may differ and no test is torn.
        border = ruler.onward(opening, plan.step, number) if number else opening
        if border.row >= ruler.stop:
            return
        end = ruler.onward(border, plan.test)
        partial = end.row > ruler.stop
        if partial and not plan.keep_partial:
            return
        first = ruler.first if plan.anchored else max(ruler.first, ruler.onward(border, plan.train, -1).row)
        yield _window(ruler, plan, number, _Parts(first, border.row, min(end.row, ruler.stop), partial))
        if partial:
            return


class _Parts(NamedTuple):
    """Rows at which training begins, at which the test begins, and before which it ends."""

    first: int
    border: int
    end: int
    partial: bool


def _window(ruler: _Ruler, plan: WalkPlan, number: int, parts: _Parts) -> Window:
    first, border, end, partial = parts
    last = border - 1 - plan.gap
    where = f"Window {number + 1} of the walk"
    if last - first + 1 < _LEAST_TRAINING_ROWS:
        raise ConfigError(
            f"{where} has {max(last - first + 1, 0)} bars to train on from {ruler.date(first)} on, "
            f"after a gap of {plan.gap}.",
            hint="Lengthen train, or shorten the gap.",
        )
    if end == border:
        raise ConfigError(
            f"{where} has no bars to test on: the data have none in {plan.test} before {ruler.date(border)}.",
            hint="Lengthen test, or fill the data.",
        )
    rows = (first, last, border, end - 1)
    dates = [ruler.date(row) for row in rows]
    return Window(number, *rows, dates[0], dates[1], dates[2], dates[3], is_partial=partial)


def _require_sessions(ruler: _Ruler, plan: WalkPlan) -> None:
    counts_sessions = LengthUnit.SESSIONS in {plan.train.unit, plan.test.unit, plan.step.unit}
    if counts_sessions and ruler.spacing > 4:
        raise ConfigError(
            f"The bars are {ruler.spacing} days apart or more, so a length in sessions has nothing to count.",
            hint="Give the length in bars, or as '12w', '6mo' or '2y'.",
        )


def _no_window(ruler: _Ruler, plan: WalkPlan) -> ConfigError:
    if ruler.bars == 0:
        return ConfigError("There are no bars to walk over.")
    sessions = ruler.session_count - ruler.session(ruler.first)
    return ConfigError(
        f"A walk that trains on {plan.train} and tests on {plan.test} has no window in {ruler.bars:,} bars of "
        f"{sessions:,} sessions ({ruler.date(ruler.first)} … {ruler.date(ruler.stop - 1)}).",
        hint="Shorten train or test, or take more data.",
    )


def _require_apart(found: tuple[Window, ...], plan: WalkPlan) -> None:
    for before, after in pairwise(found):
        if after.test_first <= before.test_last:
            raise ConfigError(
                f"The tests of a walk overlap: it steps by {plan.step} and tests on {plan.test}, so that "
                f"{after.test_start} … {before.test_end} would count twice.",
                hint="Make step at least as long as test.",
            )
