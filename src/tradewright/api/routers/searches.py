"""Searches, ended or under way: their heads, and their trials as pictures."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from tradewright.app.runs.studies import KeptSearch
from tradewright.app.search.following import tried_so_far
from tradewright.bootstrap.control_room import ControlRoom
from tradewright.domain.control.events import topic_of
from tradewright.domain.control.jobs import Job
from tradewright.domain.errors import DataNotAvailableError
from tradewright.domain.kept_run import KeptRun, short_id
from tradewright.domain.search import TriedSoFar

from ..dependencies import NamedRun, Room
from ..schemas.base import Page
from ..schemas.jobs import RunRequest
from ..schemas.searches import (
    MapQuery,
    SearchLines,
    SearchMap,
    SearchMapSoFar,
    SearchSoFar,
    SearchView,
    TrialFilter,
    TrialRow,
)
from ..search_words import lines_document, map_document, trials_page, view_of, view_so_far
from ..trial_requests import request_of_trial

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["runs"])

JobId = Annotated[str, Path(max_length=64)]


@router.get("/runs/{run_id}/search")
def get_search(room: Room, run: NamedRun) -> SearchView:
    """The head of the search of which the run is the best: N, DSR and PBO beside it, and what they mean."""
    return view_of(_kept(room, run))


@router.get("/runs/{run_id}/search/map")
def get_search_map(room: Room, run: NamedRun, asked: Annotated[MapQuery, Query()]) -> SearchMap:
    """Its trials over two parameters."""
    return map_document(_kept(room, run).findings.record, asked)


@router.get("/runs/{run_id}/search/lines")
def get_search_lines(room: Room, run: NamedRun) -> SearchLines:
    """Its trials as lines over parameters and outcomes."""
    return lines_document(_kept(room, run).findings.record)


@router.get("/runs/{run_id}/trials")
def list_trials(room: Room, run: NamedRun, asked: Annotated[TrialFilter, Query()]) -> Page[TrialRow]:
    """Its trials."""
    return trials_page(_kept(room, run), asked)


@router.get("/runs/{run_id}/trials/{number}/request")
def get_trial_request(room: Room, run: NamedRun, number: Annotated[int, Path(ge=0, lt=1 << 31)]) -> RunRequest:
    """What to send to `POST /v1/runs` to run one of its trials by itself, with the same numbers."""
    return request_of_trial(room, run, _kept(room, run), number)


@router.get("/jobs/{job_id}/search")
def get_job_search(room: Room, job_id: JobId) -> SearchSoFar:
    """The head of a search under way: the best so far, and that nothing is known of luck yet."""
    seq, job, tried = _under_way(room, job_id)
    total = None if job.progress is None or job.progress.total is None else int(job.progress.total)
    return SearchSoFar(seq=seq, **dict(view_so_far(tried, str(job.request.get("strategy", "")), total)))


@router.get("/jobs/{job_id}/search/map")
def get_job_search_map(room: Room, job_id: JobId, asked: Annotated[MapQuery, Query()]) -> SearchMapSoFar:
    """Its trials so far over two parameters."""
    seq, _, tried = _under_way(room, job_id)
    return SearchMapSoFar(seq=seq, trials=len(tried.trials), **dict(map_document(tried, asked)))


def _kept(room: ControlRoom, run: KeptRun) -> KeptSearch:
    found = room.studies.search(run)
    if found is None:
        raise DataNotAvailableError(f"The run {short_id(run.id)} has no trials: it is a {run.label.kind}.")
    return found


def _under_way(room: ControlRoom, job_id: str) -> tuple[int, Job, TriedSoFar]:
    # Read before the trials: what happens in between is told once more, and is not lost.
    seq = room.events.head(topic_of("jobs", job_id))
    job = room.jobs.job(job_id)
    search = None if job.progress is None else job.progress.search
    if search is None:
        raise DataNotAvailableError(f"The job {short_id(job.id)} has made no trials of one search yet.")
    return seq, job, tried_so_far(room.trials, search, job.request)
