"""Signals: what a strategy believes of a symbol, before anything is sized."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

from .errors import StrategyError

__all__ = ["Direction", "Signal"]


class Direction(IntEnum):
    """Which way a signal points; the number is the sign of the position it asks for."""

    LONG = 1
    FLAT = 0
    SHORT = -1

    @classmethod
    def of(cls, word: Direction | str | float) -> Direction:
        """Read a direction, a sign, or one of the usual words.

        Raises
        ------
        StrategyError
            When the word means none of the three.

        Examples
        --------
        >>> Direction.of("buy").name, Direction.of(-0.5).name
        ('LONG', 'SHORT')
        """
        if isinstance(word, str):
            if word.strip().lower() not in _WORDS:
                raise StrategyError(f"'{word}' is not a direction.", hint="Use long, short or flat.")
            return _WORDS[word.strip().lower()]
        return cls((word > 0) - (word < 0))


_WORDS = {
    **dict.fromkeys(("long", "buy", "up"), Direction.LONG),
    **dict.fromkeys(("flat", "hold", "exit", "close", "none"), Direction.FLAT),
    **dict.fromkeys(("short", "sell", "down"), Direction.SHORT),
}


@dataclass(frozen=True, slots=True)
class Signal:
    """What a strategy believes of one symbol.

    Parameters
    ----------
    symbol : str
    direction : Direction, str or number
        Long, short or flat; ``"buy"``, ``"sell"`` and signs are understood.
    strength : float
        Confidence from 0 to 1.
    weight : float, optional
        Signed fraction of equity that the position should be; follows from direction and strength where not given.
    reason : str
        For people, kept as the order's tag.

    Raises
    ------
    StrategyError
        When the parts contradict each other.

    Examples
    --------
    >>> Signal("AAPL", "long", strength=0.5).direction
    <Direction.LONG: 1>
    """

    symbol: str
    direction: Direction
    strength: float = 1.0
    weight: float | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "direction", Direction.of(self.direction))
        if not self.symbol:
            raise StrategyError("A signal names no symbol.", hint="Give the symbol it is about.")
        if not 0.0 <= self.strength <= 1.0:
            raise StrategyError(f"A signal for {self.symbol} has strength {self.strength}.", hint="Use 0 to 1.")
        if self.weight is not None and not math.isfinite(self.weight):
            raise StrategyError(f"A signal for {self.symbol} asks for a weight of {self.weight}.")
        if self.weight is not None and Direction.of(self.weight) not in (self.direction, Direction.FLAT):
            raise StrategyError(f"A {self.direction.name.lower()} signal for {self.symbol} has weight {self.weight}.")

    def share(self, symbols: int) -> float:
        """The fraction of equity it asks for: its weight, else strength over the number of symbols, signed."""
        if self.weight is not None:
            return self.weight
        return float(self.direction) * self.strength / symbols
