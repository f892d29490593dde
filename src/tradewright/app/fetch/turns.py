"""Taking turns at a series: of several who fetch it one asks its source, and the others find it known."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tradewright.domain.stored import SeriesKey

__all__ = ["SeriesTurn", "SeriesTurns", "turn_name"]

_MOST_CHARACTERS = 64
_DIGITS = 40


class SeriesTurn(Protocol):
    """One process's turn."""

    @property
    def is_mine(self) -> bool:
        """Whether it still is; a process that cannot say that it lives has lost it."""
        ...


class SeriesTurns(Protocol):
    """Where turns are taken, for all processes that share the state."""

    def taken(self, name: str, waits: Callable[[str], None]) -> AbstractAsyncContextManager[SeriesTurn]:
        """Wait for a turn, and give it back in the end; one whose holder died is taken over.

        Parameters
        ----------
        name : str
        waits : callable
            Called with a sentence while somebody else has it.

        Raises
        ------
        StorageError
            When the state cannot be read or written.
        """
        ...


def turn_name(key: SeriesKey) -> str:
    """What the turn at a series is called.

    It is one for all sources: two that wrote the same series at once would each miss what the other brought.

    Examples
    --------
    >>> from tradewright.domain.stored import SeriesKey
    >>> from tradewright.domain.timeframe import Timeframe
    >>> turn_name(SeriesKey("XNAS:AAPL", Timeframe.parse("1d")))
    'fetch XNAS:AAPL 1d raw'
    """
    name = f"fetch {key}"
    return name if len(name) <= _MOST_CHARACTERS else f"fetch {hashlib.sha256(name.encode()).hexdigest()[:_DIGITS]}"
