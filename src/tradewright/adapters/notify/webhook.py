"""A webhook: JSON to an address of yours, signed so that the receiver knows whom it is from and when it was sent.

The signature is HMAC-SHA256 over ``{timestamp}.{body}`` with the key ``signing_key``. Whoever receives it makes the
same from the bytes that came, compares in constant time, and refuses what is older than a few minutes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.domain.notice import ChannelField
from tradewright.domain.timeframe import NS_PER_SECOND

from .web import post
from .words import plain_notice

if TYPE_CHECKING:
    from tradewright.domain.notice import Notice
    from tradewright.ports.notifier import ChannelAccess

__all__ = ["KIND", "WebhookKind", "WebhookNotifier", "signature"]


def signature(key: str, timestamp: str, body: bytes) -> str:
    """What stands in ``X-Tradewright-Signature``.

    Examples
    --------
    >>> signature("key", "1700000000", b"{}")[:14]
    'v1=9d713ed406b'
    """
    made = hmac.new(key.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"v1={made.hexdigest()}"


class WebhookNotifier:
    """Posts a message as JSON.

    Parameters
    ----------
    access : ChannelAccess
    """

    def __init__(self, access: ChannelAccess) -> None:
        self._url = access.secret("url")
        self._key = access.secrets.get("signing_key")
        self._ca_file = access.options.get("ca_file")
        self._timeout_s = access.timeout_s

    def send(self, notice: Notice) -> None:
        """See `Notifier.send`."""
        body = json.dumps(plain_notice(notice), sort_keys=True).encode()
        post(
            "The webhook", self._url, timeout_s=self._timeout_s, ca_file=self._ca_file, content=body,
            headers=self._headers(notice, body),
        )  # fmt: skip

    def _headers(self, notice: Notice, body: bytes) -> dict[str, str]:
        timestamp = str(notice.at_ns // NS_PER_SECOND)
        headers = {
            "Content-Type": "application/json",
            "X-Tradewright-Delivery": notice.id,
            "X-Tradewright-Timestamp": timestamp,
        }
        if self._key:
            headers["X-Tradewright-Signature"] = signature(self._key, timestamp, body)
        return headers


@dataclass(frozen=True, slots=True)
class WebhookKind:
    """See `NotifierKind`."""

    name: str = "webhook"
    fields: tuple[ChannelField, ...] = (
        ChannelField("url", "Where messages are posted.", is_secret=True, is_needed=True),
        ChannelField("signing_key", "Signs every message; without it none is signed.", is_secret=True),
        ChannelField("ca_file", "Certificates to trust beside those of the system."),
    )

    def open(self, access: ChannelAccess) -> WebhookNotifier:
        """See `NotifierKind.open`."""
        return WebhookNotifier(access)


KIND = WebhookKind()
