"""A journal that keeps nothing: its records are written as a journal's are, into nowhere, and nothing is forced."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.domain.live.journal import JournalIdentity, Replay

from .file_journal import FileJournal
from .forcing import Forcer

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["SinkJournal"]


class _Idler(Forcer):
    """Forces nothing, and needs no thread for it."""

    async def force(self, sync: Callable[[int], None], handle: int) -> None:
        """Return."""


class SinkJournal(FileJournal):
    """A `tradewright.ports.journal.Journal` for what is only practised."""

    def __init__(self) -> None:
        super().__init__(Path(os.devnull), JournalIdentity("practice", "paper"), forcer=_Idler())

    def open(self) -> Replay:
        """Nothing was ever kept."""
        return Replay(())

    def _begin_segment(self) -> None:
        if self._handle is None:
            self._handle = os.open(os.devnull, os.O_WRONLY)
