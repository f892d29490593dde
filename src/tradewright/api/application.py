"""The application: routes, guard, problems and manners put together over one control room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import Depends, FastAPI

from . import caching, problems
from .dependencies import guard
from .described import describe
from .envelope import Envelope
from .roles import check_routes
from .routers import health, run_parts, runs, strategies

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi.routing import APIRoute

    from tradewright.bootstrap.control_room import ControlRoom

    from .principal import Principal

__all__ = ["DoorOptions", "create_app"]

_ROUTERS = (health.router, strategies.router, runs.router, run_parts.router)
_TAGS = [
    {"name": "health", "description": "Whether the server and its parts are up."},
    {"name": "strategies", "description": "The strategies of the catalogue."},
    {"name": "runs", "description": "Kept runs: lists, results, tables, curves and files."},
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
    """

    identify: Callable[[str], Principal | None]


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
    )
    app.state.room, app.state.identify = room, options.identify
    check_routes(_ROUTERS)
    for router in _ROUTERS:
        app.include_router(router, dependencies=[Depends(guard)])
    problems.install(app)
    caching.install(app)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign] # as FastAPI's own documentation does
    app.add_middleware(Envelope)
    return app


def _name(route: APIRoute) -> str:
    return route.name
