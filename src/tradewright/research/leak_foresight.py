"""Data that knows too much: columns beside the bars that foretell the next bar, or were made with the whole history.

A column that was computed elsewhere cannot be computed again on a shorter history. What it knows can be asked: whether
it says more about the next return than the past does, and whether its values are those of the whole sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Foresight", "foresight", "sample_statistics", "scaled_so_far", "whole_sample_scale"]

_LAGS = 12
_LEAST_ROWS = 60
_LEAST_T = 7.0
_LEAST_SHARE = 0.16
"""Partial correlation with the next return, below which a column may simply be good."""


@dataclass(frozen=True, slots=True)
class Foresight:
    """How much a column says about the next return beyond what the bars up to then say.

    Parameters
    ----------
    correlation : float
        Partial correlation of ranks with the next bar's return, given the last closes.
    t : float
        Its t statistic; for data without foresight about standard normal.
    rows : int
    row : int
        Where it shows most.
    expected : float
        What the bars up to that row explain of the value there.
    value : float
        The value there.
    """

    correlation: float
    t: float
    rows: int
    row: int
    expected: float
    value: float


def foresight(values: Floats, close: Floats) -> Foresight | None:
    """Ask whether a column knows the next return.

    The column, and the next log return, are both cleared of what the last closes and returns explain linearly; what is
    left of them is compared by ranks, so that single bars cannot make it.

    Parameters
    ----------
    values : (n,) float64
        By bar; NaN where there is none.
    close : (n,) float64

    Returns
    -------
    Foresight or None
        None where there is no more in it than in luck.

    Examples
    --------
    >>> close = 100 * np.exp(np.cumsum(np.random.default_rng(1).normal(0, 0.01, 400)))
    >>> foresight(np.append(close[1:], close[-1]), close).correlation > 0.9
    True
    >>> foresight(np.append(close[0], close[:-1]), close) is None
    True
    """
    with np.errstate(all="ignore"):
        returns = np.diff(np.log(close))
    rows = np.arange(_LAGS, len(close) - 1)
    rows = rows[np.isfinite(values[rows]) & np.isfinite(returns[rows])]
    if len(rows) < _LEAST_ROWS:
        return None
    known = np.column_stack([np.ones(len(rows)), close[rows], *(returns[rows - lag] for lag in range(1, _LAGS + 1))])
    # An orthogonal basis of what is known: close and returns differ in size by far.
    basis, _ = np.linalg.qr(known)
    rest = _rest(values[rows], basis)
    scale = float(np.std(values[rows]))
    if scale == 0.0 or float(np.std(rest)) < 1e-9 * scale:
        return None
    unforeseen = _rest(returns[rows], basis)
    correlation = float(np.corrcoef(_ranks(rest), _ranks(unforeseen))[0, 1])
    t = correlation * np.sqrt((len(rows) - known.shape[1]) / max(1e-12, 1 - correlation**2))
    if abs(t) < _LEAST_T or abs(correlation) < _LEAST_SHARE:
        return None
    place = int(np.argmax(np.sign(correlation) * rest * unforeseen))
    value = float(values[rows[place]])
    return Foresight(correlation, float(t), len(rows), int(rows[place]), value - float(rest[place]), value)


def _rest(values: Floats, basis: Floats) -> Floats:
    """What is left of values when all that the basis explains is taken away."""
    rest: Floats = values - basis @ (basis.T @ values)
    return rest


def _ranks(values: Floats) -> Floats:
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    # Equal values share the middle of their ranks.
    middle: Floats = np.cumsum(counts) - (counts - 1) / 2.0
    return middle[places]


def sample_statistics(columns: Mapping[str, Floats]) -> Iterator[tuple[str, float]]:
    """Numbers that only the whole sample has: means, deviations, extremes and quantiles of columns and returns."""
    for name, values in columns.items():
        yield from _statistics(f"the {name}s", values)
        if name == "close" and len(values) > 1 and (values > 0).all():
            yield from _statistics("the returns", np.diff(values) / values[:-1])
            yield from _statistics("the log returns", np.diff(np.log(values)))
            yield from _statistics("the changes", np.diff(values))


def _statistics(what: str, values: Floats) -> Iterator[tuple[str, float]]:
    yield f"the mean of {what}", float(values.mean())
    yield f"the median of {what}", float(np.median(values))
    for ddof in (0, 1):
        yield f"the standard deviation of {what}", float(values.std(ddof=min(ddof, len(values) - 1)))
    yield f"the largest of {what}", float(values.max())
    yield f"the smallest of {what}", float(values.min())
    for percent in (1, 5, 10, 20, 25, 30, 40, 60, 70, 75, 80, 90, 95, 99):
        yield f"the {percent} % quantile of {what}", float(np.quantile(values, percent / 100))


def whole_sample_scale(values: Floats, columns: Mapping[str, Floats]) -> str | None:
    """How a column was scaled by the whole sample: standardised, or between its extremes; None where it was not.

    Examples
    --------
    >>> price = np.array([1.0, 4.0, 2.0, 8.0, 5.0])
    >>> whole_sample_scale((price - price.mean()) / price.std(), {"close": price})
    'close standardised by its mean and deviation over all bars'
    """
    for name, column in columns.items():
        if len(column) != len(values) or not np.isfinite(values).all() or np.std(values) == 0 or np.std(column) == 0:
            continue
        if abs(float(np.corrcoef(values, column)[0, 1])) < 1 - 1e-9:
            continue
        if abs(values.mean()) < 1e-9 and min(abs(values.std(ddof=ddof) - 1) for ddof in (0, 1)) < 1e-9:
            return f"{name} standardised by its mean and deviation over all bars"
        if abs(values.min()) < 1e-12 and abs(values.max() - 1) < 1e-12:
            return f"{name} scaled between its extremes over all bars"
    return None


def scaled_so_far(how: str, columns: Mapping[str, Floats], row: int) -> float:
    """What the value at a row would be, had a column been scaled by the bars up to there.

    Parameters
    ----------
    how : str
        As `whole_sample_scale` says it.
    columns : mapping of str to (n,) float64
    row : int

    Examples
    --------
    >>> scaled_so_far("close scaled between its extremes over all bars", {"close": np.array([1.0, 3.0, 2.0, 9.0])}, 2)
    0.5
    """
    known = columns[how.partition(" ")[0]][: row + 1]
    middle, size = (known.mean(), known.std()) if " standardised " in how else (known.min(), np.ptp(known))
    return float((known[-1] - middle) / size) if size else 0.0
