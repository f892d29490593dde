"""Room for orders and lots in the compiled tier."""

from __future__ import annotations

from typing import Any


def grow_slots(book: Any) -> None:  # noqa: ARG001 - the signature of the interpreted body
    """A record has the slots it has: what needs more stops the visit, and the run is carried out interpreted."""
    raise IndexError("the book is full")


def grow_lots(ledger: Any) -> None:  # noqa: ARG001 - as above
    """What is held in more lots than a record has is paired interpreted."""
    raise IndexError("the ledger is full")
