"""The kinds of channels by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.bootstrap.shipped import Kinds

if TYPE_CHECKING:
    from tradewright.ports.notifier import NotifierKind

__all__ = ["NOTIFIERS"]

NOTIFIERS: Kinds[NotifierKind] = Kinds(
    "notifier",
    "tradewright.notifiers",
    ("name", "fields", "open"),
    "Use 'slack', 'email', 'webhook', 'telegram' or 'sms'.",
)
"""A package names a `tradewright.ports.notifier.NotifierKind` of its own."""

for _name in ("email", "slack", "sms", "telegram", "webhook"):
    NOTIFIERS.ship(_name, f"tradewright.adapters.notify.{_name}")
