"""Passwords through Argon2id (RFC 9106): what is kept costs whoever guesses 64 MB and a tenth of a second a time."""

from __future__ import annotations

from functools import cached_property

from tradewright.domain.errors import MissingExtraError

__all__ = ["Argon2Passwords"]

_DECOY = "no password of anybody"


class Argon2Passwords:
    """A `tradewright.ports.users.PasswordHasher`.

    Parameters
    ----------
    time_cost, memory_kib, parallelism : int
        RFC 9106, section 4, second recommendation.

    Raises
    ------
    MissingExtraError
        When the library is not installed.
    """

    def __init__(self, time_cost: int = 3, memory_kib: int = 65_536, parallelism: int = 4) -> None:
        try:
            from pwdlib.hashers.argon2 import Argon2Hasher
        except ImportError as error:
            raise MissingExtraError(
                "Passwords need the library pwdlib.", hint="Install it with: pip install 'tradewright[server]'"
            ) from error
        self._hasher = Argon2Hasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=parallelism)

    def hash(self, password: str) -> str:
        """What is kept instead of the password; another time, something else."""
        return self._hasher.hash(password)

    def verify(self, password: str, kept: str) -> bool:
        """Whether it is the password."""
        return self._hasher.identify(kept) and self._hasher.verify(password, kept)

    def is_outdated(self, kept: str) -> bool:
        """Whether it was made with other settings than those of today."""
        return self._hasher.check_needs_rehash(kept)

    @cached_property
    def decoy(self) -> str:
        """What is verified where there is no user."""
        return self.hash(_DECOY)
