"""`tw.walk_forward`: search on one stretch of history, trade the choice on the next, and again."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError
from tradewright.face.arguments import seed_number
from tradewright.face.search import Wish, bounds_of, chooser, job_of, ledger_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tradewright.app.search.job import Job
    from tradewright.domain.bars import Bars
    from tradewright.domain.search import Trial
    from tradewright.domain.walk import WalkRecord
    from tradewright.ports.sampler import Sampler
    from tradewright.reporting.walk.result import WalkForwardResult

    Progress = Callable[[int, int | None, Trial | None], None]

__all__ = ["walk_forward"]


def walk_forward(  # noqa: PLR0913 - a public call with keyword options
    strategy: Any,
    bars: Bars | Mapping[str, Bars] | Sequence[Bars],
    *,
    params: Mapping[str, Any],
    train: int | str,
    test: int | str,
    step: int | str | None = None,
    gap: int = 0,
    anchored: bool = False,
    partial: bool = True,
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
) -> WalkForwardResult:
    """Choose parameters on one stretch of history, trade them on the next, step on, and put the tests together.

    What comes out of sample is one account: each test begins with the equity that the tests before it left, and ends
    flat: what it holds at its last close is closed there, with costs. Between tests, and where no trial qualified, the
    account holds cash. Every fold's search is that of ``tw.optimize`` over the bars up to the end of its training part
    and no others, begins with the walk's ``cash``, and is counted in the trial ledger.

    Lengths are bars (``500``, ``"500 bars"``), sessions (``"252d"``), or calendar weeks, months and years (``"12w"``,
    ``"6mo"``, ``"2y"``). Windows are whole sessions: on shorter bars, an edge that would tear a session moves back to
    its beginning. The first training part begins when the largest warm-up of the space is over.

    A walk that is broken off goes on where it was when it is called again with the same arguments.

    Parameters
    ----------
    strategy : Strategy class or function
    bars : Bars, or mapping of symbol to Bars, or a sequence of Bars
    params : mapping of name to values
        What to try, as in ``tw.optimize``.
    train, test : int or str
        How long to train and to test.
    step : int or str, optional
        From one test to the next; ``test`` by default. Tests may not overlap.
    gap : int
        Bars left out at the end of every training part (embargo).
    anchored : bool
        Whether training always begins at the first bar and grows; else it keeps its length.
    partial : bool
        Whether a last test is kept that the end of the data cuts short.
    objective : str or function of the Result
        By what the best trial is chosen; one.
    min_trades : int
        A trial with fewer closed trades in training cannot be chosen.
    maximize, where, method, trials, constraints, metrics, prune, fixed, executor, workers, family, ledger
        Of every fold's search, as in ``tw.optimize``.
    seed : int
        Of the sampler and of the strategies' generators.
    risk_free : float
        Yearly rate for the metrics, a fraction.
    benchmark : Bars, optional
        For relative metrics.
    progress : callable, optional
        Called with (trials done over all folds, trials in all or None, best trial so far of the fold or None).
    **options
        Everything else that ``tw.backtest`` takes: dates, cash, costs, limits, policies, engine.

    Returns
    -------
    WalkForwardResult

    Raises
    ------
    TradewrightError
        One sentence on what is wrong and what to do: no window, tests that overlap, nothing to try.
    """
    from tradewright.app.walk import forward
    from tradewright.research.windows import WalkPlan

    plan = WalkPlan.of(train, test, step, gap=gap, anchored=anchored, keep_partial=partial)
    wish = Wish(objective, maximize, bounds_of(constraints, min_trades), metrics, prune, fixed, family, where)
    run: dict[str, Any] = {"seed": seed_number(seed), "risk_free": risk_free, "benchmark": benchmark}
    walk = forward.Walk(job_of(strategy, bars, params, wish, **run, **_left_open(options)), plan)
    tools = samplers(walk.job, method, trials), chooser(executor, workers), ledger_of(ledger), time.monotonic
    return result_of(walk.job, forward.walk_forward(walk, forward.WalkMeans(*tools, progress, seed)))


def samplers(job: Job, method: str, trials: int | None) -> Callable[[], Sampler]:
    """Gives samplers that have not been asked yet; all of them ask alike."""
    from tradewright.bootstrap.samplers import sampler_for

    objectives = tuple(aim.objective for aim in job.aims)

    def fresh() -> Sampler:
        return sampler_for(method, job.space, objectives=objectives, trials=trials, seed=job.plan.seed, where=job.where)

    return fresh


def _left_open(options: dict[str, Any]) -> dict[str, Any]:
    """The options of a training run, which marks what is open at its end."""
    if not options.pop("finalize", True):
        raise ConfigError("Every test of a walk ends flat, so that the next one can begin.", hint="Leave out finalize.")
    return options


def result_of(job: Job, record: WalkRecord) -> WalkForwardResult:
    """What the user is given for a record."""
    from tradewright.app.backtest import quality_of
    from tradewright.app.walk.numbers import numbers_of
    from tradewright.reporting.evidence import Evidence
    from tradewright.reporting.result import Result
    from tradewright.reporting.walk.result import WalkForwardResult

    config = record.stitched.config
    plan = replace(job.plan, start=config.start, end=config.end)
    evidence = Evidence(quality=lambda: quality_of(plan))
    result = Result(record.stitched, risk_free=job.risk_free, benchmark=job.benchmark, evidence=evidence)
    return WalkForwardResult(record, result, numbers_of(record))
