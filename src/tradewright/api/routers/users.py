"""Users, tokens of programs, and the log of who did what."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from tradewright.bootstrap.control_room import ControlRoom
from tradewright.domain.control.access import Caller
from tradewright.domain.control.paging import Slice
from tradewright.domain.control.users import ApiToken as KeptToken
from tradewright.domain.control.users import AuditQuery, Role
from tradewright.domain.errors import NotFoundError

from ..access_words import entry_document, token_document, user_document
from ..dependencies import Asker, By, Room
from ..schemas.access import (
    ApiToken,
    AuditEntry,
    AuditFilter,
    NewToken,
    NewUser,
    TokenRequest,
    User,
    UserChange,
    UserRequest,
)
from ..schemas.base import Page, Paging
from ..words import instant_ns

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["access"])

Name = Annotated[str, Path(max_length=64)]
TokenId = Annotated[str, Path(max_length=64)]


@router.get("/users")
def list_users(room: Room, asked: Annotated[Paging, Query()]) -> Page[User]:
    """Everybody, by name."""
    found = room.access.users.users.all()
    items = [user_document(each) for each in asked.cut(found)]
    return Page(items=items, page=asked.page, per_page=asked.per_page, total=len(found))


@router.post("/users", status_code=201)
def create_user(room: Room, by: By, asked: UserRequest) -> NewUser:
    """A user with a one-time password, which is shown here and never again."""
    user, password = room.access.users.create(asked.name, asked.role, by)
    return NewUser(user=user_document(user), password=password)


@router.patch("/users/{name}")
def change_user(room: Room, by: By, name: Name, asked: UserChange) -> NewUser | User:
    """Change the role, close or open the doors, or give a new one-time password."""
    desk = room.access.users
    changed = desk.named(name)
    if asked.role is not None:
        changed = desk.set_role(name, asked.role, by)
    if asked.is_active is not None:
        changed = desk.enable(name, by) if asked.is_active else desk.disable(name, by)
    if asked.reset_password:
        changed, password = desk.reset_password(name, by)
        return NewUser(user=user_document(changed), password=password)
    return user_document(changed)


@router.get("/tokens")
def list_tokens(room: Room, asker: Asker, asked: Annotated[Paging, Query()]) -> Page[ApiToken]:
    """One's own tokens, or those of everybody for an admin; also those that are worth nothing any more."""
    desk = room.access.tokens.tokens
    found = desk.all() if asker.user.role is Role.ADMIN else desk.of(asker.user.id)
    items = [_token(room, each) for each in asked.cut(found)]
    return Page(items=items, page=asked.page, per_page=asked.per_page, total=len(found))


@router.post("/tokens", status_code=201)
def create_token(room: Room, asker: Asker, by: By, asked: TokenRequest) -> NewToken:
    """A token of one's own, whose secret is shown here and never again."""
    issued = room.access.tokens.issue(asker.user, asked.name, frozenset(asked.scopes), asked.days, by)
    return NewToken(token=issued.secret, item=token_document(issued.token, asker.user.name))


@router.delete("/tokens/{token_id}", status_code=204)
def revoke_token(room: Room, asker: Asker, by: By, token_id: TokenId) -> None:
    """Make a token worthless at once: one's own, or anybody's for an admin."""
    desk = room.access.tokens
    if not _may_revoke(asker, desk.found(token_id)):
        raise NotFoundError(f"There is no token '{token_id}'.", hint="Look at your tokens.")
    desk.revoke(token_id, by)


@router.get("/audit")
def list_audit(room: Room, asked: Annotated[AuditFilter, Query()]) -> Page[AuditEntry]:
    """Who did what, the latest first."""
    since, until = instant_ns("from", asked.since), instant_ns("to", asked.until)
    query = AuditQuery(asked.who, asked.action, asked.subject, since, until)
    found = room.access.audit.page(query, Slice(asked.per_page, asked.offset))
    items = [entry_document(each) for each in found.items]
    return Page(items=items, page=asked.page, per_page=asked.per_page, total=found.total)


def _may_revoke(asker: Caller, token: KeptToken) -> bool:
    return asker.user.role is Role.ADMIN or token.user_id == asker.user.id


def _token(room: ControlRoom, token: KeptToken) -> ApiToken:
    owner = room.access.users.users.get(token.user_id)
    return token_document(token, token.user_id if owner is None else owner.name)
