"""Kept runs: the list, the whole of one, and runs side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query

from tradewright.app.runs.studies import SEARCH, WALK
from tradewright.bootstrap.control_room import ControlRoom
from tradewright.domain.control.paging import Slice
from tradewright.domain.errors import ConfigError
from tradewright.domain.kept_run import KeptRun, RunQuery, RunSort

from ..audited import Noted
from ..comparing import compared, compared_series
from ..dependencies import LoadedRun, NamedRun, Room
from ..run_words import detailed_run, listed_run, said_of
from ..schemas.base import Page
from ..schemas.runs import CompareQuery, CompareSeriesQuery, Comparison, ListedRun, RunChange, RunDetail, RunFilter
from ..schemas.series import SeriesDocument
from ..study_words import study
from ..words import instant_ns

__all__ = ["router"]

router = APIRouter(prefix="/v1/runs", tags=["runs"])

_MOST_COMPARED = 8


@router.get("")
def list_runs(room: Room, asked: Annotated[RunFilter, Query()]) -> Page[ListedRun]:
    """Kept runs, the latest first unless sorted otherwise."""
    since_ns, seq = instant_ns("since", asked.since), room.events.head("runs")
    query = RunQuery(asked.strategy, asked.symbol, asked.tag, since_ns, asked.kind, asked.status, asked.star)
    found = room.archive.page(query, RunSort(asked.sort, asked.order == "desc"), Slice(asked.per_page, asked.offset))
    items = [listed_run(run) for run in found.items]
    return Page(items=items, page=asked.page, per_page=asked.per_page, total=found.total, seq=seq)


@router.get("/compare")
def compare_runs(room: Room, asked: Annotated[CompareQuery, Query()]) -> Comparison:
    """Runs side by side: choices, data and metrics that differ, each beside the first run's."""
    return compared(_chosen(room, asked.ids), everything=asked.everything)


@router.get("/compare/series")
def get_compared_series(room: Room, asked: Annotated[CompareSeriesQuery, Query()]) -> SeriesDocument:
    """Equity over the sessions that all runs have, each begun at 100, and each less the first; lines by number."""
    return compared_series(_chosen(room, asked.ids), asked.max_points)


@router.get("/{run_id}")
def get_run(room: Room, run: NamedRun, result: LoadedRun) -> RunDetail:
    """The whole of a run but its tables and curves."""
    studies = {"search": study(room.studies, run, SEARCH), "walk_forward": study(room.studies, run, WALK)}
    return detailed_run(run, result).model_copy(update=studies)


@router.patch("/{run_id}")
def change_run(room: Room, run: NamedRun, asked: RunChange) -> ListedRun:
    """Change what is said of a run: its name, note, tags and star; what is left out stays."""
    said = said_of(asked)
    return listed_run(room.archive.relabel(run, lambda label: replace(label, **said)))


@router.delete("/{run_id}", status_code=204)
def delete_run(room: Room, run: NamedRun, noted: Noted) -> None:
    """Delete a run, and free what no other run needs."""
    noted.update(subject=run.id, name=run.label.name, strategy=run.strategy)
    room.archive.delete([run])
    room.loaded.forget(run.id)


def _chosen(room: ControlRoom, ids: str) -> list[tuple[KeptRun, Mapping[str, Any]]]:
    """The runs of a list of ids, each once, with their documents."""
    named = list(dict.fromkeys(each.strip() for each in ids.split(",") if each.strip()))
    if not 2 <= len(named) <= _MOST_COMPARED:
        raise ConfigError(f"A comparison takes 2 to {_MOST_COMPARED} runs, not {len(named)}.", hint="Choose some.")
    runs = [room.archive.found(run_id) for run_id in named]
    return [(run, room.loaded.result(run).to_dict()) for run in runs]
