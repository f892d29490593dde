"""The kinds of brokers by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.bootstrap.shipped import Kinds

if TYPE_CHECKING:
    from tradewright.ports.broker_kind import BrokerKind

__all__ = ["BROKERS"]

BROKERS: Kinds[BrokerKind] = Kinds(
    "broker",
    "tradewright.brokers",
    ("name", "offer", "key_fields", "open_paper", "open_live", "account_of"),
    "Use 'alpaca', 'ib', 'openalgo', 'ccxt' or 'paper'.",
)
"""A package names a `tradewright.ports.broker_kind.BrokerKind` of its own."""

_ROOM = "tradewright.adapters.brokers"

BROKERS.ship("alpaca", f"{_ROOM}.alpaca.kind", "alpaca", ("h11", "httpx", "msgpack", "websockets"))
BROKERS.ship("ccxt", f"{_ROOM}.ccxt.kind", "crypto", ("ccxt",))
BROKERS.ship("ib", f"{_ROOM}.ib.kind", "ib", ("ib_async",))
BROKERS.ship("openalgo", f"{_ROOM}.openalgo.kind", "openalgo", ("h11", "httpx"))
BROKERS.ship("paper", f"{_ROOM}.paper.kind")
