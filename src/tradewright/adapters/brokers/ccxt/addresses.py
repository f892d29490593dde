"""Where an exchange is reached: the addresses of its sandbox for paper, its own for live, and no way between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tradewright.adapters.wire.addresses import is_this_machine
from tradewright.domain.errors import ConfigError
from tradewright.domain.live.modes import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["hosts_of", "place_addresses"]

_BINANCE = {
    "trading": (("public",), ("private",), ("v1",)),
    "stream": (("ws", "ws-api", "spot"),),
    "data_stream": (("ws", "spot"),),
}
"""Which of ccxt's addresses each name stands for; other exchanges are reached where ccxt says."""

_SCHEMES = {"trading": ("https", "http"), "stream": ("wss", "ws"), "data_stream": ("wss", "ws")}


def hosts_of(addresses: Any, hostname: str = "") -> frozenset[str]:
    """Every host that a tree of addresses names."""
    found = (urlsplit(each.replace("{hostname}", hostname)).hostname for each in _leaves(addresses))
    return frozenset(host for host in found if host)


def _leaves(addresses: Any) -> Iterator[str]:
    if isinstance(addresses, str):
        yield addresses
    elif isinstance(addresses, dict):
        for each in addresses.values():
            yield from _leaves(each)


def place_addresses(exchange: Any, mode: Mode, others: Mapping[str, str]) -> frozenset[str]:
    """Give an exchange of ccxt the addresses of one mode, and nothing of the other; the hosts that it may reach.

    Raises
    ------
    ConfigError
        When it has no sandbox, or another address cannot stand there.
    """
    hostname = str(exchange.hostname or "")
    live = hosts_of(exchange.urls["api"], hostname)
    if mode is Mode.PAPER:
        if not exchange.urls.get("test"):
            raise ConfigError(
                f"{exchange.id} has no sandbox, so no paper account.", hint="Trade on paper with the broker 'paper'."
            )
        exchange.set_sandbox_mode(True)
    # What is not of this mode is forgotten: no switch of the library leads back to it.
    others_kept = () if mode is Mode.PAPER else exchange.urls.keys() - {"api", "test", "demo", "apiBackup"}
    exchange.urls = {name: exchange.urls[name] for name in ("api", *others_kept)}
    foreign = live if mode is Mode.PAPER else frozenset()
    for name, address in others.items():
        _place(exchange, name, _checked(exchange.id, name, address, foreign))
    allowed = hosts_of(exchange.urls, hostname)
    if mode is Mode.PAPER and allowed & foreign:
        raise ConfigError(f"The sandbox of {exchange.id} lies at the addresses of live accounts.")
    return allowed


def _place(exchange: Any, name: str, address: str) -> None:
    for path in _BINANCE[name]:
        level = exchange.urls["api"]
        for step in path[:-1]:
            level = level[step]
        level[path[-1]] = address


def _checked(exchange: str, name: str, address: str, foreign: frozenset[str]) -> str:
    """An address that may stand there: none of a live account's where paper is traded, and no keys in clear text."""
    if not exchange.startswith("binance") or name not in _BINANCE:
        raise ConfigError(f"{exchange} takes no other address '{name}'.", hint=f"binance takes {', '.join(_BINANCE)}.")
    try:
        parts = urlsplit(address)
        host, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise ConfigError(f"The {name} address of {exchange} cannot be read: {error}.") from None
    safe, plain = _SCHEMES[name]
    if parts.scheme not in (safe, plain) or not host or parts.username is not None or not address.isascii():
        raise ConfigError(f"'{address}' is no {name} address for {exchange}.", hint=f"Write {safe}://host:port/….")
    if parts.scheme == plain and not is_this_machine(host):
        raise ConfigError(f"'{address}' would carry keys in clear text.", hint=f"Use {safe}:// outside this machine.")
    if any(host == _owner(each) or host.endswith(f".{_owner(each)}") for each in foreign):
        raise ConfigError(
            f"'{address}' does not belong to the paper accounts of {exchange}.", hint=f"Leave the {name} address out."
        )
    return address.rstrip("/")


def _owner(host: str) -> str:
    """The domain that a host belongs to."""
    return ".".join(host.split(".")[-2:])
