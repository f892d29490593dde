"""What a run was told: the options, over what the catalogue says of the strategy."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.catalogue import find_catalogue, is_reference
from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Choices", "choices_of", "parameters"]

_WORDS = {"true": True, "yes": True, "false": False, "no": False}
_COSTS = ("costs", "slippage_bps", "slippage", "commission")
_POLICIES = (
    "start", "end", "cash", "currency", "limits", "shorts", "fill_at", "size_at", "intrabar", "limit_fill", "finalize",
    "quality", "seed",
)  # fmt: skip


@dataclass(frozen=True)
class Choices:
    """A strategy and everything said about its run; what nobody said is absent.

    Parameters
    ----------
    reference : str
        ``path/file.py[:Class]``, ``package.module:Class`` or the name that an installed package registered.
    said : mapping
        By the names of the options.
    """

    reference: str
    said: Mapping[str, Any]

    @property
    def policies(self) -> dict[str, Any]:
        """The keyword arguments of `tradewright.backtest` that were given."""
        return {name: self.said[name] for name in _POLICIES if name in self.said}


def choices_of(strategy: str, options: Mapping[str, Any]) -> Choices:
    """Put options over the catalogue's word.

    Parameters
    ----------
    strategy : str
        A catalogue name, or a file or module.
    options : mapping
        As click read them: None, empty or False where nothing was said.
    """
    from tradewright.strategy.registry import registered

    # By identity: nought is said, though it equals False.
    said = {name: value for name, value in options.items() if value is not None and value is not False and value != ()}
    if "symbols" in said:
        said["symbols"] = [symbol.strip() for symbol in said["symbols"].split(",") if symbol.strip()]
    if said.pop("synthetic", False):
        said["source"] = "synthetic"
    if "files" in said:
        said.setdefault("source", "files")
    said["params"] = dict(_pair(text) for text in said.get("params", ()))
    if is_reference(strategy):
        return Choices(strategy, said)
    catalogue = find_catalogue(Path.cwd())
    if strategy not in catalogue.entries and strategy in registered():
        return Choices(strategy, said)
    entry = catalogue.entry(strategy)
    return Choices(entry.reference, _over(entry.choices(), said))


def _over(entry: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    params = {**entry.get("params", {}), **said["params"]}
    if "costs" in said or (entry.get("costs") == "none" and any(name in said for name in _COSTS)):
        # One word for all costs replaces numbers, and numbers replace the word: they do not mix.
        entry = {name: value for name, value in entry.items() if name not in _COSTS}
    if "slippage" in said or "slippage_bps" in said:
        entry = {name: value for name, value in entry.items() if not name.startswith("slippage")}
    return {**entry, **said, "params": params}


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise ConfigError(f"--param {text} is not NAME=VALUE.", hint="Write it as --param fast=10.")
    return name.strip(), value.strip()


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
