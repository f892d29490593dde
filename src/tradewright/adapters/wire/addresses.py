"""Which addresses may be asked: they say what they seem to say, and carry nothing in clear text through the net."""

from __future__ import annotations

import ipaddress

__all__ = ["is_plain", "is_this_machine"]


def is_plain(address: str, host: str) -> bool:
    """Whether it says what it seems to say: letters that only look like others, and escapes, are refused."""
    return bool(host) and address.isascii() and address.isprintable() and not set(address) & set(" \\%@#?")


def is_this_machine(host: str) -> bool:
    """Whether what is sent there stays on this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
