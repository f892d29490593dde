"""Which runs are listed, in which order, and how many they are: answered out of indexes, however many runs there are.

The rows of runs are wide, so only the ids of a piece are looked for here; whoever asks reads those rows alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from .tables import run_metrics, run_symbols, run_tags, runs

if TYPE_CHECKING:
    from sqlalchemy import Column, ColumnElement, Connection, Select

    from tradewright.domain.control.paging import Slice
    from tradewright.domain.kept_run import RunQuery, RunSort

__all__ = ["conditions", "count_of", "ids_of"]

_FEW = 1_000
"""So many are sorted in no time; more are read in the order of an index, each asked whether it is meant."""


def conditions(query: RunQuery, *, one_by_one: bool = False) -> list[ColumnElement[bool]]:
    """What a run has to be.

    Parameters
    ----------
    query : RunQuery
    one_by_one : bool
        Whether each run is asked for its symbols and tags, rather than all runs of a symbol or tag gathered first: the
        answer is the same, the work is not.
    """
    found: list[ColumnElement[bool]] = []
    if query.strategy is not None:
        found.append(func.lower(runs.c.strategy).contains(query.strategy.lower(), autoescape=True))
    for column, wanted in ((run_symbols.c.symbol, query.symbol), (run_tags.c.tag, query.tag)):
        if wanted is not None:
            found.append(_has(column, wanted, one_by_one=one_by_one))
    if query.since_ns is not None:
        found.append(runs.c.created_ns >= query.since_ns)
    exact: tuple[tuple[ColumnElement[Any], Any], ...] = (
        (runs.c.kind, query.kind), (runs.c.status, query.status), (runs.c.star, query.star),
    )  # fmt: skip
    return found + [column == wanted for column, wanted in exact if wanted is not None]


def _has(column: Column[Any], wanted: str, *, one_by_one: bool) -> ColumnElement[bool]:
    run_id = column.table.c.run_id
    if one_by_one:
        return select(run_id).where(column == wanted, run_id == runs.c.id).correlate(runs).exists()
    return runs.c.id.in_(select(run_id).where(column == wanted))


def count_of(connection: Connection, query: RunQuery) -> int:
    """How many there are."""
    return _number(connection, select(func.count()).select_from(runs).where(*conditions(query)))


def ids_of(connection: Connection, query: RunQuery, sort: RunSort, piece: Slice, total: int) -> list[str]:
    """The ids of one piece, in order; those without a value come last.

    Parameters
    ----------
    connection : Connection
    query : RunQuery
    sort : RunSort
    piece : Slice
    total : int
        How many there are, as `count_of` says.
    """
    ids: list[str] = []
    passed = 0
    for bucket in _buckets(connection, query, sort, total):
        ids += _some(connection, bucket, piece.limit - len(ids), max(piece.offset - passed, 0))
        if len(ids) == piece.limit or passed >= total:
            return ids
        passed += _number(connection, select(func.count()).select_from(bucket.order_by(None).subquery()))
    return ids


def _buckets(connection: Connection, query: RunQuery, sort: RunSort, total: int) -> list[Select[Any]]:
    """What follows what: those that have a value, those that have none, and of metrics those that know none."""
    asked = conditions(query, one_by_one=total > _FEW)
    if sort.by == "created":
        return [select(runs.c.id).where(*asked).order_by(*_order(sort, runs.c.created_ns, runs.c.id))]
    latest = select(runs.c.id).order_by(runs.c.created_ns.desc(), runs.c.id.desc())
    column = {"name": runs.c.name, "strategy": runs.c.strategy}.get(sort.by)
    if column is not None:
        valued = select(runs.c.id).where(column.is_not(None), *asked).order_by(*_order(sort, column, runs.c.id))
        return [valued, latest.where(column.is_(None), *asked)]
    measured = select(run_metrics.c.run_id).where(run_metrics.c.key == sort.by)
    unmeasured = ~measured.where(run_metrics.c.run_id == runs.c.id).correlate(runs).exists()
    if asked:
        measured = measured.where(_meant(connection, asked, total))
    value, run_id = run_metrics.c.value, run_metrics.c.run_id
    valued = measured.where(value.is_not(None)).order_by(*_order(sort, value, run_id))
    return [valued, measured.where(value.is_(None)).order_by(run_id), latest.where(unmeasured, *asked)]


def _meant(connection: Connection, asked: list[ColumnElement[bool]], total: int) -> ColumnElement[bool]:
    """That a metric is of a run that is asked for."""
    if total > _FEW:
        return select(runs.c.id).where(runs.c.id == run_metrics.c.run_id, *asked).correlate(run_metrics).exists()
    return run_metrics.c.run_id.in_(list(connection.execute(select(runs.c.id).where(*asked)).scalars()))


def _order(sort: RunSort, *columns: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """All in one direction: so an index is read as it lies, or backwards."""
    return [column.desc() if sort.is_descending else column.asc() for column in columns]


def _some(connection: Connection, ids: Select[Any], limit: int, offset: int) -> list[str]:
    return [str(each) for each in connection.execute(ids.limit(limit).offset(offset)).scalars()]


def _number(connection: Connection, statement: Select[Any]) -> int:
    return int(connection.execute(statement).scalar_one())
