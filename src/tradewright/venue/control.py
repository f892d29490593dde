"""The sandbox's own calls, under `/sandbox`: where the tape stands, moving it on, and what is broken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse
from starlette.routing import Route

from tradewright.domain.errors import ConfigError

from .alpaca.errors import error_body, status_of
from .alpaca.keys import account_of
from .faults.kinds import Fault
from .fields import json_object, whole
from .marks import MARK
from .refusals import Refusal, Why
from .wording import instant_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from .desk import SandboxDesk
    from .faults.switchboard import Switch

__all__ = ["control_routes"]

MOST_BARS = 10_000_000


def control_routes(desk: SandboxDesk) -> list[Route]:
    """The routes of the sandbox itself; only acknowledging needs a key."""
    calls = {
        ("GET", ""): _state,
        ("POST", "/advance"): _advance,
        ("POST", "/ack"): _acknowledge,
        ("GET", "/faults"): _faults,
        ("POST", "/faults"): _switch_on,
        ("DELETE", "/faults"): _switch_off,
        ("DELETE", "/faults/{number:int}"): _switch_off,
    }
    return [Route(f"/sandbox{path}", _endpoint(desk, call), methods=[method]) for (method, path), call in calls.items()]


def _endpoint(
    desk: SandboxDesk, call: Callable[[SandboxDesk, Request], Awaitable[Any]]
) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def endpoint(request: Request) -> JSONResponse:
        try:
            return JSONResponse(await call(desk, request), headers=MARK)
        except Refusal as refusal:
            return JSONResponse(error_body(refusal), status_of(refusal), headers=MARK)

    return endpoint


async def _state(desk: SandboxDesk, _: Request) -> dict[str, Any]:
    tape = desk.venue.tape
    return {
        "venue": "SANDBOX",
        "now": instant_of(tape.now_ns),
        "row": tape.row,
        "bars_left": tape.rows_left,
        "is_over": tape.is_over,
        "speed": str(desk.drive.pace),
        "symbols": list(tape.market.symbols),
        "timeframe": str(tape.market.timeframe),
        "accounts": sorted(desk.venue.accounts),
        "listeners": {"orders": len(desk.hub.traders), "bars": len(desk.hub.watchers)},
        "seed": desk.venue.terms.seed,
    }


async def _advance(desk: SandboxDesk, request: Request) -> dict[str, Any]:
    bars = whole(json_object(await request.body()), "bars", 1, most=MOST_BARS)
    return {"advanced": desk.venue.advance(bars), **await _state(desk, request)}


async def _acknowledge(desk: SandboxDesk, request: Request) -> dict[str, Any]:
    account = account_of(desk.venue, request.headers)
    desk.drive.begin()
    desk.barrier.acknowledge(account.key)
    return await _state(desk, request)


async def _faults(desk: SandboxDesk, _: Request) -> dict[str, Any]:
    return {"faults": [_switch_json(switch) for switch in desk.switchboard.switches.values()]}


async def _switch_on(desk: SandboxDesk, request: Request) -> dict[str, Any]:
    try:
        fault = Fault.of(json_object(await request.body()))
    except ConfigError as error:
        raise Refusal(Why.BAD_FIELD, str(error)) from error
    return _switch_json(desk.switchboard.switch_on(fault))


async def _switch_off(desk: SandboxDesk, request: Request) -> dict[str, Any]:
    return {"switched_off": desk.switchboard.switch_off(request.path_params.get("number"))}


def _switch_json(switch: Switch) -> dict[str, Any]:
    return {"number": switch.number, **switch.fault.to_dict(), "met": switch.met, "struck": switch.struck}
