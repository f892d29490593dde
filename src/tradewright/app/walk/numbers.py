"""What is said of a walk as a whole: efficiency over all folds, and how the parameters moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.space import Space
from tradewright.quant.undefined import Undefined
from tradewright.reporting.result import Result
from tradewright.reporting.walk.numbers import WalkNumbers
from tradewright.research.stability import overall_efficiency, parameter_stability

from .forward import RETURN

if TYPE_CHECKING:
    from tradewright.domain.search import Trial
    from tradewright.domain.walk import Fold, WalkRecord

__all__ = ["numbers_of"]


def numbers_of(record: WalkRecord) -> WalkNumbers:
    """Efficiency and stability of a walk, by the formulas of `tradewright.research.stability`."""
    space = Space.of_description(record.folds[0].search.space)
    stability = parameter_stability(space, [fold.params for fold in record.folds])
    pairs = [pair for fold in record.folds if (pair := _returns(fold)) is not None]
    try:
        kept = overall_efficiency([tested for tested, _ in pairs], [trained for _, trained in pairs])
    except Undefined as undefined:
        return WalkNumbers(None, undefined.reason, stability)
    return WalkNumbers(kept, None, stability)


def _returns(fold: Fold) -> tuple[float, float] | None:
    """Annualised return in the test and in training; None where one of them is not known."""
    best = _best(fold)
    if fold.test is None or best is None:
        return None
    tested, trained = Result(fold.test).metrics[RETURN], best.metrics.get(RETURN)
    return None if tested is None or trained is None else (float(tested), float(trained))


def _best(fold: Fold) -> Trial | None:
    return fold.search.best
