"""Who asks: a person who is signed in, or a program with a token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradewright.domain.control.users import Role, Scope, User

__all__ = ["Principal"]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks.

    Parameters
    ----------
    user : User
        Who is signed in, or whose token it is.
    scopes : frozenset of Scope or None
        What the token may be used for; None for a person.
    """

    user: User
    scopes: frozenset[Scope] | None = None

    @property
    def name(self) -> str:
        """The name in logs and in the audit."""
        return self.user.name

    @property
    def role(self) -> Role:
        """What the user may do."""
        return self.user.role

    @property
    def is_person(self) -> bool:
        """Whether no token stands between."""
        return self.scopes is None
