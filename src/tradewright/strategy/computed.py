"""What indicators have given over one market, so that equal arguments are evaluated once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Hashable

__all__ = ["Computed"]


class Computed:
    """Outputs of indicators by function and arguments.

    Several threads may ask at once. Beyond `most_bytes` the outputs that were asked for longest ago are let go, and are
    evaluated again when they are needed again.

    Parameters
    ----------
    most_bytes : int, optional
        No bound without it.
    """

    def __init__(self, most_bytes: int | None = None) -> None:
        self._most_bytes = most_bytes
        self._held: dict[Hashable, tuple[Any, Any]] = {}
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Any:
        """What was kept under a key; None where nothing is.

        Raises
        ------
        TypeError
            When the key cannot be hashed.
        """
        found = self._held.get(key)
        if found is None:
            return None
        if self._most_bytes is not None:
            self._touch(key)
        return found[0]

    def keep(self, key: Hashable, outputs: Any, inputs: Any) -> None:
        """Keep outputs together with the inputs whose identities make the key."""
        with self._lock:
            if key in self._held:
                return
            self._held[key] = (outputs, inputs)
            self._bytes += _size(outputs)
            while self._most_bytes is not None and self._bytes > self._most_bytes and len(self._held) > 1:
                self._bytes -= _size(self._held.pop(next(iter(self._held)))[0])

    def clear(self) -> None:
        """Let go of everything: the market has grown."""
        with self._lock:
            self._held.clear()
            self._bytes = 0

    def _touch(self, key: Hashable) -> None:
        with self._lock:
            found = self._held.pop(key, None)
            if found is not None:
                self._held[key] = found


def _size(outputs: Any) -> int:
    return sum(
        each.nbytes for each in (outputs if isinstance(outputs, tuple) else (outputs,)) if isinstance(each, np.ndarray)
    )
