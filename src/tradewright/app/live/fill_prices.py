"""Prices of fills, read off the journal as it is replayed and written."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tradewright.domain.live.journal import RecordKind
from tradewright.domain.order import OrderSide

if TYPE_CHECKING:
    from tradewright.domain.live.journal import Record, Replay
    from tradewright.ports.journal import Journal

__all__ = ["FillPrices", "HeardJournal"]

_ZERO = Decimal(0)


class FillPrices:
    """What was paid: by order, and by symbol as a position of average cost."""

    def __init__(self) -> None:
        self._fills: dict[str, tuple[str, str, Decimal, Decimal]] = {}

    def hear(self, record: Record) -> None:
        """Take a record of the journal: of fills what was paid; a correction takes the place of its fill."""
        if record.kind is RecordKind.FILL:
            body = record.body
            units = Decimal(body["quantity"]) * OrderSide[body["side"]].value
            self._fills[body["id"]] = (body.get("cid") or "", body["symbol"], units, Decimal(body["price"]))

    def average(self, cid: str) -> float | None:
        """Average price of an order's fills; None before the first."""
        fills = [(abs(units), price) for of, _, units, price in self._fills.values() if of == cid]
        total = sum((units for units, _ in fills), _ZERO)
        return float(sum((units * price for units, price in fills), _ZERO) / total) if total else None

    def cost(self, symbol: str) -> tuple[Decimal, Decimal, Decimal]:
        """Signed units that fills made of a position, their average price, and what closing has earned so far."""
        held = average = realised = _ZERO
        for _, of, units, price in self._fills.values():
            if of != symbol:
                continue
            if held * units >= 0:
                average = (held * average + units * price) / (held + units) if held + units else _ZERO
            else:
                closed = min(abs(held), abs(units)) * (1 if held > 0 else -1)
                realised += closed * (price - average)
                average = price if abs(units) > abs(held) else average
            held += units
        return held, average, realised


class HeardJournal:
    """A `tradewright.ports.journal.Journal` that tells every record, those it held and those that come.

    Parameters
    ----------
    journal : Journal
    prices : FillPrices
    """

    def __init__(self, journal: Journal, prices: FillPrices) -> None:
        self._journal = journal
        self._prices = prices

    def open(self) -> Replay:
        """Open the journal, and tell what it holds."""
        replay = self._journal.open()
        for entry in replay.entries:
            self._prices.hear(entry.record)
        return replay

    def begin_epoch(self, epoch: int) -> None:
        """Write under this epoch from now on."""
        self._journal.begin_epoch(epoch)

    def append(self, record: Record) -> int:
        """Append a record, and tell it."""
        sequence = self._journal.append(record)
        self._prices.hear(record)
        return sequence

    async def durable(self, sequence: int) -> None:
        """Return when every record up to this number survives."""
        await self._journal.durable(sequence)

    @property
    def durable_sequence(self) -> int:
        """Number of the last record known to survive."""
        return self._journal.durable_sequence

    @property
    def is_degraded(self) -> bool:
        """Whether the place of the log is away."""
        return self._journal.is_degraded

    def close(self) -> None:
        """Let go of the journal."""
        self._journal.close()
