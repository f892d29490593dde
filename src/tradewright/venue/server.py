"""The server: the sandbox behind a port of this machine."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError, MissingExtraError

from .faults.wire import FaultyWire
from .marks import MARK
from .pace import Pace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator

    from uvicorn import Server

    from .desk import SandboxDesk
    from .exchange import SandboxVenue
    from .faults.kinds import Fault

__all__ = ["bind", "make_server", "require_libraries", "running", "serve"]

_LIBRARIES = ("starlette", "uvicorn", "websockets", "msgpack")


def bind(host: str, port: int) -> socket.socket:
    """A listening address; port 0 takes a free one.

    Raises
    ------
    ConfigError
        When it is taken or not to be had.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        raise ConfigError(f"The sandbox cannot listen on {host}:{port}: {error}", hint="Name another --port.") from None
    return listener


def serve(server: Server, listener: socket.socket) -> None:
    """Serve until Ctrl-C, which is raised again when the server has ended; the address is closed then."""
    with contextlib.closing(listener):
        server.run(sockets=[listener])


@contextlib.contextmanager
def running(
    venue: SandboxVenue, speed: str = "lockstep", faults: Iterable[Fault] = (), tws: socket.socket | None = None
) -> Iterator[str]:
    """A sandbox on a free port of this machine, in a thread of its own, for as long as the block lasts.

    `tws` is as of `make_server`.

    Yields
    ------
    str
        Its address, such as ``http://127.0.0.1:51234``.
    """
    listener = bind("127.0.0.1", 0)
    with contextlib.closing(listener):
        server = make_server(venue, Pace.parse(speed), faults, tws)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="sandbox", daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def make_server(
    venue: SandboxVenue, pace: Pace, faults: Iterable[Fault] = (), tws: socket.socket | None = None
) -> Server:
    """A server that waits to be run; `tws` is where it speaks Interactive Brokers' protocol, too.

    Raises
    ------
    MissingExtraError
        Without the web libraries.
    """
    require_libraries()
    import uvicorn

    from .desk import SandboxDesk
    from .prompt import PromptServer

    desk = SandboxDesk(venue, pace, faults)
    config = uvicorn.Config(
        make_app(desk, tws),
        http=desk.lines.protocol(),
        ws="websockets-sansio",
        log_level="warning",
        lifespan="on",
        proxy_headers=False,
        server_header=False,
        date_header=False,
    )
    return PromptServer(config, desk.lines)


def require_libraries() -> None:
    """Say which extra is missing, where it is.

    Raises
    ------
    MissingExtraError
        Without the web libraries.
    """
    if any(find_spec(name) is None for name in _LIBRARIES):
        raise MissingExtraError(
            "The sandbox needs web libraries that are not installed.", hint="pip install 'tradewright[server]'"
        )


def make_app(desk: SandboxDesk, tws: socket.socket | None = None) -> FaultyWire:
    """The web application of a sandbox, behind a wire that may break."""
    from starlette.applications import Starlette
    from starlette.exceptions import HTTPException
    from starlette.responses import JSONResponse

    from .alpaca.corporate_actions import ACTIONS
    from .alpaca.data import DATA
    from .alpaca.data_stream import data_stream
    from .alpaca.trading import TRADING
    from .alpaca.trading_stream import trading_stream
    from .binance.routes import STREAMS, binance_routes
    from .control import control_routes
    from .gateway import routes_of, sockets_of
    from .openalgo.routes import openalgo_routes

    async def nowhere(_: Any, error: Any) -> JSONResponse:
        words = {"code": error.status_code * 100_000, "message": str(error.detail).lower()}
        return JSONResponse(words, error.status_code, headers=MARK)

    streams = {"/stream": trading_stream, "/v2/iex": data_stream, "/v2/sip": data_stream, "/v2/test": data_stream}
    app = Starlette(
        routes=[
            *routes_of(desk, {**TRADING, **DATA, **ACTIONS}),
            *openalgo_routes(desk),
            *binance_routes(desk),
            *control_routes(desk),
            *sockets_of(desk, {**streams, **STREAMS}),
        ],
        lifespan=lambda _: _living(desk, tws),
        exception_handlers={HTTPException: nowhere},
    )
    return FaultyWire(app, desk.switchboard, desk.lines)


@contextlib.asynccontextmanager
async def _living(desk: SandboxDesk, tws: socket.socket | None) -> AsyncIterator[None]:
    """What goes on while the server does."""
    driving = asyncio.create_task(desk.drive.run())
    try:
        async with _tws_of(desk, tws):
            yield
    finally:
        driving.cancel()
        await asyncio.gather(driving, return_exceptions=True)


@contextlib.asynccontextmanager
async def _tws_of(desk: SandboxDesk, listener: socket.socket | None) -> AsyncIterator[None]:
    """A gateway of Interactive Brokers on the account of the first key, where there is an address for it."""
    if listener is None:
        yield
        return
    from .tws.gateway import ACCOUNT, TwsGateway

    account = next(iter(desk.venue.terms.keys), ACCOUNT)
    async with TwsGateway(desk.venue, account, desk.switchboard, desk.drive.begin).listening(listener):
        yield
