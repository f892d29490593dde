"""Finer bars inside the trading bars: where they exist, the venue works through them one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tradewright.domain.bars import Bars
    from tradewright.simulation.state import Book

    from .board import Board

__all__ = ["Detail"]


class Detail:
    """Finer bars by symbol; false when there are none."""

    def __init__(self, series: Mapping[str, Bars], symbols: tuple[str, ...]) -> None:
        self._bars = {symbols.index(name): bars for name, bars in series.items()}

    def __bool__(self) -> bool:
        return bool(self._bars)

    def inside(self, board: Board, book: Book, row: int) -> Iterator[None]:
        """Show a book each finer bar inside a row in turn; the row's own bar where there is none."""
        bars = self._bars.get(board.symbol_number(book))
        first, stop = (0, 0) if bars is None else _span(bars, board.open_time[row], board.close_time[row])
        if bars is None or first == stop:
            board.show(book, row)
            yield
            return
        for place in range(first, stop):
            show(book, bars, place)
            yield


def _span(bars: Bars, opened: int, closed: int) -> tuple[int, int]:
    """Finer rows that open at or after an instant and close by another."""
    return int(np.searchsorted(bars.open_time, opened)), int(np.searchsorted(bars.close_time, closed, "right"))


def show(book: Book, bars: Bars, place: int) -> None:
    """Put one finer bar on a book's fields."""
    book.open_time, book.close_time = int(bars.open_time[place]), int(bars.close_time[place])
    book.open, book.high = bars.open.item(place), bars.high.item(place)
    book.low, book.close = bars.low.item(place), bars.close.item(place)
    book.volume = bars.volume.item(place)
