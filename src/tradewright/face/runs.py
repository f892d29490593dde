"""Kept runs: `tw.keep_run`, `tw.load_run`, `tw.kept_runs`, `tw.rerun`, `tw.compare` and `tw.delete_run`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError
from tradewright.face.arguments import iso_date, of_kind, storable_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    import pandas as pd

    from tradewright.domain.kept_run import KeptRun
    from tradewright.reporting.comparison import Comparison
    from tradewright.reporting.result import Result
    from tradewright.reporting.search.result import SearchResult
    from tradewright.reporting.walk.result import WalkForwardResult

__all__ = ["compare", "delete_run", "keep_run", "kept_runs", "load_run", "query_of", "rerun"]

_TAGS = "Pass them as ['first', 'second']."
_HEADLINES = ("total_return", "sharpe", "max_drawdown", "trades")


def keep_run(
    result: Result | SearchResult | WalkForwardResult,
    name: str | None = None,
    note: str = "",
    tags: Sequence[str] = (),
) -> str:
    """Keep a run, so that it can be found, shown, compared and run again.

    Parameters
    ----------
    result : Result, SearchResult or WalkForwardResult
        What `backtest` gave. Of a search the run of its best is kept, of a walk what came out of sample, each with its
        whole JSON document.
    name : str, optional
    note : str
    tags : sequence of str

    Returns
    -------
    str
        The id of the kept run; its first digits are enough to ask for it.

    Raises
    ------
    StorageError, ResourceError
        When it cannot be kept; nothing of it is left then.
    TradewrightError
        When no trial of a search has a value.
    """
    return kept(result, name=name, note=note, tags=tags).id


def kept(
    result: Result | SearchResult | WalkForwardResult, *, name: str | None, note: str, tags: Sequence[str]
) -> KeptRun:
    """Keep a run under a new id, at the present instant."""
    import time
    import uuid

    from tradewright.bootstrap.run_archive import run_archive
    from tradewright.domain.kept_run import RunLabel

    kind, run, documents = _parts(result)
    words = (storable_text("name", name), storable_text("note", note), _words(tags))
    return run_archive().keep(run, RunLabel(uuid.uuid4().hex, time.time_ns(), *words, kind=kind), documents)


def _parts(result: Any) -> tuple[str, Result, dict[str, bytes]]:
    """The kind of what is kept, its run, and the documents that go with it."""
    from tradewright.reporting.result import Result
    from tradewright.reporting.search.result import SearchResult
    from tradewright.reporting.walk.result import WalkForwardResult

    if isinstance(result, SearchResult):
        return "optimize", result.best_result, {"search": result.to_json().encode()}
    if isinstance(result, WalkForwardResult):
        return "walk_forward", result.result, {"walk_forward": result.to_json().encode()}
    return "backtest", of_kind("result", result, Result, "Pass what tw.backtest gave."), {}


def _words(tags: Any) -> tuple[str, ...]:
    """Tags without repetition."""
    from collections.abc import Iterable

    words = (tags,) if isinstance(tags, str) or not isinstance(tags, Iterable) else tuple(tags)
    if not all(isinstance(tag, str) and storable_text("tags", tag).strip() for tag in words):
        raise ConfigError(f"tags={tags!r:.60} are not words.", hint=_TAGS)
    return tuple(dict.fromkeys(words))


def load_run(run_id: str) -> Result:
    """The result of a kept run: same hash, and from the same program same metrics, report and JSON document.

    Metrics are computed from the record when they are asked for; `rerun` says which are others now than when the run
    was kept. Its bars are read again from where they came from when something asks for them (the prices in a report).

    Parameters
    ----------
    run_id : str
        The id, or its first digits.

    Raises
    ------
    DataNotAvailableError
        When there is no such run.
    ConfigError
        When several ids begin so; names them.
    StorageError
        When the store cannot be read.
    """
    from tradewright.bootstrap.run_archive import run_archive
    from tradewright.face.bars_again import OriginReader

    archive = run_archive()
    return archive.load(archive.found(of_kind("run_id", run_id, str, "Pass the id.")), OriginReader())


def kept_runs(
    *,
    strategy: str | None = None,
    symbol: str | None = None,
    tag: str | None = None,
    since: str | dt.date | None = None,
) -> pd.DataFrame:
    """The kept runs, latest first.

    Parameters
    ----------
    strategy : str, optional
        Any part of the name.
    symbol, tag : str, optional
    since : str or date, optional
        First day (UTC) of keeping.

    Returns
    -------
    DataFrame
        Indexed by id: name, note, tags, created (aware UTC), strategy, symbols, timeframe, first, last, hash,
        and the headline metrics as fractions and numbers.
    """
    import pandas as pd

    from tradewright.bootstrap.run_archive import run_archive

    found = run_archive().query(query_of(strategy, symbol, tag, iso_date("since", since)))
    columns = ["name", "note", "tags", "created", "strategy", "symbols", "timeframe", "first", "last", "hash"]
    rows = [_row(run) for run in found]
    frame = pd.DataFrame(rows, columns=[*columns, *_HEADLINES], index=pd.Index([run.id for run in found], name="id"))
    return frame.assign(created=pd.to_datetime(frame["created"], utc=True))


def rerun(run_id: str) -> Result:
    """Run a kept run again, from the text of its strategy and its bars as they were.

    Returns
    -------
    Result
        The new result; its ``meta["same_bytes"]`` says whether record, JSON document and report equal the kept ones,
        and ``meta["differences"]`` what does not.

    Raises
    ------
    ConfigError
        When the run cannot be run again; says why.
    DataError
        When its bars are gone or changed; names them with both fingerprints.
    StrategyError
        When the text of its strategy cannot be run here.
    """
    from tradewright.app.runs.rerun import rerun as run_again
    from tradewright.bootstrap.run_archive import run_archive
    from tradewright.face.bars_again import OriginReader
    from tradewright.face.version import __version__

    archive = run_archive()
    run = archive.found(of_kind("run_id", run_id, str, "Pass the id."))
    found = run_again(archive, run, OriginReader(), __version__)
    found.again.meta.update(same_bytes=found.is_same, differences=list(found.differences))
    return found.again


def compare(*runs: Result | str) -> Comparison:
    """Two or more runs side by side: only what differs.

    Parameters
    ----------
    *runs : Result or str
        Results, ids of kept runs, ``result.json`` files or folders that hold one.

    Returns
    -------
    Comparison
        Prints as text; a table in notebooks; `to_dict` for programs.

    Raises
    ------
    ConfigError
        When fewer than two are given, or one is none of these.
    """
    from tradewright.bootstrap.run_documents import run_document
    from tradewright.reporting.comparison import Comparison

    if len(runs) < 2:
        raise ConfigError("A comparison takes two runs or more.", hint="Pass results or ids.")
    return Comparison.of([run_document(run, load_run) for run in runs])


def delete_run(*run_ids: str) -> None:
    """Delete kept runs; what no other run needs is freed.

    Raises
    ------
    DataNotAvailableError
        When one is not there; nothing is deleted then.
    """
    from tradewright.bootstrap.run_archive import run_archive

    archive = run_archive()
    archive.delete([archive.found(of_kind("run_id", run_id, str, "Pass the id.")) for run_id in run_ids])


def query_of(strategy: str | None, symbol: str | None, tag: str | None, since: str | None) -> Any:
    """What is asked of the store, the day taken as its first instant (UTC)."""
    import datetime as dt

    from tradewright.domain.kept_run import RunQuery

    for name, value in (("strategy", strategy), ("symbol", symbol), ("tag", tag)):
        storable_text(name, value)
    if since is None:
        return RunQuery(strategy, symbol, tag)
    try:
        day = dt.datetime.fromisoformat(since).replace(tzinfo=dt.UTC)
    except ValueError:
        raise ConfigError(f"since='{since}' is not a date.", hint="Write it as '2020-12-31'.") from None
    return RunQuery(strategy, symbol, tag, int(day.timestamp()) * 1_000_000_000)


def _row(run: KeptRun) -> list[Any]:
    label = run.label
    return [
        label.name, label.note, list(label.tags), label.created_ns, run.strategy, list(run.symbols), run.timeframe,
        run.first, run.last, run.record_hash, *(run.metrics.get(key, (None, None))[0] for key in _HEADLINES),
    ]  # fmt: skip
