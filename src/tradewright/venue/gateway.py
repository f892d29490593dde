"""From tables of calls to routes of a web server, and from refusals to answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .alpaca.errors import error_body, status_of
from .alpaca.keys import account_of
from .alpaca.trading import Call
from .refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

    from .desk import SandboxDesk

__all__ = ["MARK", "routes_of"]

MARK = {"X-Tradewright-Venue": "SANDBOX"}
"""Stands in every answer: nothing here is a market."""


def routes_of(desk: SandboxDesk, table: Mapping[tuple[str, str], Callable[[Call], tuple[int, Any]]]) -> list[Route]:
    """The routes of a table of calls that need a key."""
    return [Route(path, _endpoint(desk, answer), methods=[method]) for (method, path), answer in table.items()]


def _endpoint(desk: SandboxDesk, answer: Callable[[Call], tuple[int, Any]]) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        body = await request.body()
        try:
            account = account_of(desk.venue, request.headers)
            desk.drive.begin()
            status, said = answer(Call(account, request.path_params, request.query_params, body))
        except Refusal as refusal:
            status, said = status_of(refusal), error_body(refusal)
        return Response(status_code=status, headers=MARK) if said is None else JSONResponse(said, status, headers=MARK)

    return endpoint
