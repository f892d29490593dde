"""The use case: what is known of the splits, dividends, names and end of a stored series."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.actions import in_force, statements_of
from tradewright.domain.stored import DayRange
from tradewright.domain.timeframe import NS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.actions import CorporateAction
    from tradewright.domain.stored import StoredVersion
    from tradewright.ports.bar_store import BarStore

__all__ = ["holding", "said_of"]


def said_of(store: BarStore, stored: StoredVersion) -> tuple[CorporateAction, ...]:
    """Every statement that a version holds; actions that came with a file are statements of the file."""
    if stored.announced:
        return stored.announced
    # The session of a bar may be of an earlier date than its instant: hours after the close go on beyond midnight UTC.
    tail = store.read(stored.key, DayRange(first=stored.last_ns // NS_PER_DAY - 1), stored.version)
    return statements_of(tail.actions, stored.key.symbol, stored.source)


def holding(said: Sequence[CorporateAction], as_of: int | None = None) -> list[CorporateAction]:
    """What is in force of it, or was as far as it was known when a day (since 1970-01-01, UTC) ended; by day."""
    return in_force(said) if as_of is None else in_force(said, (as_of + 1) * NS_PER_DAY, as_of)
