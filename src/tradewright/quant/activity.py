"""How much was held and traded, and what trading may cost before nothing is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewright.quant.statistics import mean, require_sample
from tradewright.quant.undefined import Undefined

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.quant.arrays import FloatArray

__all__ = ["average_gross_exposure", "break_even_cost_bps", "time_in_market", "turnover"]


def time_in_market(held: NDArray[np.bool_]) -> float:
    """Share of bars during which any position was open."""
    if not len(held):
        raise Undefined("there are no bars")
    return int(np.count_nonzero(held)) / len(held)


def average_gross_exposure(gross_exposure: FloatArray, equity: FloatArray) -> float:
    """Mean of gross exposure over equity, bar by bar; 1 is fully invested without leverage.

    Raises
    ------
    Undefined
        If there are no bars, the columns differ in length, or equity is not positive at some bar.
    """
    if len(gross_exposure) != len(equity):
        raise Undefined(f"there are {len(gross_exposure)} exposures but {len(equity)} equity values")
    if np.any(require_sample(equity, 1, "equity values") <= 0.0):
        raise Undefined("equity is not positive")
    return mean(gross_exposure / equity, "exposures")


def turnover(traded_value: float, equity: FloatArray, years: float) -> float:
    """Value bought plus value sold, over mean equity, per year.

    Raises
    ------
    Undefined
        If no time has passed, or mean equity is not positive.
    """
    if years <= 0.0:
        raise Undefined("no time has passed")
    average = mean(equity, "equity values")
    if average <= 0.0:
        raise Undefined("mean equity is not positive")
    return traded_value / average / years


def break_even_cost_bps(result_before_costs: float, traded_value: float) -> float:
    """Cost per unit of traded value at which the result would be zero, in basis points; negative for a loss.

    Parameters
    ----------
    result_before_costs : float
        Result with every cost, slippage included, added back.
    traded_value : float
        Value bought plus value sold.

    Raises
    ------
    Undefined
        If nothing was traded.
    """
    if traded_value <= 0.0:
        raise Undefined("nothing was traded")
    return result_before_costs / traded_value * 10_000.0
