"""A Monte Carlo study with everything that is said of it, once: the table of outcomes, shares of paths, doubts."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from tradewright.quant.undefined import Undefined
from tradewright.reporting import formatting, wording
from tradewright.reporting.curves import periods_per_year
from tradewright.reporting.doubt import Found, ResultWarning, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tradewright.reporting.result import Result

    Floats = NDArray[np.float64]

__all__ = ["LEVELS", "RUIN", "MonteCarloFindings", "Outcome", "Study"]

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles shown."""

RUIN = 0.5
"""Share of the start at or below which a path counts as ruined."""

FEW_STEPS = 30
FEW_DRAWS = 500
LUCKY = 0.75
OFTEN_RUINED = 0.01
_ROUNDING = 1e-9


class Study(Protocol):
    """Many paths beside the one that was."""

    @property
    def kind(self) -> str:
        """How the paths were drawn, in words."""

    @property
    def start(self) -> float:
        """Equity before the first step."""

    @property
    def observed(self) -> Any:
        """``final``, ``lowest``, ``drawdown``, ``sharpe`` of the path that was, each an array of one entry."""

    @property
    def paths(self) -> Any:
        """The same of every path drawn, one entry each."""

    @property
    def marks(self) -> NDArray[np.int64]:
        """Steps at which bands are given, 0 before the first; (m,) int64."""

    @property
    def block_length(self) -> float | None:
        """Mean length of the blocks, where returns were drawn in blocks."""

    @property
    def draws(self) -> int:
        """How many paths were drawn."""

    @property
    def probability_of_loss(self) -> float:
        """Share of paths that ended below where they began."""

    def probability_of_ruin(self, left: float = 0.5) -> float:
        """Share of paths that fell to that share of the start, or below."""

    def quantiles(self, what: str, levels: tuple[float, ...] = LEVELS) -> tuple[float, ...]:
        """Quantiles over the paths of one of the outcomes."""

    def bands(self, levels: tuple[float, ...] = LEVELS) -> Floats:
        """Quantiles of the equity at each mark; (levels, m)."""

    def rank(self, what: str) -> float:
        """Share of paths that were lower than the one that was, ties by half."""


class Outcome(NamedTuple):
    """A line of the table: what it is, the run's own number, quantiles over the paths, the run's rank among them.

    `reason` says why numbers are None.
    """

    field: str
    label: str
    observed: float | None
    quantiles: tuple[float | None, ...]
    rank: float | None
    reason: str | None


class MonteCarloFindings:
    """What every view of a study reads, so that all of them say the same.

    Parameters
    ----------
    study : Study
    result : Result
        Of the run that the paths were drawn from.
    path : (m,) float64
        Equity of the run at the marks of the study, as the steps make it.
    """

    def __init__(self, study: Study, result: Result, path: Floats) -> None:
        self.study = study
        self.result = result
        self.path = path

    @property
    def currency(self) -> str:
        """Of the account."""
        return self.result.config.currency

    @property
    def steps(self) -> str:
        """What a step is."""
        return "trades" if self.study.block_length is None else "sessions"

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Final equity, lowest equity, deepest drawdown and Sharpe ratio."""
        year = 1.0 if self.study.block_length is None else math.sqrt(periods_per_year(self.result.record))
        unit = "a year" if self.study.block_length is not None else "a trade"
        return (
            self._outcome("final", f"Final equity, {self.currency}"),
            self._outcome("lowest", f"Lowest equity, {self.currency}"),
            self._outcome("drawdown", "Maximum drawdown"),
            self._outcome("sharpe", f"Sharpe {unit}", year),
        )

    def written(self, field: str, value: float | None) -> str:
        """An outcome by the number rule of its unit."""
        if field in {"final", "lowest"}:
            return formatting.money(value, self.currency)
        return formatting.percent(value) if field == "drawdown" else formatting.ratio(value)

    @cached_property
    def ruin(self) -> float:
        """Share of paths that fell to half of the start or below."""
        return self.study.probability_of_ruin(RUIN)

    @cached_property
    def warnings(self) -> tuple[ResultWarning, ...]:
        """What to know before believing it, in a fixed order."""
        found = (rule(self) for rule in _RULES)
        return tuple(warning for warning in found if warning is not None)

    @property
    def sentence(self) -> str:
        """The study in one sentence."""
        study, (final, _, depth, _) = self.study, self.outcomes
        return (
            f"Of {wording.plural(study.draws, 'path')} of {study.kind}, {share(study.probability_of_loss)} ended with a"
            f" loss; the middle one at {self.written('final', final.quantiles[2])} {self.currency}. One in twenty fell"
            f" by {self.written('drawdown', _positive(depth.quantiles[0]))} or more, and {share(self.ruin)} to half of"
            " the start."
        )

    def are_alike(self, field: str) -> bool:
        """Whether all paths and the run came to the same but for rounding, as trades in another order do."""
        values = np.concatenate((getattr(self.study.paths, field), getattr(self.study.observed, field)))
        return bool(np.ptp(values) <= _ROUNDING * np.abs(values).max())

    def _outcome(self, field: str, label: str, factor: float = 1.0) -> Outcome:
        own = float(getattr(self.study.observed, field)[0])
        observed = None if math.isnan(own) else own * factor
        try:
            levels = tuple(value * factor for value in self.study.quantiles(field, LEVELS))
            rank = 0.5 if self.are_alike(field) else self.study.rank(field)
            return Outcome(field, label, observed, levels, rank, None)
        except Undefined as undefined:
            return Outcome(field, label, observed, (None,) * len(LEVELS), None, undefined.reason)


def share(value: float) -> str:
    """A share of paths in percent; none and all are said as such only where they are counted so."""
    return "none" if value == 0 else "all" if value == 1 else formatting.percent(value)


def _positive(value: float | None) -> float | None:
    return None if value is None else abs(value)


def _few_steps(findings: MonteCarloFindings) -> Found:
    steps = int(findings.study.marks[-1])
    if steps >= FEW_STEPS:
        return None
    return ResultWarning(
        "few_steps",
        Severity.WARN,
        f"The paths are drawn from {steps:,} {findings.steps}: under {FEW_STEPS}, what is missing matters more than"
        " what is there.",
    )


def _lucky_way(findings: MonteCarloFindings) -> Found:
    rank = findings.outcomes[2].rank
    if rank is None or rank < LUCKY:
        return None
    return ResultWarning(
        "lucky_way",
        Severity.NOTICE,
        f"The deepest drawdown of the run, {findings.written('drawdown', findings.outcomes[2].observed)}, is milder"
        f" than in {formatting.percent(rank)} of the paths: expect worse.",
    )


def _ruin(findings: MonteCarloFindings) -> Found:
    if findings.ruin < OFTEN_RUINED:
        return None
    return ResultWarning(
        "ruin",
        Severity.FAIL if findings.ruin >= 5 * OFTEN_RUINED else Severity.WARN,
        f"{formatting.percent(findings.ruin)} of the paths lost half of the start or more.",
    )


def _few_draws(findings: MonteCarloFindings) -> Found:
    if findings.study.draws >= FEW_DRAWS:
        return None
    return ResultWarning(
        "few_draws",
        Severity.NOTICE,
        f"{wording.plural(findings.study.draws, 'path')} give rough ends: the 5 % quantile moves from draw to draw.",
    )


_RULES: tuple[Callable[[MonteCarloFindings], Found], ...] = (_few_steps, _ruin, _lucky_way, _few_draws)
