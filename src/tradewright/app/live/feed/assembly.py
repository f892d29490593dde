"""Assembly: bars that come in any order become rows that rise, each bar given once; no waiting and no clock in here.

Two instants tell where a feed stands. The *frontier* is the close up to which everything was given: nothing before it
can be added any more. What is *sure* of a symbol is the close up to which every bar of it is held, because each came
right after the one before it, or because the history said so. A row is ready when everything is sure up to its close.
"""

from __future__ import annotations

import heapq
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tradewright.domain.live.session import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradewright.domain.bars import Bar

    from .hours import MarketHours
    from .placing import PlacedBar

__all__ = ["Assembly", "Release", "Verdict"]

_REMEMBERED = 2048


class Verdict(StrEnum):
    """What became of a bar that came."""

    NEW = "new"
    AGAIN = "again"
    """It is held already, or was given, as it is."""
    OTHER = "other"
    """One with the same times and other values is held or was given."""
    LATE = "late"
    """Its row has been given."""


@dataclass(frozen=True, slots=True)
class Release:
    """What one instant brings.

    Parameters
    ----------
    at_ns : int
    rows : tuple of Row
        Several only where bars close together that opened apart, by when they opened, as on the timeline of a backtest.
    closed : tuple of str
        Symbols whose session ended without a bar that said so.
    overlapping : tuple of Bar
        Left out: they begin before the symbol's bar before them ends.
    acts : bool
        Whether it is decided on.
    """

    at_ns: int
    rows: tuple[Row, ...]
    closed: tuple[str, ...]
    overlapping: tuple[Bar, ...] = ()
    acts: bool = True


class Assembly:
    """The bars that wait for their row.

    Parameters
    ----------
    hours : MarketHours
    symbols : tuple of str
        In the order of their numbers.
    """

    def __init__(self, hours: MarketHours, symbols: tuple[str, ...]) -> None:
        self.hours = hours
        self.symbols = symbols
        self.frontier_ns = 0
        self.day: int | None = None
        self.sure_ns = dict.fromkeys(symbols, 0)
        self._numbers = {symbol: number for number, symbol in enumerate(symbols)}
        self._pending: dict[int, dict[str, PlacedBar]] = defaultdict(dict)
        self._closes: list[int] = []
        self._held: dict[str, OrderedDict[tuple[int, int], Bar]] = {symbol: OrderedDict() for symbol in symbols}
        self._given_ns = dict.fromkeys(symbols, 0)
        self._ended_ns = dict.fromkeys(symbols, 0)

    def begin(self, frontier_ns: int, day: int | None = None) -> None:
        """Take everything up to an instant as given."""
        self.frontier_ns = frontier_ns
        self.day = day
        self.sure_ns = dict.fromkeys(self.symbols, frontier_ns)

    def accept(self, placed: PlacedBar, *, is_correction: bool = False) -> Verdict:
        """Take a bar in; only one that is called a correction replaces one that waits."""
        bar, held = placed.bar, self._held[placed.bar.symbol]
        known = held.get((bar.open_time, bar.close_time))
        if known is not None:
            if known == bar:
                return Verdict.AGAIN
            if is_correction and bar.close_time > self.frontier_ns:
                self._hold(placed)
            return Verdict.OTHER
        if bar.close_time <= self.frontier_ns:
            return Verdict.LATE
        self._hold(placed)
        self._follow(bar)
        self.hours.of_symbol[bar.symbol].learn(bar.close_time)
        return Verdict.NEW

    def _hold(self, placed: PlacedBar) -> None:
        bar, held = placed.bar, self._held[placed.bar.symbol]
        if bar.close_time not in self._pending:
            heapq.heappush(self._closes, bar.close_time)
        self._pending[bar.close_time][bar.symbol] = placed
        held[bar.open_time, bar.close_time] = bar
        while len(held) > _REMEMBERED and next(iter(held))[1] <= self.frontier_ns:
            held.popitem(last=False)

    def _follow(self, bar: Bar) -> None:
        """A bar that begins where the last sure one ended makes itself sure; so does one that no other can precede."""
        sure = self.sure_ns[bar.symbol]
        times = self.hours.of_symbol[bar.symbol]
        slot = times.next_slot(sure)
        is_first = not times.is_extended and (slot is None or slot >= bar.close_time)
        if sure < bar.close_time and (bar.open_time <= sure or is_first):
            self.confirm(bar.symbol, bar.close_time)

    def confirm(self, symbol: str, up_to_ns: int) -> None:
        """Every bar of a symbol up to an instant has been taken in, and those that wait right behind it."""
        sure = max(self.sure_ns[symbol], up_to_ns)
        times = self.hours.of_symbol[symbol]
        while (slot := times.next_slot(sure)) is not None and symbol in self._pending.get(slot, ()):
            if times.is_extended and self._pending[slot][symbol].bar.open_time > sure:
                break
            sure = slot
        self.sure_ns[symbol] = sure

    # What is next.

    @property
    def has_waiting(self) -> bool:
        """Whether a bar waits for its row."""
        return bool(self._closes)

    def next_due(self) -> int | None:
        """The next instant that may bring a row or end a session; None where calendars know no further."""
        point = self.hours.next_point(self.frontier_ns)
        if not self._closes:
            return point
        return self._closes[0] if point is None else min(point, self._closes[0])

    def unsure(self, at_ns: int) -> Iterator[str]:
        """Symbols of which a bar up to an instant may be missing."""
        for symbol, sure in self.sure_ns.items():
            if sure < at_ns and self._may_miss(symbol, sure, at_ns):
                yield symbol

    def may_grow(self, at_ns: int) -> bool:
        """Whether bars may still join what is given then, of symbols outside the hours in which they are counted on."""
        row = self._pending.get(at_ns, {})
        others = (self.hours.of_symbol[each] for each in self.symbols if each not in row)
        return any((row or times.is_end(at_ns)) and times.may_close(at_ns) for times in others)

    def _may_miss(self, symbol: str, sure: int, at_ns: int) -> bool:
        times = self.hours.of_symbol[symbol]
        slot = times.next_slot(sure)
        if slot is not None and slot <= at_ns:
            return True
        # Hours around the session have no places of their own: a bar there, or their end, asks for what came before.
        return times.is_extended and (times.is_end(at_ns) or symbol in self._pending.get(at_ns, ()))

    def release(self, at_ns: int, *, acts: bool) -> Release:
        """Give what closes at an instant, and move the frontier to it."""
        placed = self._pending.pop(at_ns, {})
        if self._closes and self._closes[0] == at_ns:
            heapq.heappop(self._closes)
        self.frontier_ns = at_ns
        good = {symbol: each for symbol, each in placed.items() if each.bar.open_time >= self._given_ns[symbol]}
        for symbol in good:
            self._given_ns[symbol] = at_ns
        rows = tuple(self._rows(at_ns, list(good.values()), acts=acts))
        overlapping = tuple(each.bar for symbol, each in placed.items() if symbol not in good)
        return Release(at_ns, rows, self._closed(at_ns, good), overlapping, acts)

    def _rows(self, at_ns: int, placed: list[PlacedBar], *, acts: bool) -> Iterator[Row]:
        placed.sort(key=lambda each: (each.bar.open_time, self._numbers[each.bar.symbol]))
        for opens in dict.fromkeys(each.bar.open_time for each in placed):
            row = [each for each in placed if each.bar.open_time == opens]
            days = tuple(each.day for each in row)
            # Markets in several zones may interleave their session dates; the account's day is the later one.
            self.day = max(days) if self.day is None else max(self.day, *days)
            ends = tuple(each.bar.symbol for each in row if self._ends_now(each))
            yield Row(opens, at_ns, tuple(each.bar for each in row), self.day, days, ends, acts)

    def _ends_now(self, placed: PlacedBar) -> bool:
        """Whether the bar ends its session, and nothing said so before."""
        return placed.ends and placed.bar.open_time >= self._ended_ns[placed.bar.symbol]

    def _closed(self, at_ns: int, given: dict[str, PlacedBar]) -> tuple[str, ...]:
        ended = {each for each in self.hours.calendars if each.is_end(at_ns)}
        if not ended:
            return ()
        said = {symbol for symbol, each in given.items() if each.ends}
        closed = [each for each in self.symbols if self.hours.of_symbol[each] in ended and each not in said]
        self._ended_ns.update(dict.fromkeys(closed, at_ns))
        return tuple(closed)

    def drain(self, up_to_ns: int) -> Iterator[Row]:
        """Give every row that waits up to an instant as history, whatever may be missing; the frontier ends there."""
        while self._closes and self._closes[0] <= up_to_ns:
            yield from self.release(self._closes[0], acts=False).rows
        self.begin(max(up_to_ns, self.frontier_ns), self.day)
