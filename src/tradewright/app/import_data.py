"""The use case: bring bars from anywhere into the store, all of them or none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.domain.errors import DataError, TradewrightError
from tradewright.domain.quality import Problem
from tradewright.domain.stored import WriteMode
from tradewright.marketdata.quality import examine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradewright.domain.bars import Bars
    from tradewright.domain.quality import QualityFinding, QualityReport
    from tradewright.domain.stored import Written
    from tradewright.ports.bar_store import BarStore, BarWriter

__all__ = ["BarSource", "Imported", "found_at_reading", "import_bars", "looked_over"]

_BEFORE_THERE_WERE_BARS = frozenset({Problem.IMPOSSIBLE, Problem.DUPLICATE, Problem.DISORDER, Problem.OUTSIDE})
"""What only a reader sees: rows that are not among the bars."""


@dataclass(frozen=True, slots=True)
class BarSource:
    """Something bars can be read from: how messages call it, and how it is read."""

    name: str
    read: Callable[[], Bars]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one source: written, or refused and why."""

    source: str
    written: Written | None = None
    error: TradewrightError | None = None


def import_bars(
    store: BarStore,
    sources: Sequence[BarSource],
    mode: WriteMode = WriteMode.NEW,
    *,
    skip_bad: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> list[Imported]:
    """Read every source and write it; one at a time is in memory.

    Parameters
    ----------
    store : BarStore
    sources : sequence of BarSource
    mode : WriteMode
        What may become of series that are there.
    skip_bad : bool
        Leave out what cannot be read or written, instead of refusing everything.
    progress : callable, optional
        Called with how many are done, and of how many.

    Returns
    -------
    list of Imported
        In the order of the sources.

    Raises
    ------
    DataError
        Of the first source that cannot be used, naming it; nothing is written then. With `skip_bad` when there is no
        other.
    ResourceError, StorageError
        When the disk is full or the store cannot be used; nothing is written.
    """
    refused: dict[int, TradewrightError] = {}
    with store.writing(looked_over) as writer:
        for number, source in enumerate(sources):
            error = _import_one(writer, source, mode, several=len(sources) > 1)
            if error is not None:
                refused[number] = error
                if not skip_bad or len(refused) == len(sources):
                    raise error
            if progress is not None:
                progress(number + 1, len(sources))
    written = iter(writer.written)
    return [
        Imported(source.name, error=refused[number]) if number in refused else Imported(source.name, next(written))
        for number, source in enumerate(sources)
    ]


def _import_one(writer: BarWriter, source: BarSource, mode: WriteMode, *, several: bool) -> TradewrightError | None:
    try:
        writer.add(source.read(), mode)
    except DataError as error:
        if several and source.name not in error.message:
            error.message = f"{source.name}: {error.message}"
        return error
    return None


def looked_over(bars: Bars) -> QualityReport:
    """The quality report of bars; what a reader left out stays in it."""
    return examine(bars, noted=found_at_reading(bars.quality))


def found_at_reading(report: QualityReport | None) -> list[QualityFinding]:
    """What a report tells of rows that did not become bars."""
    findings = () if report is None else report.findings
    return [finding for finding in findings if finding.problem in _BEFORE_THERE_WERE_BARS]
