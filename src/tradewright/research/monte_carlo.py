"""How else it could have gone: the same trades in another order, other trades of the same kind, other histories.

Four questions. *Shuffling* the trades keeps the end and changes the way there: how deep might the drawdown have been?
*Resampling* the trades asks how much of the end hangs on a few of them. *Bootstrapping* the period returns in blocks
keeps what hangs together in time, and asks the same of the whole curve. *Redrawing* the bars and running the strategy
over them again asks what it would have decided.

None of them tells of markets that were not in the data.

Sources
-------
- Efron, "Bootstrap Methods: Another Look at the Jackknife", Annals of Statistics 7(1), 1979, pp. 1-26: resampling.
- Pardo, "The Evaluation and Optimization of Trading Strategies", 2nd ed., Wiley 2008; Tomasini and Jaekle,
  "Trading Systems", Harriman House 2009: trades in another order.
- Politis and Romano 1994 and 1992: the block bootstraps, see `resampling`.
- Hyndman and Fan, "Sample Quantiles in Statistical Packages", American Statistician 50(4), 1996, type 7: quantiles.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tradewright.domain.errors import ConfigError
from tradewright.quant.arrays import FloatArray
from tradewright.quant.statistics import NO_VARIATION, require_sample
from tradewright.quant.undefined import Undefined

from .resampling import automatic_block_length, circular_block_rows, require_draws, stationary_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "DEFAULT_QUANTILES",
    "MonteCarlo",
    "Paths",
    "bootstrap_returns",
    "redrawn_bars",
    "resample_trades",
    "shuffle_trades",
]

DEFAULT_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_CHUNK_BYTES = 8 << 20
_MOST_MARKS = 250

_Draw = Callable[[int], FloatArray]
"""Gives so many series of changes, one per line."""


class Paths(NamedTuple):
    """What each path came to; one entry per path.

    ``final`` is the equity at the end, ``lowest`` its lowest value on the way, ``drawdown`` the deepest one (a fraction
    not above 0; below -1 where results in money lose more than there was), ``sharpe`` the ratio per step without
    annualisation, NaN where the steps do not vary or the equity was used up.
    """

    final: FloatArray
    lowest: FloatArray
    drawdown: FloatArray
    sharpe: FloatArray


@dataclass(frozen=True, eq=False)
class MonteCarlo:
    """Many paths beside the one that was.

    Parameters
    ----------
    kind : str
        ``"shuffled trades"``, ``"resampled trades"``, ``"bootstrapped returns"`` or ``"redrawn bars"``.
    start : float
        Equity before the first step.
    observed : Paths
        Of the one path that was: arrays of one entry.
    paths : Paths
        Of the paths drawn.
    marks : (m,) int64
        Steps at which `equity` was kept: 0 before the first step, then evenly spread up to the last.
    equity : (draws, m) float64
        Of every path at those steps.
    block_length : float or None
        Of bootstrapped returns and redrawn bars.
    """

    kind: str
    start: float
    observed: Paths
    paths: Paths
    marks: NDArray[np.int64]
    equity: FloatArray
    block_length: float | None = None

    @property
    def draws(self) -> int:
        """How many paths were drawn."""
        return len(self.paths.final)

    def quantiles(self, what: str, levels: tuple[float, ...] = DEFAULT_QUANTILES) -> tuple[float, ...]:
        """Quantiles over the paths of ``"final"``, ``"lowest"``, ``"drawdown"`` or ``"sharpe"``.

        Raises
        ------
        ConfigError
            When there is no such number.
        Undefined
            When no path has one: steps that do not vary have no Sharpe ratio. Paths without one are left out.
        """
        if what not in Paths._fields:
            raise ConfigError(f"A path has no '{what}'.", hint=f"It has {', '.join(Paths._fields)}.")
        values = getattr(self.paths, what)
        values = values[~np.isnan(values)]
        if not len(values):
            raise Undefined("no path has returns that vary")
        return tuple(float(each) for each in np.quantile(values, levels))

    def bands(self, levels: tuple[float, ...] = DEFAULT_QUANTILES) -> FloatArray:
        """Quantiles of the equity at each mark, levels × marks: a fan to draw, none of whose lines is a path."""
        found: FloatArray = np.quantile(self.equity, levels, axis=0)
        return found

    def rank(self, what: str) -> float:
        """Share of the paths that were lower than the one that was, ties by half; 0.5 is the middle.

        Raises
        ------
        Undefined
            When the observed path has no such number.
        """
        observed = float(getattr(self.observed, what)[0])
        if math.isnan(observed):
            raise Undefined("the observed returns do not vary")
        values = getattr(self.paths, what)
        below, equal = np.count_nonzero(values < observed), np.count_nonzero(values == observed)
        return float(below + equal / 2.0) / self.draws

    @property
    def probability_of_loss(self) -> float:
        """Share of paths that ended below where they began."""
        return int(np.count_nonzero(self.paths.final < self.start)) / self.draws

    def probability_of_ruin(self, left: float = 0.5) -> float:
        """Share of paths whose equity fell, at any step, to ``left`` times the start or below.

        Raises
        ------
        ConfigError
            When that is not a share of the start between 0 and 1.
        """
        if not 0.0 <= left < 1.0:
            raise ConfigError(
                f"Ruin is a share of the start from 0 to below 1, not {left}.",
                hint="Write 0.5 for a half that is left.",
            )
        return int(np.count_nonzero(self.paths.lowest <= left * self.start)) / self.draws


def shuffle_trades(
    results: FloatArray, start: float, *, rng: np.random.Generator, draws: int = 1000, compound: bool = False
) -> MonteCarlo:
    """The same trades in other orders.

    Parameters
    ----------
    results : (n,) ndarray
        Of closed trades in order of closing: net in money, or with ``compound=True`` net as a share of the equity
        before the trade.
    start : float
        Equity before the first trade.
    rng : numpy.random.Generator
    draws : int
    compound : bool
        Whether equity is multiplied by one plus each result; otherwise each result is added.

    Raises
    ------
    ConfigError
        When start or draws are impossible.
    Undefined
        When there are fewer than two trades, one is not finite, or one loses more than everything it compounds.
    """
    require_sample(results, 2, "closed trades")

    def draw(count: int) -> FloatArray:
        return rng.permuted(np.tile(results, (count, 1)), axis=1)

    return _carried_out("shuffled trades", results, (start, compound), draw, require_draws(draws))


def resample_trades(
    results: FloatArray, start: float, *, rng: np.random.Generator, draws: int = 1000, compound: bool = False
) -> MonteCarlo:
    """As many trades, drawn from those that were, each as often as it comes up; see `shuffle_trades`."""
    require_sample(results, 2, "closed trades")

    def draw(count: int) -> FloatArray:
        return results[rng.integers(len(results), size=(count, len(results)))]

    return _carried_out("resampled trades", results, (start, compound), draw, require_draws(draws))


def bootstrap_returns(
    returns: FloatArray,
    start: float,
    *,
    rng: np.random.Generator,
    draws: int = 1000,
    block_length: float | None = None,
    fixed: bool = False,
) -> MonteCarlo:
    """Histories of the same length made of blocks of the one that was.

    Parameters
    ----------
    returns : (t,) ndarray
        Simple returns per period.
    start : float
        Equity before the first period.
    rng : numpy.random.Generator
    draws : int
    block_length : float, optional
        Mean length of the blocks in periods; by default from the autocorrelation of the returns.
    fixed : bool
        Whether all blocks have that length, rounded up (circular block bootstrap), rather than a random one around it
        (stationary bootstrap).

    Raises
    ------
    ConfigError
        When start, draws or block length are impossible.
    Undefined
        When there are fewer than ten returns without a block length, fewer than two with one, one is not finite, or one
        loses more than everything.
    """
    require_sample(returns, 2)
    length = automatic_block_length(returns, circular=fixed) if block_length is None else block_length
    length = math.ceil(length) if fixed else length

    def draw(count: int) -> FloatArray:
        if fixed:
            return returns[circular_block_rows(len(returns), count, int(length), rng)]
        return returns[stationary_rows(len(returns), count, length, rng)]

    return _carried_out("bootstrapped returns", returns, (start, True), draw, require_draws(draws), length)


def redrawn_bars(curves: FloatArray, own: FloatArray, block_length: float) -> MonteCarlo:
    """What runs over redrawn bars came to; see `synthetic_paths`.

    Parameters
    ----------
    curves : (draws, t + 1) ndarray
        Equity of every run at the start and after each period.
    own : (t + 1,) ndarray
        Of the run over the bars as they were.
    block_length : float
        Mean length of the blocks in periods.

    Raises
    ------
    ConfigError
        When the curves differ in length, or do not begin where the run does.
    Undefined
        When there are fewer than two periods.
    """
    require_sample(own, 3, "points of equity")
    require_draws(len(curves))
    if curves.shape[1:] != own.shape or (curves[:, 0] != own[0]).any():
        raise ConfigError("Runs over redrawn bars are as long as the run itself and begin with the same equity.")
    marks = _marks(len(own) - 1)
    paths = Paths(*(np.empty(len(curves)) for _ in Paths._fields))
    size = max(1, _CHUNK_BYTES // (8 * len(own)))
    for first in range(0, len(curves), size):
        part = slice(first, first + size)
        for kept, found in zip(paths, _outcome(curves[part], curves[part], compound=False), strict=True):
            kept[part] = found
    observed = _outcome(own[None, :], own[None, :], compound=False)
    return MonteCarlo("redrawn bars", float(own[0]), observed, paths, marks, curves[:, marks], block_length)


def _marks(steps: int) -> NDArray[np.int64]:
    """Steps at which equity is kept."""
    return np.unique(np.linspace(0, steps, min(steps + 1, _MOST_MARKS)).round().astype(np.int64))


def _carried_out(
    kind: str,
    changes: FloatArray,
    account: tuple[float, bool],
    draw: _Draw,
    draws: int,
    block_length: float | None = None,
) -> MonteCarlo:
    start, compound = account
    if not (math.isfinite(start) and start > 0.0):
        raise ConfigError(f"Equity begins above zero, not at {start}.", hint="Give the starting cash.")
    if compound and float(changes.min()) < -1.0:
        raise Undefined(f"a loss of {-float(changes.min()):.4g} times the equity cannot be compounded")
    steps = len(changes)
    marks = _marks(steps)
    paths = Paths(*(np.empty(draws) for _ in Paths._fields))
    equity = np.empty((draws, len(marks)))
    size = max(1, _CHUNK_BYTES // (8 * steps))
    for first in range(0, draws, size):
        part = slice(first, min(first + size, draws))
        drawn = draw(part.stop - part.start)
        walked = _walked(drawn, start, compound)
        equity[part] = walked[:, marks]
        for kept, found in zip(paths, _outcome(walked, drawn, compound), strict=True):
            kept[part] = found
    observed = _outcome(_walked(changes[None, :], start, compound), changes[None, :], compound)
    return MonteCarlo(kind, start, observed, paths, marks, equity, block_length)


def _walked(changes: FloatArray, start: float, compound: bool) -> FloatArray:
    """Equity of every path, one longer than its steps."""
    walked = np.empty((len(changes), changes.shape[1] + 1))
    walked[:, 0] = start
    if compound:
        np.cumprod(1.0 + changes, axis=1, out=walked[:, 1:])
        walked[:, 1:] *= start
    else:
        np.cumsum(changes, axis=1, out=walked[:, 1:])
        walked[:, 1:] += start
    return walked


def _outcome(walked: FloatArray, changes: FloatArray, compound: bool) -> Paths:
    depth = walked / np.maximum.accumulate(walked, axis=1)
    depth -= 1.0
    steps = changes if compound else _returns_of(walked)
    return Paths(walked[:, -1], walked.min(axis=1), depth.min(axis=1), _sharpe_of_lines(steps))


def _returns_of(walked: FloatArray) -> FloatArray:
    """Simple returns of every path; NaN once the equity is used up."""
    before = walked[:, :-1]
    steps = np.full_like(before, np.nan)
    alive = np.minimum.accumulate(before, axis=1) > 0.0
    np.divide(np.diff(walked, axis=1), before, out=steps, where=alive)
    return steps


def _sharpe_of_lines(steps: FloatArray) -> FloatArray:
    """Mean over deviation (ddof=1) of every line; NaN where it does not vary."""
    count = steps.shape[1]
    mean = np.add.reduce(steps, axis=1) / count
    centred = steps - mean[:, None]
    spread = np.sqrt(np.add.reduce(centred * centred, axis=1) / (count - 1))
    ratios = np.full(len(steps), np.nan)
    varies = spread > NO_VARIATION * np.abs(steps).max(axis=1)
    np.divide(mean, spread, out=ratios, where=varies)
    return ratios
