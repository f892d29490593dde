"""Users and tokens as documents; nothing that is secret is among their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.moments import utc

from .schemas.access import ApiToken, AuditEntry, User
from .schemas.base import instant

if TYPE_CHECKING:
    from tradewright.domain.control.users import ApiToken as KeptToken
    from tradewright.domain.control.users import AuditEntry as KeptEntry
    from tradewright.domain.control.users import User as KeptUser

__all__ = ["entry_document", "token_document", "user_document"]


def user_document(user: KeptUser) -> User:
    """A user without what is kept of the password."""
    return User(
        id=user.id,
        name=user.name,
        role=user.role,
        must_change=user.must_change,
        is_active=user.is_active,
        created_at=utc(user.created_ns),
    )


def token_document(token: KeptToken, owner: str) -> ApiToken:
    """A token without what is kept of its secret."""
    return ApiToken(
        id=token.id,
        user_id=token.user_id,
        user=owner,
        name=token.name,
        scopes=sorted(token.scopes),
        created_at=utc(token.created_ns),
        expires_at=instant(token.expires_ns),
        used_at=instant(token.used_ns),
        revoked_at=instant(token.revoked_ns),
    )


def entry_document(entry: KeptEntry) -> AuditEntry:
    """An entry of the log."""
    return AuditEntry(
        number=entry.number,
        at=utc(entry.at_ns),
        who=entry.who,
        action=entry.action,
        subject=entry.subject,
        outcome=entry.outcome,
        request_id=entry.request_id,
        address=entry.address,
        details=dict(entry.details),
    )
