"""What a run was told: the options, over the environment, over the catalogue's entry, over the settings."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.catalogue import find_catalogue, is_reference
from tradewright.bootstrap.settings import said_settings
from tradewright.bootstrap.strategy_params import parameters
from tradewright.domain.errors import ConfigError

from .market import ONLY_FOR_FILES, reads_store

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Choices", "choices_of", "parameters", "runs_folder"]

_COSTS = ("costs", "slippage_bps", "slippage", "commission")
_POLICIES = (
    "start", "end", "cash", "currency", "limits", "shorts", "fill_at", "size_at", "intrabar", "limit_fill",
    "insufficient", "metrics_from", "lots", "latency_bars", "finalize", "risk_free",
    "quality", "engine", "seed",
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
    runs : Path
        Where each run gets its folder.
    keep : bool
        Whether runs are kept in the store.
    """

    reference: str
    said: Mapping[str, Any]
    runs: Path = Path("runs")
    keep: bool = True

    @property
    def policies(self) -> dict[str, Any]:
        """The keyword arguments of `tradewright.backtest` that were given."""
        return {name: self.said[name] for name in _POLICIES if name in self.said}


def choices_of(strategy: str, options: Mapping[str, Any]) -> Choices:
    """Put options over the environment, that over the catalogue's entry, and that over the settings file.

    Parameters
    ----------
    strategy : str
        A catalogue name, or a file or module.
    options : mapping
        As click read them: None or empty where nothing was said.

    Raises
    ------
    ConfigError
        When the settings or the catalogue cannot be used.
    """
    typed = _typed_options(options)
    reference, entry = _named(strategy)
    settings = said_settings(Path.cwd(), os.environ)
    if settings is None:
        return Choices(reference, _over(entry, typed))
    below, above = settings.run_choices("file"), settings.run_choices("environment")
    said = {**below, **entry, **above, **typed}
    if said.get("source") == "synthetic" or reads_store(said):
        # What settings say of files in general is not about bars that come from elsewhere.
        about = ONLY_FOR_FILES | ({"calendar"} if reads_store(said) else set())
        below, above = ({name: value for name, value in each.items() if name not in about} for each in (below, above))
    said = _over(_over(_over(below, entry), above), typed)
    return Choices(reference, said, settings.path("runs.folder") or Choices.runs, settings.values.runs.keep)


def runs_folder() -> Path:
    """Where each run gets its folder, by the settings."""
    settings = said_settings(Path.cwd(), os.environ)
    return Choices.runs if settings is None else settings.path("runs.folder") or Choices.runs


def _typed_options(options: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in options.items() if value is not None and value != ()}
    if "symbols" in said:
        said["symbols"] = [symbol.strip() for symbol in said["symbols"].split(",") if symbol.strip()]
    if said.pop("synthetic", False):
        said["source"] = "synthetic"
    if "files" in said:
        said.setdefault("source", "files")
    said["params"] = dict(_pair(text) for text in said.get("params", ()))
    return said


def _named(strategy: str) -> tuple[str, dict[str, Any]]:
    """The reference of a strategy, and what the catalogue says of it."""
    from tradewright.strategy.registry import registered

    if is_reference(strategy):
        return strategy, {}
    catalogue = find_catalogue(Path.cwd())
    if strategy not in catalogue.entries and strategy in registered():
        return strategy, {}
    entry = catalogue.entry(strategy)
    return entry.reference, entry.choices()


def _over(entry: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """One layer over another; parameters one by one."""
    params = {**entry.get("params", {}), **said.get("params", {})}
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
