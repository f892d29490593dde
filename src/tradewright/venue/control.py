"""The sandbox's own calls, under `/sandbox`: where the tape stands, and moving it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse
from starlette.routing import Route

from .alpaca.errors import error_body, status_of
from .fields import json_object, whole
from .gateway import MARK
from .refusals import Refusal
from .wording import instant_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from .desk import SandboxDesk

__all__ = ["control_routes"]

MOST_BARS = 10_000_000


def control_routes(desk: SandboxDesk) -> list[Route]:
    """The routes of the sandbox itself; they need no key."""

    async def state(_: Request) -> Response:
        return JSONResponse(state_json(desk), headers=MARK)

    async def advance(request: Request) -> Response:
        try:
            bars = whole(json_object(await request.body()), "bars", 1, most=MOST_BARS)
        except Refusal as refusal:
            return JSONResponse(error_body(refusal), status_of(refusal), headers=MARK)
        done = desk.venue.advance(bars)
        return JSONResponse({"advanced": done, **state_json(desk)}, headers=MARK)

    return [Route("/sandbox", state), Route("/sandbox/advance", advance, methods=["POST"])]


def state_json(desk: SandboxDesk) -> dict[str, Any]:
    """Where the sandbox stands."""
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
        "seed": desk.venue.terms.seed,
    }
