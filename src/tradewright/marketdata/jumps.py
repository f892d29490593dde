"""Jumps from one session to the next that look like splits, and actions that the prices do not show.

A split changes the price by a simple ratio while nothing else happens: the day after it is as calm, and as much money
changes hands, as on any other day. A crash is neither. Thresholds and their reasons stand in
`docs/reference/data-quality.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.actions import unapplied
from tradewright.domain.bars import Adjustment
from tradewright.domain.instrument import ALWAYS_OPEN, WEEKDAYS, InstrumentKind
from tradewright.domain.quality import Gravity, Problem, QualityFinding
from tradewright.domain.timeframe import TimeUnit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from tradewright.domain.bars import Bars
    from tradewright.marketdata.findings import Site

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

__all__ = ["RATIOS", "split_findings"]

RATIOS = (
    (3, 2), (2, 1), (5, 2), (3, 1), (4, 1), (5, 1), (6, 1), (7, 1), (8, 1), (9, 1), (10, 1), (12, 1), (15, 1),
    (20, 1), (25, 1), (30, 1), (40, 1), (50, 1), (100, 1),
)  # fmt: skip
"""New shares for old ones, as splits are made, rising; smaller ones than 3:2 cannot be told from earnings."""

_RATIO_LOGS = np.log([new / old for new, old in RATIOS])
_TOLERANCE = 0.045
"""How far (in logarithm) the price may have moved overnight beside the split."""

_WINDOW = 20
"""Sessions to either side that say what is usual."""

_TIMES_RANGE = 4.0
"""A suspect jump is at least this many times a usual session's range."""

_CALM = 3.0
"""Times the usual range up to which the day after a split of 2:1 is calm; more for larger ones: no crash makes them."""

_BUSY = 5.0
"""Times the usual turnover, up to which nobody ran for the door; more for larger splits, too."""

_FEWEST_TICKS = 10
"""Ticks that the smaller price must be worth: below, a ratio of prices is a matter of rounding."""

_BEYOND_ROUNDING = 5.0
"""Ratio from which a jump is no matter of rounding: it is what the cheapest shares do, by splits of 1:5 and more."""

_SHOWN = 0.18
"""Logarithm of the smallest action (1.2:1) whose absence from the prices can be seen."""

_LEAST_SHOWN = 0.5
"""Share of its step that the prices make where an action is not in them yet."""

_UPSIDE_DOWN = "the price goes the other way, so the ratio may stand upside down (it is new shares for each old one)"


@dataclass(frozen=True)
class _Sessions:
    """A series by session; all columns (s,) float64."""

    bars: Bars

    @cached_property
    def first(self) -> Ints:
        """Row at which each session begins."""
        return self.bars.sessions.first_rows

    @cached_property
    def opens(self) -> Floats:
        """What each session begins at; of shorter bars the first one's close, for its open may be yesterday's print."""
        column: Floats = self.bars.close if self.bars.timeframe.is_intraday else self.bars.open
        return np.asarray(column[self.first])

    @cached_property
    def closes(self) -> Floats:
        """What each session ends at."""
        return np.asarray(self.bars.close[self.bars.sessions.last_rows(len(self.bars))])

    @cached_property
    def ranges(self) -> Floats:
        """Logarithm of high over low, from what each session begins at on."""
        high, low = self.bars.high, self.bars.low
        if self.bars.timeframe.is_intraday:
            high, low = high.copy(), low.copy()
            high[self.first] = low[self.first] = self.opens
        highest, lowest = np.maximum.reduceat(high, self.first), np.minimum.reduceat(low, self.first)
        return np.asarray(np.log(highest / lowest))

    @cached_property
    def turnover(self) -> Floats:
        """Money that changed hands, about."""
        return np.asarray(np.add.reduceat(self.bars.volume * self.bars.close, self.first))

    def around(self, session: int) -> NDArray[np.intp]:
        """The sessions near one, itself left out."""
        near = np.arange(max(session - _WINDOW, 0), min(session + _WINDOW + 1, len(self.first)))
        return np.asarray(near[near != session])

    def usual(self, column: Floats, session: int) -> float:
        """What is usual near a session, itself left out."""
        return float(np.median(column[self.around(session)]))


def split_findings(site: Site) -> Iterator[QualityFinding]:
    """Splits that no action explains (prices that jump), and actions that the prices contain already (none does).

    Only shares split, and only bars of up to a day show it between them.
    """
    bars = site.bars
    if not _can_split(bars) or len(bars.sessions.first_rows) < 2:
        return
    sessions = _Sessions(bars)
    told = _expected_steps(bars, sessions)
    steps = np.log(sessions.closes[:-1] / sessions.opens[1:])
    yield from _absent_actions(site, sessions, steps, told)
    left = np.where(_is_told_otherwise(bars), 0.0, steps - told)
    for before in np.flatnonzero(np.abs(left) >= _RATIO_LOGS[0] - _TOLERANCE).tolist():
        if _is_split(sessions, before, left):
            yield _suspect(site, sessions, before, float(left[before]))


def _can_split(bars: Bars) -> bool:
    timeframe, instrument = bars.timeframe, bars.instrument
    is_short = timeframe.is_intraday or (timeframe.unit is TimeUnit.DAY and timeframe.count == 1)
    is_share = instrument.kind is InstrumentKind.EQUITY and instrument.calendar not in (ALWAYS_OPEN, WEEKDAYS)
    return is_short and is_share


def _expected_steps(bars: Bars, sessions: _Sessions) -> Floats:
    """Logarithm of close over next open that the known actions make, (s - 1,)."""
    ratios, cash = np.ones(len(sessions.first)), np.zeros(len(sessions.first))
    labels, actions = bars.sessions.labels, bars.actions
    if bars.adjustment is not Adjustment.RAW:
        return np.zeros(len(labels) - 1)
    for days, values, column, joined in (
        (actions.split_days, actions.split_ratios, ratios, np.multiply),
        (actions.dividend_days, actions.dividends, cash, np.add),
    ):
        at = np.searchsorted(labels, days)
        inside = (at > 0) & (at < len(labels))
        joined.at(column, at[inside], values[inside])
    closes = sessions.closes[:-1]
    left = np.maximum(closes / ratios[1:] - cash[1:], closes * 1e-6)
    return np.asarray(np.log(closes / left))


def _is_told_otherwise(bars: Bars) -> NDArray[np.bool_]:
    """Steps between sessions that a spin-off makes, or something else that no column holds, (s - 1,)."""
    labels = bars.sessions.labels
    found = np.zeros(len(labels), np.bool_)
    at = np.searchsorted(labels, [each.day for each in unapplied(bars.actions)])
    found[at[at < len(labels)]] = True
    return found[1:]


def _absent_actions(site: Site, sessions: _Sessions, steps: Floats, told: Floats) -> Iterator[QualityFinding]:
    """Actions large enough to be seen and not there: the prices stay where they were, or go the other way."""
    for before in np.flatnonzero(np.abs(told) >= _SHOWN).tolist():
        step, expected = float(steps[before]), float(told[before])
        shown = step / expected
        if shown >= _LEAST_SHOWN:
            continue
        row, close = int(sessions.first[before + 1]), float(sessions.closes[before])
        why = "the prices contain that action already, or it belongs to another date"
        sentence = (
            f"An action of {site.day(row)} should take the price from {close:g} to about "
            f"{close / np.exp(expected):.4g}, and the session begins at {sessions.opens[before + 1]:g}: "
            f"{_UPSIDE_DOWN if shown <= -_LEAST_SHOWN else why}."
        )
        yield site.finding(Problem.MIXED_ADJUSTMENT, Gravity.FAIL, (row, row), sentence)


def _is_split(sessions: _Sessions, before: int, left: Floats) -> bool:
    """Whether what no action explains of a step is a simple ratio, far from what is usual, and the day calm."""
    after, size = before + 1, abs(float(left[before]))
    if np.abs(_RATIO_LOGS - size).min() > _TOLERANCE or _is_rounding(sessions, before):
        return False
    if len(sessions.around(after)) == 0:
        return True
    usual = sessions.usual(sessions.ranges, after)
    if size < _TIMES_RANGE * usual or not _stays(sessions, before, size):
        return False
    leeway = max(size / np.log(2), 1.0)
    is_calm = sessions.ranges[after] <= _CALM * leeway * max(usual, _TOLERANCE)
    return bool(is_calm) and not _is_busy(sessions, after, leeway)


def _is_rounding(sessions: _Sessions, before: int) -> bool:
    smaller, larger = sorted((float(sessions.closes[before]), float(sessions.opens[before + 1])))
    is_coarse = smaller < _FEWEST_TICKS * sessions.bars.instrument.tick
    return is_coarse and larger / smaller < _BEYOND_ROUNDING * np.exp(-_TOLERANCE)


def _stays(sessions: _Sessions, before: int, size: float) -> bool:
    """Whether the prices stay where they jumped to: a wrong price comes back."""
    old, new = sessions.closes[max(before - 4, 0) : before + 1], sessions.closes[before + 1 : before + 6]
    return abs(float(np.log(np.median(old) / np.median(new)))) > size / 2


def _is_busy(sessions: _Sessions, after: int, leeway: float) -> bool:
    if not sessions.bars.instrument.has_volume:
        return False
    usual = sessions.usual(sessions.turnover, after)
    return bool(usual > 0 and sessions.turnover[after] > _BUSY * leeway * usual)


def _suspect(site: Site, sessions: _Sessions, before: int, left: float) -> QualityFinding:
    new, old = RATIOS[int(np.argmin(np.abs(_RATIO_LOGS - abs(left))))]
    ratio = f"{new}:{old}" if left > 0 else f"{old}:{new}"
    row = int(sessions.first[before + 1])
    prices = f"from {sessions.closes[before]:g} to {sessions.opens[before + 1]:g}"
    why = "no action explains it" if site.bars.adjustment is Adjustment.RAW else "the prices are said to be adjusted"
    told = _can_tell_crashes(sessions, before + 1)
    doubt = "" if told else "; closes alone do not tell it from a crash"
    sentence = (
        f"Between {site.day(row - 1)} and {site.day(row)} the price goes {prices}, as after a split of {ratio}, "
        f"and {why}{doubt}."
    )
    return site.finding(Problem.SPLIT, Gravity.FAIL if told else Gravity.WARN, (row, row), sentence)


def _can_tell_crashes(sessions: _Sessions, after: int) -> bool:
    """Whether the bars show what a crash would look like: a range or a volume."""
    if len(sessions.around(after)) == 0 or sessions.bars.instrument.has_volume:
        return True
    return sessions.usual(sessions.ranges, after) > 0
