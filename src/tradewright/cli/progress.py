"""Progress of long work on the standard error: a bar on a terminal, a plain line now and then elsewhere.

Work that is a job tells its progress to whoever started it as well (`tradewright.cli.channel`), also where it is quiet.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any, Self, TextIO

from .channel import channel

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

__all__ = ["Progress"]

_PATIENCE_S = 0.7
"""Work shorter than this shows nothing, and does not pay for a bar."""
_BETWEEN_S = {True: 0.1, False: 5.0}
"""Seconds between two signs of life, on a terminal and elsewhere."""


class Progress:
    """How far the work is, how fast it goes and how long it still takes.

    Parameters
    ----------
    label : str
        What is being done.
    unit : str
        What is counted, in the plural.
    quiet : bool
        Whether nothing is shown.
    stream : text stream
    now : callable
        Seconds on a clock that never runs backwards.
    """

    def __init__(
        self,
        label: str,
        unit: str,
        *,
        quiet: bool = False,
        stream: TextIO | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._label, self._unit, self._quiet, self._now = label, unit, quiet, now
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._started = now()
        self._next = self._started + (_PATIENCE_S if self._terminal else _BETWEEN_S[False])
        self._before = 0
        self._bar: Any = None
        self._task: Any = None

    @property
    def listener(self) -> Self | None:
        """Itself; None where nobody wants to hear, so that the work need not tell."""
        return self if channel().is_open or not self._quiet else None

    def begin_at(self, done: int) -> None:
        """So much was done before the work began: it does not count for the rate."""
        self._before, self._started = done, self._now()
        self._next = self._started + (_PATIENCE_S if self._terminal else _BETWEEN_S[False])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def announce(self, sentence: str) -> None:
        """Tell what takes seconds before the first of what is counted."""
        if not self._quiet:
            self._stream.write(f"{self._label}: {sentence}\n")
            self._stream.flush()

    def __call__(self, done: int, total: int | None, note: str = "") -> None:
        """Tell how much is done, of how much where that is known, and what else is worth a word."""
        channel().progress(done, total, self._unit)
        moment = self._now()
        if self._quiet or moment < self._next:
            return
        self._next = moment + _BETWEEN_S[self._terminal]
        rate = max(done - self._before, 0) / max(moment - self._started, 1e-9)
        said = [self._share(done, total), f"{self._rate_text(rate)} {self._unit}/s", *_left(done, total, rate), note]
        if self._terminal:
            self._draw(done, total, "  ".join(each for each in said if each))
        else:
            self._stream.write(f"{self._label}: {', '.join(each for each in said if each)}\n")
            self._stream.flush()

    def _share(self, done: int, total: int | None) -> str:
        if total is None:
            return f"{done:,} {self._unit}"
        share = f"{done / max(total, 1):.0%}"
        return share if self._terminal else f"{share}, {done:,} of {total:,} {self._unit}"

    @staticmethod
    def _rate_text(rate: float) -> str:
        return f"{rate:,.0f}" if rate >= 10.0 or rate == 0.0 else f"{rate:.1f}"

    def _draw(self, done: int, total: int | None, told: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as RichProgress

        if self._bar is None:
            console = Console(file=self._stream)
            columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[speed]}"))
            self._bar = RichProgress(*columns, console=console, transient=True, auto_refresh=False)
            self._bar.start()
            self._task = self._bar.add_task(self._label, total=total, speed="")
        self._bar.update(self._task, completed=done, total=total, speed=told, refresh=True)


def _left(done: int, total: int | None, rate: float) -> list[str]:
    """Seconds that the rest takes at this rate, where the rest is known."""
    if total is None:
        return []
    return [f"{(total - done) / rate if rate else 0.0:,.0f} s left"]
