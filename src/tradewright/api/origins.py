"""Where a page came from that asks: requests that carry a cookie are answered to pages of this server alone."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from .problems import RefusedError

__all__ = ["is_own_page", "refuse_foreign_page"]


def is_own_page(connection: HTTPConnection) -> bool:
    """Whether what asks is a page of this server, of a place that the settings allow, or no page at all."""
    origin = connection.headers.get("origin")
    if origin is None:
        return connection.headers.get("sec-fetch-site", "none") in ("same-origin", "none")
    return urlsplit(origin).netloc == connection.headers.get("host") or origin in connection.app.state.options.origins


def refuse_foreign_page(connection: HTTPConnection) -> None:
    """Refuse what another site's page asks in a visitor's name.

    Raises
    ------
    RefusedError
    """
    if not is_own_page(connection):
        raise RefusedError(HTTPStatus.FORBIDDEN, "The page that asks is of another place.", kind="origin")
