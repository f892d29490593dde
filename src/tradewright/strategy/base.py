"""`Strategy`: what an author subclasses."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import StrategyError, TradewrightError

from .binding import lines_in
from .coroutine import is_coroutine_function, stepped
from .lookback import reads_of
from .params import own_copies, params_of, resolve_params

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradewright.domain.order import Order
    from tradewright.domain.portfolio import Fill
    from tradewright.domain.timeframe import Timeframe

    from .binding import Binder
    from .context import Context
    from .reads import Reads

__all__ = ["HOOKS", "Strategy"]

HOOKS = ("on_start", "on_bar", "on_fill", "on_order", "on_session_close", "on_stop")
"""The callbacks that take a context; each may be a coroutine function."""


class Strategy:
    """A trading strategy: declare in `setup`, decide in `on_bar`.

    Parameters are class attributes made with `Param`; they are given by keyword.

    Examples
    --------
    >>> from tradewright.quant import indicators as ta
    >>> from tradewright.strategy.params import Param
    >>> class SmaCross(Strategy):
    ...     fast = Param(10, low=2, high=60)
    ...     slow = Param(30, low=10, high=250)
    ...     def setup(self):
    ...         self.fast_ma = self.use(ta.sma, "close", self.fast)
    ...         self.slow_ma = self.use(ta.sma, "close", self.slow)
    ...     def on_bar(self, ctx):
    ...         if self.fast_ma.crossed_above(self.slow_ma):
    ...             ctx.target_percent(0.95)
    ...         elif self.fast_ma.crossed_below(self.slow_ma):
    ...             ctx.close_position()
    >>> SmaCross(fast=5).params
    {'fast': 5, 'slow': 30}
    """

    style: str = "class"

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        for name in ("setup", "ready", "required_warmup_bars"):
            if is_coroutine_function(vars(cls).get(name)):
                raise StrategyError(f"{cls.__name__}.{name} is async.", hint=f"Write 'def {name}(self):'.")
        for name in HOOKS:
            hook = inspect.getattr_static(cls, name)
            if is_coroutine_function(hook):
                setattr(cls, name, stepped(hook, is_method=True))

    def __init__(self, **params: Any) -> None:
        self.params: dict[str, Any] = resolve_params(type(self), params)
        # Copies: what ran is recorded with the values it was given.
        self.__dict__.update(own_copies(self.params))
        self._binder: Binder | None = None
        self._reads_found: Reads | None = None

    @classmethod
    def with_params(cls, params: Mapping[str, Any]) -> Strategy:
        """A strategy with the given values in place of the defaults.

        Raises
        ------
        TradewrightError
            When it does not take them, or its ``__init__`` raises.
        """
        try:
            return cls(**params)
        except TradewrightError:
            raise
        except Exception as error:
            raise StrategyError(
                f"{cls.__name__}.__init__ raised {type(error).__name__}: {error}.",
                hint="Prepare in setup() instead; parameters are declared with Param.",
            ) from error

    @property
    def name(self) -> str:
        """The name shown in results."""
        return type(self).__name__

    def describe_params(self) -> dict[str, dict[str, Any]]:
        """The declared parameters with their bounds, as plain values."""
        return {name: param.describe() for name, param in params_of(type(self)).items()}

    def use(
        self,
        function: Callable[..., Any],
        *inputs: Any,
        symbol: str | None = None,
        timeframe: str | Timeframe | None = None,
        **keywords: Any,
    ) -> Any:
        """Declare an indicator, in `setup`.

        Parameters
        ----------
        function : callable
            Any function of arrays that gives one value per bar, or a named tuple of such arrays.
        *inputs
            Column names (``"close"``), other lines, then the function's own parameters. Without any column the
            indicator's default inputs are taken.
        symbol : str, optional
            One symbol; all of them by default.
        timeframe : str, optional
            A longer timeframe, whose values appear when its bars are complete.
        **keywords
            Passed to the function.

        Returns
        -------
        Line, or a named tuple of lines for several outputs; with several symbols a mapping of symbol to either.

        Raises
        ------
        StrategyError
            When called outside `setup`.
        """
        if self._binder is None:
            raise StrategyError(
                f"{self.name} calls use() before it runs.", hint="Declare indicators in setup(), not in __init__."
            )
        return self._binder.use(function, inputs, keywords, symbol, timeframe)

    def setup(self) -> None:
        """Declare indicators; called once before the first bar."""

    def on_start(self, ctx: Context) -> None:
        """Called once, before the first `on_bar`."""

    def on_bar(self, ctx: Context) -> Any:  # noqa: ARG002 - the hook's shape
        """Decide; called once per time, after its bars have closed. May return an order or a list of them."""
        raise StrategyError(f"{self.name} has no on_bar.", hint="Write 'def on_bar(self, ctx):' in it.")

    def on_fill(self, ctx: Context, fill: Fill) -> None:
        """Learn of a fill; called before the `on_bar` of the bar that filled it."""

    def on_order(self, ctx: Context, order: Order) -> None:
        """Learn that an order filled, ended or was refused."""

    def on_session_close(self, ctx: Context) -> None:
        """Called after the last `on_bar` of a session."""

    def on_stop(self, ctx: Context) -> None:
        """Called once, after the last bar."""

    def ready(self) -> bool:
        """Whether `on_bar` may be called; overriding it asks before every bar."""
        return True

    def required_warmup_bars(self) -> int:
        """How many bars must have closed at the first `on_bar`; from the declared indicators unless overridden."""
        return self.first_ready_row() + 1

    # What the engine asks.

    @property
    def is_bound(self) -> bool:
        """Whether it runs, or has run."""
        return self._binder is not None

    def bind(self, binder: Binder) -> None:
        """Attach the market and run `setup`.

        Raises
        ------
        StrategyError
            When it was bound before: what it remembers is of another run.
        """
        if self._binder is not None:
            raise StrategyError(
                f"This {self.name} has already run.", hint="Pass the class and its params, or make a new one."
            )
        self._binder = binder
        self.setup()

    def source(self) -> type | Callable[..., Any]:
        """The class or function whose text is the strategy."""
        return type(self)

    def author(self) -> Any:
        """The object on which the author's code keeps its lines and numbers."""
        return self

    def reads(self) -> Reads:
        """What the author's text reads of the past."""
        if self._binder is None:
            return reads_of(self.author(), self.source())
        # Asked several times as a run begins, when everything that the text names has its value.
        if self._reads_found is None:
            self._reads_found = reads_of(self.author(), self.source())
        return self._reads_found

    def first_ready_row(self) -> int:
        """First row in which everything the strategy reads exists.

        Lines declared for one symbol must all be ready. What is declared or read for any symbol must be ready for all
        of them, or for the first one where the text asks the context which symbols are ready.
        """
        binder = self._bound()
        reads = self.reads()
        first = min if reads.asks_symbols else max
        shared: list[int] = []
        single = 0
        for attribute, holder in vars(self.author()).items():
            back = reads.attributes.get(attribute, 0)
            if isinstance(holder, dict) and set(holder) == set(binder.market.symbols):
                shared.append(first(max(line.ready_row(back) for line in lines_in(part)) for part in holder.values()))
            else:
                single = max([single, *(line.ready_row(back) for line in lines_in(holder))])
        unnamed = max((line.first_valid for line in binder.lines if len(binder.market.symbols) == 1), default=0)
        reading = [first(rows) for rows in self._reading_rows()]
        return max([single, unnamed, *shared, *reading])

    def ready_rows_by_symbol(self) -> list[int]:
        """For each symbol the first row in which all its lines have a value and what is read of it exists."""
        binder = self._bound()
        rows = [0] * len(binder.market.symbols)
        for line in binder.lines:
            rows[line.symbol_number] = max(rows[line.symbol_number], line.first_valid)
        return [max(found) for found in zip(rows, *self._reading_rows(), strict=True)]

    def _reading_rows(self) -> list[list[int]]:
        """For each history and indicator read from the context, the first row in which each symbol has it."""
        binder, reads = self._bound(), self.reads()
        numbers = range(len(binder.market.symbols))
        histories = [[binder.row_with_history(number, read) for number in numbers] for read in reads.histories]
        return histories + [[binder.row_with_study(number, read) for number in numbers] for read in reads.studies]

    def _bound(self) -> Binder:
        if self._binder is None:
            raise StrategyError(f"{self.name} is not bound to a market.", hint="Pass it to tw.backtest.")
        return self._binder
