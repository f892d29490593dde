"""Who asks, from where, and what they were given when they signed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .users import ApiToken, Scope, User

__all__ = ["AccessClaims", "Actor", "Caller", "IssuedToken", "SignedIn"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, as the audit log names them.

    Parameters
    ----------
    name : str
        Of a user; ``"terminal"`` for whoever sits at the machine; empty where nobody is signed in yet.
    address, request_id : str or None
        Where it came from.
    """

    name: str = ""
    address: str | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What an access token says.

    Parameters
    ----------
    user_id : str
    family : str
        The log-in that it came from: where that was revoked, it is worth nothing.
    issued_ns, expires_ns : int
        UTC nanoseconds.
    """

    user_id: str
    family: str
    issued_ns: int
    expires_ns: int


@dataclass(frozen=True, slots=True)
class Caller:
    """Who shows a token that is good.

    Parameters
    ----------
    user : User
        As it is at this moment.
    scopes : frozenset of Scope or None
        What the token of a program may be used for; None for a person who is signed in.
    family : str or None
        The log-in of a person.
    token_id : str or None
        The token of a program.
    """

    user: User
    scopes: frozenset[Scope] | None = None
    family: str | None = None
    token_id: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What somebody is given who signed in.

    Parameters
    ----------
    user : User
    access_token : str
        Shown with every request; runs out soon.
    access_expires_ns : int
        UTC nanoseconds.
    refresh_token : str
        Good once, for the next two.
    refresh_expires_ns : int
        UTC nanoseconds.
    """

    user: User
    access_token: str = field(repr=False)
    access_expires_ns: int
    refresh_token: str = field(repr=False)
    refresh_expires_ns: int


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token of a program at the one moment at which it can be seen.

    Parameters
    ----------
    token : ApiToken
        What is kept of it.
    secret : str
        What the program shows.
    """

    token: ApiToken
    secret: str = field(repr=False)
