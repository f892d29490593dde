"""What a reader hands to the normalisation, what the caller asked for, and what the import did."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tradewright.adapters.data.left_out import NAMED_ROWS
from tradewright.domain.bars import Adjustment
from tradewright.marketdata.placement import Hours

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tradewright.adapters.data.actions import FactorRows
    from tradewright.adapters.data.left_out import LeftOut
    from tradewright.domain.bars import Actions
    from tradewright.domain.instrument import Instrument
    from tradewright.domain.timeframe import Timeframe

__all__ = ["BadRows", "ImportNote", "RawTable", "ReadRequest", "Stamp", "Suspects"]


class Stamp(StrEnum):
    """What the stamp of a row marks."""

    START = "start"
    END = "end"
    SESSION = "session"


class BadRows(StrEnum):
    """What to do with rows that cannot be."""

    REFUSE = "refuse"
    DROP = "drop"


class Suspects(StrEnum):
    """What to do with rows that can be and are hard to believe: spikes, stale prices, bars without trades."""

    KEEP = "keep"
    DROP = "drop"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """How a table is to be read; every field is the caller's statement about the data.

    Parameters
    ----------
    instrument : Instrument
    timeframe : Timeframe
    stamp : Stamp
    tz : str or None
        Time zone of stamps that name none.
    epoch : str or None
        Unit of numeric stamps since 1970: ``"s"``, ``"ms"``, ``"us"`` or ``"ns"``.
    columns : mapping of str to str
        Column of the table for ``time``, ``open``, ``high``, ``low``, ``close``, ``volume``.
    adjust : str or None
        Column of adjusted closes by which the prices are scaled.
    adjustment : Adjustment
    actions : Actions, FactorRows or None
        Corporate actions; None takes them from the table's own columns.
    bad_rows : BadRows
    hours : Hours
    suspects : Suspects
    """

    instrument: Instrument
    timeframe: Timeframe
    stamp: Stamp
    tz: str | None = None
    epoch: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    adjust: str | None = None
    adjustment: Adjustment = Adjustment.RAW
    actions: Actions | FactorRows | None = None
    bad_rows: BadRows = BadRows.REFUSE
    hours: Hours = Hours.STRICT
    suspects: Suspects = Suspects.KEEP


@dataclass(frozen=True, slots=True)
class RawTable:
    """An opened table, not yet read.

    Parameters
    ----------
    names : tuple of str
        Column names as the source writes them.
    load : callable
        Takes positions of columns, each with whether it holds numbers, and gives one array each (Arrow or numpy).
    source : str
        How the table is named in messages and results.
    row_word : str
        What a row is called: a line of a file, a row of a frame.
    line_of : callable
        From a row's position to the number a reader would look up: its line, header included and counted from 1, in a
        file; the position itself in a frame.
    rejected : tuple of (int, str)
        Lines that are no rows at all, known once columns are loaded.
    """

    names: tuple[str, ...]
    load: Callable[[Mapping[int, bool]], dict[int, Any]]
    source: str
    row_word: str = "row"
    line_of: Callable[[int], int] = int
    rejected: Callable[[], tuple[tuple[int, str], ...]] = tuple

    @property
    def has_lines(self) -> bool:
        """Whether rows are lines of a file that a reader can look up."""
        return self.row_word == "line"

    def place(self, row: int) -> str:
        """The row as a reader of the source would look it up, to begin a sentence with."""
        return f"{self.row_word.capitalize()} {self.line_of(row)} of {self.source}"


@dataclass(frozen=True, slots=True)
class ImportNote:
    """What an import left out, and why.

    Parameters
    ----------
    source : str
    kept : int
        Rows that became bars.
    dropped : tuple of (int, str)
        Line (files: from 1, header included) or row (frames: from 0) of what was left out, with the reason; the first
        thousand.
    dropped_count : int
    row_word : str
    """

    source: str
    kept: int
    dropped: tuple[tuple[int, str], ...] = ()
    dropped_count: int = 0
    row_word: str = "row"

    @classmethod
    def of(cls, table: RawTable, kept: int, dropped: Sequence[LeftOut]) -> ImportNote:
        """The note of one table."""
        named = sorted((row.line, row.reason) for row in dropped)[:NAMED_ROWS]
        return cls(table.source, kept, tuple(named), len(dropped), table.row_word)

    @property
    def sentence(self) -> str:
        """The note in one sentence; empty when nothing was left out."""
        if not self.dropped_count:
            return ""
        line, reason = self.dropped[0]
        share = f"{self.dropped_count} of {self.kept + self.dropped_count} rows"
        return f"{share} of {self.source} were left out, first {self.row_word} {line}: {reason}."
