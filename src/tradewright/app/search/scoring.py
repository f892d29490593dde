"""From which date all trials of a search are scored: the largest warm-up of its space."""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tradewright.domain.errors import DataNotAvailableError, TradewrightError
from tradewright.domain.space import Range
from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.engine.dates import first_row_from, iso_day
from tradewright.engine.staging import bind
from tradewright.research.samplers import meets
from tradewright.strategy.lines import Cursor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tradewright.domain.space import Dimension
    from tradewright.engine.ground import Ground

    from .job import Job

__all__ = ["Scoring", "scoring_of"]

_MOST_SYMBOL_BARS = 200_000_000
"""Up to so many symbol bars of a grid every combination is asked for its warm-up; beyond it the corners are."""

_MOST_CORNERS = 256


class Scoring(NamedTuple):
    """The first scored session, as a date, and the largest warm-up that was found."""

    start: str
    warmup_bars: int


def scoring_of(job: Job, ground: Ground) -> Scoring:
    """Where every trial of a job begins to be scored: at the first session for which all of them are warmed up.

    A combination that cannot be set up has no warm-up; its trial will say why.

    Raises
    ------
    DataNotAvailableError
        When the largest warm-up leaves nothing to score.
    """
    market = ground.market
    rows = len(market)
    asked = _asked(job, rows * len(market.symbols))
    warmup = max((_warmup(job, ground, params) for params in asked), default=1)
    first = max(first_row_from(market.sessions, rows, job.plan.start), warmup - 1)
    sessions = market.sessions
    place = int(np.searchsorted(sessions.first_rows, first))
    if place >= len(sessions.first_rows):
        if first > warmup - 1:
            last = iso_day(int(sessions.labels[-1]) * NS_PER_DAY)
            raise DataNotAvailableError(
                f"No session is left to score from {job.plan.start} on.", hint=f"The last one is of {last}."
            )
        raise DataNotAvailableError(
            f"The longest indicators of the search need {warmup:,} bars and there are {rows:,}, so no session is left "
            "to score.",
            hint="Give more history, or smaller parameters.",
        )
    return Scoring(iso_day(int(sessions.labels[place]) * NS_PER_DAY), warmup)


def _warmup(job: Job, ground: Ground, params: Mapping[str, Any]) -> int:
    try:
        strategy = job.strategy(params)
        bind(strategy, ground, Cursor(ground.market.close_time))
        return strategy.required_warmup_bars()
    except TradewrightError:
        return 1


def _asked(job: Job, symbol_bars: int) -> Iterator[dict[str, Any]]:
    """Every combination of a small grid that makes sense, else the corners of the space."""
    space, where = job.space, job.where
    if space.size is not None and space.size * symbol_bars <= _MOST_SYMBOL_BARS:
        every = (space.at(number) for number in range(space.size))
        yield from (params for params in every if where is None or meets(where, params))
        return
    ends = [_ends(dimension) for dimension in space.values()]
    for corner in islice(product(*ends), _MOST_CORNERS):
        yield dict(zip(space, corner, strict=True))


def _ends(dimension: Dimension) -> tuple[Any, ...]:
    if isinstance(dimension, Range):
        # Not by its values: there may be more of them than memory.
        size, step = dimension.size, 1 if dimension.step is None else dimension.step
        return (dimension.high if size is None else dimension.low + (size - 1) * step, dimension.low)
    if not dimension.is_numeric:
        return dimension.values
    return (max(dimension.values), min(dimension.values))
