"""Whether the server and its parts are up."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from tradewright.bootstrap.control_room import ControlRoom
from tradewright.domain.control.duties import ALERTS, SCHEDULES
from tradewright.domain.errors import TradewrightError
from tradewright.domain.moments import utc

from ..dependencies import Room
from ..schemas.health import Health, HealthPart, HealthParts

__all__ = ["router"]

router = APIRouter(prefix="/v1/health", tags=["health"])

_LITTLE_DISK = 1 << 30
_LONG_SILENT_S = 20.0


@router.get("")
def get_health(room: Room) -> Health:
    """The server answers; nothing else is asked."""
    return Health(status="ok", version=room.version, time=utc(room.now_ns()))


@router.get("/ready", responses={HTTPStatus.SERVICE_UNAVAILABLE: {"model": Health, "description": "Not ready"}})
def get_ready(room: Room) -> JSONResponse:
    """Whether requests can be served: the stores answer."""
    part = _database(room)
    health = Health(status="ok", version=room.version, time=utc(room.now_ns()))
    if part.state != "ok":
        health = health.model_copy(update={"status": "not_ready", "reason": part.sentence})
    status = HTTPStatus.OK if health.status == "ok" else HTTPStatus.SERVICE_UNAVAILABLE
    return JSONResponse(health.model_dump(mode="json"), status)


@router.get("/parts")
def get_parts(room: Room) -> HealthParts:
    """Each part, and whether it does what it is for."""
    parts = [_database(room), *_bus(room), *_duties(room), _bars(room), _disk(room)]
    return HealthParts(items=parts, time=utc(room.now_ns()))


def _asked(name: str, ask: Callable[[], str]) -> HealthPart:
    begun = time.monotonic()
    try:
        sentence = ask()
    except TradewrightError as error:
        return HealthPart(name=name, state="fail", sentence=str(error), lag_s=time.monotonic() - begun)
    return HealthPart(name=name, state="ok", sentence=sentence, lag_s=time.monotonic() - begun)


def _database(room: ControlRoom) -> HealthPart:
    def ask() -> str:
        room.archive.store.ids("none")
        return "The database answers."

    return _asked("database", ask)


def _bus(room: ControlRoom) -> list[HealthPart]:
    """What wakes the readers of other hosts, where there is one; without it everything works, only slower."""
    if room.bus is None:
        return []
    begun = time.monotonic()
    found = room.bus.standing()
    state: Literal["ok", "notice"] = "ok" if found.is_up else "notice"
    return [HealthPart(name="event bus", state=state, sentence=found.sentence, lag_s=time.monotonic() - begun)]


def _duties(room: ControlRoom) -> list[HealthPart]:
    return [_duty(room, name) for name in (ALERTS, SCHEDULES)]


def _duty(room: ControlRoom, name: str) -> HealthPart:
    """Who looks after alerts or schedules; its age is that of the last sign of life, on the clock of who gave it."""
    try:
        duty = room.duties.get(name)
    except TradewrightError as error:
        return HealthPart(name=name, state="fail", sentence=str(error))
    age_s = None if duty is None else max(0.0, (room.now_ns() - duty.beat_ns) / 1e9)
    if duty is None or age_s is None or age_s > _LONG_SILENT_S:
        sentence = f"Nobody looks after {name}; `tradewright serve` does, and a worker with the role {name}."
        return HealthPart(name=name, state="notice", sentence=sentence, age_s=age_s)
    return HealthPart(name=name, state="ok", sentence=f"{duty.place} looks after {name}.", age_s=age_s)


def _bars(room: ControlRoom) -> HealthPart:
    def ask() -> str:
        count = len(room.bars.series())
        return f"The store of bars has {count:,} series."

    return _asked("bars", ask)


def _disk(room: ControlRoom) -> HealthPart:
    place = next(each for each in (room.folder, *room.folder.absolute().parents) if each.exists())
    free = shutil.disk_usage(place).free
    sentence = f"{free / 1e9:,.1f} GB are free where the stores lie."
    return HealthPart(name="disk", state="notice" if free < _LITTLE_DISK else "ok", sentence=sentence)
