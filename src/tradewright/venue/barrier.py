"""The barrier of a lockstep by acknowledgement: the tape moves when everybody has the last bar."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Barrier"]


class Barrier:
    """Who takes part, by key, and who has acknowledged since the tape moved last.

    Parameters
    ----------
    move : callable
        Called when everybody has.
    """

    def __init__(self, move: Callable[[], None]) -> None:
        self._move = move
        self._parts: Counter[str] = Counter()
        self._done: set[str] = set()

    def join(self, key: str) -> None:
        """Somebody listens: the tape waits for them from now on."""
        self._parts[key] += 1

    def leave(self, key: str) -> None:
        """Somebody listens no more: the tape does not wait for them."""
        self._parts[key] -= 1
        if self._parts[key] <= 0:
            del self._parts[key]
            self._done.discard(key)
        if self._parts:
            self._move_if_all()

    def acknowledge(self, key: str) -> None:
        """Somebody has the last bar; who does not listen takes part by saying so."""
        self._done.add(key)
        self._move_if_all()

    def _move_if_all(self) -> None:
        if self._done and set(self._parts) <= self._done:
            self._done.clear()
            self._move()
