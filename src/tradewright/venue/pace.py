"""Pace: how fast the tape moves, and who says so."""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .exchange import SandboxVenue

__all__ = ["Drive", "Mode", "Pace"]

_BARS_AT_ONCE = 64
_MOST_BEHIND = 1_000
_MOMENT_S = 0.001


class Mode(StrEnum):
    """Who moves the tape."""

    LOCKSTEP = "lockstep"
    ACKNOWLEDGED = "ack"
    MAX = "max"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast bars come.

    Parameters
    ----------
    mode : Mode
        `LOCKSTEP` moves when a call says so, `ACKNOWLEDGED` when every listener has acknowledged the last bar, `MAX` as
        fast as it can, `CLOCK` by a clock.
    factor : float
        Of a clock: seconds of the market per second. Hours in which no bar is formed are jumped over.
    """

    mode: Mode
    factor: float = 1.0

    @classmethod
    def parse(cls, text: str) -> Pace:
        """A pace in words: ``lockstep``, ``ack``, ``max``, ``60x``.

        Raises
        ------
        ConfigError
            When it is none of them.
        """
        if text in (Mode.LOCKSTEP, Mode.ACKNOWLEDGED, Mode.MAX):
            return cls(Mode(text))
        try:
            factor = float(text.removesuffix("x"))
        except ValueError:
            factor = math.nan
        if not (0.0 < factor < 1e9 and text.endswith("x")):
            raise ConfigError(f"'{text}' is not a speed.", hint="Use lockstep, ack, max, or a factor such as 60x.")
        return cls(Mode.CLOCK, factor)

    def __str__(self) -> str:
        return f"{self.factor:g}x" if self.mode is Mode.CLOCK else str(self.mode)


class Drive:
    """Moves the tape of a venue from the first authorised request on.

    Parameters
    ----------
    venue : SandboxVenue
    pace : Pace
    backlog : callable, optional
        Messages that the slowest listener has not been told yet; at full speed the tape waits for it.
    """

    def __init__(self, venue: SandboxVenue, pace: Pace, backlog: Callable[[], int] = lambda: 0) -> None:
        self.venue = venue
        self._backlog = backlog
        self.pace = pace
        self._begun = asyncio.Event()
        self._acknowledged = asyncio.Event()

    def begin(self) -> None:
        """Somebody is there: time may pass."""
        self._begun.set()

    def acknowledged(self) -> None:
        """Every listener has the last bar."""
        self._acknowledged.set()

    async def run(self) -> None:
        """Move the tape until it ends, or the task is cancelled."""
        await self._begun.wait()
        while not self.venue.tape.is_over:
            await self._next()

    async def _next(self) -> None:
        if self.pace.mode is Mode.CLOCK:
            await self._by_clock()
        elif self.pace.mode is Mode.MAX:
            self.venue.advance(_BARS_AT_ONCE)
            await asyncio.sleep(0)
            while self._backlog() > _MOST_BEHIND:  # noqa: ASYNC110 - listeners tell nobody how far they are
                await asyncio.sleep(_MOMENT_S)
        elif self.pace.mode is Mode.ACKNOWLEDGED:
            await self._acknowledged.wait()
            self._acknowledged.clear()
            self.venue.advance()
        else:
            await asyncio.Event().wait()

    async def _by_clock(self) -> None:
        """Wait as long as the next bar takes; meanwhile the venue's clock runs through it."""
        opened, closed = self.venue.tape.next_span()
        begun = time.monotonic()
        self.venue.tape.flow(lambda: opened + int((time.monotonic() - begun) * self.pace.factor * 1e9))
        await asyncio.sleep((closed - opened) / 1e9 / self.pace.factor)
        self.venue.advance()
