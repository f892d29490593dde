"""Access tokens as JSON Web Tokens (RFC 7519), signed with HMAC-SHA-256."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.control.access import AccessClaims
from tradewright.domain.errors import MissingExtraError

if TYPE_CHECKING:
    from .signing_keys import SigningKeys

__all__ = ["SignedAccessTokens"]

_ALGORITHM = "HS256"
_ISSUER = "tradewright"
_SECOND = 1_000_000_000
_OPTIONS: Any = {
    "require": ["sub", "sid", "iat", "exp", "iss", "aud"],
    "verify_exp": False, "verify_iat": False, "verify_nbf": False,
}  # fmt: skip
"""The library would look at the clock of the machine; the time is passed in here."""


class SignedAccessTokens:
    """A `tradewright.ports.access_tokens.AccessTokens`.

    Parameters
    ----------
    keys : SigningKeys

    Raises
    ------
    MissingExtraError
        When the library is not installed.
    """

    def __init__(self, keys: SigningKeys) -> None:
        try:
            import jwt
        except ImportError as error:
            raise MissingExtraError(
                "Access tokens need the library PyJWT.", hint="Install it with: pip install 'tradewright[server]'"
            ) from error
        self._jwt, self._keys = jwt, keys

    def issue(self, claims: AccessClaims) -> str:
        """A token that says so."""
        key = self._keys.signing()
        said = {
            "sub": claims.user_id, "sid": claims.family, "iss": _ISSUER, "aud": _ISSUER,
            "iat": claims.issued_ns // _SECOND, "exp": claims.expires_ns // _SECOND,
        }  # fmt: skip
        return self._jwt.encode(said, key.secret, algorithm=_ALGORITHM, headers={"kid": key.id})

    def read(self, token: str, now_ns: int) -> AccessClaims | None:
        """What a token says, where it is ours and has not run out."""
        try:
            key = self._keys.reading(str(self._jwt.get_unverified_header(token).get("kid")), now_ns)
            if key is None:
                return None
            said = self._jwt.decode(
                token, key.secret, algorithms=[_ALGORITHM], audience=_ISSUER, issuer=_ISSUER, options=_OPTIONS
            )
        except self._jwt.InvalidTokenError:
            return None
        claims = _claims(said)
        return claims if claims is not None and claims.issued_ns - _SECOND <= now_ns < claims.expires_ns else None

    def rotate(self, now_ns: int, grace_ns: int) -> None:
        """Sign with a new key from now on."""
        self._keys.rotate(now_ns, now_ns + grace_ns)


def _claims(said: dict[str, Any]) -> AccessClaims | None:
    user, family, issued, expires = (said[name] for name in ("sub", "sid", "iat", "exp"))
    if not (isinstance(user, str) and isinstance(family, str) and isinstance(issued, int) and isinstance(expires, int)):
        return None
    return AccessClaims(user, family, issued * _SECOND, expires * _SECOND)
