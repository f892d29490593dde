"""Parameters, their ranges and costs of a request, written as the command line has them."""

from __future__ import annotations

import math
import re
from typing import Any

from .fields import plain_word, refused, values_of

__all__ = ["costs_words", "fixed_words", "parameter_words", "space_words"]

_COSTS = {"commission": "--commission", "slippage": "--slippage", "slippage_bps": "--slippage-bps"}
_BOUNDS = frozenset({"low", "high", "step", "log"})
_LONGEST = 200
_PARTS = re.compile(r"[,:]")


def parameter_words(option: str, name: str, value: Any) -> list[str]:
    """One value for each parameter."""
    return [f"{option}={key}={_scalar(f'{name}.{key}', one)}" for key, one in values_of(name, value)]


def fixed_words(option: str, name: str, value: Any) -> list[str]:
    """The same for a search, whose option reads commas and colons as lists and ranges."""
    for key, one in values_of(name, value):
        _require_single(f"{name}.{key}", one)
    return parameter_words(option, name, value)


def space_words(option: str, name: str, value: Any) -> list[str]:
    """What is tried: a list, ``{"low", "high", "step"}``, ``{"low", "high", "log": true}``, or null as declared."""
    return [f"{option}={key}{_range(f'{name}.{key}', one)}" for key, one in values_of(name, value)]


def costs_words(option: str, name: str, value: Any) -> list[str]:
    """``"none"``, ``"default"``, or models by name."""
    if value in ("none", "default"):
        return [f"{option}={value}"]
    words: list[str] = []
    for key, one in values_of(name, value):
        if key not in _COSTS:
            raise refused(name, value, f"none, default, or {', '.join(_COSTS)}")
        if one is not None:
            words += plain_word(_COSTS[key], f"{name}.{key}", _number_text(one))
    return words


def _range(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and value:
        for one in value:
            _require_single(name, one)
        # A comma at the end keeps a list of one value a list: that it is searched is what was asked.
        return "=" + ",".join(_scalar(name, one) for one in value) + ("," if len(value) == 1 else "")
    if isinstance(value, dict) and {"low", "high"} <= value.keys() <= _BOUNDS:
        return "=" + ":".join(_bounds(name, value))
    raise refused(name, value, 'values such as [5, 10] or {"low": 5, "high": 60, "step": 5}')


def _bounds(name: str, value: dict[str, Any]) -> list[str]:
    found = [_finite(name, value[key]) for key in ("low", "high")]
    if value.get("log"):
        return [*found, "log"]
    return found if value.get("step") is None else [*found, _finite(name, value["step"])]


def _scalar(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and len(value) <= _LONGEST and "\x00" not in value:
        return value
    return _finite(name, value)


def _require_single(name: str, value: Any) -> None:
    if isinstance(value, str) and (_PARTS.search(value) or not value.strip()):
        raise refused(name, value, "a value without commas and colons")


def _finite(name: str, value: Any) -> str:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value):
        raise refused(name, value, "a number, a text, true or false")
    return repr(value)


def _number_text(value: Any) -> Any:
    return repr(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value
