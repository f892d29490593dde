"""Strategies in the forms of other platforms, recognised by their shape and run as they are.

Two forms: ``on_bar(bar)`` with ``ready()`` and ``required_warmup_bars()``, which returns its orders; and
``set_context(context)``, ``initialize(**params)``, ``on_bar(candle)``, ``on_order_update(order)``, which submits them
to the context it was given. Both see one bar of one symbol at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.bars import Bar
from tradewright.domain.errors import StrategyError

from .base import Strategy
from .construction import accepted_names, make, require_known
from .params import params_of
from .returned import place, submit_returned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.order import Order
    from tradewright.domain.portfolio import Position

    from .binding import Binder
    from .context import Context
    from .desk import OrderRef
    from .history import History

__all__ = ["BarBot", "BarCache", "BotContext", "ContextBot", "HandedBar"]


class HandedBar(Bar):
    """A bar as other platforms hand it over: ``bar.close`` and ``bar["close"]``, ``bar.timestamp`` aware UTC."""

    __slots__ = ("timeframe",)

    timeframe: str

    def __getitem__(self, name: str) -> Any:
        if name.startswith("_") or not hasattr(self, name):
            raise KeyError(name)
        return getattr(self, name)


def handed(bar: Bar, timeframe: str) -> HandedBar:
    """A bar of a timeframe in the form in which it is handed over."""
    copy = object.__new__(HandedBar)
    for name in Bar.__slots__:
        object.__setattr__(copy, name, getattr(bar, name))
    object.__setattr__(copy, "timeframe", timeframe)
    return copy


class BarCache:
    """The bars up to now per symbol and timeframe, filled before the first bar is handed over."""

    def __init__(self, bot: ForeignBot) -> None:
        self._bot = bot

    def get_last_n_bars(self, symbol: str | None, timeframe: str | None = None, n: int = 100) -> History:
        """The last `n` bars up to now, oldest first, or as many as there are."""
        return self._bot.context.get_last_n_bars(symbol, timeframe, n)


class BotContext:
    """What a strategy of the submitting form calls: orders as values or keywords, and the account.

    Whatever else it asks for is asked of the run's `Context`.
    """

    def __init__(self, bot: ForeignBot) -> None:
        self._bot = bot
        self._placed: dict[int, OrderRef] = {}

    def submit_order(self, order: Any = None, **fields: Any) -> OrderRef | None:
        """Submit an order given as a value, or by its fields; see `returned.place`.

        Returns
        -------
        OrderRef, or None while the strategy is only being warmed up, when orders are not taken.
        """
        context = self._bot.context
        if self._bot.warming:
            return None
        placed = place(context, fields if order is None else order)
        self._placed[placed.id] = placed
        return placed

    def cancel_order(self, order: OrderRef | int) -> bool:
        """End a working order, given as what `submit_order` returned or by its number; False when it had ended."""
        found = self._placed.get(order) if isinstance(order, int) else order
        return found is not None and found.cancel()

    def get_position(self, symbol: str | None = None) -> Position:
        """The position, false when flat."""
        return self._bot.context.position(symbol)

    def get_positions(self) -> dict[str, Position]:
        """The positions that are not flat, by symbol."""
        return self._bot.context.positions

    def get_open_orders(self, symbol: str | None = None) -> list[Order]:
        """Working orders, oldest first."""
        return self._bot.context.open_orders(symbol)

    def get_cash(self) -> float:
        """Cash in account currency."""
        return self._bot.context.cash

    def get_portfolio_value(self) -> float:
        """Cash and positions, marked at the last closes."""
        return self._bot.context.equity

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._bot.context, name)


class ForeignBot(Strategy):
    """What both forms share: making the instance, warming it up, and handing over one bar at a time.

    Parameters
    ----------
    cls : class
        The author's; made once per run. Its constructor is given what it names: parameters, and where it requires
        them ``symbol``, ``symbols``, ``timeframe``, ``cache``, ``context`` or ``config``.
    params : mapping
    """

    style = "bot"

    def __init__(self, cls: type, params: Mapping[str, Any]) -> None:
        super().__init__()
        self._class = cls
        self._given = dict(params)
        self.params = dict(params)
        self._bot: Any = None
        self._context: Context | None = None
        self.warming = False

    @property
    def name(self) -> str:
        """The name of the author's class."""
        return self._class.__name__

    @property
    def context(self) -> Context:
        """The context of the run."""
        if self._context is None:
            raise StrategyError(f"{self.name} uses its context before the first bar.", hint="Do it in on_bar.")
        return self._context

    def describe_params(self) -> dict[str, dict[str, Any]]:
        """The declared parameters with their bounds, as plain values."""
        return {name: param.describe() for name, param in params_of(self._class).items()}

    def source(self) -> type:
        """The author's class."""
        return self._class

    def author(self) -> Any:
        """The author's instance."""
        return self._bot

    def bind(self, binder: Binder) -> None:
        """Attach the market and make the author's instance."""
        self._timeframe = str(binder.market.timeframe)
        self._symbols = binder.market.symbols
        super().bind(binder)

    def setup(self) -> None:
        """Make the author's instance and hand it what it asks for."""
        cache, context = BarCache(self), BotContext(self)
        offers = {
            "symbol": self._symbols[0],
            "symbols": list(self._symbols),
            "universe": list(self._symbols),
            "timeframe": self._timeframe,
            **dict.fromkeys(("cache", "bar_cache", "data_cache"), cache),
            **dict.fromkeys(("context", "ctx"), context),
            "config": dict(self._given),
            "params": dict(self._given),
        }
        made = make(self._class, self._given, offers)
        self._bot = made.instance
        self.params = {**{name: getattr(self._bot, name) for name in params_of(self._class)}, **self._given}
        if not hasattr(self._bot, "get_last_n_bars"):
            self._bot.get_last_n_bars = cache.get_last_n_bars
        self._hand_over(context, made.left)

    def _hand_over(self, context: BotContext, left: dict[str, Any]) -> None:
        """Give the instance its context, and the parameters that its constructor did not take."""
        if hasattr(self._bot, "set_context"):
            self._bot.set_context(context)
        elif getattr(self._bot, "context", None) is None:
            self._bot.context = context
        initialize = getattr(self._bot, "initialize", None)
        if initialize is None:
            require_known(self._class, left, [])
            return
        names, takes_any = accepted_names(initialize)
        if names in (["config"], ["params"]) and not left.keys() & set(names):
            initialize(dict(self._given))
            return
        if not takes_any:
            require_known(self._class, left, names)
        initialize(**left)

    def required_warmup_bars(self) -> int:
        """What the instance says, else 1: it is handed every bar."""
        said = getattr(self._bot, "required_warmup_bars", None)
        return max(1, int(said() if callable(said) else said or 1))

    def on_start(self, ctx: Context) -> None:
        """Hand over the bars before the first decision, unless the filled cache is all the instance needs."""
        self._context = ctx
        if self._is_ready(unsaid=False):
            return
        cursor = self._bound().cursor
        now = cursor.row
        self.warming = True
        try:
            for row in range(max(0, now - self.required_warmup_bars() + 1), now):
                cursor.row = row
                self._feed(ctx)
        finally:
            cursor.row = now
            self.warming = False

    def on_bar(self, ctx: Context) -> None:
        """Hand over every bar that closed now, in order of symbols."""
        self._feed(ctx)

    def _feed(self, ctx: Context) -> None:
        for symbol in ctx.universe:
            if not ctx.is_stale(symbol):
                answer = self._bot.on_bar(handed(ctx.bar(symbol), self._timeframe))
                if answer is not None and not self.warming and self._is_ready(unsaid=True):
                    submit_returned(ctx, answer)

    def _is_ready(self, *, unsaid: bool) -> bool:
        """What ``ready()`` says; `unsaid` where there is none."""
        ready = getattr(self._bot, "ready", None)
        return bool(ready()) if callable(ready) else unsaid


class BarBot(ForeignBot):
    """``on_bar(bar)`` returns orders: `OrderRequest`, mappings or objects with symbol, side and quantity.

    Orders count from the first bar after which ``ready()`` says yes.
    """


class ContextBot(ForeignBot):
    """``on_bar(candle)`` submits orders to the context it was given; ``on_order_update(order)`` hears of them."""

    def on_order(self, ctx: Context, order: Order) -> None:  # noqa: ARG002 - the hook's shape
        """Pass an order's news on."""
        hear = getattr(self._bot, "on_order_update", None)
        if hear is not None:
            hear(order)
