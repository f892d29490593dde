"""Forcing files onto the disk in a thread of its own, for which the loop stands still while the disk is quick.

A hop to another thread and back through the loop costs more than half of what the disk itself does. So the caller
waits where it stands, for a time that nothing else in the loop feels; a disk that takes longer is waited for through
the loop, and so is every forcing after it until one was quick again.
"""

from __future__ import annotations

import asyncio
import threading
import weakref
from queue import SimpleQueue
from time import perf_counter
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PATIENCE_S", "Forcer"]

PATIENCE_S = 0.003
"""How long the loop stands still at most; many times what a forced write takes on a sound disk."""


class _Forcing:
    """One file that is being forced, and who waits for it."""

    __slots__ = ("_finished", "_guard", "_handle", "_sync", "_waiter", "error", "took_s")

    def __init__(self, sync: Callable[[int], None], handle: int) -> None:
        self._sync = sync
        self._handle = handle
        self._finished = threading.Lock()
        self._finished.acquire()
        self._guard = threading.Lock()
        self._waiter: tuple[asyncio.AbstractEventLoop, asyncio.Future[None]] | None = None
        self.error: BaseException | None = None
        self.took_s = 0.0

    def carry_out(self) -> None:
        """Force the file; in the thread."""
        began = perf_counter()
        try:
            self._sync(self._handle)
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            self.error = error
        self.took_s = perf_counter() - began
        with self._guard:
            self._finished.release()
            waiter = self._waiter
        if waiter is not None:
            _wake(*waiter)

    def is_done_within(self, seconds: float) -> bool:
        """Stand still until it is done, at most so long."""
        return self._finished.acquire(timeout=seconds)

    async def done(self) -> None:
        """Wait for it through the loop."""
        loop = asyncio.get_running_loop()
        woken = loop.create_future()
        with self._guard:
            if self._finished.acquire(blocking=False):
                return
            self._waiter = loop, woken
        await woken


def _wake(loop: asyncio.AbstractEventLoop, woken: asyncio.Future[None]) -> None:
    try:
        loop.call_soon_threadsafe(_set, woken)
    except RuntimeError:
        # The loop was closed meanwhile: nobody waits any more.
        return


def _set(woken: asyncio.Future[None]) -> None:
    if not woken.done():
        woken.set_result(None)


_Asked: TypeAlias = "SimpleQueue[_Forcing | None]"


def _work(asked: _Asked) -> None:
    while (forcing := asked.get()) is not None:
        forcing.carry_out()


class Forcer:
    """Forces files, one after another; its thread starts with the first and ends with the forcer."""

    def __init__(self) -> None:
        self._asked: _Asked = SimpleQueue()
        self._end: weakref.finalize[[None], Forcer] | None = None
        self._is_quick = True

    async def force(self, sync: Callable[[int], None], handle: int) -> None:
        """Return when ``sync(handle)`` has; what it raises is raised."""
        if self._end is None:
            threading.Thread(target=_work, args=(self._asked,), name="forcing", daemon=True).start()
            self._end = weakref.finalize(self, self._asked.put, None)
        forcing = _Forcing(sync, handle)
        self._asked.put(forcing)
        if not (self._is_quick and forcing.is_done_within(PATIENCE_S)):
            await forcing.done()
        self._is_quick = forcing.took_s < PATIENCE_S
        if forcing.error is not None:
            raise forcing.error

    def close(self) -> None:
        """End the thread once it has done what it was asked for."""
        if self._end is not None:
            self._end()
            self._end = None
