"""The folds of a walk as columns: one table for the frame, the CSV file, the JSON document and the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.events import EventKind
from tradewright.reporting.curves import marked_equity
from tradewright.reporting.search.trials import narrow, numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.walk import Fold, WalkRecord
    from tradewright.reporting.tables import Columns

__all__ = ["DATES", "fold_return", "idle", "parameter_names", "positive_share", "table"]

DATES = ("train_start", "train_end", "test_start", "test_end")
"""Columns that hold session dates."""

_FIXED = (
    "fold",
    *DATES,
    "partial",
    "trials",
    "train_value",
    "test_value",
    "efficiency",
    "test_return",
    "trades",
    "reason",
)


def table(record: WalkRecord) -> Columns:
    """One row per fold, in order of time.

    ``fold``, the dates (datetime64 days), ``partial``, the chosen parameters, ``trials`` (of the fold's search),
    ``train_value`` and ``test_value`` (of the objective), ``efficiency``, ``test_return``, ``trades`` (out of sample),
    ``reason``. A parameter that is called as one of these is ``param_<name>``; what has no value is NaN or None.
    """
    folds = record.folds
    columns: Columns = {"fold": np.array([fold.window.number for fold in folds], np.int64)}
    columns |= {name: np.array([getattr(fold.window, name) for fold in folds], "datetime64[D]") for name in DATES}
    columns["partial"] = np.array([fold.window.is_partial for fold in folds], np.bool_)
    for name in parameter_names(record):
        chosen = [None if fold.params is None else fold.params.get(name) for fold in folds]
        columns[f"param_{name}" if name in _FIXED else name] = _chosen(chosen)
    columns["trials"] = np.array([len(fold.search.trials) for fold in folds], np.int64)
    for name in ("train_value", "test_value", "efficiency"):
        columns[name] = numbers([getattr(fold, name) for fold in folds])
    columns["test_return"] = numbers([fold_return(fold) for fold in folds])
    columns["trades"] = np.array([_trades(fold) for fold in folds], np.int64)
    columns["reason"] = np.array([fold.reason for fold in folds], object)
    return columns


def parameter_names(record: WalkRecord) -> tuple[str, ...]:
    """The parameters that the folds searched."""
    return tuple(dict.fromkeys(name for fold in record.folds for name in fold.search.space))


def fold_return(fold: Fold) -> float | None:
    """Total return of a fold out of sample; None where nothing was chosen, and cash was held."""
    if fold.test is None:
        return None
    marked = marked_equity(fold.test)
    return float(marked[-1] / marked[0] - 1.0) if marked[0] > 0 else None


def positive_share(record: WalkRecord) -> tuple[int, int]:
    """How many folds earned something out of sample, of how many had parameters; those that never dealt did not."""
    known = [found for fold in record.folds if (found := fold_return(fold)) is not None]
    return sum(found > 0 for found in known), len(known)


def idle(fold: Fold) -> bool:
    """Whether a fold had parameters and never dealt."""
    return fold.test is not None and not bool(np.any(fold.test.events["kind"] == EventKind.FILL))


def _trades(fold: Fold) -> int:
    return 0 if fold.test is None else len(fold.test.trades["net"])


def _chosen(values: Sequence[Any]) -> Any:
    """Choices of a parameter; numbers stay numbers where a fold chose nothing."""
    known = [value for value in values if value is not None]
    if len(known) < len(values) and known and all(type(value) in (int, float) for value in known):
        return numbers(values)
    return narrow(list(values))
