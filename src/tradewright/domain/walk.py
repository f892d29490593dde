"""What a walk-forward speaks of: its windows, its folds and the record of the whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .record import RunRecord
    from .search import Objective, SearchRecord

__all__ = ["Fold", "WalkRecord", "Window"]


@dataclass(frozen=True, slots=True)
class Window:
    """One step of a walk: rows of the timeline, first and last included, and their session dates.

    Parameters
    ----------
    number : int
    train_first, train_last, test_first, test_last : int
        Rows.
    train_start, train_end, test_start, test_end : str
        Session dates.
    is_partial : bool
        Whether the test is shorter than asked because the data end.
    """

    number: int
    train_first: int
    train_last: int
    test_first: int
    test_last: int
    train_start: str
    train_end: str
    test_start: str
    test_end: str
    is_partial: bool = False


@dataclass(frozen=True, eq=False)
class Fold:
    """A window with what was found in its training part and what came of it in its test part.

    Parameters
    ----------
    window : Window
    search : SearchRecord
        Over the training part.
    params : mapping or None
        What was chosen; None where no trial qualified.
    reason : str or None
        Why nothing was chosen, or why the author's own objective has no value in the test part.
    train_value : float or None
        Objective of the chosen parameters in training.
    test : RunRecord or None
        The run over the test part; None where nothing was chosen, and cash was held.
    test_value : float or None
        Objective in the test part.
    efficiency : float or None
        Annualised return in test over annualised return in training.
    """

    window: Window
    search: SearchRecord
    params: Mapping[str, Any] | None
    reason: str | None
    train_value: float | None
    test: RunRecord | None
    test_value: float | None
    efficiency: float | None = None


@dataclass(frozen=True, eq=False)
class WalkRecord:
    """Everything of one walk-forward.

    Parameters
    ----------
    strategy : str
    objectives : tuple of Objective
    folds : tuple of Fold
    stitched : RunRecord
        The out-of-sample runs as one record: equity chained fold by fold, events, orders and trades one after another.
    settings : mapping
        train, test, step, gap, anchored, min_trades as asked.
    meta : mapping
    """

    strategy: str
    objectives: tuple[Objective, ...]
    folds: tuple[Fold, ...]
    stitched: RunRecord
    settings: Mapping[str, Any]
    meta: Mapping[str, Any] = field(default_factory=dict)
