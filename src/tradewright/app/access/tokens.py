"""Tokens of programs: shown once, bound to a user, limited by scopes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.domain.control.access import Caller, IssuedToken
from tradewright.domain.control.users import ApiToken
from tradewright.domain.errors import ConfigError, ConflictError, NotFoundError

from .secrets import digest, drawn_id, drawn_token

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from tradewright.domain.control.access import Actor
    from tradewright.domain.control.users import Scope, User
    from tradewright.ports.users import TokenStore, UserStore

    from .auditing import Auditor

__all__ = ["PREFIX", "TokenDesk"]

PREFIX = "tw_"
"""How every token of a program begins: so that it is known where it turns up and does not belong."""

_DAY = 86_400_000_000_000
_SEEN_EVERY_NS = 60_000_000_000
"""The last use is kept to the minute: a question a second must not be a change a second."""
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class TokenDesk:
    """Where tokens are issued, revoked and recognised.

    Parameters
    ----------
    users : UserStore
    tokens : TokenStore
    auditor : Auditor
    now_ns : callable
        The time of day, UTC nanoseconds.
    draw : callable
        That many bytes that nobody can foresee.
    """

    users: UserStore
    tokens: TokenStore
    auditor: Auditor
    now_ns: Callable[[], int]
    draw: Callable[[int], bytes]

    def issue(self, user: User, name: str, scopes: Collection[Scope], days: int | None, by: Actor) -> IssuedToken:
        """A token, whose secret is shown here and never again.

        Parameters
        ----------
        user : User
            Whose it is: it may never do more than they may.
        name : str
            What it is for.
        scopes : collection of Scope
        days : int or None
            How long it is good; None for as long as it is not revoked.
        by : Actor

        Raises
        ------
        ConfigError
            When it has no name, no scope or no time.
        ConflictError
            When the user is disabled.
        """
        with self.auditor.act(by, "token.create", f"{user.name}/{name.strip()}", scopes=sorted(scopes), days=days):
            _require_sound(name.strip(), scopes, days)
            if not user.is_active:
                raise ConflictError(f"The user '{user.name}' is disabled.", hint="Enable the user first.")
            secret, now = drawn_token(self.draw, PREFIX), self.now_ns()
            expires = None if days is None else now + days * _DAY
            token = ApiToken(
                drawn_id(self.draw), user.id, name.strip(), digest(secret), frozenset(scopes), now, expires
            )
            self.tokens.add(token)
        return IssuedToken(token, secret)

    def revoke(self, token_id: str, by: Actor) -> ApiToken:
        """Make a token worthless at once; one that was revoked stays so.

        Raises
        ------
        NotFoundError
            When there is none with an id that begins so.
        ConflictError
            When there are several.
        """
        token = self.found(token_id)
        if self.tokens.revoke(token.id, self.now_ns()):
            self.auditor.note(by, "token.revoke", f"{self._owner(token)}/{token.name}", details={"id": token.id})
        return token

    def found(self, prefix: str) -> ApiToken:
        """The token whose id begins so; errors as `revoke`."""
        found = [each for each in self.tokens.all() if prefix and each.id.startswith(prefix)]
        if len(found) > 1 and prefix not in {each.id for each in found}:
            raise ConflictError(f"'{prefix}' begins the ids of {len(found)} tokens.", hint="Give more of the id.")
        if not found:
            raise NotFoundError(f"There is no token '{prefix}'.", hint="Look at: tradewright token list")
        return next((each for each in found if each.id == prefix), found[0])

    def caller(self, secret: str) -> Caller | None:
        """Who shows this token; None where it is worth nothing."""
        token, now = self.tokens.by_hash(digest(secret)), self.now_ns()
        if token is None or not token.is_good(now):
            return None
        user = self.users.get(token.user_id)
        if user is None or not user.is_active:
            return None
        if token.used_ns is None or now - token.used_ns >= _SEEN_EVERY_NS:
            self.tokens.used(token.id, now)
        return Caller(user, token.scopes, token_id=token.id)

    def is_good(self, token_id: str, user: User) -> bool:
        """Whether a token of a user is worth something."""
        now = self.now_ns()
        return any(each.id == token_id and each.is_good(now) for each in self.tokens.of(user.id))

    def _owner(self, token: ApiToken) -> str:
        user = self.users.get(token.user_id)
        return token.user_id if user is None else user.name


def _require_sound(name: str, scopes: Collection[Scope], days: int | None) -> None:
    if not 1 <= len(name) <= _LONGEST_NAME:
        raise ConfigError(f"The name of a token has 1 to {_LONGEST_NAME} characters.", hint="Say what it is for.")
    if not scopes:
        raise ConfigError("A token without a scope is of no use.", hint="Name one, such as read.")
    if days is not None and days < 1:
        raise ConfigError(f"A token is good for a day or longer, not for {days} days.")
