"""The equity curve, rebuilt from the events after the run, adding what the loop adds in the same order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tradewright.domain.events import EventKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from .board import Board

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Table = Mapping[str, Floats]

__all__ = ["Curve", "equity_curve"]

_CELLS = 1 << 17
"""Positions by book and row that are valued at once: as many as a fast part of the memory holds."""


class Curve(NamedTuple):
    """Equity by row, gross exposure over equity at the session closes, and the rows with a position at any time."""

    equity: Floats
    exposure: Floats
    rows_in_market: int


def equity_curve(board: Board, events: Table, cash: float, first_row: int, closes: Ints) -> Curve:
    """Equity at each row's close.

    Cash and positions change at events only, so both are steps: each is repeated up to the next event, books are added
    in order of their number and flat ones are skipped, as in the loop. The bits are the same.

    Parameters
    ----------
    events : table of `EVENT_COLUMNS`
    cash : float
        At the beginning.
    first_row : int
        First row that counts as time in the market.
    closes : (s,) int64
        Rows of the session closes.
    """
    rows = len(board.market)
    equity, gross = np.empty(rows), np.zeros(len(closes))
    changes = Changes.of(events)
    # A stretch of rows and some books at a time: what is worked on stays in a fast part of the memory.
    for first in range(0, rows, _CELLS):
        stretch = slice(first, min(first + _CELLS, rows))
        equity[stretch] = _cash(events, cash, stretch)
        inside = slice(*np.searchsorted(closes, (stretch.start, stretch.stop)).tolist())
        for part in changes.parts(max(1, _CELLS // rows)):
            _add_books(board, part.within(stretch), stretch, (equity[stretch], gross[inside]), closes[inside] - first)
    exposure = np.divide(gross, equity[closes], out=gross, where=equity[closes] > 0.0)
    return Curve(equity, exposure, changes.rows_held(first_row, rows))


def _cash(events: Table, before: float, stretch: slice) -> Floats:
    """Cash after the last event of each row of a stretch; `before` where none has happened."""
    begin, end = np.searchsorted(events["row"], (stretch.start, stretch.stop)).tolist()
    known = float(events["cash"][begin - 1]) if begin else before
    return steps(
        events["row"][begin:end] - stretch.start, events["cash"][begin:end], known, stretch.stop - stretch.start
    )


def steps(event_rows: Floats, values: Floats, before: float, rows: int) -> Floats:
    """A value that changes at events, by row: after the last event of each row; `before` where none has happened."""
    bounds = np.concatenate(([0], event_rows.astype(np.int64), [rows]))
    return np.repeat(np.concatenate(([before], values)), np.diff(bounds))


class Changes(NamedTuple):
    """Events by book and then in time, of the books that ever held anything.

    Parameters
    ----------
    books : (b,) int64
        Numbers of the books.
    starts : (b + 1,) int64
        Where each book's events begin, and where the last one's end.
    row, position, basis, kind : (n,)
        Columns of the events.
    """

    books: Ints
    starts: Ints
    row: Ints
    position: Floats
    basis: Floats
    kind: Floats

    @classmethod
    def of(cls, events: Table) -> Changes:
        """The changes of a log."""
        book = events["book"].astype(np.int64)
        row, position = events["row"].astype(np.int64), events["position"]
        columns: tuple[Any, ...] = (row, position, events["basis"], events["kind"])
        if len(book) and np.any(book != book[0]):
            held = np.zeros(int(book.max()) + 1, np.bool_)
            held[book[position != 0.0]] = True
            order = np.argsort(book, kind="stable")
            order = order[held[book[order]]]
            book, columns = book[order], tuple(column[order] for column in columns)
        starts = np.flatnonzero(np.append(True, book[1:] != book[:-1])) if len(book) else np.zeros(0, np.int64)
        return cls(book[starts], np.append(starts, len(book)), *columns)

    def parts(self, books: int) -> Iterator[Changes]:
        """At most so many books at a time, in order."""
        for first in range(0, len(self.books), books):
            starts = self.starts[first : first + books + 1]
            begin, end = int(starts[0]), int(starts[-1])
            columns: list[Any] = [column[begin:end] for column in self[2:]]
            yield Changes(self.books[first : first + books], starts - begin, *columns)

    def within(self, stretch: slice) -> Changes:
        """The changes of a stretch of rows, which is counted from 0; what was held before it changes in its first row.

        Several books are looked at over all rows only.
        """
        if len(self.books) > 1 or not len(self.row):
            return self
        begin, end = np.searchsorted(self.row, (stretch.start, stretch.stop)).tolist()
        begin = max(begin - 1, 0)
        columns: list[Any] = [column[begin:end] for column in self[3:]]
        return Changes(
            self.books, np.array([0, end - begin]), np.maximum(self.row[begin:end] - stretch.start, 0), *columns
        )

    def by_row(self, values: Floats, rows: int) -> Floats:
        """A value that changes at events, (books, rows): after the last event of each row, 0 before the first."""
        count = len(self.books)
        book = np.repeat(np.arange(count), np.diff(self.starts))
        places = np.arange(len(values)) + book + 1
        bounds, held = np.empty(len(values) + count + 1, np.int64), np.zeros(len(values) + count)
        bounds[self.starts[:-1] + np.arange(count)] = np.arange(count) * rows
        bounds[places] = book * rows + self.row
        bounds[-1] = count * rows
        held[places] = values
        return np.repeat(held, np.diff(bounds)).reshape(count, rows)

    def rows_held(self, first_row: int, rows: int) -> int:
        """Rows from `first_row` on in which any book held anything at any time: spans from event to event, united."""
        following = np.append(self.row[1:], rows)
        following[self.starts[1:] - 1] = rows
        stop = np.where(self.position != 0.0, following, self.row)
        stop = np.maximum(stop, np.where(self.kind == EventKind.FILL, self.row + 1, self.row))
        start = self.row
        if len(self.books) > 1:
            order = np.argsort(start, kind="stable")
            start, stop = start[order], stop[order]
        start, stop = np.maximum(start, first_row), np.maximum(stop, first_row)
        reached = np.maximum.accumulate(np.append(first_row, stop))[:-1]
        return int(np.maximum(stop - np.maximum(start, reached), 0).sum())


def _add_books(board: Board, part: Changes, stretch: slice, sums: tuple[Floats, Floats], closes: Ints) -> None:
    """Add the value of some books' positions, as `simulation.rules.ledger.value_at` computes it, and their exposure."""
    equity, gross = sums
    value = _values(board, part, stretch)
    for units in np.abs(value if len(closes) == len(equity) else value[:, closes]):
        gross += units
    margined = [place for place, book in enumerate(part.books.tolist()) if board.books[book].margined > 0.0]
    if margined:
        value[margined] -= part.by_row(part.basis, len(equity))[margined]
    for units in value:
        equity += units


def _values(board: Board, part: Changes, stretch: slice) -> Floats:
    """The positions at each row's close in account currency, (books, rows of the stretch); 0 for a flat one."""
    market = board.market
    numbers = (part.books % len(market.tracks)).tolist()
    value = part.by_row(part.position, stretch.stop - stretch.start)
    close = market.columns("close", numbers)[:, stretch]
    if any(market.tracks[number].present is not None for number in numbers):
        # Before its first bar a symbol has no close, and no position either.
        np.multiply(value, close, out=value, where=value != 0.0)
    else:
        value *= close
    for place, (book, number) in enumerate(zip(part.books.tolist(), numbers, strict=True)):
        if board.books[book].multiplier != 1.0:
            value[place] *= board.books[book].multiplier
        rates = board.fx[number]
        if rates is not None:
            value[place] *= rates[stretch]
    return value
