"""Text messages, over Twilio's interface: one number for each channel, for one that was told is not told again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.domain.errors import ConfigError
from tradewright.domain.notice import ChannelField

from .web import post
from .words import cut, headline

if TYPE_CHECKING:
    from tradewright.domain.notice import Notice
    from tradewright.ports.notifier import ChannelAccess

__all__ = ["KIND", "SmsKind", "SmsNotifier"]

_HOST = "https://api.twilio.com"
_MOST = 320
_NUMBER = re.compile(r"\+[0-9]{6,15}")
_ACCOUNT = re.compile(r"[A-Za-z0-9]+")


class SmsNotifier:
    """Sends the headline of a message to one number.

    Parameters
    ----------
    access : ChannelAccess
    """

    def __init__(self, access: ChannelAccess) -> None:
        account, token = access.option("account"), access.secret("token")
        self._to, self._from = access.option("to"), access.option("from")
        if not _NUMBER.fullmatch(self._to):
            raise ConfigError("The channel sends text messages to one number.", hint="Write it as +4915112345678.")
        if not _ACCOUNT.fullmatch(account):
            raise ConfigError("The account of Twilio is none.", hint="It begins with AC.")
        host = access.options.get("address", _HOST).rstrip("/")
        self._url = f"{host}/2010-04-01/Accounts/{account}/Messages.json"
        self._auth = (account, token)
        self._timeout_s = access.timeout_s

    def send(self, notice: Notice) -> None:
        """See `Notifier.send`."""
        said = {"To": self._to, "From": self._from, "Body": cut(headline(notice), _MOST)}
        post("Twilio", self._url, timeout_s=self._timeout_s, data=said, headers={"Authorization": self._basic()})

    def _basic(self) -> str:
        import base64

        return "Basic " + base64.b64encode(":".join(self._auth).encode()).decode()


@dataclass(frozen=True, slots=True)
class SmsKind:
    """See `NotifierKind`."""

    name: str = "sms"
    fields: tuple[ChannelField, ...] = (
        ChannelField("token", "The auth token of the account at Twilio.", is_secret=True, is_needed=True),
        ChannelField("account", "The account at Twilio, which begins with AC.", is_needed=True),
        ChannelField("from", "Number or name from which they come.", is_needed=True),
        ChannelField("to", "One number, as +4915112345678.", is_needed=True),
        ChannelField("address", "Another server than Twilio's own."),
    )

    def open(self, access: ChannelAccess) -> SmsNotifier:
        """See `NotifierKind.open`."""
        return SmsNotifier(access)


KIND = SmsKind()
