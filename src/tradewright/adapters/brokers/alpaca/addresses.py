"""Where Alpaca is reached: one set of addresses for paper, one for live, and no way from one to the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tradewright.adapters.wire.addresses import is_plain, is_this_machine
from tradewright.domain.errors import ConfigError
from tradewright.domain.live.modes import Mode

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Addresses", "live_addresses", "paper_addresses"]

_VENUE = "alpaca.markets"
_DATA_HOSTS = frozenset({f"data.{_VENUE}", f"stream.data.{_VENUE}"})
_SCHEMES = {"trading": "https", "stream": "wss", "data": "https", "data_stream": "wss"}
_PLAIN = {"https": "http", "wss": "ws"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """One account's addresses, without a slash at their ends.

    Parameters
    ----------
    trading, data : str
        Of the trading and the market-data interface.
    stream, data_stream : str
        Of the order stream, whole, and of the bar streams, to which the feed's name is added.
    """

    trading: str
    stream: str
    data: str
    data_stream: str


def paper_addresses(others: Mapping[str, str]) -> Addresses:
    """The addresses of paper accounts, with others in their places.

    Raises
    ------
    ConfigError
        When one of the others is unknown, or leads to Alpaca's live accounts.
    """
    return _addresses(f"paper-api.{_VENUE}", others, Mode.PAPER)


def live_addresses(others: Mapping[str, str]) -> Addresses:
    """The addresses of live accounts, with others in their places; errors as of `paper_addresses`."""
    return _addresses(f"api.{_VENUE}", others, Mode.LIVE)


def _addresses(host: str, others: Mapping[str, str], mode: Mode) -> Addresses:
    found = {
        "trading": f"https://{host}",
        "stream": f"wss://{host}/stream",
        "data": f"https://data.{_VENUE}",
        "data_stream": f"wss://stream.data.{_VENUE}/v2",
    }
    for name, address in others.items():
        if name not in found:
            raise ConfigError(f"Alpaca has no address '{name}'.", hint=f"It has {', '.join(found)}.")
        found[name] = _checked(name, address, _DATA_HOSTS | {host}, mode)
    return Addresses(**found)


def _checked(name: str, address: str, allowed: frozenset[str], mode: Mode) -> str:
    """An address that may stand there: of this account at Alpaca, or of no account of Alpaca's at all."""
    try:
        parts = urlsplit(address)
        host, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise ConfigError(f"The {name} address of Alpaca cannot be read: {error}.") from None
    safe = _SCHEMES[name]
    if parts.scheme not in (safe, _PLAIN[safe]) or not is_plain(address, host) or parts.query or parts.fragment:
        raise ConfigError(f"'{address}' is no {name} address for Alpaca.", hint=f"Write {safe}://host:port.")
    if parts.scheme != safe and not is_this_machine(host):
        raise ConfigError(f"'{address}' would carry keys in clear text.", hint=f"Use {safe}:// outside this machine.")
    if (host == _VENUE or host.endswith(f".{_VENUE}")) and host not in allowed:
        raise ConfigError(
            f"'{address}' does not belong to Alpaca's {mode} accounts.", hint=f"Leave the {name} address out."
        )
    return address.rstrip("/")
