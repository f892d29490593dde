"""The use case: walk forward. Search on a training part, trade the choice on the test after it, step on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from tradewright.app.search.evaluator import asked
from tradewright.app.search.optimise import Means, optimise
from tradewright.app.search.rounds import require_progress
from tradewright.app.search.scoring import Scoring, scoring_of
from tradewright.domain.errors import ConfigError
from tradewright.domain.search import TrialState
from tradewright.domain.walk import Fold, WalkRecord
from tradewright.engine.ground import Ground
from tradewright.engine.run import run
from tradewright.quant.undefined import Undefined
from tradewright.reporting.result import Result
from tradewright.research.stability import walk_efficiency

from .choice import reason_for_none, require_runs
from .crew import WalkCrew
from .ledger import WalkLedger
from .parts import Part, part_plan
from .stitching import Seams, stitched
from .windows import windows_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.app.search.crews import Workload
    from tradewright.app.search.job import Aim, Job
    from tradewright.app.search.rounds import Progress
    from tradewright.domain.record import RunRecord
    from tradewright.domain.search import SearchRecord, Trial
    from tradewright.domain.walk import Window
    from tradewright.ports.executor import Executor
    from tradewright.ports.sampler import Sampler
    from tradewright.ports.trial_ledger import TrialLedger
    from tradewright.research.windows import WalkPlan

__all__ = ["RETURN", "Walk", "WalkMeans", "walk_forward"]

RETURN = "annual_return"
"""The metric whose value in the test is set against that in training."""

_KIND = "walk-forward"
_USED_UP = "the account was used up before this test"


@dataclass(frozen=True)
class Walk:
    """What is to be walked.

    Parameters
    ----------
    job : Job
        Of every fold's search; its plan begins where the walk does. One objective.
    plan : WalkPlan

    Raises
    ------
    ConfigError
        When there is more than one objective.
    """

    job: Job
    plan: WalkPlan

    def __post_init__(self) -> None:
        if len(self.job.aims) > 1:
            raise ConfigError(
                "A walk chooses by one objective: of several, no trial is the best.", hint="Give one objective."
            )
        object.__setattr__(self, "job", replace(self.job, keys=(*self.job.keys, RETURN)))

    @property
    def settings(self) -> dict[str, Any]:
        """The windows as they were asked for, and how many trades a trial must have made."""
        plan, bound = self.plan, self.job.bounds.get("trades")
        return {
            "train": str(plan.train),
            "test": str(plan.test),
            "step": str(plan.step),
            "gap": plan.gap,
            "anchored": plan.anchored,
            "min_trades": 0 if bound is None or bound.low is None else bound.low,
        }


@dataclass(frozen=True)
class WalkMeans:
    """What a walk works with.

    Parameters
    ----------
    sampler : callable
        Gives a sampler that has not been asked yet, one for each fold.
    executor : callable
        Gives the executor for a workload.
    ledger : TrialLedger
    clock : callable
        Seconds from anywhere, for how often trials are kept and progress is told.
    progress : callable, optional
        Called with (trials done over all folds, trials in all or None, best trial so far of the fold or None).
    seed : int
        Of the samplers, for the record.

    Raises
    ------
    ConfigError
        When `progress` cannot be called.
    """

    sampler: Callable[[], Sampler]
    executor: Callable[[Workload], Executor]
    ledger: TrialLedger
    clock: Callable[[], float]
    progress: Progress | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        require_progress(self.progress)


def walk_forward(walk: Walk, means: WalkMeans) -> WalkRecord:
    """Walk forward over the bars of a plan.

    Every window's training part is searched as `optimise` does it, over the bars up to its end and no others, with the
    walk's starting cash: what is chosen does not depend on what came of earlier tests. The best trial is traded on the
    test part, with bars before it as warm-up, the cash that the tests before it left, and what is open at its last
    close closed there with costs. Where no trial has a value, cash is held. Risk limits are counted anew in each test.

    A walk that is broken off is gone on with: trials of its searches that are in the ledger are not evaluated again.

    Raises
    ------
    TradewrightError
        When there is no window, or bars, space or ledger cannot be used, or the strategy fails in a test or in every
        trial of a window.
    KeyboardInterrupt
        Trials so far are in the ledger.
    """
    ground = Ground.of(walk.job.plan)
    scoring = scoring_of(walk.job, ground)
    windows = windows_of(ground, walk.plan, scoring.start)
    with WalkCrew(walk.job, means.executor) as crew:
        course = _Course(walk, means, ground, crew, scoring.warmup_bars)
        for window in windows:
            course.step(window, len(windows))
    course.ledger.finish_all()
    return WalkRecord(
        strategy=walk.job.plan.strategies[0].name,
        objectives=tuple(aim.objective for aim in walk.job.aims),
        folds=course.counted(),
        stitched=stitched(course.seams()),
        settings=walk.settings,
        meta=course.meta(),
    )


class _Course:
    """How far a walk has come."""

    def __init__(self, walk: Walk, means: WalkMeans, ground: Ground, crew: WalkCrew, warmup_bars: int) -> None:
        self.job, self.means, self.ground, self.crew, self.warmup_bars = walk.job, means, ground, crew, warmup_bars
        self.ledger = WalkLedger(means.ledger)
        self.folds: list[Fold] = []
        self.cash = walk.job.plan.cash
        self.trials = 0

    def step(self, window: Window, windows: int) -> None:
        """Search on the training part and trade the choice on the test part."""
        plan = part_plan(self.job, self.part(window.train_start, window.train_end, window.train_last))
        # No window begins before the largest warm-up is over, so that none has to look for it again.
        scoring = Scoring(window.train_start, self.warmup_bars)
        search = optimise(replace(self.job, plan=plan), self.search_means(windows), _KIND, scoring)
        require_runs(search, window.number, self.job.plan.series)
        self.trials += len(search.trials)
        self.folds.append(self.fold(window, search))

    def part(self, start: str, end: str, last_row: int) -> Part:
        """The part from a date to the end of a row."""
        return Part(start, end, int(self.ground.market.close_time[last_row]))

    def search_means(self, windows: int) -> Means:
        """The means of the next fold's search; what it tells of its progress becomes the walk's."""
        means, sampler = self.means, self.means.sampler()
        before, left = self.trials, windows - len(self.folds)
        total = None if sampler.total is None else before + left * sampler.total

        def tell(done: int, _: int | None, best: Trial | None) -> None:
            if means.progress is not None:
                means.progress(before + done, total, best)

        chosen = Means(sampler, means.executor, self.ledger, means.clock, tell, means.seed, windows)
        return replace(chosen, executor=self.crew.executor(chosen.ahead))

    def fold(self, window: Window, search: SearchRecord) -> Fold:
        """What came of a window."""
        best = search.best
        if best is None or self.cash <= 0.0:
            params = None if best is None else best.params
            why = reason_for_none(search) if best is None else _USED_UP
            return Fold(window, search, params, why, None if best is None else best.value, None, None)
        test = self.test(window, best)
        self.cash = float(test.equity[-1])
        result = Result(test, risk_free=self.job.risk_free, benchmark=self.job.benchmark)
        value, reason = _value(self.job.aims[0], result)
        return Fold(window, search, best.params, reason, best.value, test, value, _efficiency(best, result))

    def test(self, window: Window, best: Trial) -> RunRecord:
        """The run of the chosen parameters over the test part."""
        part = self.part(window.test_start, window.test_end, window.test_last)
        changes = {"strategies": [self.job.strategy(best.params)], "cash": self.cash, "finalize": True}
        return run(part_plan(self.job, part, **changes))

    def counted(self) -> tuple[Fold, ...]:
        """The folds, each search with the count at the end of the walk: the same however often it was broken off."""
        count = self.means.ledger.count
        return tuple(
            replace(fold, search=replace(fold.search, count=count(fold.search.header.family, fold.search.header.span)))
            for fold in self.folds
        )

    def seams(self) -> Seams:
        """What the tests are put together from."""
        first, last = self.folds[0].window, self.folds[-1].window
        part = self.part(first.test_start, last.test_end, last.test_last)
        plan = part_plan(self.job, part, finalize=True)
        return Seams(plan, Ground.of(plan), self.folds, self.warmup_bars)

    def meta(self) -> dict[str, Any]:
        """How the walk was carried out."""
        searches = [fold.search.meta for fold in self.folds]
        return {**searches[-1], "resumed": sum(meta["resumed"] for meta in searches), "trials": self.trials}


def _value(aim: Aim, result: Result) -> tuple[float | None, str | None]:
    """The objective of a test, and where the author's own has no value, why."""
    if aim.measure is None:
        return result.metrics[aim.objective.name], None
    return asked(aim.objective.name, partial(aim.measure, result))


def _efficiency(best: Trial, result: Result) -> float | None:
    trained, tested = best.metrics.get(RETURN), result.metrics[RETURN]
    if best.state is not TrialState.DONE or trained is None or tested is None:
        return None
    try:
        return walk_efficiency(tested, trained)
    except Undefined:
        return None
