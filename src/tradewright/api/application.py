"""The application: routes, guard, problems and manners put together over one control room."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.middleware.cors import CORSMiddleware

from . import caching, problems
from .audited import AuditTrail, check_acts
from .dependencies import guard
from .described import describe
from .docs_page import docs_page
from .envelope import REQUEST_ID, Envelope
from .housekeeping import keep_house
from .keyed import HEADER as IDEMPOTENCY_KEY
from .keyed import REPLAYED
from .limits import RateLimits
from .pages import dashboard_response
from .projecting import keep_projecting
from .roles import check_routes
from .routers import (
    acts,
    alerts,
    approvals,
    auth,
    comparisons,
    controls,
    data,
    fetches,
    health,
    imports,
    jobs,
    limits,
    markets,
    metrics,
    new_runs,
    new_sessions,
    now,
    run_parts,
    runs,
    schedules,
    searches,
    session_parts,
    sessions,
    settings,
    strategies,
    stream,
    summary,
    users,
)
from .stream.hub import Hub
from .stream.porter import Porter
from .stream.tickets import Tickets
from .telling import keep_telling

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fastapi.routing import APIRoute

    from tradewright.bootstrap.control_room import ControlRoom
    from tradewright.domain.control.access import Caller

__all__ = ["DoorOptions", "create_app"]

INTERFACE = "1"
"""Version of the interface; it rises when something is taken away."""

_ROUTERS = (
    auth.router, users.router, health.router, strategies.router, new_runs.router, runs.router, run_parts.router,
    searches.router, jobs.router, data.router, imports.router, sessions.router, session_parts.router, markets.router,
    controls.router, approvals.router, alerts.router, settings.router, stream.router, metrics.router,
    summary.router, new_sessions.router, acts.router, limits.router, schedules.router, fetches.router,
    now.router,
    comparisons.router,
)  # fmt: skip
_TAGS = [
    {"name": "access", "description": "Signing in, users, tokens of programs, and who did what."},
    {"name": "health", "description": "Whether the server and its parts are up."},
    {"name": "strategies", "description": "The strategies of the catalogue."},
    {"name": "runs", "description": "Kept runs and new ones: lists, results, tables, curves and files."},
    {"name": "jobs", "description": "Work that runs by itself."},
    {"name": "schedules", "description": "Work that begins by itself at times that are named once."},
    {"name": "data", "description": "Stored bars: which there are, how good they are, how they look."},
    {"name": "trading", "description": "Paper and live sessions, what they hold and what works."},
    {"name": "controls", "description": "Kill switch and risk limits."},
    {"name": "approvals", "description": "What persons said of a strategy's evidence."},
    {"name": "alerts", "description": "What a person has to know."},
    {"name": "settings", "description": "What is in force and who said it."},
    {"name": "stream", "description": "Events as they happen, over a WebSocket."},
]
_ABOUT = (
    "Times are ISO-8601 in UTC, money and prices are decimal text, ratios are fractions, what is undefined is null "
    "with its reason. Errors are problem documents (RFC 9457). A POST may carry an Idempotency-Key."
)


@dataclass(frozen=True)
class DoorOptions:
    """How the door stands open.

    Parameters
    ----------
    identify : callable, optional
        Who shows a bearer token; asked of the room's sign-ins if not given.
    origins : frozenset of str
        Other places, as ``https://host``, whose pages may ask.
    hosts : frozenset of str
        Names under which the server may be asked; empty where any.
    dashboard : Path, optional
        The folder of the built dashboard.
    limits : RateLimits
        How often may be asked.
    is_https : bool
        Whether browsers come over https, which a proxy before the server takes off.
    """

    identify: Callable[[str], Caller | None] | None = None
    origins: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    dashboard: Path | None = None
    limits: RateLimits = field(default_factory=RateLimits)
    is_https: bool = False


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
    check_acts(_ROUTERS)
    for router in _ROUTERS:
        app.include_router(router, dependencies=[Depends(guard)])
    app.include_router(stream.socket_router)
    problems.install(app)
    caching.install(app)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign] # as FastAPI's own documentation does
    _add_pages(app, options)
    _add_manners(app, options)
    return app


def _furnish(app: FastAPI, room: ControlRoom, options: DoorOptions) -> None:
    """What routes find in the application's state."""
    app.state.room, app.state.options, app.state.limits = room, options, options.limits
    app.state.identify = options.identify or _identifier(room)
    app.state.tickets = Tickets(room.now_ns)
    app.state.readers = set()
    app.state.calendars = set()
    # Whoever is identified elsewhere is let go elsewhere.
    app.state.porter = Porter(_still(room) if options.identify is None else lambda _: True)


def _still(room: ControlRoom) -> Callable[[Caller], bool]:
    def is_still(caller: Caller) -> bool:
        return room.access.sign_ins.is_still(caller)

    return is_still


def _identifier(room: ControlRoom) -> Callable[[str], Caller | None]:
    """Asks the room's sign-ins, whose stores are opened by the first who shows something."""

    def identify(token: str) -> Caller | None:
        return room.access.sign_ins.caller(token)

    return identify


def _add_pages(app: FastAPI, options: DoorOptions) -> None:
    """What a browser shows: the description of the interface, and the dashboard at every other address."""

    @app.get("/openapi.json", include_in_schema=False)
    def get_document() -> JSONResponse:
        return JSONResponse(describe(app))

    @app.get("/docs", include_in_schema=False)
    def get_docs() -> HTMLResponse:
        return HTMLResponse(docs_page(describe(app)))

    @app.get("/{path:path}", include_in_schema=False)
    def get_page(request: Request) -> Response:
        return dashboard_response(request, options.dashboard)


def _add_manners(app: FastAPI, options: DoorOptions) -> None:
    """What goes around every request, the last one outermost."""
    app.add_middleware(AuditTrail, auditor=lambda: app.state.room.auditor)
    app.add_middleware(Envelope, metrics=lambda: app.state.room.metrics, hosts=options.hosts)
    if options.origins:
        # Outermost, so that a page elsewhere can read every answer, also that of what went wrong. Cookies are let
        # through: who may use them is looked at where they are taken.
        app.add_middleware(
            CORSMiddleware,
            allow_origins=sorted(options.origins),
            allow_credentials=True,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "If-None-Match", IDEMPOTENCY_KEY, REQUEST_ID],
            expose_headers=["ETag", "Location", "Retry-After", REPLAYED, REQUEST_ID],
            max_age=600,
        )


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    """What goes on while it serves: events, sockets of who lost the right, sessions as rows and told, what is old."""
    room = app.state.room
    app.state.hub = Hub(room.events, bus=room.bus)
    tasks = [asyncio.create_task(each) for each in _work(app)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        room.close()


def _work(app: FastAPI) -> list[Coroutine[None, None, None]]:
    room: ControlRoom = app.state.room
    beside = [keep_house(room), keep_projecting(room), keep_telling(room)]
    return [app.state.hub.run(), app.state.porter.run(), *beside]


def _name(route: APIRoute) -> str:
    return route.name
