"""What a session did, counted from its record as it grows: orders, fills, trades."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tradewright.domain.live.session import Happened, Placed, Replaced

if TYPE_CHECKING:
    from tradewright.domain.live.session import Input, Output
    from tradewright.ports.session_log import SessionLog

__all__ = ["SessionTally"]

_ENDINGS = frozenset({"cancelled", "expired", "rejected"})
_KEPT = 10_000


@dataclass(slots=True)
class _Holding:
    """A position at its average price, and what its trade has made so far."""

    units: float = 0.0
    average: float = 0.0
    gain: float = 0.0


@dataclass(slots=True)
class SessionTally:
    """Counts of one session.

    Parameters
    ----------
    read : int
        Inputs that were counted.
    placed_ns : deque of int
        When orders were placed, the last ten thousand.
    filled, unfilled : set of int
        Orders with a fill, and orders that ended without one.
    traded : float
        Value of all fills.
    trades, won : int
        Positions that came back to nothing, and those of them that gained, fees counted.
    """

    read: int = 0
    placed_ns: deque[int] = field(default_factory=lambda: deque(maxlen=_KEPT))
    filled: set[int] = field(default_factory=set)
    unfilled: set[int] = field(default_factory=set)
    traded: float = 0.0
    trades: int = 0
    won: int = 0
    _held: dict[tuple[int, str], _Holding] = field(default_factory=dict)

    def advance(self, log: SessionLog) -> None:
        """Count what the record has beyond what was counted.

        The last input may not have been answered yet: without outputs it is looked at again the next time.
        """
        for number, given, outputs in log.entries(self.read):
            self.read = number if outputs else number - 1
            self._take(given, outputs)

    def placed_since(self, since_ns: int) -> int:
        """Orders placed at an instant or later."""
        return sum(each >= since_ns for each in self.placed_ns)

    @property
    def fill_rate(self) -> float | None:
        """Orders with a fill among those with a fill or an end; None where there are none."""
        ended = len(self.filled) + len(self.unfilled - self.filled)
        return len(self.filled) / ended if ended else None

    @property
    def win_rate(self) -> float | None:
        """Trades that gained among all; None where there are none."""
        return self.won / self.trades if self.trades else None

    def _take(self, given: Input, outputs: tuple[Output, ...]) -> None:
        at_ns = given.at_ns
        for output in outputs:
            if isinstance(output, Placed | Replaced):
                self.placed_ns.append(at_ns)
            elif isinstance(output, Happened) and output.event == "fill":
                self._fill(output)
            elif isinstance(output, Happened) and output.event in _ENDINGS:
                self.unfilled.add(output.order_id)

    def _fill(self, fill: Happened) -> None:
        self.filled.add(fill.order_id)
        self.traded += abs(fill.quantity) * fill.price
        held = self._held.setdefault((fill.strategy, fill.symbol), _Holding())
        closing = min(abs(held.units), abs(fill.quantity)) if held.units * fill.quantity < 0 else 0.0
        if closing:
            held.gain += closing * (fill.price - held.average) * (1.0 if held.units > 0 else -1.0)
        held.gain -= fill.fee
        opened = abs(fill.quantity) - closing
        before, held.units = held.units, held.units + fill.quantity
        if closing and before * held.units <= 0:
            self.trades += 1
            self.won += held.gain > 0
            held.gain, held.average = 0.0, fill.price
        elif opened:
            held.average += (fill.price - held.average) * opened / abs(held.units)
