"""Schedules: what begins by itself, when, and what became of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from tradewright.domain.control.paging import Slice
from tradewright.domain.control.schedules import Wish
from tradewright.domain.moments import utc
from tradewright.reporting.exports import plain

from ..audited import Noted
from ..dependencies import Asker, Room
from ..job_words import job_document
from ..keyed import KeyedRoute
from ..schedule_words import firing_document, schedule_document
from ..schemas.base import Page, Paging
from ..schemas.jobs import Job
from ..schemas.schedules import (
    DueTimesDocument,
    Schedule,
    ScheduleFiring,
    SchedulePatch,
    ScheduleWish,
    TimesQuery,
)

__all__ = ["router"]

router = APIRouter(prefix="/v1/schedules", tags=["schedules"], route_class=KeyedRoute)

_TOPIC = "schedules"
ScheduleId = Annotated[str, Path(max_length=64, description="An id, or a name.")]


@router.get("")
def list_schedules(room: Room, asked: Annotated[Paging, Query()]) -> Page[Schedule]:
    """Schedules by name: when they are due next, when they ran last, and what became of that."""
    seq = room.events.head(_TOPIC)
    found = room.schedules.all()
    items = [schedule_document(each) for each in asked.cut(found)]
    return Page(items=items, page=asked.page, per_page=asked.per_page, total=len(found), seq=seq)


@router.post("", status_code=201)
def add_schedule(room: Room, asker: Asker, response: Response, wish: ScheduleWish) -> Schedule:
    """Have a job begun at certain times; times before now are not missed."""
    said = wish.model_dump()
    made = room.schedules.add(Wish(is_paused=said.pop("paused"), **said), owner=asker.user.name)
    response.headers["Location"] = f"/v1/schedules/{made.schedule.id}"
    return schedule_document(made)


@router.get("/times")
def list_times(room: Room, asked: Annotated[TimesQuery, Query()]) -> DueTimesDocument:
    """The next times of an expression, before a schedule is made of it."""
    return DueTimesDocument(items=[utc(each) for each in room.schedules.upcoming(asked.when, asked.zone, asked.count)])


@router.get("/{schedule_id}")
def get_schedule(room: Room, schedule_id: ScheduleId) -> Schedule:
    """A schedule as it stands."""
    seq = room.events.head(_TOPIC)
    return schedule_document(room.schedules.found(schedule_id), seq)


@router.patch("/{schedule_id}")
def change_schedule(
    room: Room, asker: Asker, noted: Noted, schedule_id: ScheduleId, patch: SchedulePatch
) -> Schedule:  # fmt: skip
    """Have it say something else, or pause it, or let it go on from now on; a job that runs goes on in any case.

    Where it is due at other times it is so from now on; what became of earlier times stays. One that the settings
    declare can be paused, and is changed there.
    """
    before = room.schedules.found(schedule_id).schedule
    noted["subject"] = before.name
    if patch.is_pause:
        return schedule_document((room.schedules.pause if patch.paused else room.schedules.resume)(before.id))
    change = room.schedules.change(before.id, patch.values, asker.user.name, patch.revision)
    noted["before"] = plain({name: then for name, (then, _) in change.values.items()})
    return schedule_document(room.schedules.found(before.id))


@router.delete("/{schedule_id}", status_code=204)
def remove_schedule(room: Room, noted: Noted, schedule_id: ScheduleId) -> None:
    """Take it away with what is known of its times; jobs stay, and one that runs goes on."""
    noted["subject"] = room.schedules.remove(schedule_id).name


@router.post("/{schedule_id}/run", status_code=202)
def run_schedule(room: Room, noted: Noted, response: Response, schedule_id: ScheduleId) -> Job:
    """Begin its job now, paused or not; its next time stays. While its last job is not over it is refused."""
    job = room.schedules.run(schedule_id)
    noted["subject"] = room.schedules.found(schedule_id).schedule.name
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return job_document(job)


@router.get("/{schedule_id}/firings")
def list_firings(room: Room, schedule_id: ScheduleId, asked: Annotated[Paging, Query()]) -> Page[ScheduleFiring]:
    """What became of its times, latest first."""
    seq = room.events.head(_TOPIC)
    found = room.schedules.firings(schedule_id, Slice(asked.per_page, asked.offset))
    items = [firing_document(each, room.schedules.job_of(each)) for each in found.items]
    return Page(items=items, page=asked.page, per_page=asked.per_page, total=found.total, seq=seq)
