"""A stage for the suite for providers: Interactive Brokers' gateway with a history of its own, and our adapter."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from tests.ib_stages import SHORT
from tests.markets import intraday
from tests.sandboxes import venue_over
from tests.vendor_stages import terms_of
from tests.vendor_truth import NEW_YORK, label_of

from tradewright.adapters.brokers.ib.kind import IbKind
from tradewright.domain.bars import Adjustment, Bar
from tradewright.domain.instrument import Equity
from tradewright.domain.live.modes import PaperKeys
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_SECOND, Timeframe
from tradewright.ports.broker_kind import Access
from tradewright.ports.provider import BarProvider, Provider
from tradewright.venue.tws.book import GatewayError
from tradewright.venue.tws.gateway import TwsGateway
from tradewright.venue.tws.layouts import packed
from tradewright.venue.tws.orders import instant_of, moment_text
from tradewright.venue.tws.session import ClientSession

TRUTH = NEW_YORK
_LONG = {"D": 1, "W": 7, "M": 31, "Y": 366}


def as_told(bar: Bar) -> Bar:
    """A raw bar as trades are told there: per share of today."""
    ratio = TRUTH.ratio_after(label_of(bar, TRUTH))
    prices = {name: getattr(bar, name) / ratio for name in ("open", "high", "low", "close")}
    return replace(bar, volume=bar.volume * ratio, **prices)


class HistorySession(ClientSession):
    """A connection whose history is that of the truth; the bar that has begun is in it, as the real one tells it."""

    def _history(self, fields: list[str]) -> None:
        self._symbol(fields[2:])
        size, span, count = fields[16], fields[17].split(" ")[1], int(fields[17].split(" ")[0])
        timeframe = Timeframe.parse(size.removesuffix("s"))
        last = instant_of(fields[15]) or TRUTH.now_ns
        first = last - count * _LONG[span] * NS_PER_DAY
        rows = [as_told(bar) for bar in TRUTH.bars(timeframe) if first <= bar.open_time < last]
        if not rows:
            raise GatewayError(162, "Historical Market Data Service error message:HMDS query returned no data")
        said = [moment_text(first), moment_text(last), str(len(rows))]
        for bar in rows:
            stamp = str(bar.open_time // NS_PER_SECOND) if timeframe.is_intraday else moment_text(bar.open_time)[:8]
            numbers = bar.open, bar.high, bar.low, bar.close, bar.volume, bar.close
            said += [stamp, *map(repr, numbers), "1"]
        self.write([packed(["17", fields[1], *said])])


class HistoryGateway(TwsGateway):
    """A gateway of such connections."""

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = HistorySession(self, reader, writer)
        self.sessions.append(session)
        self._serving.add(task := asyncio.current_task())
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, OSError):
                await session.serve()
        finally:
            self.sessions.remove(session)
            self._serving.discard(task)
            writer.close()


class IbHistoryStage:
    """A gateway in the loop of the check."""

    terms = terms_of(TRUTH, "XNAS", "USD", "7m", "NOSUCH")

    def __init__(self, port: int) -> None:
        self._port = port

    def now_ns(self) -> int:
        return TRUTH.now_ns

    async def truth(self, timeframe: Timeframe) -> Sequence[Bar]:
        contains_splits = self.open().adjustment is Adjustment.SPLIT
        return [as_told(bar) if contains_splits else bar for bar in TRUTH.bars(timeframe)]

    def open(self) -> BarProvider:
        access = Access(clock=TRUTH.clock, addresses={"host": "127.0.0.1", "port": str(self._port)})
        parts = IbKind(SHORT).open_paper(PaperKeys("ib", {}), access)
        assert parts.history is not None
        assert parts.stream is not None
        return Provider(
            name="ib", source=f"ib {parts.stream.feed.name}", history=parts.history, instruments=parts.instruments,
            adjustment=parts.adjustment, closing=parts.broker.disconnect,
        )  # fmt: skip


@contextlib.asynccontextmanager
async def ib_history_stage() -> AsyncIterator[IbHistoryStage]:
    """A gateway whose history is that of the truth, and our adapter to it."""
    listed = Equity("ACME", "XNAS", calendar="XNYS", tick=0.01)
    gateway = HistoryGateway(venue_over(intraday([[100.0] * 5], listed)))
    async with gateway.listening() as port:
        yield IbHistoryStage(port)


__all__ = ["IbHistoryStage", "ib_history_stage"]
