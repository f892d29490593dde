"""The board: the market's rows with the account's books standing on them, and the row that is now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.bars import Adjustment
from tradewright.domain.errors import DataError
from tradewright.marketdata.resample import visible_rows
from tradewright.quant import indicators
from tradewright.simulation.rules.constants import OHLC, WORST
from tradewright.simulation.venue import build_book, build_exchange, value_account
from tradewright.strategy.courses import Shown
from tradewright.strategy.lines import Cursor

from .dressing import Terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from tradewright.marketdata.market import Market
    from tradewright.simulation.state import Book

    from .plan import RunPlan

__all__ = ["Board"]

_ATR_PERIOD = 14


class Board:
    """Market, cursor, exchange and books of one run.

    `working` holds the books that may have open orders, by number; `expired` the symbols whose instrument has ended.
    Columns are memory views, by symbol number.
    """

    def __init__(self, market: Market, plan: RunPlan) -> None:
        self.market = market
        self.cursor = Cursor(market.close_time)
        self.exchange = build_exchange(plan.cash, plan.costs, plan.margin)
        self.exchange.touch = 1 if plan.limit_fill == "touch" else 0
        self.exchange.intrabar = OHLC if plan.intrabar == "ohlc" else WORST
        self.exchange.clip_unpaid = 1 if plan.insufficient == "clip" else 0
        self._twice_atr: dict[int, Any] = {}
        self._ranges: dict[int, Iterator[NDArray[np.float64]]] = {}
        self.working: dict[int, Book] = {}
        self.expired: set[int] = set()
        self.open_time: Any = None
        self.close_time: Any = None
        self.opens: list[Any] = []
        self.highs: list[Any] = []
        self.lows: list[Any] = []
        self.closes: list[Any] = []
        self.volumes: list[Any] = []
        self.renew()
        tracks = market.tracks
        self.instruments = [track.bars.instrument for track in tracks]
        self._symbols = len(tracks)
        self.books = self._books(plan)
        self.terms = [self._terms_of(number) for number in range(len(self.books))]
        self.fx = [self._fx_rows(instrument.currency, plan) for instrument in self.instruments]
        self.has_fx = any(rates is not None for rates in self.fx)
        margined = any(book.margined > 0.0 for book in self.books)
        if margined:
            self.exchange.on_margin = 1
        self.exchange.valued = 1 if self.exchange.on_margin or plan.size_at == "fill" else 0
        self._latency_bars = plan.latency_bars
        self._latency_ns = plan.latency_ms * 1_000_000

    def renew(self) -> None:
        """Look at the market's columns as they are now; lists stay the same objects."""
        market, tracks = self.market, self.market.tracks
        self.open_time, self.close_time = market.open_time.data, market.close_time.data
        self.cursor.close_time = market.close_time
        self.opens[:] = [track.open.data for track in tracks]
        self.highs[:] = [track.high.data for track in tracks]
        self.lows[:] = [track.low.data for track in tracks]
        self.closes[:] = [track.close.data for track in tracks]
        self.volumes[:] = [track.volume.data for track in tracks]
        self._twice_atr.clear()

    def _books(self, plan: RunPlan) -> list[Book]:
        """A book for every symbol of every strategy; those with equal terms of trade are built once."""
        built: dict[Any, Book] = {}
        books = []
        for number in range(self._symbols * len(plan.strategies)):
            each = self.instruments[number % self._symbols]
            terms = each.lot, each.multiplier, each.has_volume, each.margin, each.maintenance, each.venue
            if terms not in built:
                built[terms] = build_book(number, each, plan.costs, plan.margin)
            books.append(built[terms].with_number(number))
        return books

    def _fx_rows(self, currency: str, plan: RunPlan) -> NDArray[np.float64] | None:
        """Account currency per unit of another currency, by row, as known at each row's close."""
        if currency == plan.currency:
            return None
        rate = plan.fx.get(currency)
        if rate is None:
            raise DataError(
                f"The account is in {plan.currency} and an instrument in {currency}.",
                hint=f"Pass fx={{'{currency}': bars or a number}}, or currency='{currency}'.",
            )
        if isinstance(rate, (int, float)):
            return np.full(len(self.market), float(rate))
        known = visible_rows(self.market.close_time, rate.close_time)
        if known[0] < 0:
            raise DataError(f"The {currency} rates begin after the bars do.", hint="Start the run later.")
        return rate.close[known]

    def _terms_of(self, book: int) -> Terms:
        """What dressing an order needs to know; adjusted prices lie on no grid."""
        bars = self.market.tracks[book % self._symbols].bars
        raw = bars.adjustment is Adjustment.RAW
        return Terms(bars.instrument, bars.instrument.tick if raw else None, book)

    # Time.

    def reaches_venue_at(self) -> int:
        """When an order decided now reaches the venue, UTC nanoseconds."""
        row = self.cursor.row
        if self._latency_bars:
            row = min(row + self._latency_bars, len(self.market) - 1)
        decided: int = self.close_time[row]
        return decided + self._latency_ns

    # Books.

    def symbol_number(self, book: Book) -> int:
        """Number of a book's symbol."""
        return book.number % self._symbols

    def symbol(self, book: Book) -> str:
        """A book's symbol."""
        return self.market.symbols[book.number % self._symbols]

    def close(self, book: Book) -> float:
        """The last close of a book's symbol; NaN before its first bar."""
        price: float = self.closes[book.number % self._symbols][self.cursor.row]
        return price

    def twice_atr(self, book: Book) -> float:
        """Twice the average true range of fourteen bars, NaN while it is not known."""
        number = book.number % self._symbols
        bar_of_row = self.market.tracks[number].bar_of_row
        bar = self.cursor.row if bar_of_row is None else int(bar_of_row[self.cursor.row])
        return float(self.twice_atr_rows(number)[bar]) if bar >= 0 else float("nan")

    def twice_atr_rows(self, number: int) -> NDArray[np.float64]:
        """Twice the average true range at every bar of a symbol."""
        if number not in self._twice_atr:
            self._twice_atr[number] = 2.0 * next(self._true_ranges(number))
        found: NDArray[np.float64] = self._twice_atr[number]
        return found

    def _true_ranges(self, number: int) -> Iterator[NDArray[np.float64]]:
        """The average true range of a symbol's bars, as they are when the next one is asked for; prices have no gap."""
        if number not in self._ranges:
            track = self.market.tracks[number]
            shown = Shown(lambda: (track.bars.high, track.bars.low, track.bars.close))
            self._ranges[number] = indicators.atr.of_each(shown, _ATR_PERIOD)
        return self._ranges[number]

    def has_bar(self, number: int, row: int) -> bool:
        """Whether a symbol has a bar in a row."""
        present = self.market.tracks[number].present
        return present is None or bool(present[row])

    def ends_session(self, book: Book, row: int) -> bool:
        """Whether a session of a book's symbol ends with a row."""
        lasts = self.market.tracks[book.number % self._symbols].session_last_rows
        place = int(np.searchsorted(lasts, row))
        return place < len(lasts) and int(lasts[place]) == row

    def show(self, book: Book, row: int) -> None:
        """Put a row's bar on a book's fields."""
        number = book.number % self._symbols
        book.open_time = self.open_time[row]
        book.close_time = self.close_time[row]
        book.open = self.opens[number][row]
        book.high = self.highs[number][row]
        book.low = self.lows[number][row]
        book.close = self.closes[number][row]
        book.volume = self.volumes[number][row]

    def mark(self, row: int) -> None:
        """Mark every position at a row's close."""
        for book in self.books:
            if book.position != 0.0:
                book.mark = self.closes[book.number % self._symbols][row]

    def value(self) -> None:
        """Compute the account's totals afresh at the current row's closes, where anybody needs them."""
        if self.exchange.valued == 1:
            self.mark(self.cursor.row)
            value_account(self.exchange, self.books)

    def set_fx(self, row: int) -> None:
        """Let every book in another currency see the rate known at a row's close."""
        for book in self.books:
            rates = self.fx[book.number % self._symbols]
            if rates is not None:
                # In a session rows go on, and its rates are numbers.
                book.fx = float(rates[min(row, len(rates) - 1)])
