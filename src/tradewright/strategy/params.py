"""Parameters: the numbers of a strategy that a user may set and a search may vary."""

from __future__ import annotations

import copy
import difflib
from typing import TYPE_CHECKING, Any, overload

from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Param", "own_copies", "params_of", "resolve", "resolve_params", "unknown_parameter"]


class Param:
    """A declared parameter with its default and its bounds.

    Read on an instance it is the value; on the class it is the declaration.

    Parameters
    ----------
    default : int, float, bool or str
        Its type is the parameter's type.
    low, high : number, optional
        Inclusive bounds.
    step : number, optional
        Grid of a search.
    choices : sequence, optional
        The only values allowed.
    doc : str, optional
        One line for forms and help.

    Examples
    --------
    >>> class Cross:
    ...     fast = Param(10, low=2, high=60)
    >>> Cross.fast.default
    10
    """

    def __init__(
        self,
        default: Any,
        *,
        low: float | None = None,
        high: float | None = None,
        step: float | None = None,
        choices: tuple[Any, ...] | list[Any] | None = None,
        doc: str = "",
    ) -> None:
        self.default = default
        self.low, self.high, self.step = low, high, step
        self.choices = None if choices is None else tuple(choices)
        self.doc = doc
        self.name = "parameter"
        self.check(default)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Param: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Any: ...
    def __get__(self, instance: object | None, owner: type) -> Any:
        # Values live in the instance's own dictionary, which comes first; this runs only before they are set.
        return self if instance is None else self.default

    def check(self, value: Any) -> Any:
        """The value in the parameter's type.

        Raises
        ------
        ConfigError
            When it is of another type or out of bounds.
        """
        value = self._typed(value)
        if self.choices is not None and value not in self.choices:
            raise ConfigError(f"{self.name}={value!r} is not one of {list(self.choices)}.")
        if (self.low is not None and value < self.low) or (self.high is not None and value > self.high):
            raise ConfigError(f"{self.name}={value!r} is outside {self.low} … {self.high}.")
        return value

    def _typed(self, value: Any) -> Any:
        kind = type(self.default)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if kind is int and isinstance(value, float) and value.is_integer():
            return int(value)
        if hasattr(value, "item") and type(value) is not kind:
            return self._typed(value.item())
        if self.default is not None and not isinstance(value, kind):
            raise ConfigError(f"{self.name} takes a value of type {kind.__name__}, not {value!r}.")
        return value

    def describe(self) -> dict[str, Any]:
        """Plain values for forms and schemas."""
        return {key: value for key, value in vars(self).items() if value is not None and value != ""}


def params_of(cls: type) -> dict[str, Param]:
    """The declared parameters of a class and its bases, in order of declaration."""
    found: dict[str, Param] = {}
    for base in reversed(cls.__mro__):
        found.update({name: value for name, value in vars(base).items() if isinstance(value, Param)})
    return found


def resolve_params(cls: type, given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Defaults of a class with the given values in their place; see `resolve`."""
    return resolve(params_of(cls), given, cls.__name__)


def resolve(declared: Mapping[str, Param], given: Mapping[str, Any] | None, owner: str) -> dict[str, Any]:
    """Defaults with the given values in their place, checked.

    Raises
    ------
    ConfigError
        For a name that is not declared (the nearest one is named) or a value that is not allowed.
    """
    for name in given or {}:
        if name not in declared:
            raise unknown_parameter(owner, name, declared)
    return own_copies({name: param.check((given or {}).get(name, param.default)) for name, param in declared.items()})


def own_copies(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same values, lists and the like copied: what one run puts into them is not there for the next."""
    return {
        name: copy.deepcopy(value) if isinstance(value, (list, dict, set)) else value for name, value in values.items()
    }


def unknown_parameter(owner: str, name: str, known: Iterable[str]) -> ConfigError:
    """The error for a parameter that does not exist; names the nearest one, else all."""
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean '{near[0]}'?" if near else f"It has {', '.join(known) or 'none'}."
    return ConfigError(f"{owner} has no parameter '{name}'.", hint=hint)
