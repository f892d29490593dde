"""What only a person may do, and only one with the right for it, on routes that others may ask for less."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from tradewright.domain.control.users import Role

from .problems import RefusedError

if TYPE_CHECKING:
    from tradewright.domain.control.access import Caller

__all__ = ["require_admin", "require_person"]


def require_person(asker: Caller) -> None:
    """Refuse a token, whatever its scopes are.

    Raises
    ------
    RefusedError
        403.
    """
    if asker.scopes is not None:
        raise RefusedError(HTTPStatus.FORBIDDEN, "Only a person may do this.", kind="scope")


def require_admin(asker: Caller) -> None:
    """Refuse everybody but a person who is an admin; errors as of `require_person`."""
    require_person(asker)
    if not asker.user.role.at_least(Role.ADMIN):
        detail = f"This takes the role {Role.ADMIN}; {asker.user.name} is {asker.user.role}."
        raise RefusedError(HTTPStatus.FORBIDDEN, detail, kind="role")
