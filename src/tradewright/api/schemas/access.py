"""Users, sign-ins, tokens of programs, and the log of who did what."""

from __future__ import annotations

from typing import Any

from pydantic import Field, SecretStr

from tradewright.domain.control.users import Role, Scope

from .base import Instant, Paging, Request, Schema

__all__ = [
    "ApiToken",
    "AuditEntry",
    "AuditFilter",
    "LoginRequest",
    "Me",
    "NewToken",
    "NewUser",
    "PasswordChange",
    "SignedIn",
    "TokenRequest",
    "User",
    "UserChange",
    "UserRequest",
]

NAME = r"^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$"


class User(Schema):
    """A person who signs in."""

    id: str
    name: str = Field(examples=["ada"])
    role: Role
    must_change: bool = Field(description="Whether the password has to be changed before anything else.")
    is_active: bool
    created_at: Instant


class Me(User):
    """Who asks."""

    scopes: list[Scope] | None = Field(description="What the token may be used for; null for a person.")


class LoginRequest(Request):
    """Name and password."""

    name: str = Field(max_length=256, examples=["ada"])
    password: SecretStr = Field(max_length=1024)


class PasswordChange(Request):
    """A new password in place of the old one."""

    old: SecretStr = Field(max_length=1024)
    new: SecretStr = Field(max_length=1024)


class SignedIn(Schema):
    """What somebody is given who signed in; the refresh token comes as a cookie that scripts cannot read."""

    access_token: str = Field(description="Shown with every request: Authorization: Bearer …")
    expires_in: int = Field(description="Seconds until it runs out.", examples=[900])
    user: User
    must_change: bool = Field(description="Whether the password has to be changed before anything else.")


class UserRequest(Request):
    """A new user."""

    name: str = Field(pattern=NAME)
    role: Role


class NewUser(Schema):
    """A user with a one-time password, which is shown here and never again."""

    user: User
    password: str


class UserChange(Request):
    """What is to be changed of a user; null changes nothing."""

    role: Role | None = None
    is_active: bool | None = None
    reset_password: bool = Field(default=False, description="A new one-time password; sign-ins end.")


class ApiToken(Schema):
    """What a program shows instead of a password; the secret itself is kept nowhere."""

    id: str
    user_id: str
    user: str = Field(description="Name of whose it is.")
    name: str
    scopes: list[Scope]
    created_at: Instant
    expires_at: Instant | None
    used_at: Instant | None
    revoked_at: Instant | None


class TokenRequest(Request):
    """A new token of one's own."""

    name: str = Field(min_length=1, max_length=100, description="What it is for.")
    scopes: list[Scope] = Field(min_length=1, max_length=4)
    days: int | None = Field(default=90, ge=1, le=3650, description="How long it is good; null for ever.")


class NewToken(Schema):
    """A token at the one moment at which it can be seen."""

    token: str
    item: ApiToken


class AuditEntry(Schema):
    """One thing that somebody did or tried."""

    number: int
    at: Instant
    who: str
    action: str = Field(examples=["user.create"])
    subject: str
    outcome: str = Field(description="done, refused or failed.")
    request_id: str | None
    address: str | None
    details: dict[str, Any]


class AuditFilter(Paging):
    """Which entries."""

    who: str | None = Field(default=None, max_length=64)
    action: str | None = Field(default=None, max_length=64, description="Exactly; 'user.' means all that begin so.")
    subject: str | None = Field(default=None, max_length=200)
    since: str | None = Field(default=None, max_length=40, alias="from", description="ISO-8601, UTC; included.")
    until: str | None = Field(default=None, max_length=40, alias="to", description="ISO-8601, UTC; left out.")
