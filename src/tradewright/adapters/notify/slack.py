"""Slack, and what speaks as it does: an incoming webhook, whose address is the secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.domain.notice import ChannelField

from .web import post
from .words import cut, whole_text

if TYPE_CHECKING:
    from tradewright.domain.notice import Notice
    from tradewright.ports.notifier import ChannelAccess

__all__ = ["KIND", "SlackKind", "SlackNotifier"]

_MOST = 3000


class SlackNotifier:
    """Posts a message as plain text: no sign of an alert's text becomes a mention or a link.

    Parameters
    ----------
    access : ChannelAccess
    """

    def __init__(self, access: ChannelAccess) -> None:
        self._url = access.secret("url")
        self._timeout_s = access.timeout_s

    def send(self, notice: Notice) -> None:
        """See `Notifier.send`."""
        post("Slack", self._url, timeout_s=self._timeout_s, json={"text": _escaped(cut(whole_text(notice), _MOST))})


def _escaped(text: str) -> str:
    """Slack's three signs, as its reference says."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@dataclass(frozen=True, slots=True)
class SlackKind:
    """See `NotifierKind`."""

    name: str = "slack"
    fields: tuple[ChannelField, ...] = (
        ChannelField("url", "Address of the incoming webhook.", is_secret=True, is_needed=True),
    )

    def open(self, access: ChannelAccess) -> SlackNotifier:
        """See `NotifierKind.open`."""
        return SlackNotifier(access)


KIND = SlackKind()
