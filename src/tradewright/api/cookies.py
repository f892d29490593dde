"""The cookie by which a browser goes on being signed in, as strict as the way to its page allows."""

from __future__ import annotations

from http import HTTPStatus
from typing import Literal, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from .problems import RefusedError

__all__ = ["COOKIE", "drop_cookie", "keep_cookie"]

COOKIE, _PATH = "tradewright_refresh", "/v1/auth"
_LOOPBACK = ("127.", "localhost", "[::1]")


class _Manner(NamedTuple):
    """How a browser is to keep the cookie."""

    samesite: Literal["strict", "none"]
    is_secure: bool
    is_apart: bool
    """Kept for the site of the page that asks alone (CHIPS), so that no other site's page can make use of it."""


def keep_cookie(request: Request, response: Response, token: str, seconds: int) -> None:
    """Let the browser keep a refresh token.

    Raises
    ------
    RefusedError
        For a page of another site over plain http, for which no browser would keep it.
    """
    manner = _manner(request)
    response.set_cookie(
        COOKIE, token, max_age=seconds, path=_PATH, secure=manner.is_secure, httponly=True, samesite=manner.samesite
    )
    _apart(response, manner)


def drop_cookie(request: Request, response: Response) -> None:
    """Let the browser forget it."""
    manner = _manner(request)
    response.delete_cookie(COOKIE, path=_PATH, secure=manner.is_secure, httponly=True, samesite=manner.samesite)
    _apart(response, manner)


def _manner(request: Request) -> _Manner:
    is_https = request.url.scheme == "https" or request.app.state.options.is_https
    # Browsers say so themselves, and no page can say otherwise; whether that site may ask at all was looked at before.
    if request.headers.get("sec-fetch-site") != "cross-site":
        return _Manner("strict", is_https, is_apart=False)
    if not is_https and not request.headers.get("host", "").startswith(_LOOPBACK):
        raise RefusedError(
            HTTPStatus.FORBIDDEN, "A page of another site can be signed in over https only.", kind="https",
            hint="Put a proxy with a certificate before the server and say server.https: true, or serve the page from"
            " the same site.",
        )  # fmt: skip
    return _Manner("none", is_secure=True, is_apart=True)


def _apart(response: Response, manner: _Manner) -> None:
    if manner.is_apart:
        name, value = response.raw_headers[-1]
        response.raw_headers[-1] = (name, value + b"; Partitioned")
