"""What the commands about users and tokens share: the desks, with the clock and chance of this machine."""

from __future__ import annotations

import getpass
import secrets
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradewright.bootstrap.access import Access
    from tradewright.domain.control.access import Actor

__all__ = ["desks", "terminal"]


def desks() -> Access:
    """The desks over the database of the settings."""
    from tradewright.bootstrap.access import access_desks

    return access_desks(time.time_ns, secrets.token_bytes)


def terminal() -> Actor:
    """Whoever sits at the machine; who may read its files needs no password."""
    from tradewright.domain.control.access import Actor

    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        # A container may run as a user that it has no name for.
        name = ""
    return Actor(f"terminal/{name}" if name else "terminal")
