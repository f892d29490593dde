"""Users as rows."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from tradewright.domain.control.users import Role, User
from tradewright.domain.errors import ConflictError, NotFoundError, StorageError

from .control_tables import users
from .listing import rows_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Row, Select

    from .database import Database

__all__ = ["SqlUsers"]


class SqlUsers:
    """Users in a database; see `tradewright.ports.users.UserStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, user: User) -> None:
        """Keep a user."""
        with self._database.writing() as connection:
            _require_free(connection, user)
            connection.execute(insert(users).values(**asdict(user)))

    def add_first(self, user: User) -> bool:
        """Keep a user if there is none yet."""
        if self._read(select(users).limit(1)):
            return False
        with self._database.writing() as connection:
            if connection.execute(select(func.count()).select_from(users)).scalar_one():
                return False
            connection.execute(insert(users).values(**asdict(user)))
        return True

    def get(self, user_id: str) -> User | None:
        """The user with that id."""
        return next(iter(self._read(select(users).where(users.c.id == user_id))), None)

    def by_name(self, name: str) -> User | None:
        """The user of exactly that name."""
        return next(iter(self._read(select(users).where(users.c.name == name))), None)

    def all(self) -> list[User]:
        """Everybody, by name."""
        return self._read(select(users).order_by(users.c.name))

    def change(self, user_id: str, how: Callable[[User], User]) -> User:
        """Change a user from what they are at this moment."""
        with self._database.writing() as connection:
            row = connection.execute(select(users).where(users.c.id == user_id)).one_or_none()
            if row is None:
                raise NotFoundError(f"There is no user with the id '{user_id}'.")
            user = replace(how(_user(row)), id=user_id)
            _require_free(connection, user)
            connection.execute(update(users).where(users.c.id == user_id).values(**asdict(user)))
            if not connection.execute(_ADMINS).scalar_one():
                raise ConflictError(
                    f"'{user.name}' is the last active admin and stays one.", hint="Make another user admin first."
                )
        return user

    def _read(self, statement: Select[Any]) -> list[User]:
        return [_user(row) for row in rows_of(self._database, statement)]


_ADMINS = select(func.count()).select_from(users).where(users.c.role == Role.ADMIN.value, users.c.is_active)


def _require_free(connection: Connection, user: User) -> None:
    other = select(users.c.id).where(users.c.name == user.name, users.c.id != user.id)
    if connection.execute(other).first() is not None:
        raise ConflictError(f"There is already a user '{user.name}'.", hint="Choose another name.")


def _user(row: Row[Any]) -> User:
    try:
        role = Role(row.role)
    except ValueError as error:
        raise StorageError(
            f"The user '{row.name}' has a role that this version does not know: {row.role}.",
            hint="Use the version of the package that wrote it.",
        ) from error
    return User(row.id, row.name, role, row.password_hash, row.must_change, row.is_active, row.created_ns)
