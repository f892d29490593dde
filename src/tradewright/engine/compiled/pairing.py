"""Pairing trades in the compiled tier: the stretches that need their lots walked, by the rules' machine code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewright.simulation.lots import LotEvent, Pairing, Walked, walk

from . import cache
from .records import PAIRING_RING, new_ledger
from .twin import rules_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.simulation.lots import LotMethod, Stretches, Table

__all__ = ["fold_compiled", "walk_compiled"]

_LOTS = 256
_PAYS = 500
"""Events up to which interpreting them costs less than a call of machine code."""


def walk_compiled(log: Table, stretches: Stretches, method: LotMethod) -> Walked:
    """What `simulation.lots.walk` gives, bit by bit; walked there where a record has too little room for the lots."""
    if len(stretches.events) <= _PAYS:
        return walk(log, stretches, method)
    rules = cache.load("rules", rules_text())
    rows = np.empty(len(stretches.events), [(name, np.float64) for name in LotEvent._fields])
    for name in LotEvent._fields:
        rows[name] = log[name][stretches.events]
    ledger, costs = new_ledger(method.number, _LOTS, PAIRING_RING), np.zeros(len(stretches.starts))
    places = stretches.starts.astype(np.int64), stretches.stops.astype(np.int64)
    numbers = stretches.events.astype(np.int64)
    found, place = [], 0
    while place < len(rows):
        try:
            place = rules.pair_stretches(
                ledger, rows, numbers, *places, stretches.multiplier, costs, place, PAIRING_RING - _LOTS - 1
            )
        except IndexError:
            return walk(log, stretches, method)
        found.append(ledger["pairs"][0, : int(ledger["n_pairs"][0])].copy())
        ledger["n_pairs"] = 0
    pairs = np.concatenate(found)
    return Walked([np.ascontiguousarray(pairs[name]) for name in Pairing._fields], costs)


def fold_compiled(
    column: NDArray[np.float64], first: NDArray[np.intp], last: NDArray[np.intp], highest: bool
) -> NDArray[np.float64]:
    """What `simulation.trades.fold_ranges` gives, in one pass over the rows of the ranges."""
    folded = np.empty(len(first))
    sign = 1.0 if highest else -1.0
    cache.load("rules", rules_text()).fold_rows(column, first.astype(np.int64), last.astype(np.int64), sign, folded)
    return folded
