"""Channels by which people are told: Slack, mail, a signed webhook, Telegram and text messages.

Each file holds one kind as ``KIND``, a `tradewright.ports.notifier.NotifierKind`. One attempt is made for each message;
what goes wrong becomes a `NotifyError` whose sentence holds no address, no credential and nothing that the other side
wrote.
"""

from __future__ import annotations

__all__: list[str] = []
