"""The kinds of brokers by name: those that ship, each loaded when it is first used, and those that packages add."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError
from tradewright.domain.plugins import Registry

if TYPE_CHECKING:
    from tradewright.ports.broker_kind import BrokerKind

__all__ = ["BROKERS", "ShippedKind", "broker_kind", "missing_extra"]

_PARTS = ("name", "offer", "key_fields", "open_paper", "open_live", "account_of")


@dataclass(frozen=True, slots=True)
class ShippedKind:
    """Where a kind that comes with the package is written.

    Parameters
    ----------
    module : str
        Holds it as ``KIND``.
    extra : str, optional
        Brings the libraries it stands on.
    libraries : tuple of str
    """

    module: str
    extra: str | None = None
    libraries: tuple[str, ...] = ()

    def load(self) -> BrokerKind:
        """The kind itself.

        Raises
        ------
        ConfigError
            When this installation lacks its module.
        """
        try:
            kind: BrokerKind = importlib.import_module(self.module).KIND
        except ModuleNotFoundError as error:
            if error.name is None or not self.module.startswith(error.name):
                raise
            raise ConfigError(
                f"This installation has no module {self.module}.", hint="Install Tradewright again."
            ) from None
        return kind

    @property
    def is_installed(self) -> bool:
        """Whether every library it stands on is there."""
        return all(find_spec(name) is not None for name in self.libraries)


def _flaw(value: Any) -> str | None:
    if isinstance(value, ShippedKind):
        return None
    lacking = [name for name in _PARTS if not hasattr(value, name)]
    if isinstance(value, type):
        return "it is a class; name an object of it"
    return f"it has no '{lacking[0]}'" if lacking else None


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
    return found.load() if isinstance(found, ShippedKind) else found


def missing_extra(name: str) -> str | None:
    """The extra that brings what a kind stands on, where it is not installed; None where nothing is missing."""
    found = BROKERS.get(name)
    return found.extra if isinstance(found, ShippedKind) and not found.is_installed else None
