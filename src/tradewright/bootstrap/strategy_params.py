"""Parameters of a strategy in their types, however they were written."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["parameters"]

_WORDS = {"true": True, "yes": True, "false": False, "no": False}


def parameters(strategy: Any, said: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters in their types: text from the command line is read as the type of the declared default.

    Raises
    ------
    ConfigError
        For a name the strategy does not declare; names the nearest.
    """
    from tradewright.strategy.base import Strategy
    from tradewright.strategy.params import params_of

    if not (isinstance(strategy, type) and issubclass(strategy, Strategy)):
        # Other forms of strategies declare nothing: they take values as they look, and refuse what they do not know.
        return {name: _literal(value) for name, value in said.items()}
    declared = params_of(strategy)
    for name in said:
        if name not in declared:
            raise ConfigError(f"{strategy.__name__} has no parameter '{name}'.", hint=_nearest(name, list(declared)))
    return {name: _typed(name, value, type(declared[name].default)) for name, value in said.items()}


def _nearest(name: str, declared: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, declared, n=1)
    return f"Did you mean '{near[0]}'?" if near else f"It has {', '.join(declared) or 'none'}."


def _typed(name: str, value: Any, kind: type) -> Any:
    if not isinstance(value, str) or kind is str:
        return value
    try:
        if kind is bool:
            return _WORDS[value.lower()]
        return kind(value) if kind in (int, float) else value
    except (KeyError, ValueError):
        raise ConfigError(f"{name} takes a value of type {kind.__name__}, not '{value}'.") from None


def _literal(value: Any) -> Any:
    for read in (int, float, lambda text: _WORDS[text.lower()]):
        try:
            return read(value) if isinstance(value, str) else value
        except (KeyError, ValueError):
            continue
    return value
