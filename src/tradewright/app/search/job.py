"""What is to be searched: the run that trials share, what is looked for, and how a trial is judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from tradewright.domain.errors import ConfigError
from tradewright.domain.search import Objective
from tradewright.reporting.metric_registry import all_metrics
from tradewright.strategy.adapt import as_strategy
from tradewright.strategy.base import Strategy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradewright.domain.bars import Bars
    from tradewright.domain.space import Space
    from tradewright.engine.plan import RunPlan
    from tradewright.reporting.result import Result

    Measure = Callable[[Result], float]

__all__ = ["ROW", "Aim", "Bounds", "Job", "aim_of"]

ROW = ("total_return", "sharpe", "max_drawdown", "trades")
"""Metrics of every trial."""

_SMALLER_IS_BETTER = frozenset(
    {
        "volatility", "max_drawdown_duration", "avg_drawdown_duration", "total_costs", "commission", "tax", "financing",
        "slippage", "cost_share", "turnover", "loss_streak", "rejected_orders", "sharpe_se", "kurtosis",
    }
)  # fmt: skip


class Bounds(NamedTuple):
    """What a metric must lie between, both included; None is no bound."""

    low: float | None = None
    high: float | None = None


class Aim(NamedTuple):
    """An objective; `measure` is the user's function where it is no metric."""

    objective: Objective
    measure: Measure | None = None


def aim_of(wanted: Any, maximize: bool | None = None) -> Aim:
    """The aim that a metric's key, or a function of the result, stands for.

    Parameters
    ----------
    wanted : str or callable
    maximize : bool, optional
        By default larger is better, but for metrics of which less is better, such as volatility and costs.

    Raises
    ------
    ConfigError
        When there is no such metric, or it is neither.
    """
    if callable(wanted):
        name = str(getattr(wanted, "__name__", type(wanted).__name__))
        return Aim(Objective(name, maximize is not False, is_metric=False), wanted)
    require_metric(wanted)
    better_up = wanted not in _SMALLER_IS_BETTER if maximize is None else maximize
    return Aim(Objective(wanted, better_up))


def require_metric(key: Any) -> None:
    """Refuse what is no metric's key, with the nearest one."""
    import difflib

    known = [info.key for info in all_metrics()]
    if key not in known:
        near = difflib.get_close_matches(str(key), known, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else "Pass a metric's key, or a function of the result."
        raise ConfigError(f"There is no metric {key!r} to search by.", hint=hint)


def _require_names(objectives: list[Objective]) -> None:
    """Refuse objectives that a row could not tell apart."""
    for place, objective in enumerate(objectives):
        name = objective.name
        if any(earlier.name == name for earlier in objectives[:place]):
            raise ConfigError(f"Two objectives are called '{name}'.", hint="Give each a name of its own.")
        if not objective.is_metric and any(info.key == name for info in all_metrics()):
            raise ConfigError(f"The objective function '{name}' has the name of a metric.", hint="Name it otherwise.")


@dataclass(frozen=True)
class Job:
    """Everything that trials have in common.

    Parameters
    ----------
    source : class or function
        The strategy.
    plan : RunPlan
        Of every trial, but for the parameters; its strategy is the one with the defaults.
    space : Space
    aims : tuple of Aim
    bounds : mapping of metric to Bounds
        A trial outside them has no value.
    keys : tuple of str
        Metrics of the trials' rows.
    risk_free : float
    benchmark : Bars, optional
    family : str, optional
        Declared name of the strategy's family.
    prune : float, optional
        Part of the period on which the worse half is given up.
    fixed : mapping
        Parameters that are not searched, in place of the defaults.
    where : callable, optional
        Whether a combination makes sense.
    """

    source: Any
    plan: RunPlan
    space: Space
    aims: tuple[Aim, ...]
    bounds: Mapping[str, Bounds] = field(default_factory=dict)
    keys: tuple[str, ...] = ROW
    risk_free: float = 0.0
    benchmark: Bars | None = None
    family: str | None = None
    prune: float | None = None
    fixed: Mapping[str, Any] = field(default_factory=dict)
    where: Callable[[Mapping[str, Any]], object] | None = None

    def __post_init__(self) -> None:
        if self.prune is not None and not 0.0 < self.prune < 1.0:
            raise ConfigError(f"prune={self.prune} is no part of the period.", hint="Use 0.5 for the first half.")
        if self.prune is not None and len(self.aims) > 1:
            raise ConfigError("Trials are pruned by one objective.", hint="Leave prune out, or give one objective.")
        both = next((name for name in self.space if name in self.fixed), None)
        if both is not None:
            raise ConfigError(f"'{both}' is searched and fixed.", hint="Leave it out of one of them.")
        if self.family is not None and not self.family:
            raise ConfigError("A family needs a name.", hint="Leave family out, or write family='rotation'.")
        _require_names([aim.objective for aim in self.aims])
        for key in (*self.keys, *self.bounds):
            require_metric(key)
        wanted = [aim.objective.name for aim in self.aims if aim.measure is None]
        object.__setattr__(self, "keys", tuple(dict.fromkeys((*self.keys, *wanted, *self.bounds))))

    def strategy(self, params: Mapping[str, Any]) -> Strategy:
        """The strategy of a trial, not run yet.

        Raises
        ------
        TradewrightError
            When it does not take these parameters.
        """
        values = {**self.fixed, **params}
        if isinstance(self.source, type) and issubclass(self.source, Strategy):
            return self.source.with_params(values)
        return as_strategy(self.source, values)
