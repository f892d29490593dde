"""How long a name or an address waits after attempts that did not get in."""

from __future__ import annotations

import hashlib
import ipaddress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradewright.domain.control.users import LogInAttempts

__all__ = ["REMEMBERED_NS", "address_key", "name_key", "wait_ns"]

_SECOND = 1_000_000_000
REMEMBERED_NS = 3600 * _SECOND
"""After an hour without an attempt nothing is held against anybody any more."""

_NAME, _ADDRESS = "name:", "address:"
_FREE = {_NAME: 5, _ADDRESS: 20}
_LONGEST_S = {_NAME: 60, _ADDRESS: 900}
"""Whoever knows a name can make its owner wait, so that wait stays short; many users may share an address."""

_NETWORK = 64
"""Bits that tell one subscriber from another in IPv6: the rest is theirs to choose."""


def name_key(name: str) -> str:
    """Under which attempts on a name are counted, whether there is such a user or not."""
    return _NAME + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def address_key(address: str) -> str:
    """Under which attempts from an address are counted.

    Examples
    --------
    >>> address_key("192.0.2.7"), address_key("2001:db8::7:1")
    ('address:192.0.2.7', 'address:2001:db8::/64')
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return _ADDRESS + hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()
    if isinstance(found, ipaddress.IPv6Address):
        mapped = found.ipv4_mapped
        return f"{_ADDRESS}{mapped or ipaddress.ip_network((int(found), _NETWORK), strict=False)}"
    return f"{_ADDRESS}{found}"


def wait_ns(key: str, tried: LogInAttempts, now_ns: int) -> int:
    """How long a key has still to wait: nothing for the first few attempts, then twice as long after each.

    Examples
    --------
    >>> from tradewright.domain.control.users import LogInAttempts
    >>> [wait_ns("name:a", LogInAttempts(count, 0), 0) // 10**9 for count in (4, 5, 6, 9, 30)]
    [0, 1, 2, 16, 60]
    """
    kind = _NAME if key.startswith(_NAME) else _ADDRESS
    above = tried.count - _FREE[kind]
    if above < 0 or now_ns - tried.last_ns >= REMEMBERED_NS:
        return 0
    pause = min(1 << min(above, 32), _LONGEST_S[kind]) * _SECOND
    # A clock that was set back makes nobody wait longer than the pause.
    return min(max(tried.last_ns + pause - now_ns, 0), pause)
