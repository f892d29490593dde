"""Open hours: when a market can trade at all, cut into the slots that bars of a timeframe would fill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.instrument import WEEKDAYS
from tradewright.domain.timeframe import NS_PER_DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.marketdata.sessions import SessionTable

    Ints = NDArray[np.int64]

__all__ = ["OpenHours", "open_hours"]

_NS_PER_HOUR = 3600 * 1_000_000_000
_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class OpenHours:
    """Unbroken stretches of open hours, cut into slots of a timeframe.

    A market around the clock is one stretch, a week of currencies one, a session of an exchange one, or two where it
    pauses for lunch.

    Parameters
    ----------
    opens, closes : (b,) int64
        UTC nanoseconds.
    step : int
        Length of a slot in nanoseconds.
    sessions, parts : (b,) int64
        Number of the session that each stretch belongs to, and which part of it it is; both from 0.
    """

    opens: Ints
    closes: Ints
    step: int
    sessions: Ints
    parts: Ints

    @property
    def slots(self) -> Ints:
        """Bars that each stretch has room for; a shorter last one counts."""
        return -((self.opens - self.closes) // self.step)

    @property
    def bases(self) -> Ints:
        """Number of the first slot of each stretch."""
        return np.concatenate(([0], np.cumsum(self.slots)[:-1]))

    def slot_of(self, instants: Ints) -> Ints:
        """How many slots lie before each instant, those that it lies inside of included."""
        at = np.maximum(np.searchsorted(self.opens, instants, "right") - 1, 0)
        inside = np.clip(instants, self.opens[at], self.closes[at]) - self.opens[at]
        return self.bases[at] - ((-inside) // self.step)

    def stretch_of(self, slots: Ints) -> Ints:
        """The stretch that each slot belongs to."""
        return np.searchsorted(self.bases, slots, "right") - 1

    def stamp_of(self, slot: int) -> int:
        """When the bar of a slot opens."""
        at = int(self.stretch_of(np.array([slot]))[0])
        return int(self.opens[at] + (slot - self.bases[at]) * self.step)


def open_hours(table: SessionTable, step: int) -> OpenHours:
    """The open hours of the sessions of a table, in slots of so many nanoseconds."""
    if table.is_around_the_clock:
        opens, closes = _currency_hours(table.labels) if table.calendar == WEEKDAYS else (table.opens, table.closes)
        begins = np.append(True, opens[1:] > closes[:-1])
        numbers = np.arange(int(begins.sum()))
        return OpenHours(opens[begins], closes[np.append(begins[1:], True)], step, numbers, np.zeros_like(numbers))
    numbers = np.arange(len(table))
    if table.breaks is None:
        return OpenHours(table.opens, table.closes, step, numbers, np.zeros_like(numbers))
    pause, again = table.breaks
    opens = np.stack((table.opens, again), axis=1).ravel()
    closes = np.stack((pause, table.closes), axis=1).ravel()
    # A session that does not pause that day has nothing left after its pause.
    open_ = opens < closes
    return OpenHours(
        opens[open_], closes[open_], step, np.repeat(numbers, 2)[open_], np.tile([0, 1], len(table))[open_]
    )


def _currency_hours(labels: Ints) -> tuple[Ints, Ints]:
    """When currencies are quoted in summer and winter alike: Sunday 22:00 to Friday 21:00 UTC.

    After a day without quotes they begin at 22:00, too.
    """
    after_pause = np.append(True, np.diff(labels) > 1)
    opens = labels * NS_PER_DAY - np.where(after_pause, 2 * _NS_PER_HOUR, 0)
    is_friday = (labels + 3) % 7 == _FRIDAY
    return opens, (labels + 1) * NS_PER_DAY - np.where(is_friday, 3 * _NS_PER_HOUR, 0)
