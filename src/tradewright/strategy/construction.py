"""Making an instance of a class that knows nothing of Tradewright: its constructor gets what it asks for by name."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError

from .params import params_of, resolve, unknown_parameter

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Made", "accepted_names", "make"]

_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


class Made:
    """An instance, and the parameters that are still to be handed to it."""

    __slots__ = ("instance", "left")

    def __init__(self, instance: Any, left: dict[str, Any]) -> None:
        self.instance = instance
        self.left = left


def make(cls: type, params: Mapping[str, Any], offers: Mapping[str, Any]) -> Made:
    """Call a class with the parameters and offers that its constructor names.

    Declared parameters (`Param`) are set as attributes. What the constructor does not name is left over.

    Parameters
    ----------
    cls : class
    params : mapping
        What the user gave.
    offers : mapping
        What the run can give where the constructor requires it, such as ``symbols`` or ``cache``.

    Raises
    ------
    ConfigError
        When the constructor requires something that is neither.
    """
    declared = params_of(cls)
    values = resolve(declared, {name: value for name, value in params.items() if name in declared}, cls.__name__)
    left = {name: value for name, value in params.items() if name not in declared}
    words = {}
    for name, parameter in _constructor(cls).items():
        if name in left:
            words[name] = left.pop(name)
        elif parameter.default is inspect.Parameter.empty:
            words[name] = _offered(cls, name, offers)
    instance = cls(**words)
    for name, value in values.items():
        setattr(instance, name, value)
    return Made(instance, left)


def accepted_names(method: Any) -> tuple[list[str], bool]:
    """Names of a bound method's arguments, and whether it takes any other besides."""
    parameters = inspect.signature(method).parameters.values()
    names = [parameter.name for parameter in parameters if parameter.kind not in _VARIADIC]
    return names, any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters)


def require_known(cls: type, left: Mapping[str, Any], known: list[str]) -> None:
    """Refuse a parameter that nothing has asked for."""
    for name in left:
        if name not in known:
            raise unknown_parameter(cls.__name__, name, [*params_of(cls), *known])


def _constructor(cls: type) -> dict[str, inspect.Parameter]:
    if inspect.getattr_static(cls, "__init__") is object.__init__:
        return {}
    parameters = inspect.signature(cls).parameters
    return {name: parameter for name, parameter in parameters.items() if parameter.kind not in _VARIADIC}


def _offered(cls: type, name: str, offers: Mapping[str, Any]) -> Any:
    if name in offers:
        return offers[name]
    raise ConfigError(
        f"{cls.__name__} needs a value for '{name}'.", hint=f"Pass params={{'{name}': …}}, or give it a default."
    )
