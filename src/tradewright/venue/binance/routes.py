"""Binance's routes, under `/api/v3`, and its sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.responses import JSONResponse
from starlette.routing import Route

from tradewright.venue.marks import MARK
from tradewright.venue.refusals import Refusal

from .errors import error_body, status_of
from .market import MARKET
from .signing import account_of_query
from .streams import market_stream, user_stream
from .trading import TRADING, Call

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request

    from tradewright.venue.desk import SandboxDesk

__all__ = ["STREAMS", "binance_routes"]

STREAMS = {
    "/ws-api/v3": user_stream,
    **dict.fromkeys(("/ws", "/ws/{number}", "/stream/ws", "/stream/ws/{number}"), market_stream),
}
"""Sockets by their paths. ccxt tells spot by the word ``/stream`` in an address."""


def binance_routes(desk: SandboxDesk) -> list[Route]:
    """The routes of Binance's spot protocol."""

    def signed(text: str, said: Mapping[str, str], request: Request, call: Any) -> Any:
        account = account_of_query(desk.venue, request.headers.get("x-mbx-apikey"), text, said)
        desk.drive.begin()
        return call(Call(desk.venue, account, said))

    def open_to_all(_: str, said: Mapping[str, str], __: Request, call: Any) -> Any:
        return call(desk.venue, said)

    tables = ((MARKET, open_to_all), (TRADING, signed))
    return [
        Route(f"/api/v3/{name}", _endpoint(call, carry), methods=[method])
        for table, carry in tables
        for (method, name), call in table.items()
    ]


def _endpoint(call: Any, carry: Callable[..., Any]) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def endpoint(request: Request) -> JSONResponse:
        text = request.url.query + (await request.body()).decode("utf-8", "replace")
        said = dict(parse_qsl(text, keep_blank_values=True))
        try:
            return JSONResponse(carry(text, said, request, call), headers=MARK)
        except Refusal as refusal:
            body = {**error_body(refusal), **{k: v for k, v in refusal.fields.items() if k == "data"}}
            status = 409 if body["code"] == -2021 else status_of(refusal)
            return JSONResponse(body, status, headers=MARK)

    return endpoint
