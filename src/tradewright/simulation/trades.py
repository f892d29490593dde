"""Closed trades and open lots, built from the event log after the run; the loop keeps no state for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tradewright.domain.events import EventKind
from tradewright.domain.portfolio import Lot

from .lots import FINANCING, TRADING, LotMethod, Stretches, walk, walk_stretch
from .rules.constants import AT_CLOSE, AT_DECISION, AT_OPEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from .lots import Walk

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Places = NDArray[np.intp]
    Table = Mapping[str, Floats]
    Fold = Callable[[Floats, Places, Places, bool], Floats]

__all__ = ["Means", "Tape", "fold_ranges", "open_basis", "open_lots", "pair_trades", "trades_and_basis"]


_BEFORE_OPEN = float(EventKind.CASH_IN_LIEU)

_CELLS = 1 << 17
"""Prices by book and row that are looked at together: as many as a fast part of the memory holds."""


@dataclass(frozen=True, slots=True)
class Tape:
    """What the trades need to know of the bars behind the events.

    Parameters
    ----------
    open_time, close_time : (n,) int64
        The rows of the timeline, UTC nanoseconds.
    high, low, close : sequence of (n,) float64
        By symbol number, NaN where the symbol has no bar. Book `b` trades symbol ``b % len(high)``.
    multiplier : sequence of float
        By symbol number.
    """

    open_time: Ints
    close_time: Ints
    high: Sequence[Floats]
    low: Sequence[Floats]
    close: Sequence[Floats]
    multiplier: Sequence[float]


def fold_ranges(column: Floats, first: Places, last: Places, highest: bool) -> Floats:
    """The highest or the lowest value of each range of rows, both ends inside; NaN where there is none."""
    folded = np.full(len(first), np.nan)
    filled = np.flatnonzero(first <= last)[::-1]
    reduction = np.fmax if highest else np.fmin
    if len(filled):
        pairs = np.empty(2 * len(filled), np.intp)
        pairs[::2], pairs[1::2] = first[filled], last[filled]
        # `reduceat` leaves out the end of each range, and gives the first value alone where both ends are one row. From
        # the last range to the first, what lies between two of them is a range that falls, and costs nothing.
        folded[filled] = reduction(reduction.reduceat(column, pairs)[::2], column[last[filled]])
    return folded


class Means(NamedTuple):
    """What trades are worked out with: as here, or the same in machine code.

    Parameters
    ----------
    walk : callable
        As `lots.walk`, for the stretches of more than one opening and one closing event.
    fold : callable
        As `fold_ranges`.
    """

    walk: Walk = walk
    fold: Fold = fold_ranges


def pair_trades(
    events: Table, tape: Tape, method: LotMethod | str = LotMethod.FIFO, by: Means | None = None
) -> dict[str, NDArray[Any]]:
    """Pair what opened with what closed, book by book.

    Parameters
    ----------
    events : table
        `EVENT_COLUMNS` of a run, in order.
    tape : Tape
    method : LotMethod
        Which lot a closing fill closes first.
    by : Means, optional
        What walks lots and looks at ranges of prices; interpreted without it.

    Returns
    -------
    dict of columns
        `TRADE_COLUMNS`, by the closing event; times are int64, everything else float64.

    Notes
    -----
    Costs of a fill are shared by quantity among the lots it opens and closes. Financing is shared by quantity among the
    lots open at the time; interest that a flat book carries belongs to no trade. Units and entry prices are those after
    the splits that came while the lot was open. What an instrument's expiry or a split's cash in lieu closes is a trade
    with order number 0. `bars` counts rows of the timeline from entry to exit; 0 within one bar.

    Excursions are read pessimistically. A bar counts where the position certainly lived in it: the entry's bar if it
    was entered at the open, else only its close; the exit's bar counts as a whole if it left at the close, and only on
    the adverse side if it left inside, because the favourable extreme may have come after. Leaving at the open, nothing
    of the bar but the exit price counts.

    Several runs over the same bars are paired in one call, as if each were a book of its own.
    """
    return trades_and_basis(events, tape, method, by)[0]


def trades_and_basis(
    events: Table, tape: Tape, method: LotMethod | str = LotMethod.FIFO, by: Means | None = None
) -> tuple[dict[str, NDArray[Any]], dict[int, float]]:
    """The closed trades as of `pair_trades`, and by book what the lots still open cost.

    The cost is signed, in account currency, at the exchange rates of the fills: with it the profit of closed trades and
    the open profit add up to the account's, whichever lots were closed first.
    """
    spans = _episodes(events)
    simple = _of_two(spans)
    chosen = np.flatnonzero(~simple)
    stretches = _stretches(events, tape, spans, chosen)
    by = by or Means()
    walked = by.walk(events, stretches, LotMethod(method))
    columns = _joined(_paired_at_once(events, spans, simple), walked.pairings)
    held = np.flatnonzero(~spans.closed[chosen]).tolist()
    books = events["book"][spans.order[spans.first[chosen]]].astype(int)
    basis = {int(books[place]): float(walked.open_cost[place]) for place in held}
    return _finish(events, tape, columns, by.fold), basis


def open_lots(events: Table, tape: Tape, method: LotMethod | str = LotMethod.FIFO) -> dict[int, tuple[Lot, ...]]:
    """The lots still open after the last event, by book, oldest first; books without one are left out.

    Quantities are signed, prices in instrument currency, both after the splits since; the time is that of the fill.
    """
    found: dict[int, tuple[Lot, ...]] = {}
    spans = _episodes(events)
    for place in np.flatnonzero(~spans.closed).tolist():
        numbers = spans.order[spans.first[place] : spans.last[place] + 1]
        lots = walk_stretch(events, numbers, LotMethod(method))
        side = 1.0 if events["position"][numbers[0]] > 0.0 else -1.0
        times = _times(events, tape, np.array([lot.opened for lot in lots], np.intp)).tolist()
        book = int(events["book"][numbers[0]])
        found[book] = tuple(Lot(side * lot.quantity, lot.price, time) for lot, time in zip(lots, times, strict=True))
    return found


def open_basis(events: Table, tape: Tape, method: LotMethod | str = LotMethod.FIFO) -> dict[int, float]:
    """What the lots still open cost, by book; as of `trades_and_basis`."""
    return trades_and_basis(events, tape, method)[1]


class _Episodes(NamedTuple):
    """Stretches from opening a position, from flat or by turning it around, to its end.

    `order` holds the numbers of the events that matter, by book and then in time; `first` and `last` are places in it.
    A turning fill ends one stretch and begins the next. An open stretch (`closed` False) ends with its book.
    """

    order: Places
    first: Places
    last: Places
    closed: NDArray[np.bool_]


def _episodes(events: Table) -> _Episodes:
    kind = events["kind"]
    order = np.flatnonzero(np.isin(kind, (*TRADING, *FINANCING, EventKind.SPLIT)))
    order = order[np.argsort(events["book"][order], kind="stable")]
    book, after = events["book"][order], events["position"][order]
    begins = np.ones(len(order), bool)
    begins[1:] = book[1:] != book[:-1]
    before = np.zeros(len(order))
    before[1:] = after[:-1]
    before[begins] = 0.0
    trades = np.isin(kind[order], TRADING)
    first = np.flatnonzero(trades & (after != 0.0) & (before * after <= 0.0))
    ends = np.flatnonzero(trades & (before != 0.0) & (before * after <= 0.0))
    book_ends = np.append(np.flatnonzero(begins)[1:], len(order)) - 1
    of_book = book_ends[np.searchsorted(book_ends, first)]
    reached = np.append(ends, len(order))[np.searchsorted(ends, first, side="right")]
    return _Episodes(order, first, np.minimum(reached, of_book), reached <= of_book)


def _of_two(spans: _Episodes) -> NDArray[np.bool_]:
    """Episodes of one opening and one closing event: the whole of most logs, and nothing to decide in them."""
    of_two: NDArray[np.bool_] = spans.closed & (spans.last == spans.first + 1)
    return of_two


def _stretches(events: Table, tape: Tape, spans: _Episodes, chosen: Places) -> Stretches:
    """The chosen episodes, one after the other."""
    length = spans.last[chosen] - spans.first[chosen] + 1
    stops = np.cumsum(length)
    places = np.repeat(spans.first[chosen] - (stops - length), length) + np.arange(length.sum())
    books = events["book"][spans.order[spans.first[chosen]]].astype(np.intp)
    each = np.asarray(tape.multiplier, np.float64)
    return Stretches(spans.order[places], stops - length, stops, each[books % len(each)])


def _paired_at_once(events: Table, spans: _Episodes, simple: NDArray[np.bool_]) -> Sequence[NDArray[Any]]:
    """The columns of `Pairing` for episodes of two events: the same sums as `walk_episode`."""
    opened, closed = spans.order[spans.first[simple]], spans.order[spans.last[simple]]
    units = np.abs(events["position"][opened])
    entering, leaving = units / np.abs(events["quantity"][opened]), units / np.abs(events["quantity"][closed])
    costs = [events[name][opened] * entering + events[name][closed] * leaving for name in ("fee", "tax", "slippage")]
    return opened, closed, units, events["price"][opened], *costs, np.zeros(len(units))


def _joined(columns: Sequence[NDArray[Any]], walked: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
    """Both kinds of pairings in order of the closing event."""
    if not len(walked[0]) and np.all(columns[1][1:] >= columns[1][:-1]):
        return list(columns)
    merged = [np.concatenate(both) for both in zip(columns, walked, strict=True)]
    order = np.argsort(merged[1], kind="stable")
    return [column[order] for column in merged]


def _times(events: Table, tape: Tape, chosen: Places) -> Ints:
    row = events["row"][chosen].astype(np.intp)
    return np.where(_at_open(events, chosen), tape.open_time[row], tape.close_time[row])


def _at_open(events: Table, chosen: Places) -> NDArray[np.bool_]:
    """A split, and with it the cash for the fraction it leaves, comes before the open."""
    at_open: NDArray[np.bool_] = (events["phase"][chosen] == AT_OPEN) | (events["kind"][chosen] == _BEFORE_OPEN)
    return at_open


def _finish(events: Table, tape: Tape, columns: Sequence[NDArray[Any]], fold: Fold) -> dict[str, NDArray[Any]]:
    opened, closed, units, entry_price, commission, tax, slippage, financing = columns
    book = events["book"][opened]
    side = np.sign(events["position"][opened])
    multiplier = np.asarray(tape.multiplier, np.float64)[book.astype(np.intp) % len(tape.multiplier)]
    exit_price = events["price"][closed]
    entered = units * multiplier * (entry_price * events["fx"][opened])
    gross = side * (units * multiplier * (exit_price * events["fx"][closed]) - entered)
    net = gross - commission - tax - financing
    mae, mfe = _excursions(events, tape, (opened, closed), entry_price, fold)
    entry_row, exit_row = events["row"][opened], events["row"][closed]
    return {
        "book": book,
        "side": side,
        "quantity": units,
        "entry_row": entry_row,
        "exit_row": exit_row,
        "entry_time": _times(events, tape, opened),
        "exit_time": _times(events, tape, closed),
        "entry_price": entry_price,
        "exit_price": exit_price,
        "entry_order": events["order_id"][opened],
        "exit_order": events["order_id"][closed],
        "gross": gross,
        "commission": commission,
        "tax": tax,
        "financing": financing,
        "slippage": slippage,
        "net": net,
        "return": net / np.abs(entered),
        "mae": mae,
        "mfe": mfe,
        "bars": exit_row - entry_row,
    }


def _excursions(
    events: Table, tape: Tape, pairs: tuple[Places, Places], entry_price: Floats, fold: Fold
) -> tuple[Floats, Floats]:
    """Worst and best price while open, as fractions of the entry price."""
    opened, closed = pairs
    worst, best = np.zeros(len(opened)), np.zeros(len(opened))
    splits = np.flatnonzero(events["kind"] == EventKind.SPLIT)
    for books, chosen in _book_groups(events, tape, opened, splits):
        entry, leave = opened[chosen], closed[chosen]
        scale = _SplitScale.of(events, splits[events["book"][splits] == books[0]])
        at_exit = scale.at(events["row"][leave])
        high, low = _extremes(events, _Prices.of(tape, books, scale), entry, leave, fold)
        bought = entry_price[chosen] / at_exit
        left = events["price"][leave] / at_exit
        up, down = np.fmax(high, left) / bought - 1.0, np.fmin(low, left) / bought - 1.0
        long = events["position"][entry] > 0.0
        worst[chosen] = np.minimum(np.where(long, down, -up), 0.0)
        best[chosen] = np.maximum(np.where(long, up, -down), 0.0)
    return worst, best


def _book_groups(events: Table, tape: Tape, opened: Places, splits: Places) -> Iterator[tuple[Places, Places | slice]]:
    """Books with their trades, as many at once as are fast to look at; one that splits stands alone."""
    book = events["book"][opened].astype(np.intp)
    if not len(book):
        return
    if np.all(book == book[0]):
        yield book[:1], slice(None)
        return
    order = np.argsort(book, kind="stable")
    starts = np.flatnonzero(np.append(True, np.diff(book[order]) != 0))
    books, bounds = book[order][starts], np.append(starts, len(order))
    alone = np.isin(books, events["book"][splits])
    most, first = max(1, _CELLS // len(tape.open_time)), 0
    while first < len(books):
        stop = first + 1
        while stop < len(books) and stop - first < most and not (alone[first] or alone[stop]):
            stop += 1
        yield books[first:stop], order[bounds[first] : bounds[stop]]
        first = stop


class _Prices(NamedTuple):
    """The bars of some books end to end, in the units after their last split; `books` rise, each has `rows` of them."""

    books: Places
    rows: int
    high: Floats
    low: Floats
    close: Floats

    @classmethod
    def of(cls, tape: Tape, books: Places, scale: _SplitScale) -> _Prices:
        numbers = (books % len(tape.high)).tolist()
        if len(numbers) == 1:
            columns = [scale.restate(side[numbers[0]]) for side in (tape.high, tape.low, tape.close)]
        else:
            columns = [
                np.concatenate([side[number] for number in numbers]) for side in (tape.high, tape.low, tape.close)
            ]
        return cls(books, len(tape.open_time), *columns)


class _SplitScale(NamedTuple):
    """What a book's prices of a row are divided by, so that all stand in the units after its last split."""

    rows: Floats
    later: Floats

    @classmethod
    def of(cls, events: Table, splits: Places) -> _SplitScale:
        later = np.append(np.cumprod(events["quantity"][splits][::-1])[::-1], 1.0)
        return cls(events["row"][splits], later)

    def at(self, rows: Floats) -> Floats:
        """By row; a split stands before the fills of its own row."""
        return self.later[np.searchsorted(self.rows, rows, side="right")]

    def restate(self, prices: Floats) -> Floats:
        """A column of the tape."""
        return prices / self.at(np.arange(len(prices), dtype=np.float64)) if len(self.rows) else prices


def _extremes(events: Table, prices: _Prices, opened: Places, closed: Places, fold: Fold) -> tuple[Floats, Floats]:
    """Highest and lowest price of the bars that count for each trade, NaN where none does."""
    entry_row, exit_row = events["row"][opened].astype(np.intp), events["row"][closed].astype(np.intp)
    if len(prices.books) > 1:
        before = np.searchsorted(prices.books, events["book"][opened]) * prices.rows
        entry_row, exit_row = entry_row + before, exit_row + before
    inside = ~_at_open(events, opened)
    first = entry_row + inside
    phase = events["phase"][closed]
    at_close = (phase == AT_CLOSE) | (phase == AT_DECISION) | (events["kind"][closed] == EventKind.EXPIRY)
    adverse, favourable = exit_row - _at_open(events, closed), exit_row - ~at_close
    long = events["position"][opened] > 0.0
    high = fold(prices.high, first, np.where(long, favourable, adverse), True)
    low = fold(prices.low, first, np.where(long, adverse, favourable), False)
    close = prices.close[entry_row]
    close[~inside | (exit_row == entry_row)] = np.nan
    return np.fmax(high, close), np.fmin(low, close)
