"""The stream of an account: orders and executions as ccxt.pro tells them; it pings, and ends without an answer."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import BrokerError
from tradewright.domain.live.venue import StreamEvent

from .outcomes import error_of, failures
from .words import decimal_in, fill_from, order_from, vid_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tradewright.domain.live.venue import VenueFill, VenueOrder

    from .door import Door
    from .pairs import Pairs

__all__ = ["Updates"]


class Updates:
    """One stream at a time, what came over it, and what is remembered of orders: whose they are, how far filled.

    Parameters
    ----------
    door : Door
    pairs : Pairs
    """

    def __init__(self, door: Door, pairs: Pairs) -> None:
        self._door = door
        self._pairs = pairs
        self._line: asyncio.Queue[StreamEvent | None] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []
        self._cids: dict[str, str] = {}
        self._filled: dict[str, Decimal] = {}
        self._sums: dict[str, Decimal] = {}

    @property
    def is_open(self) -> bool:
        """Whether there is a stream."""
        return bool(self._tasks)

    # What is remembered.

    def remember(self, order: VenueOrder) -> None:
        """Whose an order is."""
        if order.cid is not None:
            self._cids[order.vid] = order.cid

    def cid_of(self, vid: str) -> str | None:
        """Whose an order is, where it was seen."""
        return self._cids.get(vid)

    def filled_at(self, trade: dict[str, Any]) -> Decimal | None:
        """How much of its order was filled with an execution, where that is known."""
        return self._filled.get(vid_of(trade["symbol"], trade["id"]))

    def count(self, trades: list[dict[str, Any]], total: Decimal) -> None:
        """Count the executions of one order up: those given are its last ones, and together it has filled `total`."""
        sizes = [decimal_in(each, "amount") for each in trades]
        running = max(Decimal(0), total - sum(sizes))
        for each, size in zip(trades, sizes, strict=True):
            running += size
            self._filled[vid_of(each["symbol"], each["id"])] = running

    # The stream itself.

    async def open(self, made: Any) -> None:
        """Listen from now on.

        Raises
        ------
        BrokerError
            When the exchange does not let us listen.
        """
        line: asyncio.Queue[StreamEvent | None] = asyncio.Queue()
        errors = failures()
        try:
            async with asyncio.timeout(self._door.terms.patience.within_s):
                if hasattr(made, "ensure_user_data_stream_ws_subscribe_signature"):
                    await made.authenticate({"type": "spot"})
        except errors as error:
            raise error_of(error) from error
        self._line = line
        self._door.on_message = lambda said: _end(said, line)
        self._tasks = [
            asyncio.create_task(self._listen(made.watch_orders, self._hear_order, line, errors)),
            asyncio.create_task(self._listen(made.watch_my_trades, self._hear_trade, line, errors)),
        ]
        await asyncio.sleep(0)

    async def _listen(self, watch: Any, hear: Any, line: asyncio.Queue[StreamEvent | None], errors: Any) -> None:
        """Wait for news until the line is lost; ccxt keeps what came between two waits."""
        try:
            while True:
                for said in list(await watch()):
                    line.put_nowait(hear(said))
        except (*errors, BrokerError):
            line.put_nowait(None)

    def _hear_order(self, said: Any) -> StreamEvent:
        order = order_from(said)
        self.remember(order)
        self._pairs.learn(order.symbol)
        return StreamEvent(order=order)

    def _hear_trade(self, said: Any) -> StreamEvent:
        return StreamEvent(fill=self._fill(said))

    def _fill(self, said: Any) -> VenueFill:
        """An execution; Binance's messages say whose it is and how much was filled with it, others are counted up."""
        raw, vid = said.get("info") or {}, vid_of(said["symbol"], said["order"])
        name, key = raw.get("C") or raw.get("c"), vid_of(said["symbol"], said["id"])
        if raw.get("e") == "executionReport" and name:
            self._cids[vid] = str(name)
            self._filled[key] = decimal_in(raw, "z")
        if key not in self._filled:
            self._sums[vid] = self._sums.get(vid, Decimal(0)) + decimal_in(said, "amount")
            self._filled[key] = self._sums[vid]
        return fill_from(said, self._cids.get(vid), self._filled[key])

    async def events(self) -> AsyncIterator[StreamEvent]:
        """What came, and comes, until the stream of this moment ends."""
        line = self._line
        while self._tasks or not line.empty():
            event = await line.get()
            if event is None:
                line.put_nowait(None)
                return
            yield event

    async def close(self) -> None:
        """Listen no more; harmless where nobody listens."""
        tasks, self._tasks = self._tasks, []
        if not tasks:
            return
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._line.put_nowait(None)


def _end(said: Any, line: asyncio.Queue[StreamEvent | None]) -> None:
    """Binance may end the stream of an account and leave its socket open."""
    event = said.get("event", said) if isinstance(said, dict) else None
    if isinstance(event, dict) and event.get("e") == "eventStreamTerminated":
        line.put_nowait(None)
