"""Telegram: a bot that writes into a chat."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.domain.errors import ConfigError
from tradewright.domain.notice import ChannelField

from .web import post
from .words import cut, whole_text

if TYPE_CHECKING:
    from tradewright.domain.notice import Notice
    from tradewright.ports.notifier import ChannelAccess

__all__ = ["KIND", "TelegramKind", "TelegramNotifier"]

_HOST = "https://api.telegram.org"
_MOST = 4096
_TOKEN = re.compile(r"[\w:-]+", re.ASCII)


class TelegramNotifier:
    """Sends a message as plain text, without a preview of links.

    Parameters
    ----------
    access : ChannelAccess
    """

    def __init__(self, access: ChannelAccess) -> None:
        token = access.secret("token")
        if not _TOKEN.fullmatch(token):
            raise ConfigError("The token of Telegram is none.", hint="It looks like 123456:ABC-def, from BotFather.")
        host = access.options.get("address", _HOST).rstrip("/")
        self._url = f"{host}/bot{token}/sendMessage"
        self._chat = access.option("chat")
        self._timeout_s = access.timeout_s

    def send(self, notice: Notice) -> None:
        """See `Notifier.send`."""
        text = cut(whole_text(notice), _MOST)
        said = {"chat_id": self._chat, "text": text, "link_preview_options": {"is_disabled": True}}
        post("Telegram", self._url, timeout_s=self._timeout_s, json=said)


@dataclass(frozen=True, slots=True)
class TelegramKind:
    """See `NotifierKind`."""

    name: str = "telegram"
    fields: tuple[ChannelField, ...] = (
        ChannelField("token", "Of the bot.", is_secret=True, is_needed=True),
        ChannelField("chat", "Number of the chat, or @name of a channel.", is_needed=True),
        ChannelField("address", "Another server of Telegram's bot interface than its own."),
    )

    def open(self, access: ChannelAccess) -> TelegramNotifier:
        """See `NotifierKind.open`."""
        return TelegramNotifier(access)


KIND = TelegramKind()
