"""The use case: how fresh the stored series are, each by its calendar and by what its source was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.freshness import SeriesFreshness
from tradewright.domain.listing import end_of
from tradewright.marketdata.freshness import ALLOWED_SESSIONS, Tail, freshness_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradewright.domain.freshness import Asked
    from tradewright.domain.stored import StoredVersion
    from tradewright.ports.coverage import CoverageBook

__all__ = ["freshness_of_series", "tail_of"]


def freshness_of_series(
    stored: Iterable[StoredVersion], book: CoverageBook, now_ns: int, *, allowed: int = ALLOWED_SESSIONS
) -> list[SeriesFreshness]:
    """How fresh series are at an instant.

    A series whose source the book knows is judged by what that source has said and is late by design; any other by
    its calendar alone.

    Parameters
    ----------
    stored : iterable of StoredVersion
        Current versions.
    book : CoverageBook
    now_ns : int
        UTC nanoseconds.
    allowed : int
        Sessions that may have closed since a last bar before it is stale.
    """
    known = book.asked()
    return [_one(each, known.get(each.key, ()), now_ns, allowed) for each in stored]


def tail_of(stored: StoredVersion) -> Tail:
    """The end of a stored series; nothing comes after that of its instrument."""
    return Tail(stored.instrument, stored.key.timeframe, stored.last_ns, end_of(stored.announced))


def _one(stored: StoredVersion, known: Iterable[Asked], now_ns: int, allowed: int) -> SeriesFreshness:
    asked = next((each for each in known if each.source == stored.source), None)
    if asked is None:
        return SeriesFreshness(stored, freshness_of(tail_of(stored), now_ns, allowed=allowed))
    found = freshness_of(tail_of(stored), now_ns, delay_s=asked.delay_s or 0.0, answered=asked.days, allowed=allowed)
    return SeriesFreshness(stored, found, asked)
