"""Spans of days: which stretches are known, and which are missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Spans"]


@dataclass(frozen=True, slots=True)
class Spans:
    """Stretches of days, each from a day up to, and without, another; apart and rising.

    Parameters
    ----------
    pairs : tuple of (int, int)
        As `Spans.of` makes them.

    Examples
    --------
    >>> known = Spans.of([(5, 9), (1, 3), (3, 4)])
    >>> known.pairs, Spans.of([(0, 10)]).without(known).pairs
    (((1, 4), (5, 9)), ((0, 1), (4, 5), (9, 10)))
    """

    pairs: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int]]) -> Spans:
        """Stretches in any order, overlapping or not; those that meet become one, empty ones none."""
        joined: list[tuple[int, int]] = []
        for first, stop in sorted(pair for pair in pairs if pair[0] < pair[1]):
            if joined and first <= joined[-1][1]:
                joined[-1] = joined[-1][0], max(joined[-1][1], stop)
            else:
                joined.append((first, stop))
        return cls(tuple(joined))

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self.pairs)

    def __len__(self) -> int:
        """How many stretches."""
        return len(self.pairs)

    @property
    def days(self) -> int:
        """How many days they have together."""
        return sum(stop - first for first, stop in self.pairs)

    def joined(self, other: Spans) -> Spans:
        """The days of either."""
        return Spans.of((*self.pairs, *other.pairs))

    def without(self, other: Spans) -> Spans:
        """The days of these that are none of the others'."""
        left: list[tuple[int, int]] = []
        for first, stop in self.pairs:
            begin = first
            for known_first, known_stop in other.pairs:
                if known_stop > begin and known_first < stop:
                    left.append((begin, known_first))
                    begin = known_stop
            left.append((begin, stop))
        return Spans.of(left)

    def cut(self, most: int) -> Iterator[tuple[int, int]]:
        """The stretches in pieces of so many days at most, in order."""
        for first, stop in self.pairs:
            for begin in range(first, stop, most):
                yield begin, min(begin + most, stop)
