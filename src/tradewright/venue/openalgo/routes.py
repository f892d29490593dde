"""OpenAlgo's routes: every call is a POST whose body carries the key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse
from starlette.routing import Route

from tradewright.venue.fields import json_object, text
from tradewright.venue.marks import MARK
from tradewright.venue.refusals import Refusal, Why

from .calls import CALLS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request

    from tradewright.venue.account import VenueAccount
    from tradewright.venue.desk import SandboxDesk

__all__ = ["openalgo_routes"]

_STATUSES = {Why.UNAUTHORISED: 403, Why.UNKNOWN_ORDER: 404, Why.UNKNOWN_POSITION: 404}


def openalgo_routes(desk: SandboxDesk) -> list[Route]:
    """The routes of OpenAlgo's protocol."""
    return [Route(f"/api/v1/{name}", _endpoint(desk, call), methods=["POST"]) for name, call in CALLS.items()]


def _account_of(desk: SandboxDesk, said: Mapping[str, Any]) -> VenueAccount:
    key = text(said, "apikey")
    if key is None:
        raise Refusal(Why.UNAUTHORISED, "Invalid openalgo apikey")
    account = desk.venue.account(key)
    desk.drive.begin()
    return account


def _endpoint(desk: SandboxDesk, call: Callable[[Any, Any], dict[str, Any]]) -> Callable[[Request], Awaitable[Any]]:
    async def endpoint(request: Request) -> JSONResponse:
        body = await request.body()
        try:
            said = json_object(body)
            account = _account_of(desk, said)
            return JSONResponse({"status": "success", **call(account, said)}, headers=MARK)
        except Refusal as refusal:
            words = {"status": "error", "message": refusal.message, "mode": "SANDBOX"}
            return JSONResponse(words, _STATUSES.get(refusal.why, 400), headers=MARK)

    return endpoint
