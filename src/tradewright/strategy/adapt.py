"""From whatever an author wrote to a `Strategy`: the forms known here, and the choice among all forms."""

from __future__ import annotations

import inspect
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar

from tradewright.domain.errors import StrategyError
from tradewright.domain.plugins import place_of

from .base import HOOKS, Strategy
from .foreign import BarBot, ContextBot
from .forms import FORMS, StrategyForm, form_of, strategy_form
from .function import FunctionStrategy
from .places import place
from .signals import SignalAdapter

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["as_strategy", "can_trade"]

_HINT = "Pass a Strategy class, a function of ctx, or a list of them."
_CONTEXT_NAMES = frozenset({"ctx", "context"})
_HOOK_ARGUMENTS = {"on_fill": ("ctx", "fill"), "on_order": ("ctx", "order")}


def as_strategy(source: Any, params: Mapping[str, Any] | None = None) -> Strategy:
    """Make a fresh strategy from what an author wrote, with parameters in place of its defaults.

    Parameters
    ----------
    source : class, function or Strategy
        A `Strategy` class; a function of ctx, plain or ``async``; a class with ``generate_signals``; a class with
        ``on_bar(bar)`` that returns its orders; a class with ``on_bar(candle)`` that submits them to the context it was
        given by ``set_context``; a `Strategy` that has not run yet; or anything a registered form recognises.

    Raises
    ------
    StrategyError
        When the source is nothing that can trade.
    ConfigError
        For a parameter it does not have.
    """
    if isinstance(source, Strategy):
        return _unused(source, params)
    # The commonest form is not made to wait for a look at installed packages.
    name = "strategy" if StrategyClass().recognise(source) else form_of(source)
    if name is None:
        raise _refused(source)
    form = FORMS.values()[name]
    strategy = form().adapt(source, params or {})
    if not isinstance(strategy, Strategy):
        raise StrategyError(
            f"The strategy form '{name}' ({place_of(form)}) gave {strategy!r:.60}, which is no Strategy.",
            hint="Its adapt() returns a Strategy.",
        )
    return strategy


def can_trade(source: Any) -> bool:
    """Whether a class has a form that `as_strategy` knows, or anything else one that was added."""
    if StrategyClass().recognise(source):
        return source.on_bar is not Strategy.on_bar
    return form_of(source) not in (None, "function")


@strategy_form("strategy")
class StrategyClass(StrategyForm):
    """A subclass of `Strategy`."""

    order: ClassVar[int] = 0

    def recognise(self, source: Any) -> bool:
        """By its base."""
        return isinstance(source, type) and issubclass(source, Strategy)

    def adapt(self, source: Any, params: Mapping[str, Any]) -> Strategy:
        """Make it, once its hooks take what they will be given."""
        _require_hooks(source)
        strategy: Strategy = source.with_params(params)
        if not hasattr(strategy, "params"):
            raise StrategyError(
                f"{source.__name__}.__init__ does not call super().__init__(**params).",
                hint="Prepare in setup() instead; parameters are declared with Param.",
            )
        return strategy


@strategy_form("signals")
class SignalClass(StrategyForm):
    """A class with ``generate_signals``."""

    order: ClassVar[int] = 60

    def recognise(self, source: Any) -> bool:
        """By that method."""
        return isinstance(source, type) and callable(getattr(source, "generate_signals", None))

    def adapt(self, source: Any, params: Mapping[str, Any]) -> Strategy:
        """Around an instance of the class."""
        return SignalAdapter(source, params)


@strategy_form("context-bot")
class ContextBotClass(StrategyForm):
    """A class with ``on_bar(candle)`` that submits its orders to a context it is given."""

    order: ClassVar[int] = 70

    def recognise(self, source: Any) -> bool:
        """By ``on_bar`` beside one of the methods that only such bots have."""
        return _has_bars(source) and _submits(source)

    def adapt(self, source: Any, params: Mapping[str, Any]) -> Strategy:
        """Around an instance of the class."""
        _require_bar(source)
        return ContextBot(source, params)


@strategy_form("bar-bot")
class BarBotClass(StrategyForm):
    """A class with ``on_bar(bar)`` that returns its orders."""

    order: ClassVar[int] = 80

    def recognise(self, source: Any) -> bool:
        """By ``on_bar``."""
        return _has_bars(source) and not _submits(source)

    def adapt(self, source: Any, params: Mapping[str, Any]) -> Strategy:
        """Around an instance of the class."""
        _require_bar(source)
        return BarBot(source, params)


@strategy_form("function")
class Function(StrategyForm):
    """A function of the context, plain or ``async``."""

    order: ClassVar[int] = 90

    def recognise(self, source: Any) -> bool:
        """By being callable; an instance of a bot is not meant to be."""
        return callable(source) and not isinstance(source, type) and not _is_bot(type(source))

    def adapt(self, source: Any, params: Mapping[str, Any]) -> Strategy:
        """Around the function."""
        return FunctionStrategy(source, params)


def _unused(strategy: Strategy, params: Mapping[str, Any] | None) -> Strategy:
    if params:
        raise StrategyError(
            f"This {strategy.name} was made with its parameters already.", hint="Pass the class with params=."
        )
    if strategy.is_bound:
        raise StrategyError(
            f"This {strategy.name} has already run.", hint="Pass the class and its params, or make a new one."
        )
    return strategy


def _require_bar(cls: type) -> None:
    if _takes_context(cls):
        raise StrategyError(
            f"{cls.__name__} has on_bar(ctx) but is no Strategy.", hint=f"Write 'class {cls.__name__}(Strategy):'."
        )
    _require_signature(cls, "on_bar", ("bar",))


def _has_bars(source: Any) -> bool:
    own = isinstance(source, type) and not issubclass(source, Strategy)
    return own and callable(getattr(source, "on_bar", None))


def _is_bot(cls: type) -> bool:
    return any(callable(getattr(cls, name, None)) for name in ("on_bar", "generate_signals"))


def _submits(cls: type) -> bool:
    """Whether a class talks to a context it is given, rather than returning its orders."""
    return any(callable(getattr(cls, name, None)) for name in ("set_context", "on_order_update", "initialize"))


def _takes_context(cls: Any) -> bool:
    names = list(inspect.signature(cls.on_bar).parameters)[1:2]
    return bool(_CONTEXT_NAMES.intersection(names))


def _require_hooks(cls: type[Strategy]) -> None:
    if cls.on_bar is Strategy.on_bar:
        raise StrategyError(f"{cls.__name__} has no on_bar.", hint="Write 'def on_bar(self, ctx):' in it.")
    for name in HOOKS:
        _require_signature(cls, name, _HOOK_ARGUMENTS.get(name, ("ctx",)))


def _require_signature(cls: type, name: str, arguments: tuple[str, ...]) -> None:
    method = inspect.getattr_static(cls, name)
    if not inspect.isfunction(method):
        return
    try:
        inspect.signature(method).bind("self", *arguments)
    except TypeError:
        said = ", ".join(inspect.signature(method).parameters)
        code = inspect.unwrap(method).__code__
        where = place(code.co_filename, code.co_firstlineno)
        raise StrategyError(
            f"{cls.__name__}.{name}({said}) in {where} takes the wrong arguments.",
            hint=f"Write 'def {name}(self, {', '.join(arguments)}):'.",
        ) from None


def _refused(source: Any) -> StrategyError:
    if isinstance(source, ModuleType):
        names = [name for name, value in vars(source).items() if can_trade(value) and value is not Strategy]
        return StrategyError(
            f"{source.__name__} is a module, not a strategy.",
            hint=f"Pass one of its classes: {', '.join(names)}." if names else _HINT,
        )
    if isinstance(source, str):
        return StrategyError(
            f"'{source}' is a name, not a strategy.", hint="Load it with load_strategy, or pass the class."
        )
    if isinstance(source, type):
        return StrategyError(f"{source.__name__} has no on_bar.", hint="Write 'def on_bar(self, ctx):' in a Strategy.")
    if _is_bot(type(source)):
        return StrategyError(
            f"This {type(source).__name__} is an instance.", hint="Pass the class: every run makes its own from it."
        )
    faults = FORMS.faults()
    return StrategyError(f"{source!r:.80} is not a strategy.", hint=" ".join(faults) or _HINT)
