"""The socket for access tokens: short-lived, signed, and read without a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tradewright.domain.control.access import AccessClaims

__all__ = ["AccessTokens"]


class AccessTokens(Protocol):
    """Signed tokens.

    Raises
    ------
    StorageError
        From every method, when the keys cannot be kept or read.
    """

    def issue(self, claims: AccessClaims) -> str:
        """A token that says so; instants to the second."""
        ...

    def read(self, token: str, now_ns: int) -> AccessClaims | None:
        """What a token says; None where it is none, is not ours, was changed, or has run out."""
        ...

    def rotate(self, now_ns: int, grace_ns: int) -> None:
        """Sign with a new key from now on; what was signed with the old one is read for that much longer."""
        ...
