"""The kinds of brokers by name: those that ship, each loaded when it is first used, and those that packages add."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.shipped import ShippedKind, flaw_of
from tradewright.domain.plugins import Registry

if TYPE_CHECKING:
    from tradewright.ports.broker_kind import BrokerKind

__all__ = ["BROKERS", "broker_kind", "missing_extra"]

_PARTS = ("name", "offer", "key_fields", "open_paper", "open_live", "account_of")


def _flaw(value: Any) -> str | None:
    return flaw_of(value, _PARTS)


BROKERS: Registry[BrokerKind | ShippedKind] = Registry(
    "broker",
    "tradewright.brokers",
    flaw=_flaw,
    hint="Use 'alpaca', 'ib', 'openalgo', 'ccxt' or 'paper'.",
)
"""Kinds of brokers by name; a package names a `tradewright.ports.broker_kind.BrokerKind` of its own."""

_ROOM = "tradewright.adapters.brokers"

BROKERS.add("alpaca", ShippedKind(f"{_ROOM}.alpaca.kind", "alpaca", ("h11", "httpx", "msgpack", "websockets")))
BROKERS.add("ccxt", ShippedKind(f"{_ROOM}.ccxt.kind", "crypto", ("ccxt",)))
BROKERS.add("ib", ShippedKind(f"{_ROOM}.ib.kind", "ib", ("ib_async",)))
BROKERS.add("openalgo", ShippedKind(f"{_ROOM}.openalgo.kind", "openalgo", ("h11", "httpx")))
BROKERS.add("paper", ShippedKind(f"{_ROOM}.paper.kind"))


def broker_kind(name: str) -> BrokerKind:
    """The kind of that name.

    Raises
    ------
    ConfigError
        When there is none, with the nearest, or it cannot be loaded.
    """
    found = BROKERS.get(name)
    kind: BrokerKind = found.load() if isinstance(found, ShippedKind) else found
    return kind


def missing_extra(name: str) -> str | None:
    """The extra that brings what a kind stands on, where it is not installed; None where nothing is missing."""
    found = BROKERS.get(name)
    return found.extra if isinstance(found, ShippedKind) and not found.is_installed else None
