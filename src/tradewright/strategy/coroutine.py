"""Coroutine strategies: the context in awaitable form, and how a coroutine is carried to its end without an event loop.

Every call of the context answers at once, so a coroutine that awaits nothing else never pauses: one step runs it to its
end, in a script as well as inside a notebook's running loop.
"""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, Unpack

from tradewright.domain.errors import StrategyError

from .answers import DONE, answer
from .places import place

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Coroutine, Mapping
    from types import TracebackType

    import numpy as np

    from tradewright.domain.timeframe import Timeframe

    from .context import Context
    from .desk import OrderRef, OrderWords
    from .lines import Line

__all__ = ["AsyncContext", "is_coroutine_function", "run_through", "stepped"]


class AsyncContext:
    """The context of a coroutine strategy: the names of `Context`, each answer usable with and without ``await``.

    What is a property there may be called here as well: ``await ctx.cash()``, ``ctx.symbols()``, ``ctx.equity``. An
    order call acts whether or not it is awaited.
    """

    __slots__ = ("_context",)

    def __init__(self, context: Context) -> None:
        self._context = context

    # Time.

    @property
    def timestamp(self) -> dt.datetime:
        """The close of the current bar, UTC: now."""
        return self._context.timestamp

    @property
    def date(self) -> dt.date:
        """The session date of the current bar."""
        return self._context.date

    @property
    def new_session(self) -> Any:
        """Whether this is the first bar of a session."""
        return answer(self._context.new_session)

    @property
    def new_month(self) -> Any:
        """Whether this is the first bar of a calendar month."""
        return answer(self._context.new_month)

    # Symbols and prices.

    @property
    def universe(self) -> Any:
        """Every symbol of the run."""
        return answer(list(self._context.universe))

    @property
    def symbols(self) -> Any:
        """The symbols that are warmed up and have a bar now."""
        return answer(self._context.symbols)

    def rank(self, lines: Mapping[str, Line], top: int | None = None, *, ascending: bool = False) -> Any:
        """The tradable symbols in order of a line's value now."""
        return answer(self._context.rank(lines, top, ascending=ascending))

    def bar(self, symbol: str | None = None) -> Any:
        """The last bar."""
        return answer(self._context.bar(symbol))

    def open(self, symbol: str | None = None) -> Any:
        """The open of the last bar."""
        return answer(self._context.open(symbol))

    def high(self, symbol: str | None = None) -> Any:
        """The high of the last bar."""
        return answer(self._context.high(symbol))

    def low(self, symbol: str | None = None) -> Any:
        """The low of the last bar."""
        return answer(self._context.low(symbol))

    def close(self, symbol: str | None = None) -> Any:
        """The last close."""
        return answer(self._context.close(symbol))

    def volume(self, symbol: str | None = None) -> Any:
        """The volume of the last bar."""
        return answer(self._context.volume(symbol))

    def is_stale(self, symbol: str | None = None) -> Any:
        """Whether the symbol has no bar of its own now."""
        return answer(self._context.is_stale(symbol))

    def history(
        self, symbol: str | int | None = None, bars: int = 100, timeframe: str | Timeframe | None = None
    ) -> Any:
        """The last bars up to now, oldest first, as columns."""
        return answer(self._context.history(symbol, bars, timeframe))

    def get_last_n_bars(self, symbol: str | None, timeframe: str | Timeframe | None, n: int) -> Any:
        """The last `n` bars up to now, or as many as there are."""
        return answer(self._context.get_last_n_bars(symbol, timeframe, n))

    # Indicators.

    def sma(self, symbol: str | int | None = None, period: int = 20) -> Any:
        """The simple moving average of closes."""
        return answer(self._context.sma(symbol, period))

    def ema(self, symbol: str | int | None = None, period: int = 20) -> Any:
        """The exponential moving average of closes."""
        return answer(self._context.ema(symbol, period))

    def rsi(self, symbol: str | int | None = None, period: int = 14) -> Any:
        """The relative strength index of closes."""
        return answer(self._context.rsi(symbol, period))

    def vwap(self, symbol: str | int | None = None, period: int | None = None) -> Any:
        """The volume-weighted average price, of the session or of that many bars."""
        return answer(self._context.vwap(symbol, period))

    # Orders.

    def order(self, *quantity_and_symbol: float | str, **options: Unpack[OrderWords]) -> OrderRef:
        """Order a signed quantity; see `Context.order`."""
        return self._context.order(*quantity_and_symbol, **options)

    def buy(self, *quantity_and_symbol: float | str, **options: Unpack[OrderWords]) -> OrderRef:
        """Buy; see `Context.buy`."""
        return self._context.buy(*quantity_and_symbol, **options)

    def sell(self, *quantity_and_symbol: float | str, **options: Unpack[OrderWords]) -> OrderRef:
        """Sell; see `Context.sell`."""
        return self._context.sell(*quantity_and_symbol, **options)

    def target_percent(self, weight: float, symbol: str | None = None, *, tag: str | None = None) -> OrderRef:
        """Bring the position to a fraction of equity."""
        return self._context.target_percent(weight, symbol, tag=tag)

    def target_quantity(self, quantity: float, symbol: str | None = None, *, tag: str | None = None) -> OrderRef:
        """Bring the position to a signed quantity."""
        return self._context.target_quantity(quantity, symbol, tag=tag)

    def close_position(self, symbol: str | None = None, *, tag: str | None = None) -> OrderRef:
        """Close the position; nothing happens when flat."""
        return self._context.close_position(symbol, tag=tag)

    def cancel(self, order: OrderRef) -> Any:
        """End a working order; false when it had ended."""
        return answer(self._context.cancel(order))

    def cancel_all(self, symbol: str | None = None) -> Any:
        """End every working order; how many there were."""
        return answer(self._context.cancel_all(symbol))

    def replace(self, order: OrderRef, **changes: float) -> OrderRef:
        """End a working order and send it again, changed; see `Context.replace`."""
        return self._context.replace(order, **changes)

    # Account.

    def position(self, symbol: str | None = None) -> Any:
        """The position; false when flat."""
        return answer(self._context.position(symbol))

    @property
    def positions(self) -> Any:
        """The positions that are not flat, by symbol."""
        return answer(self._context.positions)

    def has_position(self, symbol: str | None = None) -> Any:
        """Whether anything is held of the symbol."""
        return answer(self._context.has_position(symbol))

    def quantity(self, symbol: str | None = None) -> Any:
        """Signed units held."""
        return answer(self._context.quantity(symbol))

    def open_orders(self, symbol: str | None = None) -> Any:
        """Working orders, oldest first."""
        return answer(self._context.open_orders(symbol))

    @property
    def account(self) -> Any:
        """The account, marked at the last closes."""
        return answer(self._context.account)

    @property
    def cash(self) -> Any:
        """Cash in account currency."""
        return answer(self._context.cash)

    @property
    def equity(self) -> Any:
        """Cash and positions, marked at the last closes."""
        return answer(self._context.equity)

    @property
    def portfolio_value(self) -> Any:
        """Equity under its other name."""
        return answer(self._context.equity)

    @property
    def buying_power(self) -> Any:
        """Notional that could be bought now."""
        return answer(self._context.buying_power)

    # The rest.

    @property
    def rng(self) -> np.random.Generator:
        """The strategy's own random generator."""
        return self._context.rng

    def log(self, message: str, **fields: Any) -> Any:
        """Keep a line, at simulated time, in the run's record."""
        self._context.log(message, **fields)
        return DONE


def is_coroutine_function(function: Any) -> bool:
    """Whether calling a function, partial, method or callable object gives a coroutine."""
    body = inspect.getattr_static(type(function), "__call__", None)
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(body)


def stepped(function: Callable[..., Any], *, is_method: bool) -> Callable[..., Any]:
    """A plain function that hands an `AsyncContext` to a coroutine function and carries it to its end.

    Called with an `AsyncContext`, as by ``await super().on_bar(ctx)``, it gives the coroutine to whoever awaits it.

    Parameters
    ----------
    is_method : bool
        Whether the context is the second argument, after ``self``.
    """

    def call_method(self: Any, ctx: Any, *rest: Any) -> Any:
        if isinstance(ctx, AsyncContext):
            return function(self, ctx, *rest)
        return run_through(function(self, AsyncContext(ctx), *rest))

    def call(ctx: Any) -> Any:
        return run_through(function(AsyncContext(ctx)))

    chosen: Callable[..., Any] = call_method if is_method else call
    return functools.update_wrapper(chosen, function)


def run_through(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Carry a coroutine to its end in one step and give what it returns.

    Raises
    ------
    StrategyError
        When it waits for anything but the context's own answers, which are there at once.
    """
    # Taken before the step: a coroutine that has ended no longer knows its frame.
    code = getattr(coroutine, "cr_code", None)
    try:
        awaited = coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    except RuntimeError as error:
        if "event loop" not in str(error):
            raise
        raise _waits(coroutine, "an event loop", place(code.co_filename, _line(error.__traceback__, code))) from error  # type: ignore[union-attr]
    found = _waits(coroutine, _named(coroutine, awaited), place(code.co_filename, coroutine.cr_frame.f_lineno))  # type: ignore[union-attr, attr-defined]
    coroutine.close()
    raise found


def _waits(coroutine: Any, what: str, where: str) -> StrategyError:
    return StrategyError(
        f"{coroutine.__qualname__} waits for {what} in {where}.",
        hint="A strategy awaits only what ctx gives; time passes from bar to bar.",
    )


def _named(coroutine: Any, awaited: Any) -> str:
    """What a paused coroutine waits for: the innermost coroutine's name, else the kind of thing."""
    inner = coroutine.cr_await
    name = ""
    while inspect.iscoroutine(inner):
        name, inner = f"{inner.__qualname__}()", inner.cr_await
    return name or f"a {type(awaited if inner is None else inner).__name__}"


def _line(trace: TracebackType | None, code: Any) -> int:
    """The line of a code object that a traceback passes through, else its first."""
    while trace is not None:
        if trace.tb_frame.f_code is code:
            return trace.tb_lineno
        trace = trace.tb_next
    return int(code.co_firstlineno)
