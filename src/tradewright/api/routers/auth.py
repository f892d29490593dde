"""Signing in, staying signed in, signing out, and who one is."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Cookie, Depends, Request, Response

from tradewright.bootstrap.control_room import ControlRoom
from tradewright.domain.control.access import SignedIn as Given
from tradewright.domain.errors import SignInError

from ..access_words import user_document
from ..cookies import COOKIE, drop_cookie, keep_cookie
from ..dependencies import Asker, By, Room
from ..origins import refuse_foreign_page
from ..schemas.access import LoginRequest, Me, PasswordChange, SignedIn

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["access"])

Refresh = Annotated[str | None, Cookie(alias=COOKIE, include_in_schema=False)]
OwnPage = Depends(refuse_foreign_page)


@router.post("/auth/login", dependencies=[OwnPage])
def sign_in(room: Room, by: By, asked: LoginRequest, request: Request, response: Response) -> SignedIn:
    """Sign in with name and password; the refresh token is set as a cookie."""
    given = room.access.sign_ins.sign_in(asked.name, asked.password.get_secret_value(), by)
    return _given(room, given, request, response)


@router.post("/auth/refresh", dependencies=[OwnPage])
def refresh(room: Room, by: By, request: Request, response: Response, cookie: Refresh = None) -> SignedIn:
    """Go on being signed in, by the cookie, which is exchanged for the next."""
    if cookie is None:
        raise SignInError("Nobody is signed in here.", hint="Sign in.")
    return _given(room, room.access.sign_ins.refresh(cookie, by), request, response)


@router.post("/auth/logout", status_code=204, dependencies=[OwnPage])
def sign_out(room: Room, by: By, request: Request, response: Response, cookie: Refresh = None) -> None:
    """Sign out: what came of the same sign-in is worth nothing any more."""
    if cookie is not None:
        room.access.sign_ins.sign_out(cookie, by)
    drop_cookie(request, response)


@router.post("/auth/password", dependencies=[OwnPage])
def change_password(
    room: Room, asker: Asker, by: By, asked: PasswordChange, request: Request, response: Response
) -> SignedIn:
    """A new password in place of the old one; every other sign-in ends."""
    old, new = asked.old.get_secret_value(), asked.new.get_secret_value()
    return _given(room, room.access.sign_ins.change_password(asker.user, old, new, by), request, response)


@router.get("/me")
def get_me(asker: Asker) -> Me:
    """Who asks."""
    scopes = None if asker.scopes is None else sorted(asker.scopes)
    return Me(**user_document(asker.user).model_dump(), scopes=scopes)


def _given(room: ControlRoom, given: Given, request: Request, response: Response) -> SignedIn:
    now = room.now_ns()
    seconds = max(1, (given.refresh_expires_ns - now) // 1_000_000_000)
    keep_cookie(request, response, given.refresh_token, seconds)
    return SignedIn(
        access_token=given.access_token,
        expires_in=max(0, (given.access_expires_ns - now) // 1_000_000_000),
        user=user_document(given.user),
        must_change=given.user.must_change,
    )
