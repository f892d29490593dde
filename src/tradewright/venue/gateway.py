"""From tables of calls to routes of a web server, and from refusals to answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute

from .alpaca.errors import error_body, status_of
from .alpaca.keys import account_of
from .alpaca.trading import Call
from .marks import MARK
from .refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request
    from starlette.websockets import WebSocket

    from .desk import SandboxDesk

__all__ = ["routes_of", "sockets_of"]


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


def sockets_of(
    desk: SandboxDesk, table: Mapping[str, Callable[[SandboxDesk, WebSocket], Awaitable[None]]]
) -> list[WebSocketRoute]:
    """The routes of a table of streams."""

    def endpoint(serve: Callable[[SandboxDesk, WebSocket], Awaitable[None]]) -> Callable[[WebSocket], Awaitable[None]]:
        async def stream(socket: WebSocket) -> None:
            await serve(desk, socket)

        return stream

    return [WebSocketRoute(path, endpoint(serve)) for path, serve in table.items()]
