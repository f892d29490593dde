"""Tickets for the socket: good once and for seconds, so that no lasting secret stands in an address."""

from __future__ import annotations

import hashlib
import secrets
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.domain.control.access import Caller

__all__ = ["LIFE_S", "Tickets"]

LIFE_S = 30
_MOST = 10_000


class Tickets:
    """Who may open a socket; nothing is kept but in memory, and never the ticket itself.

    Parameters
    ----------
    now_ns : callable
    most : int
        Tickets that are out at the same time; the oldest are worth nothing beyond.
    """

    def __init__(self, now_ns: Callable[[], int], most: int = _MOST) -> None:
        self._now_ns, self._most = now_ns, most
        self._out: dict[str, tuple[Caller, int]] = {}
        self._lock = threading.Lock()

    def draw(self, caller: Caller) -> str:
        """A ticket for somebody."""
        ticket = secrets.token_urlsafe(32)
        now = self._now_ns()
        with self._lock:
            self._out = {key: kept for key, kept in self._out.items() if kept[1] > now}
            while len(self._out) >= self._most:
                self._out.pop(next(iter(self._out)))
            self._out[_hash(ticket)] = (caller, now + LIFE_S * 1_000_000_000)
        return ticket

    def take(self, ticket: str) -> Caller | None:
        """Whose it is, once; None where it was taken before, has run out, or is none."""
        with self._lock:
            kept = self._out.pop(_hash(ticket), None)
        return kept[0] if kept is not None and kept[1] > self._now_ns() else None


def _hash(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()
