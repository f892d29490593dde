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
    """Double the slots of a full book."""
    first = len(book.orders)
    slot_type = type(book.orders[0])
    book.orders.extend(slot_type(slot) for slot in range(first, 2 * first))
    for slot in range(first, 2 * first):
        book.orders[slot].next = slot + 1 if slot + 1 < 2 * first else -1
    book.free = first


def grow_lots(ledger: LotLedger) -> None:
    """Double the room of a full ledger."""
    lot_type = type(ledger.lots[0])
    ledger.lots.extend(lot_type() for _ in range(len(ledger.lots)))
