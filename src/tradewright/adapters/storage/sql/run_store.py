"""Kept runs as rows; every statement is of the kind that any database understands."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from tradewright.domain.control.paging import Page
from tradewright.domain.errors import NotFoundError
from tradewright.domain.kept_run import Artifact, KeptRun, RunLabel
from tradewright.domain.plain_values import from_plain, to_plain

from .run_lists import conditions, count_of, ids_of
from .tables import artifacts, run_metrics, run_symbols, run_tags, runs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import Connection, Row, Select, Table

    from tradewright.domain.control.paging import Slice
    from tradewright.domain.kept_run import RunQuery, RunSort

    from .database import Database

__all__ = ["SqlRunStore"]

_LABEL = ("id", "created_ns", "name", "note", "kind", "star")
_PLAIN = ("config", "recipe", "evidence")
_WORDS = ("status", "strategy", "timeframe", "first", "last", "record_hash", "config_hash", "code_version")
_MOST_IDS = 20
_AT_ONCE = 500
"""Ids in one statement: databases bound how many values it may carry."""


class SqlRunStore:
    """Runs in a database; see `tradewright.ports.run_store.RunStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def writing(self) -> Iterator[_Writer]:
        """Begin a change."""
        with self._database.writing() as connection:
            yield _Writer(connection)

    def ids(self, prefix: str) -> list[str]:
        """Ids that begin so."""
        with self._database.reading() as connection:
            if connection is None:
                return []
            found = select(runs.c.id).where(runs.c.id.startswith(prefix, autoescape=True)).order_by(runs.c.id)
            return list(connection.execute(found.limit(_MOST_IDS)).scalars())

    def get(self, run_id: str) -> KeptRun | None:
        """The run with exactly that id."""
        found = self._read(select(runs).where(runs.c.id == run_id))
        return found[0] if found else None

    def find(self, query: RunQuery) -> list[KeptRun]:
        """The runs asked for, latest first."""
        return self._read(select(runs).where(*conditions(query)).order_by(runs.c.created_ns.desc(), runs.c.id))

    def page(self, query: RunQuery, sort: RunSort, piece: Slice) -> Page[KeptRun]:
        """One piece of the runs asked for, and how many they are."""
        with self._database.reading() as connection:
            if connection is None:
                return Page([], 0)
            total = count_of(connection, query)
            ids = ids_of(connection, query, sort, piece, total)
            found = {run.id: run for run in _runs(connection, select(runs).where(runs.c.id.in_(ids)))}
        return Page([found[each] for each in ids], total)

    def _read(self, statement: Select[Any]) -> list[KeptRun]:
        with self._database.reading() as connection:
            return [] if connection is None else _runs(connection, statement)


class _Writer:
    """See `tradewright.ports.run_store.RunWriter`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, run: KeptRun) -> None:
        """Keep a run."""
        values = {name: getattr(run.label, name) for name in _LABEL}
        values |= {name: getattr(run, name) for name in _WORDS}
        values |= {name: to_plain(getattr(run, name)) for name in _PLAIN}
        self._connection.execute(insert(runs).values(**values))
        self._insert(run_symbols, run.id, [{"position": at, "symbol": each} for at, each in enumerate(run.symbols)])
        self._insert(run_tags, run.id, [{"position": at, "tag": each} for at, each in enumerate(run.label.tags)])
        measured = [{"key": key, "value": value, "reason": why} for key, (value, why) in run.metrics.items()]
        self._insert(run_metrics, run.id, measured)
        left = [{name: getattr(each, name) for name in Artifact.__dataclass_fields__} for each in run.artifacts]
        self._insert(artifacts, run.id, left)

    def remove(self, run_ids: Iterable[str]) -> None:
        """Forget runs."""
        for run_id in run_ids:
            self._connection.execute(delete(runs).where(runs.c.id == run_id))

    def relabel(self, run_id: str, how: Callable[[RunLabel], RunLabel]) -> KeptRun:
        """Change what is said of a run from outside it."""
        statement = select(runs).where(runs.c.id == run_id)
        found = _runs(self._connection, statement)
        if not found:
            raise NotFoundError(f"There is no kept run '{run_id}'.", hint="Look at: tradewright runs list")
        label = how(found[0].label)
        values = {"name": label.name, "note": label.note, "star": label.star}
        self._connection.execute(update(runs).where(runs.c.id == run_id).values(**values))
        self._connection.execute(delete(run_tags).where(run_tags.c.run_id == run_id))
        self._insert(run_tags, run_id, [{"position": at, "tag": each} for at, each in enumerate(label.tags)])
        return _runs(self._connection, statement)[0]

    def digests(self) -> frozenset[str]:
        """Digests of all artifacts that some run needs."""
        return frozenset(self._connection.execute(select(artifacts.c.digest).distinct()).scalars())

    def _insert(self, table: Table, run_id: str, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(insert(table), [{"run_id": run_id, **row} for row in rows])


_PARTS = {run_symbols: "position", run_tags: "position", run_metrics: "key", artifacts: "name"}


def _runs(connection: Connection, statement: Select[Any]) -> list[KeptRun]:
    rows = connection.execute(statement).all()
    parts = {table.name: _rows_by_run(connection, table, [row.id for row in rows]) for table in _PARTS}
    return [_run(row, {name: found.get(row.id, []) for name, found in parts.items()}) for row in rows]


def _rows_by_run(connection: Connection, table: Table, ids: Sequence[str]) -> dict[str, list[Row[Any]]]:
    """The rows that belong to runs, by run, in their order."""
    found: dict[str, list[Row[Any]]] = {}
    for first in range(0, len(ids), _AT_ONCE):
        some = select(table).where(table.c.run_id.in_(ids[first : first + _AT_ONCE]))
        for row in connection.execute(some.order_by(table.c.run_id, table.c[_PARTS[table]])):
            found.setdefault(row.run_id, []).append(row)
    return found


def _run(row: Row[Any], parts: dict[str, list[Row[Any]]]) -> KeptRun:
    label = {name: getattr(row, name) for name in _LABEL}
    words = {name: getattr(row, name) for name in _WORDS}
    plain = {name: from_plain(getattr(row, name)) for name in _PLAIN}
    return KeptRun(
        RunLabel(**label, tags=tuple(each.tag for each in parts["run_tags"])),
        symbols=tuple(each.symbol for each in parts["run_symbols"]),
        metrics={each.key: (each.value, each.reason) for each in parts["run_metrics"]},
        artifacts=tuple(
            Artifact(each.name, each.media_type, each.size, each.digest, each.place) for each in parts["artifacts"]
        ),
        **words,
        **plain,
    )
