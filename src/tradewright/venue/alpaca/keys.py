"""Whose request it is: the account behind the keys that a request carries."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from tradewright.venue.refusals import Refusal, Why

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.venue.account import VenueAccount
    from tradewright.venue.exchange import SandboxVenue

__all__ = ["account_named", "account_of"]

_LONGEST = 128


def account_of(venue: SandboxVenue, headers: Mapping[str, str]) -> VenueAccount:
    """The account of a request, by Alpaca's own headers, basic authorisation or a bearer token.

    Raises
    ------
    Refusal
        When there is no key, or not the right one.
    """
    key, secret = headers.get("apca-api-key-id"), headers.get("apca-api-secret-key")
    if key is None:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        key, secret = _basic(token) if scheme.lower() == "basic" else (token, token)
    return account_named(venue, key, secret)


def account_named(venue: SandboxVenue, key: object, secret: object) -> VenueAccount:
    """The account of a key and its secret.

    Raises
    ------
    Refusal
        When they are no text, or not the right one.
    """
    if not (isinstance(key, str) and isinstance(secret, str) and key.isprintable() and 0 < len(key) <= _LONGEST):
        raise Refusal(Why.UNAUTHORISED, "request is not authorized")
    if not secret:
        raise Refusal(Why.UNAUTHORISED, "request is not authorized")
    return venue.account(key, secret)


def _basic(token: str) -> tuple[str, str]:
    try:
        key, _, secret = base64.b64decode(token, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return "", ""
    return key, secret
