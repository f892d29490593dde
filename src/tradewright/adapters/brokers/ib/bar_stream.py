"""Bars as they close: bars of five seconds, put together."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradewright.domain.bars import Bar
from tradewright.domain.errors import BrokerError, DataError, TimeframeError
from tradewright.domain.live.feed import Pulse, StreamBar
from tradewright.domain.timeframe import NS_PER_SECOND

from .table import FEED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from tradewright.domain.live.feed import FeedEvent, FeedKind
    from tradewright.domain.timeframe import Timeframe
    from tradewright.ports.clock import Clock

    from .contracts import Contracts
    from .link import Link
    from .table import IbTerms

__all__ = ["FiveSeconds", "IbBarStream", "require_minutes"]

_STEP_NS = 5 * NS_PER_SECOND


def require_minutes(timeframe: Timeframe, what: str) -> None:
    """Refuse bars that would not begin where ours do.

    Raises
    ------
    TimeframeError
    """
    if not timeframe.fits_half_hours:
        raise TimeframeError(
            f"Interactive Brokers' {what} has no bars of {timeframe}.",
            hint="Take 1m, 2m, 3m, 5m, 10m, 15m or 30m and resample them.",
        )


@dataclass(slots=True)
class FiveSeconds:
    """Bars of five seconds on their way to longer ones of one symbol.

    A bar is given when its last five seconds are over. One that lacks some of them is not given: it would be another
    bar than the venue's, and the history has the right one.

    Parameters
    ----------
    symbol : str
    length_ns : int
        Of the longer bars; whole minutes.
    """

    symbol: str
    length_ns: int
    _rows: list[tuple[int, float, float, float, float, float]] = field(default_factory=list)

    def add(self, at_ns: int, prices: Sequence[float], volume: float) -> Bar | None:
        """Take five seconds that opened at an instant; the bar that they end, where it is whole.

        Parameters
        ----------
        at_ns : int
        prices : (4,)
            Open, high, low, close.
        volume : float
        """
        opened = at_ns - at_ns % self.length_ns
        if self._rows and self._rows[-1][0] >= at_ns:
            return None
        if not self._rows or self._rows[0][0] < opened:
            self._rows = []
        self._rows.append((at_ns, *prices, volume))  # type: ignore[arg-type]
        if at_ns + _STEP_NS < opened + self.length_ns:
            return None
        rows, self._rows = self._rows, []
        return self._whole(rows, opened) if len(rows) * _STEP_NS == self.length_ns else None

    def _whole(self, rows: list[tuple[int, float, float, float, float, float]], opened: int) -> Bar:
        return Bar(
            self.symbol, opened, opened + self.length_ns, rows[0][1], max(row[2] for row in rows),
            min(row[3] for row in rows), rows[-1][4], sum(row[5] for row in rows),
        )  # fmt: skip


class IbBarStream:
    """A `tradewright.ports.bar_stream.BarStream` of minutes that divide half an hour, in regular hours.

    Parameters
    ----------
    link : Link
    contracts : Contracts
    terms : IbTerms
    clock : Clock
    """

    def __init__(self, link: Link, contracts: Contracts, terms: IbTerms, clock: Clock) -> None:
        self._link = link
        self._contracts = contracts
        self._terms = terms
        self._clock = clock
        self._building: dict[int, FiveSeconds] = {}
        self._inbox: asyncio.Queue[FeedEvent | BrokerError | None] = asyncio.Queue()
        self._refused: list[BrokerError] = []
        self._is_asking = False
        self._beating: asyncio.Task[None] | None = None

    @property
    def feed(self) -> FeedKind:
        """Which feed it is."""
        return FEED

    @property
    def heartbeat_s(self) -> float:
        """Longest silence of a healthy stream."""
        return self._terms.capabilities.heartbeat_s

    async def connect(self) -> None:
        """Open the stream."""
        await self.disconnect()
        self._building.clear()
        self._inbox = asyncio.Queue()
        await self._link.ensure_open()
        self._beating = asyncio.create_task(self._beat())

    async def subscribe(self, symbols: Sequence[str], timeframe: Timeframe) -> None:
        """Ask for the bars of these symbols.

        Raises
        ------
        DataError
            For another timeframe, or a symbol that there is not.
        BrokerError
            When the subscription was refused.
        """
        require_minutes(timeframe, "stream")
        self._refused, self._is_asking = [], True
        wanted = {symbol: await self._contracts.contract(symbol) for symbol in symbols}
        for symbol, contract in wanted.items():
            number = self._link.number()
            self._building[number] = FiveSeconds(symbol, timeframe.nanoseconds)
            await self._link.limiter.take(self._terms.question_s)
            self._link.require_line().reqRealTimeBars(number, contract, 5, "TRADES", True, [])
        # A refusal comes before the answer to what was asked later.
        await self._link.ask("currentTime", lambda client: client.reqCurrentTime())
        self._is_asking = False
        if self._refused:
            raise self._refused[0]

    async def _beat(self) -> None:
        while self._link.is_open:
            with contextlib.suppress(BrokerError):
                await self._link.ask("currentTime", lambda client: client.reqCurrentTime())
                self._inbox.put_nowait(Pulse(self._clock.now_ns()))
            await asyncio.sleep(self.heartbeat_s / 3)

    async def events(self) -> AsyncIterator[FeedEvent]:
        """Bars and pulses, until the connection ends.

        Raises
        ------
        BrokerError
            When a subscription ended.
        """
        inbox = self._inbox
        while (event := await inbox.get()) is not None:
            if isinstance(event, BrokerError):
                raise event
            yield event

    async def close_idle(self) -> None:
        """Close the connection that history and instruments opened, unless the stream goes on over it."""
        if self._beating is None:
            await self._link.close()

    async def disconnect(self) -> None:
        """Close the stream; history and instruments open the connection again when they need it."""
        if self._beating is None:
            return
        self._beating.cancel()
        await asyncio.gather(self._beating, return_exceptions=True)
        self._beating = None
        await self._link.close()
        self._building.clear()
        self._inbox.put_nowait(None)

    def hear(self, name: str, *said: Any) -> None:
        """A message of the connection that answers no question."""
        if name == "realtimeBar" and said[0] in self._building:
            self._take(said[0], said[1] * NS_PER_SECOND, said[2:6], said[6])
        elif name == "error" and said[0] in self._building:
            text = f"Interactive Brokers ends the bars of {self._building.pop(said[0]).symbol}: {said[2]}."
            error = BrokerError(text, broker_code=str(said[1]))
            if self._is_asking:
                self._refused.append(error)
            else:
                self._inbox.put_nowait(error)
        elif name == "connectionClosed" or (name == "error" and said[1] == _DATA_LOST):
            self._inbox.put_nowait(None)

    def _take(self, number: int, at_ns: int, prices: Sequence[float], volume: float) -> None:
        try:
            bar = self._building[number].add(at_ns, prices, volume)
        except DataError as error:
            self._inbox.put_nowait(BrokerError(f"A bar of Interactive Brokers cannot be used: {error}"))
            return
        if bar is not None:
            self._inbox.put_nowait(StreamBar(bar))


_DATA_LOST = 1101
"""The gateway has the broker again, and the subscriptions are gone."""
