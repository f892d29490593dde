"""Function strategies: ``def strategy(ctx)`` and ``async def strategy(ctx)``, with keyword parameters."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError, StrategyError

from .base import Strategy
from .coroutine import is_coroutine_function, stepped
from .lookback import reads_of
from .params import Param, own_copies, resolve, unknown_parameter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .reads import Reads

__all__ = ["FunctionStrategy", "name_of"]

_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


class FunctionStrategy(Strategy):
    """A function of the context, called once per time; its other arguments are the strategy's parameters.

    A default may be a `Param` with bounds. An argument without a default must be given.

    Parameters
    ----------
    function : callable
        ``f(ctx, …)``, plain or ``async``.
    params : mapping, optional
        In place of the defaults.

    Raises
    ------
    StrategyError
        When the function cannot be called with a context.
    ConfigError
        For a parameter it does not have, or one that is missing.

    Examples
    --------
    >>> def buy_once(ctx, units=10):
    ...     if not ctx.has_position():
    ...         ctx.buy(units)
    >>> FunctionStrategy(buy_once, {"units": 5}).params
    {'units': 5}
    """

    style = "function"

    def __init__(self, function: Callable[..., Any], params: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self._function = function
        arguments = _arguments_of(function)
        self._declared = {
            name: default if isinstance(default, Param) else Param(default)
            for name, default in arguments.items()
            if default is not inspect.Parameter.empty
        }
        for name, param in self._declared.items():
            param.name = name
        needed = [name for name in arguments if name not in self._declared]
        self.params = _values(name_of(function), self._declared, needed, params or {})
        call = functools.partial(function, **own_copies(self.params)) if self.params else function
        if is_coroutine_function(function):
            self.style = "coroutine"
            call = functools.update_wrapper(stepped(call, is_method=False), self.source())
        # On the instance, so that a bar costs one call: the engine asks for `on_bar` once, before the first one.
        vars(self)["on_bar"] = call

    @property
    def name(self) -> str:
        """The function's name."""
        return name_of(self._function)

    def describe_params(self) -> dict[str, dict[str, Any]]:
        """The arguments that have a default, with their bounds, as plain values."""
        return {name: param.describe() for name, param in self._declared.items()}

    def source(self) -> Callable[..., Any]:
        """The function itself, out of any partial around it."""
        function = self._function
        while isinstance(function, functools.partial):
            function = function.func
        return function

    def reads(self) -> Reads:
        """What the function's text reads of the past, its parameters at their values."""
        fixed = getattr(self._function, "keywords", {})
        return reads_of(self, self.source(), {**fixed, **self.params})


def name_of(function: Any) -> str:
    """The name of a function, partial or callable object."""
    if isinstance(function, functools.partial):
        return name_of(function.func)
    return str(getattr(function, "__name__", type(function).__name__))


def _arguments_of(function: Callable[..., Any]) -> dict[str, Any]:
    """Arguments after the context by name, each with its default."""
    if inspect.isasyncgenfunction(function) or inspect.isgeneratorfunction(function):
        raise StrategyError(
            f"{name_of(function)} yields, so calling it decides nothing.",
            hint="Place orders through ctx, or return them.",
        )
    parameters = list(inspect.signature(function).parameters.values())
    if not parameters or parameters[0].kind not in _POSITIONAL:
        raise StrategyError(f"{name_of(function)} takes no context.", hint=f"Write 'def {name_of(function)}(ctx):'.")
    return {parameter.name: parameter.default for parameter in parameters[1:] if parameter.kind not in _VARIADIC}


def _values(name: str, declared: dict[str, Param], needed: list[str], given: Mapping[str, Any]) -> dict[str, Any]:
    for word in given:
        if word not in declared and word not in needed:
            raise unknown_parameter(name, word, [*needed, *declared])
    missing = [word for word in needed if word not in given]
    if missing:
        raise ConfigError(
            f"{name} needs a value for '{missing[0]}'.",
            hint=f"Pass params={{'{missing[0]}': …}}, or give it a default.",
        )
    values = resolve(declared, {word: value for word, value in given.items() if word in declared}, name)
    return {**{word: given[word] for word in needed}, **values}
