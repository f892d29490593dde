"""The socket for what has been asked of a source of bars: which days of which series are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradewright.domain.freshness import Asked
    from tradewright.domain.spans import Spans
    from tradewright.domain.stored import SeriesKey

__all__ = ["CoverageBook"]


class CoverageBook(Protocol):
    """What each source was asked for, and answered whole, whether or not there were bars.

    Raises
    ------
    StorageError
        From every method, when it cannot be read or written.
    """

    def covered(self, source: str, key: SeriesKey) -> Spans:
        """The days, since 1970-01-01, of which a source has said everything."""
        ...

    def asked(self) -> Mapping[SeriesKey, Sequence[Asked]]:
        """Everything that is known, by series; of each series the source that was asked last comes first."""
        ...

    def mark(
        self, source: str, key: SeriesKey, first: int, stop: int, at_ns: int, delay_s: float | None = None
    ) -> None:
        """A source has said everything of the days from one up to, and without, another; so late it is by design."""
        ...

    def forget(self, key: SeriesKey, before: int | None = None) -> None:
        """Nothing of a series counts as known any more, or nothing of its days before one.

        For those who take bars out of the store.
        """
        ...
