"""Strategies by name, from Python as from the command line."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

from tradewright.domain.errors import StrategyError

__all__ = ["load_strategy"]


def load_strategy(reference: str) -> Any:
    """Load a strategy class or function.

    Parameters
    ----------
    reference : str
        A name of the catalogue (the nearest ``strategies.yaml`` or ``strategies/*.yaml`` upward from the working
        folder, else the examples that ship), ``"path/file.py"`` or ``"path/file.py:Name"``,
        ``"package.module:Name"``, or the name of a registered strategy. The catalogue is asked before the registry.

    Returns
    -------
    class or function
        For `tradewright.backtest`; a file is executed once as long as it does not change. What a catalogue entry says
        besides its class (parameters, data, costs) is for the command line.

    Raises
    ------
    StrategyError
        When it cannot be found or loaded, or when the file holds several and none was named; names file and line.
    ConfigError
        When the catalogue cannot be used; names file and line.

    Examples
    --------
    >>> load_strategy("sma_cross").__name__
    'SmaCross'
    """
    from tradewright.bootstrap.catalogue import find_catalogue, is_reference
    from tradewright.strategy.registry import load_strategy as load
    from tradewright.strategy.registry import registered

    if is_reference(reference):
        return load(reference)
    entries = find_catalogue(Path.cwd()).entries
    if reference in entries:
        return load(entries[reference].reference)
    known = [*entries, *registered()]
    if reference not in known:
        near = difflib.get_close_matches(reference, known, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"There are {', '.join(known)}, or give path/file.py:Class."
        raise StrategyError(f"There is no strategy '{reference}'.", hint=hint)
    return load(reference)
