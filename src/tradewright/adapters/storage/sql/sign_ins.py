"""Refresh tokens as rows."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, insert, select, update

from tradewright.domain.control.users import SignIn

from .control_tables import sign_ins
from .listing import rows_of

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from .database import Database

__all__ = ["SqlSignIns"]


class SqlSignIns:
    """Refresh tokens in a database; see `tradewright.ports.users.SignInStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, sign_in: SignIn) -> None:
        """Keep the first of a family."""
        with self._database.writing() as connection:
            connection.execute(insert(sign_ins).values(**asdict(sign_in)))

    def by_hash(self, token_hash: str) -> SignIn | None:
        """The one whose token has that hash."""
        rows = rows_of(self._database, select(sign_ins).where(sign_ins.c.token_hash == token_hash))
        return SignIn(**rows[0]._asdict()) if rows else None

    def use(self, sign_in_id: str, successor: SignIn, now_ns: int) -> bool:
        """Use one up and keep the next."""
        unused = and_(sign_ins.c.id == sign_in_id, sign_ins.c.used_ns.is_(None), sign_ins.c.revoked_ns.is_(None))
        with self._database.writing() as connection:
            if connection.execute(update(sign_ins).where(unused).values(used_ns=now_ns)).rowcount == 0:
                return False
            connection.execute(insert(sign_ins).values(**asdict(successor)))
        return True

    def revoke_family(self, family: str, now_ns: int) -> None:
        """Make worthless all that follow from one log-in."""
        self._revoke(sign_ins.c.family == family, now_ns)

    def revoke_of(self, user_id: str, now_ns: int) -> None:
        """Make worthless all of a user."""
        self._revoke(sign_ins.c.user_id == user_id, now_ns)

    def is_good(self, family: str) -> bool:
        """Whether there is such a family and it was not revoked."""
        revoked = [row.revoked_ns for row in rows_of(self._database, _revocations(family))]
        return bool(revoked) and not any(each is not None for each in revoked)

    def forget(self, before_ns: int) -> None:
        """Take away those that expired before an instant."""
        with self._database.writing() as connection:
            connection.execute(delete(sign_ins).where(sign_ins.c.expires_ns < before_ns))

    def _revoke(self, which: ColumnElement[bool], now_ns: int) -> None:
        with self._database.writing() as connection:
            good = and_(which, sign_ins.c.revoked_ns.is_(None))
            connection.execute(update(sign_ins).where(good).values(revoked_ns=now_ns))


def _revocations(family: str) -> Any:
    """Two rows at most: a family without and with a revocation."""
    return select(sign_ins.c.revoked_ns).where(sign_ins.c.family == family).distinct()
