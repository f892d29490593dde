"""Making users, changing what they may do, and closing their doors."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tradewright.domain.control.access import Actor
from tradewright.domain.control.users import Role, User
from tradewright.domain.errors import ConfigError, NotFoundError

from .secrets import drawn_id, drawn_password, plain, require_strong

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.ports.users import PasswordHasher, SignInStore, TokenStore, UserStore

    from .auditing import Auditor

__all__ = ["FIRST_ADMIN", "UserDesk", "known_name"]

FIRST_ADMIN = "admin"
_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")
_SYSTEM = Actor("system")


@dataclass(frozen=True, slots=True)
class UserDesk:
    """Where users are made and changed; every act is kept in the audit log with who did it.

    Parameters
    ----------
    users : UserStore
    sign_ins : SignInStore
    tokens : TokenStore
    hasher : PasswordHasher
    auditor : Auditor
    now_ns : callable
        The time of day, UTC nanoseconds.
    draw : callable
        That many bytes that nobody can foresee.
    """

    users: UserStore
    sign_ins: SignInStore
    tokens: TokenStore
    hasher: PasswordHasher
    auditor: Auditor
    now_ns: Callable[[], int]
    draw: Callable[[int], bytes]

    def first_admin(self) -> tuple[User, str] | None:
        """An admin with a one-time password where there is no user at all; None where there is one."""
        if self.users.all():
            return None
        password = drawn_password(self.draw)
        user = self._new(FIRST_ADMIN, Role.ADMIN, password)
        if not self.users.add_first(user):
            return None
        self.auditor.note(_SYSTEM, "user.create", user.name, details={"role": user.role.value, "first": True})
        return user, password

    def create(self, name: str, role: Role, by: Actor) -> tuple[User, str]:
        """A user with a one-time password, which is shown here and never again.

        Raises
        ------
        ConfigError
            When the name is no name.
        ConflictError
            When it is taken.
        """
        password = drawn_password(self.draw)
        with self.auditor.act(by, "user.create", known_name(name), role=role.value):
            user = self._new(_new_name(name), role, password)
            self.users.add(user)
        return user, password

    def set_role(self, name: str, role: Role, by: Actor) -> User:
        """Change what a user may do; it holds from their next request on.

        Raises
        ------
        NotFoundError
            When there is no such user.
        ConflictError
            When no active admin would be left.
        """
        with self.auditor.act(by, "user.role", known_name(name), role=role.value):
            return self.users.change(self.named(name).id, lambda user: replace(user, role=role))

    def disable(self, name: str, by: Actor) -> User:
        """Close a user's doors: sign-ins end, tokens are revoked; errors as `set_role`."""
        with self.auditor.act(by, "user.disable", known_name(name)):
            changed = self.users.change(self.named(name).id, lambda user: replace(user, is_active=False))
            self._put_out(changed, with_tokens=True)
        return changed

    def enable(self, name: str, by: Actor) -> User:
        """Open them again; what was revoked stays so.

        Raises
        ------
        NotFoundError
            When there is no such user.
        """
        with self.auditor.act(by, "user.enable", known_name(name)):
            return self.users.change(self.named(name).id, lambda user: replace(user, is_active=True))

    def reset_password(self, name: str, by: Actor) -> tuple[User, str]:
        """A new one-time password in place of the old one; sign-ins end.

        Raises
        ------
        NotFoundError
            When there is no such user.
        """
        password = drawn_password(self.draw)
        with self.auditor.act(by, "user.password", known_name(name), one_time=True):
            changed = self._with_password(self.named(name), password, must_change=True)
        return changed, password

    def set_password(self, name: str, password: str, by: Actor) -> User:
        """A password of a person's own in place of the old one; sign-ins end.

        Raises
        ------
        NotFoundError
            When there is no such user.
        ConfigError
            When it is guessed too easily.
        """
        with self.auditor.act(by, "user.password", known_name(name), one_time=False):
            user = self.named(name)
            require_strong(plain(password), user.name)
            return self._with_password(user, password, must_change=False)

    def named(self, name: str) -> User:
        """The user of that name.

        Raises
        ------
        NotFoundError
            When there is none.
        """
        found = self.users.by_name(known_name(name))
        if found is None:
            raise NotFoundError(f"There is no user '{name}'.", hint="Look at: tradewright user list")
        return found

    def _new(self, name: str, role: Role, password: str) -> User:
        kept = self.hasher.hash(plain(password))
        return User(drawn_id(self.draw), name, role, kept, must_change=True, is_active=True, created_ns=self.now_ns())

    def _with_password(self, user: User, password: str, *, must_change: bool) -> User:
        kept = self.hasher.hash(plain(password))
        changed = self.users.change(user.id, lambda now: replace(now, password_hash=kept, must_change=must_change))
        self._put_out(changed)
        return changed

    def _put_out(self, user: User, *, with_tokens: bool = False) -> None:
        now = self.now_ns()
        self.sign_ins.revoke_of(user.id, now)
        for token in self.tokens.of(user.id) if with_tokens else ():
            self.tokens.revoke(token.id, now)


def known_name(name: str) -> str:
    """A name as it is kept: people type it in any case."""
    return name.strip().lower()


def _new_name(name: str) -> str:
    if not _NAME.fullmatch(known_name(name)):
        raise ConfigError(
            f"'{name}' is no name of a user.",
            hint="Names have 1 to 64 letters, digits and . _ @ + -, and begin with a letter or digit.",
        )
    return known_name(name)
