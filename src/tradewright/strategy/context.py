"""The context: what a strategy sees and how it acts, the same in every mode."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from tradewright.domain.errors import StrategyError, WarmupError
from tradewright.domain.moments import utc
from tradewright.domain.order import OrderSide
from tradewright.domain.timeframe import Timeframe

from .desk import OrderRef, OrderWords, Ticket, fill_ticket
from .history import History
from .studies import Studies

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradewright.domain.bars import Bar
    from tradewright.domain.order import Order
    from tradewright.domain.portfolio import Account, Position

    from .binding import Binder
    from .desk import Desk
    from .lines import Line

__all__ = ["Context"]


class Context(Studies):
    """The market up to now, the account, and the calls that place orders.

    With one symbol the symbol may be left out of every call; with several, leaving it out is an error.

    Parameters
    ----------
    binder : Binder
        The strategy's view of the market.
    desk : Desk
        Where orders go.
    number : int
        Of the strategy in the run.
    ready_rows : sequence of int
        First row in which each symbol's lines have values.
    seed : int
        The strategy's generator starts from (seed, number).
    """

    def __init__(self, binder: Binder, desk: Desk, number: int, ready_rows: Sequence[int], seed: int) -> None:
        self._binder = binder
        self._market = binder.market
        self._cursor = binder.cursor
        self._desk = desk
        self._number = number
        self._seed = seed
        self._names = binder.market.symbols
        self._numbers = {name: index for index, name in enumerate(self._names)}
        self._first_book = number * len(self._names)
        self._single = len(self._names) == 1
        self._ready_rows, self._ready_given = np.array(ready_rows), ready_rows
        self._tracks = binder.market.tracks
        self._closes: list[Any] = [track.close.data for track in self._tracks]
        self._session_starts: set[int] | None = None
        self._month_starts: set[int] | None = None
        self._rng: np.random.Generator | None = None

    def renew(self, ready_rows: Sequence[int]) -> None:
        """See the rows that the market has grown by."""
        if ready_rows is not self._ready_given:
            self._ready_rows, self._ready_given = np.array(ready_rows), ready_rows
        self._closes = [track.close.data for track in self._tracks]
        self._session_starts = self._month_starts = None

    # Time.

    @property
    def timestamp(self) -> dt.datetime:
        """The close of the current bar, UTC: now."""
        return utc(int(self._market.close_time[self._cursor.row]))

    @property
    def date(self) -> dt.date:
        """The session date of the current bar."""
        sessions = self._market.sessions
        place = int(np.searchsorted(sessions.first_rows, self._cursor.row, "right")) - 1
        return dt.date(1970, 1, 1) + dt.timedelta(days=int(sessions.labels[place]))

    @property
    def new_session(self) -> bool:
        """Whether this is the first bar of a session."""
        if self._session_starts is None:
            self._session_starts = set(self._market.sessions.first_rows.tolist())
        return self._cursor.row in self._session_starts

    @property
    def new_month(self) -> bool:
        """Whether this is the first bar of a calendar month, by session date; the first bar of the data counts."""
        if self._month_starts is None:
            months = self._market.sessions.labels.astype("datetime64[D]").astype("datetime64[M]")
            first = np.append(True, months[1:] != months[:-1])
            self._month_starts = set(self._market.sessions.first_rows[first].tolist())
        return self._cursor.row in self._month_starts

    # Symbols.

    @property
    def universe(self) -> tuple[str, ...]:
        """Every symbol of the run."""
        return self._names

    @property
    def symbols(self) -> list[str]:
        """The symbols that are warmed up and have a bar now."""
        return [self._names[number] for number in self._tradable()]

    def _tradable(self) -> list[int]:
        row = self._cursor.row
        ready = np.flatnonzero(self._ready_rows <= row).tolist()
        if self._tracks[0].present is None:
            return ready
        return [number for number in ready if self._has_bar(number)]

    def _has_bar(self, number: int) -> bool:
        present = self._tracks[number].present
        return present is None or bool(present[self._cursor.row])

    def _symbol_number(self, symbol: str | None) -> int:
        if symbol is None:
            if self._single:
                return 0
            raise StrategyError(
                f"A call leaves the symbol out among {len(self._names)}.", hint=f"Name one, such as '{self._names[0]}'."
            )
        number = self._numbers.get(symbol)
        if number is None:
            number = self._numbers[symbol] = self._market.number(symbol)
        return number

    def rank(self, lines: Mapping[str, Line], top: int | None = None, *, ascending: bool = False) -> list[str]:
        """The tradable symbols in order of a line's value now, largest first unless `ascending`; ties by symbol number.

        A symbol whose line has no value is left out.
        """
        names = self.symbols
        values = np.array([lines[name].now for name in names])
        order = np.argsort(values if ascending else -values, kind="stable")
        known = order[~np.isnan(values[order])]
        return [names[place] for place in known[:top].tolist()]

    # Prices.

    def close(self, symbol: str | None = None) -> float:
        """The last close."""
        number = 0 if symbol is None and self._single else self._symbol_number(symbol)
        value: float = self._closes[number][self._cursor.row]
        if value != value:  # noqa: PLR0124 - NaN
            raise WarmupError(f"{symbol} has no bar yet {self._cursor.when()}.", hint="Look at ctx.symbols first.")
        return value

    def open(self, symbol: str | None = None) -> float:
        """The open of the last bar."""
        return self._last("open", symbol)

    def high(self, symbol: str | None = None) -> float:
        """The high of the last bar."""
        return self._last("high", symbol)

    def low(self, symbol: str | None = None) -> float:
        """The low of the last bar."""
        return self._last("low", symbol)

    def volume(self, symbol: str | None = None) -> float:
        """The volume of the last bar."""
        return self._last("volume", symbol)

    def _last(self, column: str, symbol: str | None) -> float:
        number = self._symbol_number(symbol)
        values = getattr(self._tracks[number].bars, column)
        return values.item(self._bar_number(number))  # type: ignore[no-any-return]

    def _bar_number(self, number: int) -> int:
        bar_of_row = self._tracks[number].bar_of_row
        place = self._cursor.row if bar_of_row is None else int(bar_of_row[self._cursor.row])
        if place < 0:
            name = self._names[number]
            raise WarmupError(f"{name} has no bar yet {self._cursor.when()}.", hint="Look at ctx.symbols first.")
        return place

    def bar(self, symbol: str | None = None) -> Bar:
        """The last bar as a value."""
        number = self._symbol_number(symbol)
        return self._tracks[number].bars.bar(self._bar_number(number))

    def is_stale(self, symbol: str | None = None) -> bool:
        """Whether the symbol has no bar of its own now, so that its prices are older and it cannot fill."""
        return not self._has_bar(self._symbol_number(symbol))

    def history(
        self, symbol: str | int | None = None, bars: int = 100, timeframe: str | Timeframe | None = None
    ) -> History:
        """The last bars up to now, oldest first, as columns.

        Raises
        ------
        WarmupError
            When there are not that many yet.
        """
        name, count = (None, symbol) if isinstance(symbol, int) else (symbol, bars)
        history = self.get_last_n_bars(name, timeframe, count)
        if len(history) < count:
            raise WarmupError(
                f"{history.symbol} has {len(history)} bars {self._cursor.when()}, {count} were asked for.",
                hint="Write the number as a constant or a parameter, or return it from required_warmup_bars().",
            )
        return history

    def get_last_n_bars(self, symbol: str | None, timeframe: str | Timeframe | None, n: int) -> History:
        """The last `n` bars up to now, or as many as there are."""
        if n < 0:
            raise StrategyError(f"The last {n} bars were asked for.", hint="Give a number of bars from 0 up.")
        number = self._symbol_number(symbol)
        pace = None if timeframe is None else Timeframe.parse(timeframe)
        series, last = self._market.pace(number, pace)
        stop = (self._cursor.row if last is None else int(last[self._cursor.row])) + 1
        return History(series, max(0, stop - n), stop)

    # Orders.

    def order(
        self, quantity: float | str | None = None, symbol: str | float | None = None, /, **options: Unpack[OrderWords]
    ) -> OrderRef:
        """Order a signed quantity: positive buys, negative sells; see `buy`."""
        units, name = _quantity_and_symbol(quantity, symbol, options)
        if units is None or units == 0:
            raise StrategyError(f"An order for {units} units says nothing.", hint="Use buy, sell or close_position.")
        side = OrderSide.BUY if units > 0 else OrderSide.SELL
        return self._order(side, abs(units), name, options)

    def buy(
        self, quantity: float | str | None = None, symbol: str | float | None = None, /, **options: Unpack[OrderWords]
    ) -> OrderRef:
        """Buy; without a quantity as much as the buying power pays for.

        Parameters
        ----------
        quantity : float, optional
            Units, positive. Quantity and symbol may stand in either order, or be named.
        symbol : str, optional
        **options
            ``order_type`` (market, limit, stop, stop_limit, trailing_stop, market_on_close; follows from the prices
            where it is left out), ``limit_price``, ``stop_price``, ``trail_amount``, ``trail_percent``,
            ``time_in_force`` (gtc, day, ioc, fok, gtd), ``expires`` (aware datetime), ``stop_loss``, ``take_profit``,
            ``display_quantity``, ``oco`` (an earlier order that this one cancels when it fills, and the other way
            round), ``client_order_id``, ``tag``.

        Returns
        -------
        OrderRef
            At once; a refused order comes back REJECTED with its reason.
        """
        units, name = _quantity_and_symbol(quantity, symbol, options)
        return self._order(OrderSide.BUY, units, name, options)

    def sell(
        self, quantity: float | str | None = None, symbol: str | float | None = None, /, **options: Unpack[OrderWords]
    ) -> OrderRef:
        """Sell; without a quantity all that is held. See `buy`."""
        units, name = _quantity_and_symbol(quantity, symbol, options)
        return self._order(OrderSide.SELL, units, name, options)

    def _order(self, side: OrderSide, quantity: float | None, symbol: str | None, options: OrderWords) -> OrderRef:
        book = self._first_book + (0 if symbol is None and self._single else self._symbol_number(symbol))
        if quantity is not None and not options:
            return self._desk.market(book, side, quantity)
        ticket = Ticket(side, quantity)
        if options:
            fill_ticket(ticket, options)
        return self._desk.submit(book, ticket)

    def target_percent(self, weight: float, symbol: str | None = None, *, tag: str | None = None) -> OrderRef:
        """Bring the position to a fraction of equity (0.5 is half), at the last close, costs included.

        What cannot be paid at the fill is clipped, not refused. Market orders already on their way count as done.
        """
        number = 0 if symbol is None and self._single else self._symbol_number(symbol)
        return self._desk.target_percent(self._first_book + number, weight, tag)

    def target_quantity(self, quantity: float, symbol: str | None = None, *, tag: str | None = None) -> OrderRef:
        """Bring the position to a signed quantity; clipped at the fill to what can be paid."""
        return self._desk.target_quantity(self._first_book + self._symbol_number(symbol), quantity, tag)

    def close_position(self, symbol: str | None = None, *, tag: str | None = None) -> OrderRef:
        """Close the position with a market order; nothing happens when flat."""
        number = 0 if symbol is None and self._single else self._symbol_number(symbol)
        return self._desk.close_position(self._first_book + number, tag)

    def cancel(self, order: OrderRef) -> bool:
        """End a working order; False when it had ended."""
        return order.cancel()

    def cancel_all(self, symbol: str | None = None) -> int:
        """End every working order, of one symbol or of all; how many there were."""
        names = self._names if symbol is None else (symbol,)
        orders = [(self._first_book + self._symbol_number(name), name) for name in names]
        ended = [self._desk.cancel(book, order.id) for book, _ in orders for order in self._desk.open_orders(book)]
        return sum(ended)

    def replace(
        self,
        order: OrderRef,
        *,
        quantity: float | None = None,
        limit_price: float | None = None,
        stop_price: float | None = None,
    ) -> OrderRef:
        """End a working order and send it again, changed, under a new number; `quantity` is the new total."""
        asked = {"quantity": quantity, "limit_price": limit_price, "stop_price": stop_price}
        changes = {name: value for name, value in asked.items() if value is not None}
        return self._desk.replace(order.book, order.order.id, changes)

    # Account.

    def position(self, symbol: str | None = None) -> Position:
        """The position, flat or not."""
        return self._desk.position(self._first_book + self._symbol_number(symbol))

    @property
    def positions(self) -> dict[str, Position]:
        """The positions that are not flat, by symbol."""
        held = [n for n in range(len(self._names)) if self._desk.quantity(self._first_book + n) != 0.0]
        return {self._names[number]: self._desk.position(self._first_book + number) for number in held}

    def has_position(self, symbol: str | None = None) -> bool:
        """Whether anything is held of the symbol."""
        return self._desk.quantity(self._first_book + self._symbol_number(symbol)) != 0.0

    def quantity(self, symbol: str | None = None) -> float:
        """Signed units held."""
        return self._desk.quantity(self._first_book + self._symbol_number(symbol))

    def open_orders(self, symbol: str | None = None) -> list[Order]:
        """Working orders, of one symbol or of all, oldest first."""
        numbers = range(len(self._names)) if symbol is None else (self._symbol_number(symbol),)
        found = [order for number in numbers for order in self._desk.open_orders(self._first_book + number)]
        return sorted(found, key=lambda order: order.id)

    @property
    def account(self) -> Account:
        """The account, marked at the last closes."""
        return self._desk.account()

    @property
    def cash(self) -> float:
        """Cash in account currency."""
        return self._desk.cash()

    @property
    def equity(self) -> float:
        """Cash and positions, marked at the last closes."""
        return self._desk.equity()

    @property
    def portfolio_value(self) -> float:
        """Equity under its other name."""
        return self._desk.equity()

    @property
    def buying_power(self) -> float:
        """Notional that could be bought now, after what resting orders hold back."""
        return self._desk.account().buying_power

    # The rest.

    @property
    def rng(self) -> np.random.Generator:
        """The strategy's own random generator; the same seed gives the same draws."""
        if self._rng is None:
            self._rng = np.random.default_rng([self._seed, self._number])
        return self._rng

    def log(self, message: str, **fields: Any) -> None:
        """Keep a line, at simulated time, in the run's record."""
        self._desk.log(self._number, message, fields)


def _quantity_and_symbol(first: Any, second: Any, options: OrderWords) -> tuple[float | None, str | None]:
    """Quantity and symbol, whichever stood first; those that were named are taken out of the options."""
    if isinstance(first, str) or isinstance(second, float | int):
        first, second = second, first
    if options:
        first = options.pop("quantity", first)
        second = options.pop("symbol", second)
    return first, second
