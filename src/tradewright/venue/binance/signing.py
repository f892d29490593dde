"""Whose request it is, and how old: the key in a header or among the parameters, a signature, and a window."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

from tradewright.venue.refusals import Refusal, Why

from .errors import missing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.venue.account import VenueAccount
    from tradewright.venue.exchange import SandboxVenue

__all__ = ["account_of_query", "account_of_words", "server_ms"]

_WINDOW_MS = 5_000.0
_LONGEST_MS = 60_000.0
_AHEAD_MS = 1_000.0
_SIGNATURE = re.compile(r"(^|&)signature=([^&]*)")
_KEY = re.compile(r"[\x21-\x7e]{1,128}")


def server_ms(venue: SandboxVenue) -> int:
    """The clock that requests are held to, milliseconds: this machine's, with the skew that is switched on."""
    return int(time.time() * 1000.0 + venue.tape.skew_ns / 1e6)


def account_of_query(venue: SandboxVenue, key: str | None, text: str, said: Mapping[str, str]) -> VenueAccount:
    """The account of a signed request.

    Parameters
    ----------
    venue : SandboxVenue
    key : str or None
        What the header says.
    text : str
        Query and body as they came.
    said : mapping
        The same, read.

    Raises
    ------
    Refusal
        When the key, the signature or the time stamp is not good.
    """
    found = _SIGNATURE.search(text)
    payload = _SIGNATURE.sub("", text, count=1).lstrip("&")
    return _account(venue, key, payload, "" if found is None else found[2], said)


def account_of_words(venue: SandboxVenue, said: Mapping[str, object]) -> VenueAccount:
    """The account of a signed message of the WebSocket API; parameters are signed in the order of their names.

    Raises
    ------
    Refusal
        As above.
    """
    words = {name: str(value) for name, value in said.items()}
    signature = words.pop("signature", "")
    payload = "&".join(f"{name}={quote(words[name], safe='~()*!.-_')}" for name in sorted(words))
    return _account(venue, words.get("apiKey"), payload, signature, words)


def _account(
    venue: SandboxVenue, key: str | None, payload: str, signature: str, said: Mapping[str, str]
) -> VenueAccount:
    if key is None or _KEY.fullmatch(key) is None:
        raise Refusal(Why.UNAUTHORISED, "API-key format invalid.", code=-2014)
    _require_fresh(venue, said)
    if not signature:
        raise missing("signature")
    account = venue.account(key)
    # Where every key is let in no secret is known, and only the form of a signature can be asked for.
    secret = venue.terms.keys.get(key)
    is_good = len(signature) == 64 if secret is None else hmac.compare_digest(_sign(secret, payload), signature)
    if not is_good:
        raise Refusal(Why.UNAUTHORISED, "Signature for this request is not valid.", code=-1022)
    return account


def _sign(secret: str, payload: str) -> str:
    return hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()


def _require_fresh(venue: SandboxVenue, said: Mapping[str, str]) -> None:
    """A request that is older than its window is dropped, whenever it arrives."""
    stamp, window = _milliseconds(said, "timestamp"), _milliseconds(said, "recvWindow")
    if stamp is None:
        raise missing("timestamp")
    window = _WINDOW_MS if window is None else window
    if window > _LONGEST_MS:
        raise Refusal(Why.BAD_FIELD, "recvWindow must be less than 60000.", code=-1131)
    now = server_ms(venue)
    if stamp >= now + _AHEAD_MS:
        sentence = "Timestamp for this request was 1000ms ahead of the server's time."
        raise Refusal(Why.BAD_FIELD, sentence, code=-1021)
    if now - stamp > window:
        raise Refusal(Why.BAD_FIELD, "Timestamp for this request is outside of the recvWindow.", code=-1021)


def _milliseconds(said: Mapping[str, str], name: str) -> float | None:
    value = said.get(name)
    if value is None:
        return None
    if not re.fullmatch(r"[0-9]{1,18}(\.[0-9]{1,3})?", value):
        raise Refusal(Why.MALFORMED, f"Illegal characters found in parameter '{name}'.", code=-1100)
    return float(value)
