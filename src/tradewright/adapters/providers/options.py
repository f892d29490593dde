"""What the settings say of a provider, read: addresses, numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tradewright.adapters.wire.addresses import is_plain, is_this_machine
from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from tradewright.ports.provider import ProviderAccess

__all__ = ["address_of", "number_of", "require_known"]

_PLAIN = {"https": "http", "wss": "ws"}


def require_known(access: ProviderAccess, known: tuple[str, ...]) -> None:
    """Refuse an option that the provider does not have.

    Raises
    ------
    ConfigError
    """
    unknown = sorted(access.options.keys() - set(known))
    if unknown:
        raise ConfigError(
            f"The provider {access.name} has no option '{unknown[0]}'.", hint=f"It has {', '.join(known)}."
        )


def address_of(access: ProviderAccess, usual: str, option: str = "address") -> str:
    """Where it is reached, without a slash at the end; encrypted as the usual one is, but on this machine.

    Raises
    ------
    ConfigError
        When the address is none, or would carry what is asked in clear text through the net.
    """
    from urllib.parse import urlsplit

    address, scheme = access.options.get(option, usual), usual.partition(":")[0]
    plain = _PLAIN[scheme]
    try:
        parts = urlsplit(address)
        host, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        host = ""
    if not host or parts.scheme not in {plain, scheme} or not is_plain(address, host) or parts.query:
        raise ConfigError(f"The address of the provider {access.name} cannot be used.", hint=f"Write it as {usual}.")
    if parts.scheme == plain and not is_this_machine(host):
        raise ConfigError(
            f"The address of the provider {access.name} would carry what is asked in clear text.",
            hint=f"Use {scheme}:// outside this machine.",
        )
    return address.rstrip("/")


def number_of(access: ProviderAccess, option: str, usual: float) -> float:
    """A number from 0 up.

    Raises
    ------
    ConfigError
    """
    text = access.options.get(option)
    if text is None:
        return usual
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0.0 <= value < math.inf:
        raise ConfigError(
            f"The option {option} of the provider {access.name} cannot be '{text}'.", hint="Give a number."
        )
    return value
