"""Intake: what a line says, judged bar by bar, counted, and put where rows are assembled."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tradewright.domain.live.feed import StreamBar
from tradewright.domain.timeframe import NS_PER_SECOND

from .assembly import Verdict
from .status import FeedNote, NoteKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.domain.live.feed import FeedEvent
    from tradewright.ports.clock import Clock

    from .assembly import Assembly
    from .placing import PlacedBar
    from .reading import HistoryReader
    from .status import Tally
    from .uptime import Uptime

__all__ = ["Intake"]

_CLOCKS_DIFFER_NS = 60 * NS_PER_SECOND


class Intake:
    """Hears a line and wakes who waits for it.

    Parameters
    ----------
    assembly : Assembly
    reader : HistoryReader
    tally : Tally
    uptime : Uptime
    clock : Clock

    Attributes
    ----------
    opened_ns : int
        When the last stream was opened.
    is_deaf : bool
        Whether streamed bars are only signs of life, being of another timeframe than the rows.
    follow : callable
        Called when a bar was taken in; True where nobody need be woken for it.
    """

    def __init__(
        self, assembly: Assembly, reader: HistoryReader, tally: Tally, uptime: Uptime, *, clock: Clock
    ) -> None:
        self.assembly = assembly
        self.reader = reader
        self.tally = tally
        self.uptime = uptime
        self.clock = clock
        self.opened_ns = 0
        self.is_deaf = False
        self.follow: Callable[[], bool] = lambda: False
        self._wake = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Until something is said, or so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return
        finally:
            self._wake.clear()

    def wake(self) -> None:
        """End the waiting."""
        self._wake.set()

    # The line.

    def heard(self, event: FeedEvent) -> None:
        """Take in what the stream says."""
        if not isinstance(event, StreamBar):
            return
        if self.is_deaf:
            self.wake()  # it tells how late it is, where the venue lives in its own time
            return
        bar = event.bar
        if bar.symbol not in self.reader.placers:
            self.reader.refuse(f"The feed sent {bar.symbol}, which was not asked for.", bar.symbol, bar.close_time)
            return
        for placed in self.reader.place(bar.symbol, [bar]):
            self._take(placed, is_correction=event.is_correction)
        if not self.follow():
            self.wake()

    def _take(self, placed: PlacedBar, *, is_correction: bool) -> None:
        bar = placed.bar
        early_ns = min(_CLOCKS_DIFFER_NS, (bar.close_time - bar.open_time) // 2)
        if bar.close_time > self.clock.now_ns() + early_ns:
            self.reader.refuse(f"A bar of {bar.symbol} came before it closed.", bar.symbol, bar.close_time)
            return
        verdict = self.assembly.accept(placed, is_correction=is_correction)
        if verdict is Verdict.AGAIN:
            self.tally.duplicates += 1
        elif verdict is Verdict.OTHER:
            self.tally.corrections += 1
            self._note_bar(NoteKind.CORRECTION, placed, "was sent again with other values")
        elif verdict is Verdict.LATE:
            self.tally.late += 1
            self._note_bar(NoteKind.LATE, placed, "came after its row was given")

    def _note_bar(self, kind: NoteKind, placed: PlacedBar, what: str) -> None:
        bar = placed.bar
        sentence = f"A bar of {bar.symbol} {what}: {bar.open:g} {bar.high:g} {bar.low:g} {bar.close:g} {bar.volume:g}."
        self.tally.note(FeedNote(kind, self.clock.now_ns(), sentence, bar.symbol, bar.close_time))

    def opened(self, *, is_deaf: bool) -> None:
        """A stream is open: what was missed until now is a gap."""
        self.is_deaf = is_deaf
        self.opened_ns = self.clock.now_ns()
        self.uptime.count(self.opened_ns, is_able=False)
        self.tally.opened += 1
        self.wake()

    def lost(self, since_ns: int) -> None:
        """The stream is gone, and was since its last sign of life."""
        now_ns = self.clock.now_ns()
        self.uptime.count(now_ns - (self.clock.monotonic_ns() - since_ns), is_able=True)
        self.uptime.count(now_ns, is_able=False)
        self.wake()

    def noted(self, note: FeedNote) -> None:
        """Keep a note of the line."""
        self.tally.note(note)

    def refused(self, sentence: str) -> None:
        """Count a bar that the stream could not build."""
        self.reader.refuse(sentence)
