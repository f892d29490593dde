"""What a run would cost, from what the store knows without opening a bar."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from tradewright.app.backtest import bytes_for_rows, free_memory
from tradewright.domain.control.jobs import JobKind, JobQuery, JobState
from tradewright.domain.control.paging import Slice
from tradewright.domain.errors import TradewrightError
from tradewright.domain.timeframe import Timeframe

from .schemas.jobs import RunEstimate, RunRequest, SeriesEstimate

if TYPE_CHECKING:
    from tradewright.bootstrap.control_room import ControlRoom
    from tradewright.domain.stored import StoredVersion

__all__ = ["estimated"]

_NS_PER_DAY = 86_400 * 1_000_000_000
_LATEST = 50
_NO_MEASURE = "no run of this kind and strategy has ended yet"


def estimated(room: ControlRoom, asked: RunRequest, words: dict[str, Any]) -> RunEstimate:
    """What a request would read and take."""
    problems = _problems(room, asked, words)
    series = [] if asked.source == "synthetic" else [_series(room, asked, symbol) for symbol in asked.symbols or ()]
    if asked.source != "auto":
        problems += [f"There are no bars of {each.symbol} in the store." for each in series if each.rows is None]
    known = [each.rows for each in series if each.rows is not None]
    rows = sum(known) if known and len(known) == len(series) else None
    memory, free = None if rows is None else bytes_for_rows(rows), free_memory()
    seconds = _seconds(room, asked)
    return RunEstimate(
        rows=rows,
        trials=_trials(asked),
        memory_bytes=memory,
        free_bytes=free,
        fits=None if memory is None or free is None else memory <= free,
        seconds=seconds,
        seconds_reason=_NO_MEASURE if seconds is None else None,
        series=series,
        problems=problems,
    )


def _problems(room: ControlRoom, asked: RunRequest, words: dict[str, Any]) -> list[str]:
    try:
        room.jobs.commands.words(asked.kind, words)
    except TradewrightError as error:
        return [str(error)]
    return []


def _series(room: ControlRoom, asked: RunRequest, symbol: str) -> SeriesEstimate:
    stored = _stored(room, asked, symbol)
    if stored is None:
        return SeriesEstimate(symbol=symbol, rows=None, first=None, last=None, gravity=None)
    gravity = None if stored.quality is None else stored.quality.gravity
    return SeriesEstimate(
        symbol=symbol,
        rows=_rows_between(stored, asked.start, asked.end),
        first=stored.first,
        last=stored.last,
        gravity=None if gravity is None else gravity.value,
    )


def _stored(room: ControlRoom, asked: RunRequest, symbol: str) -> StoredVersion | None:
    found = room.bars.series(symbol)
    if asked.timeframe is not None:
        try:
            wanted = Timeframe.parse(asked.timeframe)
        except TradewrightError:
            # It stands among the problems already.
            return None
        found = [each for each in found if each.key.timeframe == wanted]
    return next((each for each in found if asked.adjustment in (None, each.key.adjustment.value)), None)


def _rows_between(stored: StoredVersion, start: str | None, end: str | None) -> int:
    """By the share of the days: bars are spread evenly enough over sessions."""
    first, last = stored.first_ns // _NS_PER_DAY, stored.last_ns // _NS_PER_DAY
    begin, stop = max(first, _day(start, first)), min(last, _day(end, last))
    share = max(0, stop - begin + 1) / max(1, last - first + 1)
    return round(stored.rows * min(1.0, share))


def _day(text: str | None, default: int) -> int:
    try:
        return default if text is None else (dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days
    except ValueError:
        # It stands among the problems already.
        return default


def _trials(asked: RunRequest) -> int | None:
    if asked.kind == "backtest":
        return 1
    if asked.trials is not None:
        return asked.trials
    sizes = [_size(each) for each in (asked.space or {}).values()]
    if not sizes or None in sizes or asked.where is not None:
        return None
    count = 1
    for size in sizes:
        count *= size or 1
    return count


def _size(dimension: Any) -> int | None:
    """Values of one parameter; None where they are not counted."""
    if isinstance(dimension, list):
        return len(dimension)
    try:
        low, high, step = float(dimension["low"]), float(dimension["high"]), float(dimension["step"])
        return int((high - low) / step + 1e-9) + 1 if step > 0 <= high - low else None
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _seconds(room: ControlRoom, asked: RunRequest) -> float | None:
    """How long the latest job of this kind and strategy ran."""
    query = JobQuery(frozenset({JobState.DONE}), frozenset({JobKind(asked.kind)}))
    for job in room.jobs.page(query, Slice(_LATEST)).items:
        if job.request.get("strategy") == asked.strategy and job.started_ns and job.ended_ns:
            return (job.ended_ns - job.started_ns) / 1e9
    return None
