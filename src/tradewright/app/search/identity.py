"""What makes a search the same search, so that it goes on after a crash, and a configuration the same configuration."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from tradewright.domain.plain_values import to_plain
from tradewright.domain.search import DataSpan, SearchHeader
from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.engine.dates import iso_day
from tradewright.strategy.family import family_of
from tradewright.strategy.own_code import code_digest

if TYPE_CHECKING:
    from tradewright.domain.record import RunConfig, RunRecord
    from tradewright.engine.ground import Ground
    from tradewright.engine.plan import RunPlan
    from tradewright.ports.sampler import Sampler

    from .job import Job

__all__ = ["header_of", "header_of_run"]

RUN = "backtest"
"""How the ledger calls a single run."""


def header_of(job: Job, ground: Ground, sampler: Sampler, seed: int, kind: str = "search") -> SearchHeader:
    """The header of a search; `job.plan.start` is the first scored date.

    Two searches that could differ in any trial have different ids. What the strategy, the objectives and the condition
    call counts with them, so that nothing goes on with the trials of another text.
    """
    default, plan = job.plan.strategies[0], job.plan
    span = span_of(plan, ground)
    settings = _settings(default.source(), plan.config(), span)
    searched = set(job.space)
    fixed = {name: value for name, value in default.params.items() if name not in searched}
    prints = [[name, bars.fingerprint] for name, bars in ground.series.items()]
    family = family_of(default.source(), job.family)
    told = [
        default.name, family, settings, _policies(plan.config()), prints, plan.code_version, kind, job.space.describe(),
        sampler.name, sampler.total, sampler.batch, seed, list(job.keys),
        [[aim.objective.name, aim.objective.maximize, _digest(aim.measure)] for aim in job.aims],
        {key: list(bounds) for key, bounds in job.bounds.items()}, fixed, job.prune, job.risk_free,
        None if job.benchmark is None else job.benchmark.fingerprint,
        _digest(job.where),
    ]  # fmt: skip
    return SearchHeader(
        id=_hash(told),
        kind=kind,
        family=family,
        strategy=default.name,
        span=span,
        settings=settings,
        fixed=fixed,
    )


def header_of_run(record: RunRecord, source: Any, family: str | None = None) -> SearchHeader:
    """The header of a single run of one strategy: a search of one trial.

    Parameters
    ----------
    record : RunRecord
    source : class or function
        What the author wrote.
    family : str, optional
        Declared name of the family.
    """
    (strategy,), sessions = record.strategies, record.timeline.sessions.labels
    span = DataSpan(
        instruments=tuple(sorted(each.id for each in record.instruments)),
        timeframe=record.data[0].timeframe,
        first=record.config.start or iso_day(int(sessions[0]) * NS_PER_DAY),
        last=iso_day(int(sessions[-1]) * NS_PER_DAY),
    )
    settings, counted_as = _settings(source, record.config, span), family_of(source, family)
    return SearchHeader(
        id=_hash([RUN, counted_as, settings, record.hash]),
        kind=RUN,
        family=counted_as,
        strategy=strategy.name,
        span=span,
        settings=settings,
    )


def _settings(source: Any, config: RunConfig, span: DataSpan) -> str:
    """Hash of everything but parameters that makes a configuration: what is done, by which policies, with what.

    Dates are no part of it, nor what the bars say: the same on a day more of history is no other idea.
    """
    policies = {name: value for name, value in _policies(config).items() if name not in ("start", "end")}
    policies["extra"] = {name: value for name, value in config.extra.items() if name != "fingerprints"}
    return _hash([code_digest(source), policies, list(span.instruments), span.timeframe])


def _policies(config: RunConfig) -> dict[str, Any]:
    return {name: getattr(config, name) for name in type(config).__dataclass_fields__}


def span_of(plan: RunPlan, ground: Ground) -> DataSpan:
    """The data that a run is measured on, from its start to the last session."""
    sessions = ground.market.sessions.labels
    first = plan.start or iso_day(int(sessions[0]) * NS_PER_DAY)
    return DataSpan(
        instruments=tuple(sorted(bars.instrument.id for bars in ground.series.values())),
        timeframe=str(ground.market.timeframe),
        first=first,
        last=iso_day(int(sessions[-1]) * NS_PER_DAY),
    )


def _digest(function: Any) -> str | None:
    return None if function is None else code_digest(function)


def _hash(values: Any) -> str:
    plain = json.dumps(to_plain(values), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
