"""Records of the journal: what must be known after any crash, in the order in which it became true."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FORMAT", "Entry", "JournalIdentity", "Record", "RecordKind", "Replay"]

FORMAT = 1
"""Version of what the records mean."""


class RecordKind(StrEnum):
    """What a record says; `docs/reference/live-orders.md` lists when each must be durable."""

    EPOCH = "EPOCH"
    BASELINE = "BASELINE"
    DECIDE = "DECIDE"
    ARM = "ARM"
    OUTCOME = "OUTCOME"
    FILL = "FILL"
    FINAL = "FINAL"
    NOT_ACCEPTED = "NOT_ACCEPTED"
    CANCEL_WANTED = "CANCEL_WANTED"
    REPLACE = "REPLACE"
    EXIT = "EXIT"
    PLAN = "PLAN"
    LATCH = "LATCH"
    REARM = "REARM"
    FLATTEN = "FLATTEN"
    ADOPT = "ADOPT"
    FOREIGN = "FOREIGN"
    ADJUST = "ADJUST"
    ACTION = "ACTION"
    FREEZE = "FREEZE"
    THAW = "THAW"
    RECONCILED = "RECONCILED"
    RISK = "RISK"
    OWNER = "OWNER"
    COMMAND = "COMMAND"


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that became true: its kind and what it holds, in plain JSON words (quantities and prices as text)."""

    kind: RecordKind
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """A record in its place: its number in the log (from 1), and the epoch that wrote it."""

    sequence: int
    epoch: int
    record: Record


@dataclass(frozen=True, slots=True)
class JournalIdentity:
    """Whose journal it is. A journal of one account or mode is never continued by another."""

    account: str
    mode: str


@dataclass(frozen=True, slots=True)
class Replay:
    """What a journal held when it was opened.

    Parameters
    ----------
    entries : tuple of Entry
    tail_cut : int
        Bytes of a torn last frame that were copied aside and cut; 0 where the log ended well.
    put_aside : int
        Records that an earlier process kept on this host while the database was away, and that another process has gone
        on without: they are not among the entries.
    """

    entries: tuple[Entry, ...]
    tail_cut: int = 0
    put_aside: int = 0

    @property
    def epoch(self) -> int:
        """The highest epoch that wrote anything; 0 in a new journal."""
        return max((entry.epoch for entry in self.entries), default=0)
