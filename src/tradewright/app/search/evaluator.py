"""From the parameters of trials to their rows: by a sweep of machine code where that can be, else run by run."""

from __future__ import annotations

import math
import threading
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tradewright.domain.errors import TradewrightError
from tradewright.domain.search import TrialState
from tradewright.engine.ground import Ground
from tradewright.engine.run import run
from tradewright.quant.ratios import sharpe
from tradewright.quant.undefined import Undefined
from tradewright.reporting.curves import periods_of
from tradewright.reporting.inputs import CurveInputs, Inputs
from tradewright.reporting.measures import CURVE_KEYS, measured
from tradewright.reporting.result import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from tradewright.engine.compiled.sweep import Sweep, Swept
    from tradewright.engine.plan import RunPlan

    from .job import Aim, Job

    Params = Mapping[str, Any]
    Reading = Callable[[str], tuple[float | int | None, str | None]]

__all__ = ["MOST_BYTES", "Evaluation", "Evaluator", "Task", "asked"]

MOST_BYTES = 256 * 2**20
"""How much of the computed indicators is kept between trials."""


class Task(NamedTuple):
    """Parameters of some trials, to be evaluated up to a date; None is the whole period."""

    trials: tuple[Params, ...]
    until: str | None = None


class Evaluation(NamedTuple):
    """What came of one trial; `returns` are per period, `sharpe` of them and not annualised."""

    state: TrialState
    values: tuple[float | None, ...]
    metrics: dict[str, float | int | None]
    reason: str | None
    sharpe: float | None
    returns: NDArray[np.float64] | None


class _Stage(NamedTuple):
    """What trials up to the same date share."""

    plan: RunPlan
    ground: Ground
    sweep: Sweep | None
    periods: float


class Evaluator:
    """Evaluates trials of one job; several threads may ask at once.

    Parameters
    ----------
    job : Job
    trials : int, optional
        How many there will be, for the choice of the tier.
    ground : Ground, optional
        Of the job's plan.

    Attributes
    ----------
    not_compiled : str or None
        Why trials are not swept by machine code.
    """

    def __init__(self, job: Job, trials: int | None = None, ground: Ground | None = None) -> None:
        self.job = job
        self.not_compiled: str | None = None
        self.trials = trials
        self._stages: dict[str | None, _Stage] = {}
        self._lock = threading.Lock()
        self._ground = ground

    @property
    def is_compiled(self) -> bool:
        """Whether trials are swept by machine code."""
        return self.stage(None).sweep is not None

    @property
    def periods(self) -> float:
        """Return periods of a year."""
        return self.stage(None).periods

    def __call__(self, task: Task) -> list[Evaluation]:
        """Evaluate trials, in their order."""
        stage = self.stage(task.until)
        return [self._contained(params, stage) for params in task.trials]

    def stage(self, until: str | None) -> _Stage:
        """What the trials up to a date share, set up when it is first asked for."""
        with self._lock:
            found = self._stages.get(until)
            if found is None:
                found = self._stages[until] = self._new_stage(until)
            return found

    def _new_stage(self, until: str | None) -> _Stage:
        plan = self.job.plan if until is None else replace(self.job.plan, end=until)
        whole = self._ground if until is None else None
        ground = Ground.of(plan, MOST_BYTES) if whole is None else whole
        periods = periods_of(float(ground.market.timeline(0).sessions_per_year), ground.market.timeframe)
        return _Stage(plan, ground, self._sweep_of(plan, ground), periods)

    def _sweep_of(self, plan: RunPlan, ground: Ground) -> Sweep | None:
        slow = [key for key in self.job.keys if key not in CURVE_KEYS and key != "trades"]
        if slow or any(aim.measure is not None for aim in self.job.aims):
            self.not_compiled = f"{slow[0] if slow else 'the objective'} needs the whole record of each run"
        elif plan.engine == "python" or find_spec("numba") is None:
            self.not_compiled = "the interpreted engine was asked for"
        else:
            from tradewright.engine.compiled.sweep import open_sweep

            params = plan.strategies[0].params
            try:
                # A strategy runs once, and that of the plan has: for the stage before this one.
                first = self.job.strategy({name: params[name] for name in self.job.space})
                found = open_sweep(replace(plan, strategies=[first]), ground, self.job.strategy, self.trials)
            except TradewrightError as error:
                # What its trial will say as well; the others may run.
                found = f"the first combination cannot be set up: {error.message}"
            if not isinstance(found, str):
                return found
            self.not_compiled = found
        return None

    def _contained(self, params: Params, stage: _Stage) -> Evaluation:
        """One trial; what its strategy or its parameters raise is its failure and nobody else's."""
        try:
            swept = None if stage.sweep is None else stage.sweep.evaluate(params)
            if swept is not None and swept.trades is not None:
                return self._of_sweep(swept, stage)
            return self._of_run(params, stage)
        except TradewrightError as error:
            return Evaluation(TrialState.FAILED, (None,) * len(self.job.aims), {}, str(error), None, None)

    def _of_sweep(self, swept: Swept, stage: _Stage) -> Evaluation:
        inputs = CurveInputs(
            swept.curve,
            swept.final_equity,
            swept.max_drawdown,
            periods=stage.periods,
            risk_free=self.job.risk_free,
        )

        def read(key: str) -> tuple[float | int | None, str | None]:
            return (swept.trades, None) if key == "trades" else measured(key, inputs)

        return self._judged(read, inputs, None)

    def _of_run(self, params: Params, stage: _Stage) -> Evaluation:
        plan = replace(stage.plan, strategies=[self.job.strategy(params)])
        result = Result(run(plan, stage.ground), risk_free=self.job.risk_free, benchmark=self.job.benchmark)
        metrics = result.metrics
        return self._judged(lambda key: (metrics[key], metrics.reason(key)), metrics.inputs, result)

    def _judged(self, read: Reading, inputs: Inputs | CurveInputs, result: Result | None) -> Evaluation:
        metrics = {key: read(key)[0] for key in self.job.keys}
        scored = [self._value(aim, read, result) for aim in self.job.aims]
        values, reasons = [value for value, _ in scored], [reason for _, reason in scored if reason]
        outside = self._outside(metrics)
        if outside is not None:
            values, reasons = [None] * len(values), [outside]
        if metrics.get("trades") == 0 and any(value is None for value in values):
            reasons = ["no trade was closed", *reasons]
        returns, ratio = returns_and_ratio(inputs)
        reason = "; ".join(dict.fromkeys(reasons)) or None
        return Evaluation(TrialState.DONE, tuple(values), metrics, reason, ratio, returns)

    def _value(self, aim: Aim, read: Reading, result: Result | None) -> tuple[float | None, str | None]:
        name = aim.objective.name
        if aim.measure is None or result is None:
            value, reason = read(name)
            return value, None if reason is None else f"{name} is undefined because {reason}"
        return asked(name, partial(aim.measure, result))

    def _outside(self, metrics: Mapping[str, float | int | None]) -> str | None:
        for key, (low, high) in self.job.bounds.items():
            value = metrics[key]
            if value is None:
                return f"{key} is undefined and was to lie within bounds"
            if low is not None and value < low:
                return f"{key} {value:g} is below {low:g}"
            if high is not None and value > high:
                return f"{key} {value:g} is above {high:g}"
        return None


def asked(name: str, ask: Callable[[], Any]) -> tuple[float | None, str | None]:
    """The value of the user's own objective, or why it has none."""
    try:
        value = float(ask())
    except Exception as error:  # noqa: BLE001 - the border where the author's objective is contained
        return None, f"the objective {name} raised {type(error).__name__}: {error}"
    if not math.isfinite(value):
        return None, f"the objective {name} gave {value}"
    return value, None


def returns_and_ratio(inputs: Inputs | CurveInputs) -> tuple[NDArray[np.float64] | None, float | None]:
    """Returns per period, and their Sharpe ratio, not annualised; None where it is undefined."""
    try:
        returns = np.asarray(inputs.returns)
    except Undefined:
        return None, None
    try:
        return returns, sharpe(returns, 1.0, inputs.risk_free)
    except Undefined:
        return returns, None
