"""The search or the walk-forward that a kept run came from, as documents: what stands by the headline, and tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import DataNotAvailableError
from tradewright.domain.kept_run import short_id

from .schemas.base import Page
from .schemas.runs import StudyRow

if TYPE_CHECKING:
    from tradewright.app.runs.archive import RunArchive
    from tradewright.domain.kept_run import KeptRun

    from .schemas.base import Paging

__all__ = ["SEARCH", "WALK", "study", "study_page"]

SEARCH, WALK = ("search", "trials"), ("walk_forward", "folds")
"""The name of the kept document, and of its table."""


def study(archive: RunArchive, run: KeptRun, kind: tuple[str, str]) -> dict[str, Any] | None:
    """What is kept of the study without its table and its run; None where the run came from none.

    Raises
    ------
    DataNotAvailableError, DataError
        When it is gone or damaged.
    """
    name, table = kind
    found = _document(archive, run, name)
    return None if found is None else {key: value for key, value in found.items() if key not in {table, "result"}}


def study_page(archive: RunArchive, run: KeptRun, kind: tuple[str, str], asked: Paging) -> Page[StudyRow]:
    """A page of the table of the study.

    Raises
    ------
    DataNotAvailableError
        When the run came from no such study.
    """
    name, table = kind
    found = _document(archive, run, name)
    if found is None:
        raise DataNotAvailableError(f"The run {short_id(run.id)} has no {table}: it is a {run.label.kind}.")
    rows = _rows(found[table])
    items = [StudyRow(number=number, values=row) for number, row in enumerate(rows, 1)]
    return Page(items=asked.cut(items), page=asked.page, per_page=asked.per_page, total=len(items))


def _document(archive: RunArchive, run: KeptRun, name: str) -> dict[str, Any] | None:
    content = archive.document(run, name)
    return None if content is None else dict(json.loads(content))


def _rows(table: Any) -> list[dict[str, Any]]:
    """A table by rows: folds are kept so, trials by columns, of which some stand in groups by name."""
    if isinstance(table, Mapping):
        return [_row(table, at) for at in range(len(table["number"]))]
    return [dict(row) for row in table]


def _row(columns: Mapping[str, Any], at: int) -> dict[str, Any]:
    return {name: _row(each, at) if isinstance(each, Mapping) else each[at] for name, each in columns.items()}
