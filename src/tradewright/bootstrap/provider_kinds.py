"""The kinds of providers by name.

The brokers of the settings are providers as well, by their own names (`bootstrap.providers`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.bootstrap.shipped import Kinds

if TYPE_CHECKING:
    from tradewright.ports.provider import ProviderKind

__all__ = ["PROVIDERS"]

PROVIDERS: Kinds[ProviderKind] = Kinds(
    "provider", "tradewright.providers", ("name", "key_fields", "option_fields", "is_synthetic", "open")
)
"""A package names a `tradewright.ports.provider.ProviderKind` of its own."""

_ROOM = "tradewright.adapters.providers"

PROVIDERS.ship("folder", f"{_ROOM}.folder")
PROVIDERS.ship("polygon", f"{_ROOM}.polygon.kind", "polygon", ("h11", "httpx", "websockets"))
PROVIDERS.ship("synthetic", f"{_ROOM}.synthetic")
PROVIDERS.ship("yahoo", f"{_ROOM}.yahoo.kind", "yahoo", ("h11", "httpx"))
