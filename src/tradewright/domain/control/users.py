"""Who works here, what they may do, and what they did."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ApiToken", "AuditEntry", "AuditQuery", "LogInAttempts", "Role", "Scope", "SignIn", "User"]


class Role(StrEnum):
    """What a user may do; each role may also do what those before it may."""

    VIEWER = "viewer"
    TRADER = "trader"
    ADMIN = "admin"

    def at_least(self, other: Role) -> bool:
        """Whether this role may do what the other may.

        Examples
        --------
        >>> Role.ADMIN.at_least(Role.TRADER), Role.VIEWER.at_least(Role.TRADER)
        (True, False)
        """
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(other)


class Scope(StrEnum):
    """What a token of a program may be used for; none of them places a live order."""

    READ = "read"
    RESEARCH = "research"
    PAPER = "paper"
    PROPOSE_LIVE = "propose-live"


@dataclass(frozen=True, slots=True)
class User:
    """A person who signs in.

    Parameters
    ----------
    id : str
    name : str
        Unique, in lower case.
    role : Role
    password_hash : str
        As the hasher wrote it; not shown.
    must_change : bool
        Whether the password has to be changed before anything else.
    is_active : bool
        Who is not cannot sign in, and what they hold is worth nothing.
    created_ns : int
        UTC nanoseconds.
    """

    id: str
    name: str
    role: Role
    password_hash: str = field(repr=False)
    must_change: bool
    is_active: bool
    created_ns: int


@dataclass(frozen=True, slots=True)
class SignIn:
    """A refresh token, which is good for one use; the use gives the next of its family.

    Parameters
    ----------
    id : str
    family : str
        Shared by all that follow from one log-in.
    user_id : str
    token_hash : str
        SHA-256 of the token, hexadecimal; the token itself is kept nowhere.
    created_ns, expires_ns : int
        UTC nanoseconds.
    used_ns, revoked_ns : int or None
    """

    id: str
    family: str
    user_id: str
    token_hash: str = field(repr=False)
    created_ns: int
    expires_ns: int
    used_ns: int | None = None
    revoked_ns: int | None = None


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What a program shows instead of a password.

    Parameters
    ----------
    id : str
    user_id : str
        Whose it is: it may never do more than that user.
    name : str
    token_hash : str
        SHA-256 of the token, hexadecimal; the token itself is kept nowhere.
    scopes : frozenset of Scope
    created_ns : int
        UTC nanoseconds.
    expires_ns, used_ns, revoked_ns : int or None
    """

    id: str
    user_id: str
    name: str
    token_hash: str = field(repr=False)
    scopes: frozenset[Scope]
    created_ns: int
    expires_ns: int | None = None
    used_ns: int | None = None
    revoked_ns: int | None = None

    def is_good(self, now_ns: int) -> bool:
        """Whether it was neither revoked nor has run out."""
        return self.revoked_ns is None and (self.expires_ns is None or now_ns < self.expires_ns)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that somebody did or tried, kept for ever.

    Parameters
    ----------
    number : int
        From 1, in the order in which they were kept; 0 before that.
    at_ns : int
        UTC nanoseconds.
    who : str
        Name of the user; empty where nobody was signed in.
    action : str
        Such as ``"user.create"``.
    subject : str
        What it was done to.
    outcome : str
        ``"done"``, ``"refused"`` or ``"failed"``.
    request_id, address : str or None
        Where it came from.
    details : mapping
        Plain values, without secrets.
    """

    number: int
    at_ns: int
    who: str
    action: str
    subject: str
    outcome: str
    request_id: str | None = None
    address: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which entries are asked for; what is None does not restrict.

    Parameters
    ----------
    who, action, subject : str, optional
        Exactly; an action that ends in ``"."`` means all that begin so.
    since_ns, until_ns : int, optional
        From the first instant on, before the second; UTC nanoseconds.
    """

    who: str | None = None
    action: str | None = None
    subject: str | None = None
    since_ns: int | None = None
    until_ns: int | None = None


@dataclass(frozen=True, slots=True)
class LogInAttempts:
    """How often a name or an address did not get in of late.

    Parameters
    ----------
    count : int
    last_ns : int
        UTC nanoseconds of the latest.
    """

    count: int = 0
    last_ns: int = 0
