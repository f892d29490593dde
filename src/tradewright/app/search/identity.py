"""What makes a search the same search, so that it goes on after a crash, and a configuration the same configuration."""

from __future__ import annotations

import hashlib
import inspect
import json
from typing import TYPE_CHECKING, Any

from tradewright.domain.plain_values import to_plain
from tradewright.domain.search import DataSpan, SearchHeader
from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.engine.dates import iso_day
from tradewright.engine.recording import source_hash
from tradewright.strategy.family import family_of

if TYPE_CHECKING:
    from tradewright.engine.ground import Ground
    from tradewright.engine.plan import RunPlan
    from tradewright.ports.sampler import Sampler

    from .job import Job

__all__ = ["header_of", "settings_of", "span_of"]


def header_of(job: Job, ground: Ground, sampler: Sampler, seed: int, kind: str = "search") -> SearchHeader:
    """The header of a search; `job.plan.start` is the first scored date."""
    default = job.plan.strategies[0]
    settings = settings_of(job.plan, ground)
    told = [
        settings, kind, job.space.describe(), sampler.name, sampler.total, sampler.batch, seed, list(job.keys),
        [[aim.objective.name, aim.objective.maximize, _text(aim.measure)] for aim in job.aims],
        {key: list(bounds) for key, bounds in job.bounds.items()}, dict(job.fixed), job.prune, job.risk_free,
        None if job.benchmark is None else job.benchmark.fingerprint,
    ]  # fmt: skip
    return SearchHeader(
        id=_hash(told),
        kind=kind,
        family=family_of(default.source(), job.family),
        strategy=default.name,
        span=span_of(job.plan, ground),
        settings=settings,
    )


def settings_of(plan: RunPlan, ground: Ground) -> str:
    """Hash of everything but the parameters that decides what a run gives: text, policies, bars, version."""
    strategy = plan.strategies[0]
    config = plan.config()
    policies = {name: getattr(config, name) for name in type(config).__dataclass_fields__}
    prints = [[name, bars.fingerprint] for name, bars in ground.series.items()]
    return _hash([strategy.name, source_hash(strategy), policies, prints, plan.code_version])


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


def _text(measure: Any) -> str | None:
    if measure is None:
        return None
    try:
        return hashlib.sha256(inspect.getsource(measure).encode()).hexdigest()
    except (OSError, TypeError):
        return repr(getattr(measure, "__qualname__", measure))


def _hash(values: Any) -> str:
    plain = json.dumps(to_plain(values), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
