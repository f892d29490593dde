"""Signal strategies: market data in, signals out, orders after a check of their risk.

The plug-in has ``initialize(config)``, ``on_market_data(bar)``, ``generate_signals(state)``,
``risk_check(signals, portfolio)``, ``on_fill(fill)`` and ``daily_close()``; only ``generate_signals`` is required.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import StrategyError
from tradewright.domain.signal import Signal

from .base import Strategy
from .construction import accepted_names, make, require_known
from .params import params_of
from .returned import submit_returned

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from tradewright.domain.bars import Bar
    from tradewright.domain.portfolio import Fill, Position
    from tradewright.domain.timeframe import Timeframe

    from .context import Context
    from .history import History

__all__ = ["MarketState", "Portfolio", "SignalAdapter", "SignalStrategy"]


class MarketState:
    """What signals are generated from: the market up to now.

    Attributes
    ----------
    bars : dict of str to Bar
        The bars that closed now, by symbol.
    """

    __slots__ = ("_context", "bars")

    def __init__(self, context: Context, bars: dict[str, Bar]) -> None:
        self._context = context
        self.bars = bars

    @property
    def timestamp(self) -> dt.datetime:
        """The close of the current bar, UTC: now."""
        return self._context.timestamp

    @property
    def symbols(self) -> list[str]:
        """The symbols that are warmed up and have a bar now."""
        return self._context.symbols

    @property
    def universe(self) -> tuple[str, ...]:
        """Every symbol of the run."""
        return self._context.universe

    @property
    def positions(self) -> dict[str, Position]:
        """The positions that are not flat, by symbol."""
        return self._context.positions

    @property
    def context(self) -> Context:
        """Everything else: the context that class strategies get."""
        return self._context

    def close(self, symbol: str | None = None) -> float:
        """The last close."""
        return self._context.close(symbol)

    def history(self, symbol: str | None = None, bars: int = 100, timeframe: str | Timeframe | None = None) -> History:
        """The last bars up to now, oldest first, as columns."""
        return self._context.history(symbol, bars, timeframe)


class Portfolio:
    """What orders are checked against: money and positions, marked at the last closes."""

    __slots__ = ("_context",)

    def __init__(self, context: Context) -> None:
        self._context = context

    @property
    def equity(self) -> float:
        """Cash and positions."""
        return self._context.equity

    @property
    def cash(self) -> float:
        """Cash in account currency."""
        return self._context.cash

    @property
    def buying_power(self) -> float:
        """Notional that could be bought now."""
        return self._context.buying_power

    @property
    def positions(self) -> dict[str, Position]:
        """The positions that are not flat, by symbol."""
        return self._context.positions

    def position(self, symbol: str) -> Position:
        """The position, flat or not."""
        return self._context.position(symbol)

    def weight(self, symbol: str) -> float:
        """Signed fraction of equity held in a symbol."""
        return self._context.position(symbol).market_value / self._context.equity

    def price(self, symbol: str) -> float:
        """The last close."""
        return self._context.close(symbol)


class SignalStrategy:
    """A base for signal strategies, for those who want `Param` and `use`; a class of the same shape needs no base."""

    def use(self, *arguments: Any, **keywords: Any) -> Any:  # noqa: ARG002 - the run puts its own in its place
        """Declare an indicator, in `initialize`; see `Strategy.use`."""
        raise StrategyError(
            f"{type(self).__name__} calls use() before it runs.", hint="Declare indicators in initialize()."
        )

    def initialize(self, config: Mapping[str, Any]) -> None:
        """Prepare; `config` holds the parameters. Called once before the first bar."""

    def on_market_data(self, bar: Bar) -> None:
        """Learn of a bar that closed; called once per symbol and time."""

    def generate_signals(self, state: MarketState) -> Sequence[Signal]:  # noqa: ARG002 - the hook's shape
        """What to believe now; called once per time, after its bars."""
        raise StrategyError(f"{type(self).__name__} has no generate_signals.", hint="Write it: it makes the decisions.")

    def on_fill(self, fill: Fill) -> None:
        """Learn of a fill."""

    def daily_close(self) -> None:
        """Called after the last bar of a session."""


class SignalAdapter(Strategy):
    """Runs a signal strategy: per time its bars, its signals, its risk check, then the orders.

    Without a ``risk_check`` every signal moves its symbol to `Signal.share` of equity, reductions before increases.

    Parameters
    ----------
    plugin : class
    params : mapping
        Handed to ``initialize`` as ``config``, together with what `Param` declares.
    """

    style = "signals"

    def __init__(self, plugin: type, params: Mapping[str, Any]) -> None:
        super().__init__()
        self._class = plugin
        self._made = make(plugin, params, {"config": dict(params), "params": dict(params)})
        self._plugin = self._made.instance
        declared = {name: getattr(self._plugin, name) for name in params_of(plugin)}
        if declared:
            require_known(plugin, self._made.left, [])
        self.params = {**declared, **dict(params)}

    @property
    def name(self) -> str:
        """The name of the author's class."""
        return self._class.__name__

    def describe_params(self) -> dict[str, dict[str, Any]]:
        """The declared parameters with their bounds, as plain values."""
        return {name: param.describe() for name, param in params_of(self._class).items()}

    def source(self) -> type:
        """The author's class."""
        return self._class

    def author(self) -> Any:
        """The author's instance."""
        return self._plugin

    def setup(self) -> None:
        """Initialise the plug-in, which may declare indicators with ``self.use``."""
        if isinstance(self._plugin, SignalStrategy) or not hasattr(self._plugin, "use"):
            self._plugin.use = self.use
        initialize = getattr(self._plugin, "initialize", None)
        if initialize is not None:
            initialize(*((dict(self.params),) if accepted_names(initialize)[0] else ()))

    def required_warmup_bars(self) -> int:
        """What the plug-in says, else what its indicators and histories need."""
        said = getattr(self._plugin, "required_warmup_bars", None)
        return int(said()) if callable(said) else super().required_warmup_bars()

    def on_bar(self, ctx: Context) -> None:
        """Hand over the bars that closed, ask for signals, and turn them into orders."""
        bars = {symbol: ctx.bar(symbol) for symbol in ctx.universe if not ctx.is_stale(symbol)}
        hear = getattr(self._plugin, "on_market_data", None)
        if hear is not None:
            for bar in bars.values():
                hear(bar)
        signals = self._checked(self._plugin.generate_signals(MarketState(ctx, bars)))
        check = getattr(self._plugin, "risk_check", None)
        if check is not None:
            submit_returned(ctx, check(signals, Portfolio(ctx)))
        else:
            follow(ctx, signals)

    def on_fill(self, ctx: Context, fill: Fill) -> None:  # noqa: ARG002 - the hook's shape
        """Pass a fill on."""
        hear = getattr(self._plugin, "on_fill", None)
        if hear is not None:
            hear(fill)

    def on_session_close(self, ctx: Context) -> None:  # noqa: ARG002 - the hook's shape
        """Pass the end of a session on."""
        hear = getattr(self._plugin, "daily_close", None)
        if hear is not None:
            hear()

    def _checked(self, signals: Any) -> list[Signal]:
        found = [] if signals is None else [signals] if isinstance(signals, Signal) else list(signals)
        for signal in found:
            if not isinstance(signal, Signal):
                raise StrategyError(
                    f"{self.name}.generate_signals gave {signal!r:.60}, which is no Signal.",
                    hint="Return a list of tradewright.Signal.",
                )
        return found


def follow(ctx: Context, signals: Sequence[Signal]) -> None:
    """Move every signalled symbol to its share of equity, reductions before increases so that they pay for them."""
    symbols = len(ctx.universe)
    equity = ctx.equity
    moves = [(signal.share(symbols), signal) for signal in signals]
    held = {signal.symbol: ctx.position(signal.symbol).market_value / equity for _, signal in moves}
    for weight, signal in sorted(moves, key=lambda move: abs(move[0]) > abs(held[move[1].symbol])):
        tag = signal.reason or None
        if weight == 0.0:
            ctx.close_position(signal.symbol, tag=tag)
        else:
            ctx.target_percent(weight, signal.symbol, tag=tag)
