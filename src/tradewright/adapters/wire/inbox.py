"""Where what came over a connection waits until it is read."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

from tradewright.domain.errors import BrokerError
from tradewright.domain.live.feed import Pulse
from tradewright.domain.quote import Quote

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tradewright.domain.live.feed import QuoteEvent

__all__ = ["Inbox", "QuoteInbox"]

T = TypeVar("T")


class Inbox(Generic[T]):
    """Everything, in its order. An error is raised where it is read, and what came behind it can be read on.

    Attributes
    ----------
    hear : callable or None
        Told what comes in the call that puts it, unless something before it still waits; what it raises is raised
        where the inbox is read.
    """

    def __init__(self) -> None:
        self.hear: Callable[[T], None] | None = None
        self._line: asyncio.Queue[T | Exception | None] = asyncio.Queue()

    @classmethod
    def over(cls) -> Inbox[T]:
        """One that nothing comes into: there is no connection."""
        inbox = cls()
        inbox.end()
        return inbox

    def put(self, item: T | BrokerError) -> None:
        """Something came."""
        if self.hear is None or isinstance(item, BrokerError) or not self._line.empty():
            self._line.put_nowait(item)
            return
        try:
            self.hear(item)
        except Exception as error:  # noqa: BLE001 - raised again by `items`: who puts has nothing to do with it
            self._line.put_nowait(error)

    def end(self) -> None:
        """Nothing comes any more."""
        self._line.put_nowait(None)

    async def items(self) -> AsyncIterator[T]:
        """What came, and comes, until the end."""
        while (item := await self._line.get()) is not None:
            if isinstance(item, Exception):
                raise item
            yield item
        self.end()


class QuoteInbox:
    """The latest quote of every symbol, and at most one sign of life: who reads slowly has no queue behind it."""

    def __init__(self) -> None:
        self._waiting: dict[str, QuoteEvent] = {}
        self._changed = asyncio.Event()
        self._is_over = False

    def put(self, event: QuoteEvent) -> None:
        """Something came; an older quote does not take the place of a later one."""
        symbol = "" if isinstance(event, Pulse) else event.symbol
        waiting = self._waiting.get(symbol)
        if not (isinstance(event, Quote) and isinstance(waiting, Quote) and event.at_ns < waiting.at_ns):
            self._waiting[symbol] = event
        self._changed.set()

    def end(self) -> None:
        """Nothing comes any more."""
        self._is_over = True
        self._changed.set()

    async def items(self) -> AsyncIterator[QuoteEvent]:
        """What waits, symbol by symbol, until the end."""
        while True:
            while self._waiting:
                yield self._waiting.pop(next(iter(self._waiting)))
            if self._is_over:
                return
            self._changed.clear()
            await self._changed.wait()
