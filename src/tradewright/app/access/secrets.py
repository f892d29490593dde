"""Secrets that are drawn here: one-time passwords and tokens; and what a password of a person's own must be like."""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from typing import TYPE_CHECKING

from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LONGEST", "SHORTEST", "digest", "drawn_id", "drawn_password", "drawn_token", "plain", "require_strong"]

SHORTEST, LONGEST, DIFFERENT = 12, 256, 5
_SECRET_BYTES, _PASSWORD_BYTES, _ID_BYTES = 32, 10, 16


def drawn_id(draw: Callable[[int], bytes]) -> str:
    """An id that nobody else has."""
    return draw(_ID_BYTES).hex()


def drawn_token(draw: Callable[[int], bytes], prefix: str = "") -> str:
    """A secret of 256 bits: nobody guesses it, so that one pass of SHA-256 hides it."""
    return prefix + base64.urlsafe_b64encode(draw(_SECRET_BYTES)).rstrip(b"=").decode("ascii")


def drawn_password(draw: Callable[[int], bytes]) -> str:
    """A password of 80 bits that can be read aloud, such as ``k4tq-zw7n-5xhe-2rmj``."""
    letters = base64.b32encode(draw(_PASSWORD_BYTES)).decode("ascii").lower()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def digest(secret: str) -> str:
    """What is kept of a drawn secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def plain(password: str) -> str:
    """A password as it is hashed: the same letters, however a keyboard put them together (Unicode NFKC)."""
    return unicodedata.normalize("NFKC", password)


def require_strong(password: str, name: str) -> None:
    """Refuse a password that is guessed first.

    Raises
    ------
    ConfigError
        Says what it lacks, and does not quote it.
    """
    hint = f"Choose {SHORTEST} characters or more; a few words that do not belong together are easy to keep in mind."
    if not SHORTEST <= len(password) <= LONGEST:
        raise ConfigError(f"A password has {SHORTEST} to {LONGEST} characters.", hint=hint)
    if len(set(password)) < DIFFERENT:
        raise ConfigError(f"A password has {DIFFERENT} different characters at least.", hint=hint)
    if name.lower() in password.lower():
        raise ConfigError("A password does not contain the name of its user.", hint=hint)
