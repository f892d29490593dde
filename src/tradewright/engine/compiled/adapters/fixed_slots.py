"""Room for orders in the compiled tier."""

from __future__ import annotations

from typing import Any


def grow_slots(book: Any) -> None:  # noqa: ARG001 - the signature of the interpreted body
    """A record has the slots it has: what needs more stops the visit, and the run is carried out interpreted."""
    raise IndexError("the book is full")
