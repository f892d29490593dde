"""One command's writing: segments first, put aside one after the other; then one transaction that names them all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from tradewright.domain.errors import DataError, StorageError
from tradewright.domain.stored import SeriesKey, WriteEffect, WriteMode, Written
from tradewright.marketdata.quality import MOST_EXAMINED

from . import catalogue
from .catalogue import Entry, Head
from .content import actions_text, same_sessions
from .paths import folder_of
from .planning import Plan, plan_of
from .reading import open_bars

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from tradewright.domain.bars import Bars
    from tradewright.domain.quality import QualityReport
    from tradewright.domain.stored import StoredVersion

    from .catalogue import Statements
    from .segments import Segment, Shelf

    Examiner = Callable[[Bars], QualityReport | None]

__all__ = ["Examiner", "Ground", "SegmentedBarWriter"]

_ATTEMPTS = 20
"""How often a series may change under a command before it gives up."""


class Ground(Protocol):
    """What one command's writing stands on."""

    @property
    def shelf(self) -> Shelf:
        """Where its segments are put."""
        ...

    @property
    def segment_rows(self) -> int:
        """Rows of every segment but the last."""
        ...

    def now_ns(self) -> int:
        """The clock, UTC nanoseconds."""
        ...

    def looking(self) -> AbstractContextManager[Statements]:
        """Look into the catalogue."""
        ...

    def changing(self, keys: Sequence[SeriesKey]) -> AbstractContextManager[Statements]:
        """Change these series and no other: everything or nothing, and nobody else meanwhile."""
        ...

    def named(self, statements: Statements, *, has_left: bool) -> None:
        """Everything is in the catalogue; `has_left` where segments were put aside that no version needs."""
        ...


@dataclass(frozen=True, slots=True)
class _Staged:
    """A series put aside.

    Parameters
    ----------
    base : str or None
        Version that was current when it was planned.
    entry : Entry or None
        What is to become current; None where nothing changes.
    written : Written
    mode : WriteMode
    said : Bars
        The first of the bars that came, with everything that is not in their columns.
    rows : int
        How many came.
    held : Head
        The segments in which their columns can be found again.
    """

    base: str | None
    entry: Entry | None
    written: Written
    mode: WriteMode
    said: Bars
    rows: int
    held: Head


class SegmentedBarWriter:
    """See `tradewright.ports.bar_store.BarWriter`.

    Parameters
    ----------
    ground : Ground
    examine : callable, optional
        The quality report of bars that bring none.
    """

    def __init__(self, ground: Ground, examine: Examiner | None = None) -> None:
        self._ground = ground
        self._examine = examine
        self._staged: dict[SeriesKey, _Staged] = {}
        self.has_left = False
        """Whether segments were put aside that in the end no version needs."""

    @property
    def written(self) -> tuple[Written, ...]:
        """What became of each series, in the order of `add`."""
        return tuple(staged.written for staged in self._staged.values())

    def add(self, bars: Bars, mode: WriteMode = WriteMode.NEW) -> Written:
        """Put bars aside, to be current when the writing ends."""
        key = SeriesKey.of(bars)
        if key in self._staged:
            raise DataError(f"{key} stands twice in one import.", hint="Import the files one after the other.")
        if not same_sessions(bars):
            raise DataError(f"The sessions of {key} do not rise with its rows, so they cannot be stored.")
        self._staged[key] = self._stage(bars, mode)
        return self._staged[key].written

    def commit(self) -> None:
        """Make everything current in one step.

        Where another command changed a series meanwhile, what came is put to what is there now, and all is tried again.

        Raises
        ------
        DataError
            When what another command wrote does not allow it.
        StorageError
            When others are faster time and again.
        """
        for _ in range(_ATTEMPTS):
            moved = self._commit_unless_moved()
            if not moved:
                return
            for key in moved:
                staged = self._staged[key]
                self.has_left = True
                self._staged[key] = self._stage(self._came_again(staged), staged.mode)
        raise StorageError(
            f"Other commands kept changing {moved[0]}; nothing was written.", hint="Try again when they are done."
        )

    def _commit_unless_moved(self) -> list[SeriesKey]:
        with self._ground.changing(sorted(self._staged, key=str)) as statements:
            moved = [key for key, staged in self._staged.items() if catalogue.version(statements, key) != staged.base]
            if not moved:
                for staged in self._staged.values():
                    if staged.entry is not None:
                        catalogue.put(statements, staged.entry)
                self._ground.named(statements, has_left=self.has_left)
        return moved

    # ------------------------------------------------------------ putting aside

    def _stage(self, bars: Bars, mode: WriteMode) -> _Staged:
        key = SeriesKey.of(bars)
        with self._ground.looking() as statements:
            head = catalogue.head(statements, key)
            stored = catalogue.versions(statements, key)[0] if head else None
        plan = plan_of(self._ground.shelf, head, bars, mode, self._ground.segment_rows)
        segments = tuple(self._put_aside(key, segment, plan) for segment in plan.segments)
        held = _held(key, bars, plan, segments)
        entry: Entry | None = None
        if stored is None or plan.version != stored.version or mode is WriteMode.REPLACE:
            entry = self._entry(key, bars, plan, held, stored)
            stored = entry.stored()
        base = head.version if head else None
        written = Written(plan.effect, stored, plan.new_rows)
        return _Staged(base, entry, written, mode, _without_columns(bars), len(bars), held)

    def _put_aside(self, key: SeriesKey, segment: Segment, plan: Plan) -> Segment:
        columns = plan.to_write.pop(segment.name, None)
        return segment if columns is None else self._ground.shelf.write(folder_of(key), segment, columns)

    def _entry(self, key: SeriesKey, bars: Bars, plan: Plan, held: Head, stored: StoredVersion | None) -> Entry:
        return Entry(
            key=key,
            instrument=bars.instrument,
            version=plan.version,
            first_ns=plan.first_ns,
            last_ns=plan.last_ns,
            imported_ns=self._ground.now_ns(),
            source=bars.source,
            synthetic=bars.synthetic,
            quality=self._quality(bars, plan, held, stored),
            actions=held.actions,
            segments=held.segments,
        )

    def _quality(self, bars: Bars, plan: Plan, held: Head, stored: StoredVersion | None) -> QualityReport | None:
        """What was found when the bars were read, or is found now; of an appended series over all of it."""
        if plan.effect is not WriteEffect.APPENDED:
            return bars.quality if bars.quality is not None or self._examine is None else self._examine(bars)
        if self._examine is None or held.rows > MOST_EXAMINED:
            return None
        whole = open_bars(self._ground.shelf, SeriesKey.of(bars), held)
        noted = _both_noted(stored.quality if stored else None, bars)
        return self._examine(replace(whole, source=bars.source, quality=noted))

    def _came_again(self, staged: _Staged) -> Bars:
        """The bars that came, from the segments in which they were put aside."""
        key = SeriesKey.of(staged.said)
        held = open_bars(self._ground.shelf, key, staged.held)
        first = int(np.searchsorted(held.open_time, staged.said.open_time[0]))
        came = held.rows(first, first + staged.rows)
        columns: dict[str, Any] = came.columns()
        return replace(staged.said, sessions=came.sessions, **columns)


def _both_noted(stored: QualityReport | None, bars: Bars) -> QualityReport | None:
    """What was found at reading in what is stored, up to where the new bars begin, and in the new ones."""
    if stored is None or bars.quality is None:
        return stored or bars.quality
    begin = int(bars.labels()[0])
    before = tuple(each for each in stored.findings if each.first_ns is None or each.first_ns < begin)
    return replace(bars.quality, findings=before + bars.quality.findings)


def _held(key: SeriesKey, bars: Bars, plan: Plan, segments: tuple[Segment, ...]) -> Head:
    return Head(
        version=plan.version,
        first_ns=plan.first_ns,
        last_ns=plan.last_ns,
        instrument=bars.instrument,
        source=bars.source,
        synthetic=bars.synthetic,
        quality=None,
        actions=actions_text(plan.actions),
        folder=folder_of(key),
        segments=segments,
    )


def _without_columns(bars: Bars) -> Bars:
    """The first bar alone; copied, so that the memory of the others can go."""
    first = bars.rows(0, 1)
    columns: dict[str, Any] = {name: column.copy() for name, column in first.columns().items()}
    return replace(first, **columns)
