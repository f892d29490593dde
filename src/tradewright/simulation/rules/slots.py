"""Room for orders and lots: the other place where interpreted and compiled code differ in body.

Interpreted, a full book grows; compiled, a full book raises a flag and the run starts again with the next size. Nothing
here decides anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..lots import LotLedger
    from ..state import Book


def grow_slots(book: Book) -> None:
    """Double the slots of a full book; one that never had an order has none, and most need but one or two."""
    book.add_slots(max(1, len(book.orders)))


def grow_lots(ledger: LotLedger) -> None:
    """Double the room of a full ledger."""
    lot_type = type(ledger.lots[0])
    ledger.lots.extend(lot_type() for _ in range(len(ledger.lots)))
