"""The rounds of a search: ask, evaluate what is not known yet, keep, tell."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.errors import ConfigError
from tradewright.domain.search import Trial, TrialState
from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.engine.dates import first_row_from, iso_day
from tradewright.ports.trial_ledger import KeptTrial

from .evaluator import Evaluation, Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tradewright.domain.search import SearchHeader
    from tradewright.engine.ground import Ground
    from tradewright.ports.executor import Crew

    from .job import Job
    from .optimise import Means

    Params = Mapping[str, Any]
    Numbered = dict[int, Params]

__all__ = ["FIRST_PART", "Progress", "Rounds", "require_progress"]

Progress = Callable[[int, int | None, Trial | None], None]
"""Called with (trials done, trials in all or None, best trial so far or None)."""

FIRST_PART = "first_part"
"""Under this name a row tells its objective on the part of the period on which trials are pruned."""

_ROUND = 4096
_PRUNED_ROUND = 64
_SWEPT_BARS = 4_000_000
_RUN_BARS = 200_000
_MOST_IN_TASK = 64
_KEEP_EVERY_S = 0.5


def require_progress(given: object) -> None:
    """Refuse what cannot be told of progress.

    Raises
    ------
    ConfigError
        When it is something, and cannot be called.
    """
    if given is not None and not callable(given):
        raise ConfigError(f"progress={given!r:.60} cannot be called.", hint="Pass a function, or leave it out.")


class Rounds:
    """Carries out the trials of one search.

    Parameters
    ----------
    job : Job
    means : Means
    header : SearchHeader
    crew : Crew
    ground : Ground
    kept : list of KeptTrial
        Of a search that was broken off.
    """

    def __init__(
        self, job: Job, means: Means, header: SearchHeader, crew: Crew, ground: Ground, kept: list[KeptTrial]
    ) -> None:
        self._job, self._means, self._header, self._crew = job, means, header, crew
        self._known = {each.trial.number: each for each in kept}
        self._pending: list[KeptTrial] = []
        self._done: dict[int, KeptTrial] = {}
        self._best: Trial | None = None
        self._kept_at = means.clock()
        self._until = None if job.prune is None else _part_end(ground, job)
        self._bars = len(ground.market) * len(ground.market.symbols)
        self._in_task = 1

    def run(self, *, swept: bool) -> list[KeptTrial]:
        """All trials, by number.

        Parameters
        ----------
        swept : bool
            Whether machine code evaluates them, so that a worker takes many at a time.
        """
        self._in_task = max(1, min(_MOST_IN_TASK, (_SWEPT_BARS if swept else _RUN_BARS) // self._bars))
        sampler = self._means.sampler
        size = sampler.batch or (_PRUNED_ROUND if self._until is not None else _ROUND)
        self._tell(len(self._known))
        try:
            while asked := sampler.ask(size):
                first = len(self._done)
                self._round({first + place: params for place, params in enumerate(asked)})
                sampler.tell([self._done[first + place].trial for place in range(len(asked))])
        finally:
            self._flush()
        return [self._done[number] for number in sorted(self._done)]

    def _round(self, asked: Numbered) -> None:
        fresh: Numbered = {}
        for number, params in asked.items():
            known = self._known.get(number)
            if known is not None and dict(known.trial.params) == dict(params):
                self._note(known)
            else:
                fresh[number] = params
        parts = self._pruned(asked, fresh) if self._until is not None else {}
        for number, evaluation in self._evaluated({n: p for n, p in fresh.items() if n not in self._done}, None):
            metrics = evaluation.metrics | ({FIRST_PART: parts[number]} if number in parts else {})
            self._keep(number, fresh[number], evaluation._replace(metrics=metrics))

    def _pruned(self, asked: Numbered, fresh: Numbered) -> dict[int, float | None]:
        """Give up the worse half of a round on the first part; the first part's value of each that is left."""
        found = dict(self._evaluated(fresh, self._until))
        parts = {number: each.values[0] if each.values else None for number, each in found.items()}
        earlier = [self._done[number].trial.metrics.get(FIRST_PART) for number in asked if number in self._done]
        scored = [value for value in (*parts.values(), *earlier) if value is not None]
        if not scored:
            return parts
        level, objective = statistics.median(scored), self._job.aims[0].objective
        for number, value in parts.items():
            if found[number].state is TrialState.DONE and value is not None and objective.better(level, value):
                share = f"{self._job.prune:.0%}"
                reason = f"{objective.name} {value:.4g} on the first {share} is worse than the median {level:.4g}"
                given_up = Evaluation(
                    TrialState.PRUNED, (None,), {FIRST_PART: value}, reason, found[number].sharpe, None
                )
                self._keep(number, fresh[number], given_up)
        return parts

    def _evaluated(self, trials: Numbered, until: str | None) -> Iterator[tuple[int, Evaluation]]:
        """Evaluate trials as they come, several in a task; one that takes its worker down is tried by itself."""
        numbers = list(trials)
        groups = [numbers[place : place + self._in_task] for place in range(0, len(numbers), self._in_task)]
        yield from self._mapped(groups, trials, until)

    def _mapped(self, groups: list[list[int]], trials: Numbered, until: str | None) -> Iterator[tuple[int, Evaluation]]:
        broken: list[list[int]] = []
        tasks = [Task(tuple(trials[number] for number in group), until) for group in groups]
        for outcome in self._crew.map(tasks, self._keep_up):
            group = groups[outcome.index]
            if outcome.failure is None:
                yield from zip(group, outcome.value, strict=True)
            elif len(group) > 1:
                broken += [[number] for number in group]
            else:
                values = (None,) * len(self._job.aims)
                yield group[0], Evaluation(TrialState.FAILED, values, {}, outcome.failure, None, None)
        if broken:
            yield from self._mapped(broken, trials, until)

    def _keep(self, number: int, params: Params, found: Evaluation) -> None:
        trial = Trial(number, dict(params), found.state, found.values, found.metrics, found.reason, found.sharpe)
        kept = KeptTrial(trial, found.returns)
        self._pending.append(kept)
        self._note(kept)
        self._keep_up()

    def _note(self, kept: KeptTrial) -> None:
        trial, objective = kept.trial, self._job.aims[0].objective
        self._done[trial.number] = kept
        if trial.value is not None and (
            self._best is None or self._best.value is None or objective.better(trial.value, self._best.value)
        ):
            self._best = trial

    def _keep_up(self) -> None:
        """Keep what came since the last time, now and then: as trials come, and while they let one wait."""
        now = self._means.clock()
        if self._pending and now - self._kept_at >= _KEEP_EVERY_S:
            self._kept_at = now
            self._flush()

    def _flush(self) -> None:
        """Keep what has come, and tell how far the search is."""
        if self._pending:
            pending, self._pending = self._pending, []
            self._means.ledger.record(self._header, pending)
        self._tell(len(self._done))

    def _tell(self, done: int) -> None:
        if self._means.progress is not None:
            self._means.progress(done, self._means.sampler.total, self._best)


def _part_end(ground: Ground, job: Job) -> str:
    """The date on which the part of the period ends on which trials are pruned."""
    sessions = ground.market.sessions
    rows = len(ground.market)
    first = int(np.searchsorted(sessions.first_rows, first_row_from(sessions, rows, job.plan.start)))
    place = first + max(1, int((len(sessions.labels) - first) * (job.prune or 1.0))) - 1
    return iso_day(int(sessions.labels[min(place, len(sessions.labels) - 1)]) * NS_PER_DAY)
