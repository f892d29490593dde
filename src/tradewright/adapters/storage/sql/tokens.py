"""Tokens of programs as rows."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from tradewright.domain.control.users import ApiToken, Scope
from tradewright.domain.errors import StorageError

from .control_tables import tokens
from .listing import rows_of

if TYPE_CHECKING:
    from sqlalchemy import Row, Select

    from .database import Database

__all__ = ["SqlTokens"]


class SqlTokens:
    """Tokens in a database; see `tradewright.ports.users.TokenStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, token: ApiToken) -> None:
        """Keep a token."""
        values = asdict(token) | {"scopes": sorted(token.scopes)}
        with self._database.writing() as connection:
            connection.execute(insert(tokens).values(**values))

    def get(self, token_id: str) -> ApiToken | None:
        """The token with that id."""
        return next(iter(self._read(select(tokens).where(tokens.c.id == token_id))), None)

    def by_hash(self, token_hash: str) -> ApiToken | None:
        """The one with that hash."""
        return next(iter(self._read(select(tokens).where(tokens.c.token_hash == token_hash))), None)

    def of(self, user_id: str) -> list[ApiToken]:
        """All of a user, oldest first."""
        return self._read(_IN_ORDER.where(tokens.c.user_id == user_id))

    def all(self) -> list[ApiToken]:
        """All of everybody, oldest first."""
        return self._read(_IN_ORDER)

    def revoke(self, token_id: str, now_ns: int) -> bool:
        """Make it worthless."""
        good = update(tokens).where(tokens.c.id == token_id, tokens.c.revoked_ns.is_(None))
        with self._database.writing() as connection:
            return connection.execute(good.values(revoked_ns=now_ns)).rowcount > 0

    def used(self, token_id: str, now_ns: int) -> None:
        """Keep when it was used last."""
        with self._database.writing() as connection:
            connection.execute(update(tokens).where(tokens.c.id == token_id).values(used_ns=now_ns))

    def _read(self, statement: Select[Any]) -> list[ApiToken]:
        return [_token(row) for row in rows_of(self._database, statement)]


_IN_ORDER = select(tokens).order_by(tokens.c.created_ns, tokens.c.id)


def _token(row: Row[Any]) -> ApiToken:
    try:
        scopes = frozenset(map(Scope, row.scopes))
    except ValueError as error:
        raise StorageError(
            f"The token '{row.name}' has a scope that this version does not know: {error}.",
            hint="Use the version of the package that wrote it.",
        ) from error
    return ApiToken(**row._asdict() | {"scopes": scopes})
