"""The server: the sandbox behind a port of this machine."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError, MissingExtraError

from .desk import SandboxDesk
from .pace import Drive, Pace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from starlette.applications import Starlette
    from uvicorn import Server

    from .exchange import SandboxVenue

__all__ = ["bind", "running", "serve"]

_GRACE_S = 2
_TICK_S = 0.02


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


def serve(venue: SandboxVenue, pace: Pace, listener: socket.socket) -> None:
    """Serve until Ctrl-C; the address is closed when it returns.

    Raises
    ------
    MissingExtraError
        Without the web libraries.
    """
    with contextlib.closing(listener):
        _server(venue, pace).run(sockets=[listener])


@contextlib.contextmanager
def running(venue: SandboxVenue, pace: str = "lockstep") -> Iterator[str]:
    """A sandbox on a free port of this machine, in a thread of its own, for as long as the block lasts.

    Yields
    ------
    str
        Its address, such as ``http://127.0.0.1:51234``.
    """
    listener = bind("127.0.0.1", 0)
    server = _server(venue, Pace.parse(pace))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="sandbox", daemon=True)
    with contextlib.closing(listener):
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def _server(venue: SandboxVenue, pace: Pace) -> Server:
    try:
        import uvicorn
    except ImportError as error:
        raise MissingExtraError(
            "The sandbox needs web libraries that are not installed.", hint="pip install 'tradewright[server]'"
        ) from error

    class Prompt(uvicorn.Server):
        """A server that ends as soon as it is asked to."""

        async def main_loop(self) -> None:
            """Serve until somebody says enough."""
            while not self.should_exit:  # noqa: ASYNC110 - set by a signal or another thread, where no event can be
                await asyncio.sleep(_TICK_S)

    config = uvicorn.Config(
        make_app(venue, pace),
        http="h11",
        ws="websockets-sansio",
        log_level="warning",
        lifespan="on",
        timeout_graceful_shutdown=_GRACE_S,
        server_header=False,
        date_header=False,
    )
    return Prompt(config)


def make_app(venue: SandboxVenue, pace: Pace) -> Starlette:
    """The web application of a venue."""
    from starlette.applications import Starlette
    from starlette.exceptions import HTTPException
    from starlette.responses import JSONResponse

    from .alpaca.trading import TRADING
    from .control import control_routes
    from .gateway import MARK, routes_of

    desk = SandboxDesk(venue, Drive(venue, pace))

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        driving = asyncio.create_task(desk.drive.run())
        try:
            yield
        finally:
            driving.cancel()
            await asyncio.gather(driving, return_exceptions=True)

    async def nowhere(_: Any, error: Any) -> JSONResponse:
        words = {"code": error.status_code * 100_000, "message": str(error.detail).lower()}
        return JSONResponse(words, error.status_code, headers=MARK)

    handlers: dict[Any, Callable[..., Any]] = {HTTPException: nowhere}
    routes = [*routes_of(desk, TRADING), *control_routes(desk)]
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers)
