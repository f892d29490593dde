"""Finer bars inside the trading bars: where they exist, the venue works through them one by one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from tradewright.simulation.rules.constants import ON_CLOSE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tradewright.domain.bars import Bars
    from tradewright.simulation.state import Book

    from .board import Board

__all__ = ["Detail"]


class Detail:
    """Finer bars by symbol; false when there are none."""

    def __init__(self, series: Mapping[str, Bars], symbols: tuple[str, ...]) -> None:
        # A symbol whose own bars begin after the run has no place in it, whatever finer bars there are.
        self._bars = {symbols.index(name): bars for name, bars in series.items() if name in symbols}

    def __bool__(self) -> bool:
        return bool(self._bars)

    def inside(self, board: Board, books: Sequence[Book], row: int) -> Iterator[list[Book]]:
        """Show books the finer bars inside a row, those of one time together, in order of their opens.

        A book without finer bars is shown the row's own bar, at the row's open.
        """
        moments: dict[tuple[int, int], list[tuple[Book, Bars | None, int]]] = defaultdict(list)
        for book in books:
            bars = self._bars.get(board.symbol_number(book))
            first, stop = (0, 0) if bars is None else _span(bars, board.open_time[row], board.close_time[row])
            if bars is None or first == stop:
                moments[board.open_time[row], board.close_time[row]].append((book, None, row))
                continue
            hold_for_close(book, int(bars.open_time[stop - 1]))
            for place in range(first, stop):
                moments[int(bars.open_time[place]), int(bars.close_time[place])].append((book, bars, place))
        for moment in sorted(moments):
            for book, finer, place in moments[moment]:
                show(book, finer, place) if finer is not None else board.show(book, place)
            yield [book for book, _, _ in moments[moment]]


def hold_for_close(book: Book, last_open: int) -> None:
    """Keep orders for the close from the closes inside the row: they wait for its last finer bar."""
    for order in book.orders:
        if order.open == 1 and order.kind == ON_CLOSE and order.active_time < last_open:
            order.active_time = last_open


def _span(bars: Bars, opened: int, closed: int) -> tuple[int, int]:
    """Finer rows that open at or after an instant and close by another."""
    return int(np.searchsorted(bars.open_time, opened)), int(np.searchsorted(bars.close_time, closed, "right"))


def show(book: Book, bars: Bars, place: int) -> None:
    """Put one finer bar on a book's fields."""
    book.open_time, book.close_time = int(bars.open_time[place]), int(bars.close_time[place])
    book.open, book.high = bars.open.item(place), bars.high.item(place)
    book.low, book.close = bars.low.item(place), bars.close.item(place)
    book.volume = bars.volume.item(place)
