"""The equity curve, rebuilt from the events after the run, adding what the loop adds in the same order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from .board import Board

    Floats = NDArray[np.float64]
    Table = Mapping[str, Floats]

__all__ = ["Curve", "equity_curve"]


class Curve(NamedTuple):
    """Equity by row, gross exposure over equity at the session closes, and the rows with a position at any time."""

    equity: Floats
    exposure: Floats
    rows_in_market: int


def equity_curve(board: Board, events: Table, cash: float, first_row: int, closes: NDArray[np.int64]) -> Curve:
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
    equity = steps(events["row"], events["cash"], cash, rows)
    gross = np.zeros(len(closes))
    held = np.zeros(rows, np.bool_)
    for book in np.unique(events["book"]).astype(int).tolist():
        mine = events["book"] == book
        if events["position"][mine].any():
            _add_book(board, {name: events[name][mine] for name in ("row", "position", "basis")}, book, equity)
            _add_holding(board, events, mine, book, (held, gross, closes))
    in_market = int(np.count_nonzero(held[first_row:]))
    return Curve(equity, np.divide(gross, equity[closes], out=gross, where=equity[closes] > 0.0), in_market)


def steps(event_rows: Floats, values: Floats, before: float, rows: int) -> Floats:
    """A value that changes at events, by row: after the last event of each row; `before` where none has happened."""
    bounds = np.concatenate(([0], event_rows.astype(np.int64), [rows]))
    return np.repeat(np.concatenate(([before], values)), np.diff(bounds))


def _add_book(board: Board, events: Table, book: int, equity: Floats) -> None:
    """Add the value of one book's position, as `simulation.rules.ledger.value_at` computes it."""
    track = board.market.tracks[book % len(board.market.tracks)]
    terms = board.books[book]
    value = steps(events["row"], events["position"], 0.0, len(equity))
    held = None if track.present is None else value != 0.0
    value *= track.close
    if terms.multiplier != 1.0:
        value *= terms.multiplier
    rates = board.fx[track.number]
    if rates is not None:
        value *= rates
    if terms.margined > 0.0:
        value -= steps(events["row"], events["basis"], 0.0, len(equity))
    if held is None:
        equity += value
    else:
        np.add(equity, value, out=equity, where=held)


def _add_holding(
    board: Board,
    events: Table,
    mine: NDArray[np.bool_],
    book: int,
    into: tuple[NDArray[np.bool_], Floats, NDArray[np.int64]],
) -> None:
    """Add one book's gross exposure at the session closes, and the rows in which it held anything."""
    held, gross, closes = into
    track = board.market.tracks[book % len(board.market.tracks)]
    rows = events["row"][mine].astype(np.int64)
    position = events["position"][mine]
    held |= steps(events["row"][mine], position, 0.0, len(held)) != 0.0
    held[rows[events["kind"][mine] == 1.0]] = True
    place = np.searchsorted(rows, closes, "right") - 1
    units = np.where(place < 0, 0.0, position[np.maximum(place, 0)])
    rates = 1.0 if board.fx[track.number] is None else board.fx[track.number][closes]  # type: ignore[index]
    value = np.abs(units) * np.where(units == 0.0, 0.0, track.close[closes]) * board.books[book].multiplier * rates
    gross += value
