"""The kinds of providers by name: those that ship, each loaded when it is first used, and those that packages add.

The brokers of the settings are providers as well, by their own names (`bootstrap.providers`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.shipped import ShippedKind, flaw_of
from tradewright.domain.plugins import Registry

if TYPE_CHECKING:
    from tradewright.ports.provider import ProviderKind

__all__ = ["PROVIDERS", "missing_provider_extra", "provider_kind"]

_PARTS = ("name", "key_fields", "option_fields", "is_synthetic", "open")


def _flaw(value: Any) -> str | None:
    return flaw_of(value, _PARTS)


PROVIDERS: Registry[ProviderKind | ShippedKind] = Registry("provider", "tradewright.providers", flaw=_flaw)
"""Kinds of providers by name; a package names a `tradewright.ports.provider.ProviderKind` of its own."""

_ROOM = "tradewright.adapters.providers"

PROVIDERS.add("folder", ShippedKind(f"{_ROOM}.folder"))
PROVIDERS.add("polygon", ShippedKind(f"{_ROOM}.polygon.kind", "polygon", ("h11", "httpx", "websockets")))
PROVIDERS.add("synthetic", ShippedKind(f"{_ROOM}.synthetic"))
PROVIDERS.add("yahoo", ShippedKind(f"{_ROOM}.yahoo.kind", "yahoo", ("h11", "httpx")))


def provider_kind(name: str) -> ProviderKind:
    """The kind of that name.

    Raises
    ------
    ConfigError
        When there is none, with the nearest, or it cannot be loaded.
    """
    found = PROVIDERS.get(name)
    kind: ProviderKind = found.load() if isinstance(found, ShippedKind) else found
    return kind


def missing_provider_extra(name: str) -> str | None:
    """The extra that brings what a kind stands on, where it is not installed; None where nothing is missing."""
    found = PROVIDERS.get(name)
    return found.extra if isinstance(found, ShippedKind) and not found.is_installed else None
