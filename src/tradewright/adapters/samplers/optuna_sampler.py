"""Samplers that learn from answers: Optuna's, asked and told in memory.

Questions are made a batch at a time, when everything of the batch before has been answered, and answers are handed on
in order of number: nothing hangs on how many workers there are, or on which of them was faster.

Sources
-------
- Bergstra, Bardenet, Bengio and Kégl, "Algorithms for Hyper-Parameter Optimization", NIPS 2011: TPE.
- Deb, Pratap, Agarwal and Meyarivan, "A fast and elitist multiobjective genetic algorithm: NSGA-II", IEEE Transactions
  on Evolutionary Computation 6(2), 2002, pp. 182-197.
- Akiba, Sano, Yanase, Ohta and Koyama, "Optuna: A Next-generation Hyperparameter Optimization Framework", KDD 2019.
"""

from __future__ import annotations

import math
import warnings
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.errors import ConfigError, MissingExtraError
from tradewright.domain.search import TrialState
from tradewright.research.samplers import RandomSampler, meets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tradewright.domain.search import Trial
    from tradewright.ports.search_order import SearchOrder

    Params = Mapping[str, Any]

__all__ = ["MOST_POPULATION", "TPE_BATCH", "TRIES", "OptunaSampler", "nsga2", "tpe"]

TPE_BATCH = 16
"""Questions of TPE that are made without answers to one another; a quarter of the trials where those are few."""
MOST_POPULATION = 50
"""Of a generation of NSGA-II; a fifth of the trials where those are few."""
TRIES = 10
"""Proposals for one question that may break the condition or repeat another, before chance finds one that does not."""

_VAST = 1e12
"""What an infinite objective counts as: distances between infinities are no numbers."""


def tpe(order: SearchOrder) -> OptunaSampler:
    """Tree-structured Parzen estimator: draws where the good trials lie close and the others do not.

    Raises
    ------
    ConfigError
        When there is no trial or no objective.
    MissingExtraError
        When Optuna is not installed.
    """
    batch = max(1, min(TPE_BATCH, _trials("tpe", order) // 4))
    with _quiet() as optuna:
        sampler = optuna.samplers.TPESampler(
            seed=order.seed, constant_liar=True, n_startup_trials=max(10, batch)
        )  # fmt: skip
    return OptunaSampler("tpe", order, sampler, batch)


def nsga2(order: SearchOrder) -> OptunaSampler:
    """NSGA-II: generations that keep, and cross, what no other trial beats in every objective.

    Raises
    ------
    ConfigError
        When there is no trial or no objective.
    MissingExtraError
        When Optuna is not installed.
    """
    population = max(2, min(MOST_POPULATION, _trials("nsga2", order) // 5))
    with _quiet() as optuna:
        sampler = optuna.samplers.NSGAIISampler(seed=order.seed, population_size=population)
    return OptunaSampler("nsga2", order, sampler, population)


class OptunaSampler:
    """See `tradewright.ports.sampler.Sampler`; `tpe` and `nsga2` make it.

    Nothing is asked twice. A trial that failed, or whose objective is undefined, teaches nothing; one that was pruned
    counts as worse than all others.
    """

    def __init__(self, name: str, order: SearchOrder, sampler: Any, batch: int) -> None:
        if not order.objectives:
            raise ConfigError(f"The sampler '{name}' needs an objective.", hint="Give objective='sharpe'.")
        from .optuna_axes import Axes

        self.name = name
        self.batch: int | None = batch
        self._order = order
        self._trials = _trials(name, order)
        self._axes = Axes(order.space)
        with _quiet() as optuna:
            directions = ["maximize" if each.maximize else "minimize" for each in order.objectives]
            self._study = optuna.create_study(sampler=sampler, directions=directions)
        self._chance: RandomSampler | None = None
        self._seen: set[tuple[str, ...]] = set()
        self._ready: deque[Params] = deque()
        self._open: dict[int, Any] = {}
        self._answers: dict[int, Trial] = {}
        self._asked = 0
        self._is_used_up = False

    @property
    def total(self) -> int | None:
        """Trials asked for, or the whole space where that is smaller."""
        size = self._order.space.size
        return self._trials if size is None else min(self._trials, size)

    def ask(self, most: int) -> list[Params]:
        """The next parameters, at most so many and never beyond the batch; empty when there are no more.

        Raises
        ------
        ConfigError
            When a batch is asked for before the one before is answered; when no combination satisfies the condition,
            or the condition raises.
        """
        if not self._ready and most > 0 and self._asked < self._trials and not self._is_used_up:
            self._make_batch()
        return [self._ready.popleft() for _ in range(min(most, len(self._ready)))]

    def tell(self, trials: Sequence[Trial]) -> None:
        """What came of what was asked.

        Raises
        ------
        ConfigError
            When a trial was not asked for, or was answered before.
        """
        for trial in trials:
            if trial.number not in self._open or trial.number in self._answers:
                raise ConfigError(f"The sampler '{self.name}' did not ask for trial {trial.number}.")
            self._answers[trial.number] = trial
        if len(self._answers) == len(self._open):
            self._hand_on()

    def _hand_on(self) -> None:
        with _quiet() as optuna:
            for number, asked in self._open.items():
                self._answer(optuna, asked, self._answers[number])
        self._open, self._answers = {}, {}

    def _answer(self, optuna: Any, asked: Any, trial: Trial) -> None:
        states = optuna.trial.TrialState
        values = [_bounded(value) for value in trial.values]
        if trial.state is TrialState.PRUNED:
            self._study.tell(asked, state=states.PRUNED)
        elif trial.state is TrialState.FAILED or any(value is None for value in values):
            self._study.tell(asked, state=states.FAIL)
        else:
            self._study.tell(asked, values)

    def _make_batch(self) -> None:
        if self._open:
            raise ConfigError(
                f"The sampler '{self.name}' asks on when its last {len(self._open)} questions are answered.",
                hint="Ask for one batch at a time.",
            )
        for _ in range(min(self.batch or 1, self._trials - self._asked)):
            found = self._question()
            if found is None:
                self._is_used_up = True
                return
            self._open[self._asked], params = found
            self._ready.append(params)
            self._asked += 1

    def _question(self) -> tuple[Any, Params] | None:
        """One that was not asked before and meets the condition; None where there is none left."""
        for _ in range(TRIES):
            found = self._proposal()
            if self._is_new(found[1]) and self._is_meant(found[1]):
                self._seen.add(_key(found[1]))
                return found
            with _quiet() as optuna:
                self._study.tell(found[0], state=optuna.trial.TrialState.FAIL)
        return self._by_chance()

    def _by_chance(self) -> tuple[Any, Params] | None:
        """A point that chance finds: in a finite space every one comes up in the end."""
        if self._chance is None:
            size = self._order.space.size
            rng = np.random.default_rng([self._order.seed, TRIES])
            most = size if size is not None else 2**62
            self._chance = RandomSampler(self._order.space, most, rng=rng, where=self._order.where)
        while drawn := self._chance.ask(1):
            if self._is_new(drawn[0]):
                self._seen.add(_key(drawn[0]))
                return self._proposal(drawn[0])[0], drawn[0]
        return None

    def _proposal(self, params: Params | None = None) -> tuple[Any, Params]:
        """A question of the library, about given parameters or those it likes."""
        with _quiet():
            if params is not None:
                self._study.enqueue_trial(self._axes.drawn(params))
            asked = self._study.ask(self._axes.distributions)
        return asked, self._axes.params(asked.params)

    def _is_new(self, params: Params) -> bool:
        return _key(params) not in self._seen

    def _is_meant(self, params: Params) -> bool:
        return self._order.where is None or meets(self._order.where, params)


def _trials(name: str, order: SearchOrder) -> int:
    if order.trials is None or order.trials < 1:
        said = "does not say how many" if order.trials is None else f"says {order.trials}"
        raise ConfigError(f"A search by '{name}' has at least one trial, and this one {said}.", hint="Give trials=200.")
    return order.trials


def _key(params: Params) -> tuple[str, ...]:
    return tuple(map(repr, params.values()))


def _bounded(value: float | None) -> float | None:
    """A number the library can reckon with; None where it is undefined."""
    if value is None or math.isnan(value):
        return None
    return min(max(float(value), -_VAST), _VAST)


@contextmanager
def _quiet() -> Iterator[Any]:
    """Optuna, saying nothing meanwhile; what the user set for it stays as it is.

    Raises
    ------
    MissingExtraError
    """
    try:
        import optuna
    except ImportError as error:
        raise MissingExtraError(
            "The samplers 'tpe' and 'nsga2' need Optuna.", hint="Install it with: pip install 'tradewright[search]'"
        ) from error
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield optuna
    finally:
        optuna.logging.set_verbosity(before)
