"""The application: routes, guard, problems and manners put together over one control room."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import Depends, FastAPI

from . import caching, problems
from .dependencies import guard
from .described import describe
from .envelope import Envelope
from .roles import check_routes
from .routers import alerts, approvals, controls, data, health, run_parts, runs, sessions, settings, strategies, stream
from .stream.hub import Hub
from .stream.tickets import Tickets

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi.routing import APIRoute

    from tradewright.bootstrap.control_room import ControlRoom

    from .principal import Principal

__all__ = ["DoorOptions", "create_app"]

_ROUTERS = (
    health.router, strategies.router, runs.router, run_parts.router, data.router, sessions.router, controls.router,
    approvals.router, alerts.router, settings.router, stream.router,
)  # fmt: skip
_TAGS = [
    {"name": "health", "description": "Whether the server and its parts are up."},
    {"name": "strategies", "description": "The strategies of the catalogue."},
    {"name": "runs", "description": "Kept runs: lists, results, tables, curves and files."},
    {"name": "data", "description": "Stored bars: which there are, how good they are, how they look."},
    {"name": "trading", "description": "Paper and live sessions, what they hold and what works."},
    {"name": "controls", "description": "Kill switch and risk limits."},
    {"name": "approvals", "description": "What persons said of a strategy's evidence."},
    {"name": "alerts", "description": "What a person has to know."},
    {"name": "settings", "description": "What is in force and who said it."},
    {"name": "stream", "description": "Events as they happen, over a WebSocket."},
]
INTERFACE = "1"
"""Version of the interface; it rises when something is taken away."""

_ABOUT = (
    "Times are ISO-8601 in UTC, money and prices are decimal text, ratios are fractions, what is undefined is null "
    "with its reason. Errors are problem documents (RFC 9457)."
)


@dataclass(frozen=True)
class DoorOptions:
    """How the door stands open.

    Parameters
    ----------
    identify : callable
        Who shows a bearer token; None for one that is worth nothing.
    origins : frozenset of str
        Other places, as ``https://host``, whose pages may ask.
    """

    identify: Callable[[str], Principal | None]
    origins: frozenset[str] = frozenset()


def create_app(room: ControlRoom, options: DoorOptions) -> FastAPI:
    """The application that serves a control room.

    Raises
    ------
    LookupError
        When a route does not stand in the table of roles.
    """
    app = FastAPI(
        title="Tradewright",
        version=INTERFACE,
        description=_ABOUT,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        openapi_tags=_TAGS,
        generate_unique_id_function=_name,
        separate_input_output_schemas=False,
        redirect_slashes=False,
        lifespan=_life,
    )
    _furnish(app, room, options)
    check_routes(_ROUTERS)
    for router in _ROUTERS:
        app.include_router(router, dependencies=[Depends(guard)])
    app.include_router(stream.socket_router)
    problems.install(app)
    caching.install(app)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign] # as FastAPI's own documentation does
    app.add_middleware(Envelope)
    return app


def _furnish(app: FastAPI, room: ControlRoom, options: DoorOptions) -> None:
    """What routes find in the application's state."""
    app.state.room, app.state.identify, app.state.origins = room, options.identify, options.origins
    app.state.tickets = Tickets(room.now_ns)
    app.state.readers = set()


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    """While it serves, one task looks at the log of events for all readers."""
    app.state.hub = Hub(app.state.room.events)
    looking = asyncio.create_task(app.state.hub.run())
    try:
        yield
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


def _name(route: APIRoute) -> str:
    return route.name
