"""`tw.optimize`: search the parameters of a strategy, and say how likely the best of them is luck."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cache
from os import PathLike
from typing import TYPE_CHECKING, Any, NamedTuple

from tradewright.domain.errors import ConfigError
from tradewright.domain.space import Range, Space
from tradewright.face.arguments import amount, benchmark_bars, of_kind, seed_number, storable_text, yes_or_no
from tradewright.face.backtest import plan_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tradewright.app.search.job import Bounds, Job
    from tradewright.app.search.optimise import Workload
    from tradewright.domain.bars import Bars
    from tradewright.domain.search import SearchRecord, Trial
    from tradewright.ports.trial_ledger import TrialLedger
    from tradewright.reporting.result import Result
    from tradewright.reporting.search.result import SearchResult

    Progress = Callable[[int, int | None, Trial | None], None]

_WORTH_PROCESSES_S = 5.0
"""Below it workers of their own take longer to start than they save."""

__all__ = ["Wish", "chooser", "counted", "job_of", "ledger_of", "optimize", "result_of"]


def optimize(  # noqa: PLR0913 - a public call with keyword options
    strategy: Any,
    bars: Bars | Mapping[str, Bars] | Sequence[Bars],
    *,
    params: Mapping[str, Any],
    objective: Any = "sharpe",
    maximize: bool | None = None,
    where: Callable[[Mapping[str, Any]], object] | None = None,
    method: str = "grid",
    trials: int | None = None,
    constraints: Mapping[str, Any] | None = None,
    min_trades: int = 0,
    metrics: Sequence[str] = (),
    prune: float | None = None,
    fixed: Mapping[str, Any] | None = None,
    executor: str = "auto",
    workers: int | None = None,
    family: str | None = None,
    ledger: bool | str = True,
    seed: int = 0,
    risk_free: float = 0.0,
    benchmark: Bars | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> SearchResult:
    """Search the parameters of a strategy.

    Every trial is a backtest over the same bars, scored from the same date: the first session for which the largest
    warm-up of the space is over. Each one is counted in the trial ledger, and the result tells how likely its best is
    luck. A trial's row is what ``tw.backtest`` gives for its parameters with ``start=search.start``.

    A search that is broken off goes on where it was when it is called again with the same arguments.

    Parameters
    ----------
    strategy : Strategy class or function
    bars : Bars, or mapping of symbol to Bars, or a sequence of Bars
    params : mapping of name to values
        What to try: a list, a ``range``, or ``tw.Range(low, high, step=…, log=…)``.
    objective : str, function of the Result, or a list of them
        A metric's key, or what a function makes of the whole result. With several, use ``method="nsga2"``.
    maximize : bool, optional
        By default larger is better, but for metrics of which less is better (volatility, costs).
    where : callable, optional
        ``where(params)`` says whether a combination makes sense; others are no trials.
    method : {"grid", "random", "tpe", "nsga2"}
        Every combination, some at random, or by a model of what was seen (needs the extra ``search``).
    trials : int, optional
        How many, where the method is not the grid; 200 by default.
    constraints : mapping of metric to (low, high)
        A trial outside has no value; None is no bound.
    min_trades : int
        A trial with fewer closed trades has no value.
    metrics : sequence of str
        More metrics for the rows of the trials.
    prune : float, optional
        Part of the period, such as 0.5, on which trials below the median of their round are given up.
    fixed : mapping, optional
        Parameters that are not searched, in place of their defaults.
    executor : {"auto", "threads", "processes", "ray"}
        Who carries trials out: threads where they are swept by machine code or soon done, else processes. Rows do not
        depend on it.
    workers : int, optional
        By default one for each processor.
    family : str, optional
        Under which name trials are counted together; by default what the class declares as ``family``, else the shape
        of its text.
    ledger : bool or folder
        Where trials are counted: the store of this user, another folder, or (False) nowhere beyond this call.
    seed : int
        Of the sampler and of the strategies' generators.
    risk_free : float
        Yearly rate for the metrics, a fraction.
    benchmark : Bars, optional
        For relative metrics.
    progress : callable, optional
        Called with (trials done, trials in all or None, best trial so far or None). Where it has a method ``begun``,
        that is called with the id of the search before its first trial.
    **options
        Everything else that ``tw.backtest`` takes: dates, cash, costs, limits, policies, engine.

    Returns
    -------
    SearchResult

    Raises
    ------
    TradewrightError
        One sentence on what is wrong and what to do. What a single trial raises is that trial's failure.
    """
    from tradewright.app.search.optimise import Means, optimise
    from tradewright.bootstrap.samplers import sampler_for

    wish = Wish(objective, maximize, bounds_of(constraints, min_trades), metrics, prune, fixed, family, where)
    run = {"seed": seed_number(seed), "risk_free": risk_free, "benchmark": benchmark, **options}
    job = job_of(strategy, bars, params, wish, **run)
    objectives = tuple(aim.objective for aim in job.aims)
    sampler = sampler_for(method, job.space, objectives=objectives, trials=trials, seed=job.plan.seed, where=job.where)
    means = Means(sampler, chooser(executor, workers), ledger_of(ledger), time.monotonic, progress, job.plan.seed)
    return result_of(job, optimise(job, replace(means, begun=getattr(progress, "begun", None))))


class Wish(NamedTuple):
    """What a user looks for; see `optimize`."""

    objective: Any = "sharpe"
    maximize: bool | None = None
    bounds: Mapping[str, Any] = {}
    metrics: Sequence[str] = ()
    prune: float | None = None
    fixed: Mapping[str, Any] | None = None
    family: str | None = None
    where: Callable[[Mapping[str, Any]], object] | None = None


def job_of(  # noqa: PLR0913 - options of a run by name
    strategy: Any,
    bars: Any,
    params: Any,
    wish: Wish,
    *,
    risk_free: Any = 0.0,
    benchmark: Any = None,
    quality: str = "keep",
    **options: Any,
) -> Job:
    """What is to be searched, from what a user gives.

    Raises
    ------
    ConfigError
        For options that `tw.backtest` does not take either, with the nearest; for parameters the strategy does not
        have.
    DataQualityError
        When the bars are refused.
    ResourceError
        When a trial would not fit in the machine's free memory.
    """
    from tradewright.app.backtest import require_memory, require_quality
    from tradewright.app.search.job import ROW, Job, aim_of

    if isinstance(strategy, (list, tuple)):
        raise ConfigError("A search has one strategy.", hint="Search each by itself.")
    space = Space(params if isinstance(params, Space) else of_mapping("params", params))
    fixed = dict(of_mapping("fixed", wish.fixed or {}))
    wanted = list(wish.objective) if isinstance(wish.objective, (list, tuple)) else [wish.objective]
    if not wanted:
        raise ConfigError("A search needs an objective.", hint="Pass objective='sharpe'.")
    upward = None if wish.maximize is None else yes_or_no("maximize", wish.maximize)
    plan = plan_of(strategy, bars, params=_first(space) | fixed, **options)
    require_quality(plan, quality)
    require_memory(plan)
    return Job(
        source=strategy,
        plan=plan,
        space=space,
        aims=tuple(aim_of(each, upward) for each in wanted),
        bounds=wish.bounds,
        keys=(*ROW, *_metric_keys(wish.metrics)),
        risk_free=amount("risk_free", risk_free),
        benchmark=benchmark_bars(benchmark),
        family=storable_text("family", wish.family),
        prune=None if wish.prune is None else amount("prune", wish.prune),
        fixed=fixed,
        where=wish.where,
    )


def result_of(job: Job, record: SearchRecord) -> SearchResult:
    """What the user is given for a record."""
    from tradewright.app.search.honesty import Judge
    from tradewright.reporting.search.result import SearchResult

    def fresh(params: Mapping[str, Any]) -> Result:
        from tradewright.app.backtest import backtest

        plan = replace(job.plan, strategies=[job.strategy(params)], start=record.config.start)
        return backtest(plan, risk_free=job.risk_free, benchmark=job.benchmark)

    @cache
    def best_run() -> Result:
        return fresh({} if record.best is None else record.best.params)

    def run(params: Mapping[str, Any]) -> Result:
        is_best = record.best is not None and dict(params) == dict(record.best.params)
        return best_run() if is_best else fresh(params)

    judge = Judge(record, job.risk_free, best_run)
    return SearchResult(record, judge.honesty, run, splits=judge.splits)


def bounds_of(constraints: Mapping[str, Any] | None, min_trades: int) -> dict[str, Any]:
    """What metrics must lie between."""
    from tradewright.app.search.job import Bounds

    given = of_mapping("constraints", constraints or {}, "Pass {'max_drawdown': (-0.3, None)}.")
    found = {key: _pair(key, pair) for key, pair in given.items()}
    least = amount("min_trades", min_trades or 0)
    if least < 0:
        raise ConfigError(f"min_trades={min_trades!r} is less than none.", hint="Give a number from 0 up.")
    if least:
        low, high = found.get("trades", Bounds())
        found["trades"] = Bounds(max(least, low or 0.0), high)
    return found


def _pair(key: str, given: Any) -> Bounds:
    from tradewright.app.search.job import Bounds

    pair = tuple(given) if isinstance(given, (tuple, list)) else ()
    if len(pair) != 2 or all(each is None for each in pair):
        raise ConfigError(f"constraints[{key!r}]={given!r:.40} is no pair of bounds.", hint="Give (low, high).")
    low, high = (None if each is None else amount(f"constraints[{key!r}]", each) for each in pair)
    if low is not None and high is not None and low > high:
        raise ConfigError(
            f"constraints[{key!r}] goes from {low:g} to {high:g}, and nothing lies between.", hint="Give (low, high)."
        )
    return Bounds(low, high)


def chooser(executor: str, workers: int | None) -> Callable[[Workload], Any]:
    """Gives the executor that was asked for, or the one that suits how trials are run."""
    from tradewright.bootstrap.executors import executor_for

    of_kind("executor", executor, str, "Pass 'auto', 'threads', 'processes' or 'ray'.")

    def choose(work: Workload) -> Any:
        apart = work.can_travel and not work.is_compiled and work.seconds > _WORTH_PROCESSES_S
        name = ("processes" if apart else "threads") if executor == "auto" else executor
        return executor_for(name, workers)

    return choose


def ledger_of(given: Any) -> TrialLedger:
    """Where trials are counted: True is the store of this user, False nowhere beyond this call, else a folder."""
    from tradewright.bootstrap.trial_ledger import passing_ledger, trial_ledger

    if given is False:
        return passing_ledger()
    if given is not True and not (isinstance(given, (str, PathLike)) and str(given)):
        raise ConfigError(f"ledger={given!r:.60} is no folder.", hint="Pass True, False, or a folder.")
    return trial_ledger(None if given is True else given)


def counted(result: Result, strategy: Any, *, family: str | None = None, ledger: bool | str = True) -> Result:
    """A run of one strategy, counted as a trial: the same result, which knows of how many configurations it is one.

    Raises
    ------
    StorageError, ResourceError
        When it cannot be kept.
    """
    from tradewright.app.search.counting import counted as count

    return count(result, strategy, ledger_of(ledger), family)


def of_mapping(name: str, value: Any, hint: str = "Pass {'fast': range(5, 60, 5)}.") -> Mapping[str, Any]:
    """A mapping, or the sentence that it is none."""
    from collections.abc import Mapping as MappingType

    if not isinstance(value, MappingType):
        raise ConfigError(f"{name}={value!r:.60} is no mapping.", hint=hint)
    return value


def _metric_keys(given: Any) -> tuple[Any, ...]:
    if not isinstance(given, (list, tuple)):
        raise ConfigError(f"metrics={given!r:.60} is no list of metrics.", hint="Pass metrics=['cagr'].")
    return tuple(given)


def _first(space: Space) -> dict[str, Any]:
    """Some values of a space, so that names it does not have are refused at once."""
    return {
        name: dimension.low if isinstance(dimension, Range) else dimension.values[0]
        for name, dimension in space.items()
    }
