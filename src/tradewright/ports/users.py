"""The sockets for who works here: users, what they hold, how they try to get in, and what they did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradewright.domain.control.paging import Page, Slice
    from tradewright.domain.control.users import ApiToken, AuditEntry, AuditQuery, LogInAttempts, SignIn, User

__all__ = ["AttemptStore", "AuditLog", "PasswordHasher", "SignInStore", "TokenStore", "UserStore"]


class UserStore(Protocol):
    """Users. From the first on there is always an admin who is active.

    Raises
    ------
    StorageError
        From every method, when the store cannot be read or written.
    """

    def add(self, user: User) -> None:
        """Keep a user.

        Raises
        ------
        ConflictError
            When the name is taken.
        """
        ...

    def add_first(self, user: User) -> bool:
        """Keep a user if there is none yet; tells whether it did. Of several at once only one does."""
        ...

    def get(self, user_id: str) -> User | None:
        """The user with that id."""
        ...

    def by_name(self, name: str) -> User | None:
        """The user of exactly that name."""
        ...

    def all(self) -> list[User]:
        """Everybody, by name."""
        ...

    def change(self, user_id: str, how: Callable[[User], User]) -> User:
        """Change a user from what they are at this moment, with nobody else changing them meanwhile.

        Parameters
        ----------
        user_id : str
        how : callable
            From the user as they are to the user as they shall be; what it raises is raised on, and nothing changes.

        Raises
        ------
        NotFoundError
            When there is none.
        ConflictError
            When the name is another's, or no active admin would be left.
        """
        ...


class SignInStore(Protocol):
    """Refresh tokens, one row for each.

    Raises
    ------
    StorageError
        From every method, when the store cannot be read or written.
    """

    def add(self, sign_in: SignIn) -> None:
        """Keep the first of a family."""
        ...

    def by_hash(self, token_hash: str) -> SignIn | None:
        """The one whose token has that hash."""
        ...

    def use(self, sign_in_id: str, successor: SignIn, now_ns: int) -> bool:
        """Use one up and keep the next; False, and nothing is done, where it was used or revoked before."""
        ...

    def revoke_family(self, family: str, now_ns: int) -> None:
        """Make worthless all that follow from one log-in."""
        ...

    def revoke_of(self, user_id: str, now_ns: int) -> None:
        """Make worthless all of a user."""
        ...

    def is_good(self, family: str) -> bool:
        """Whether there is such a family and it was not revoked."""
        ...

    def forget(self, before_ns: int) -> None:
        """Take away those that expired before an instant."""
        ...


class TokenStore(Protocol):
    """Tokens of programs.

    Raises
    ------
    StorageError
        From every method, when the store cannot be read or written.
    """

    def add(self, token: ApiToken) -> None:
        """Keep a token."""
        ...

    def get(self, token_id: str) -> ApiToken | None:
        """The token with that id."""
        ...

    def by_hash(self, token_hash: str) -> ApiToken | None:
        """The one with that hash."""
        ...

    def of(self, user_id: str) -> list[ApiToken]:
        """All of a user, oldest first, also those that are worth nothing any more."""
        ...

    def all(self) -> list[ApiToken]:
        """All of everybody, oldest first."""
        ...

    def revoke(self, token_id: str, now_ns: int) -> bool:
        """Make it worthless; tells whether it was good for something until now."""
        ...

    def used(self, token_id: str, now_ns: int) -> None:
        """Keep when it was used last."""
        ...


class AttemptStore(Protocol):
    """How often names and addresses did not get in.

    Raises
    ------
    StorageError
        From every method, when the store cannot be read or written.
    """

    def begin(self, keys: Sequence[str], now_ns: int, wait_ns: Callable[[str, LogInAttempts], int]) -> int:
        """Count an attempt for every key before it is looked at, so that many at once are no way around the count.

        Parameters
        ----------
        keys : sequence of str
        now_ns : int
            UTC nanoseconds.
        wait_ns : callable
            How long a key has still to wait after what it tried.

        Returns
        -------
        int
            0 where it may be made; else the longest wait in nanoseconds, and nothing was counted.
        """
        ...

    def take_back(self, key: str) -> None:
        """One attempt does not count, for it got in."""
        ...

    def clear(self, key: str) -> None:
        """Nothing counts any more for a key."""
        ...

    def forget(self, before_ns: int) -> None:
        """Take away keys whose last attempt was before an instant."""
        ...


class AuditLog(Protocol):
    """What was done: only ever added to.

    Raises
    ------
    StorageError
        From every method, when the log cannot be read or written.
    """

    def add(self, entry: AuditEntry) -> AuditEntry:
        """Keep an entry, which gets the next number whatever number it comes with; durable when this returns."""
        ...

    def page(self, query: AuditQuery, piece: Slice) -> Page[AuditEntry]:
        """The entries asked for, latest first."""
        ...


class PasswordHasher(Protocol):
    """What makes passwords unreadable, at a price that whoever guesses pays every time."""

    def hash(self, password: str) -> str:
        """What is kept instead of the password."""
        ...

    def verify(self, password: str, kept: str) -> bool:
        """Whether it is the password; False also where what is kept is no hash."""
        ...

    def is_outdated(self, kept: str) -> bool:
        """Whether it was made with other settings than those of today."""
        ...

    @property
    def decoy(self) -> str:
        """A hash like any other, of no user: verified where there is none, so that the time taken tells nothing."""
        ...
