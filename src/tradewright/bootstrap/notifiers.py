"""The kinds of channels by name: those that ship, each loaded when it is first used, and those that packages add."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.domain.plugins import Registry

if TYPE_CHECKING:
    from tradewright.ports.notifier import NotifierKind

__all__ = ["NOTIFIERS", "ShippedNotifier", "notifier_kind"]

_PARTS = ("name", "fields", "open")
_ROOM = "tradewright.adapters.notify"


@dataclass(frozen=True, slots=True)
class ShippedNotifier:
    """Where a kind that comes with the package is written; it holds it as ``KIND``."""

    module: str

    def load(self) -> NotifierKind:
        """The kind itself."""
        kind: NotifierKind = importlib.import_module(self.module).KIND
        return kind


def _flaw(value: Any) -> str | None:
    if isinstance(value, ShippedNotifier):
        return None
    lacking = [name for name in _PARTS if not hasattr(value, name)]
    if isinstance(value, type):
        return "it is a class; name an object of it"
    return f"it has no '{lacking[0]}'" if lacking else None


NOTIFIERS: Registry[NotifierKind | ShippedNotifier] = Registry(
    "notifier", "tradewright.notifiers", flaw=_flaw, hint="Use 'slack', 'email', 'webhook', 'telegram' or 'sms'."
)
"""Kinds of channels by name; a package names a `tradewright.ports.notifier.NotifierKind` of its own."""

for _name in ("email", "slack", "sms", "telegram", "webhook"):
    NOTIFIERS.add(_name, ShippedNotifier(f"{_ROOM}.{_name}"))


def notifier_kind(name: str) -> NotifierKind:
    """The kind of that name.

    Raises
    ------
    ConfigError
        When there is none, with the nearest, or it cannot be loaded.
    """
    found = NOTIFIERS.get(name)
    return found.load() if isinstance(found, ShippedNotifier) else found
