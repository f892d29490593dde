"""Klines that have closed, every page of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.adapters.wire.rows import RowReader

from .klines import numbers_of, span_of, words_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.bars import Bar
    from tradewright.domain.timeframe import Timeframe
    from tradewright.ports.clock import Clock

    from .door import Door
    from .pairs import Pairs

__all__ = ["CcxtBarHistory"]

_MS = 1_000_000


class CcxtBarHistory:
    """A `tradewright.ports.bar_stream.BarHistory` over ccxt.

    Parameters
    ----------
    door : Door
    pairs : Pairs
    clock : Clock
        Says which klines have closed.
    """

    def __init__(self, door: Door, pairs: Pairs, clock: Clock) -> None:
        self._door = door
        self._pairs = pairs
        self._clock = clock

    async def bars(self, symbol: str, timeframe: Timeframe, start_ns: int, end_ns: int) -> Sequence[Bar]:
        """The closed bars that lie between two instants, oldest first.

        Raises
        ------
        DataError
            For a timeframe that the exchange does not have.
        SymbolNotFoundError
        ImpossibleRowsError
            When rows cannot be; carries the bars of the others.
        BrokerError
            When a page is missing.
        """
        last_ns = min(end_ns, self._clock.now_ns())
        async with self._door.held() as made:
            self._pairs.market(made, symbol)
            word = words_for(made, timeframe)
            rows = await self._rows(symbol, word, -(-start_ns // _MS), (last_ns - timeframe.nanoseconds) // _MS)
        reader = RowReader(self._door.plan.name, symbol, lambda row: span_of(row, timeframe), numbers_of)
        return reader.bars(rows, start_ns, last_ns)

    async def _rows(self, symbol: str, word: str, first_ms: int, last_ms: int) -> list[Any]:
        """Every row that opened from one millisecond to another."""
        page, found = self._door.terms.page, []
        while first_ms <= last_ms:
            rows = await self._door.ask(_asking(symbol, word, first_ms, page))
            stamps = [_stamp(row) for row in rows]
            # What has no time that can be read is kept, to be named.
            found += [row for row, at in zip(rows, stamps, strict=True) if at is None or first_ms <= at <= last_ms]
            fresh = [at for at in stamps if at is not None and at >= first_ms]
            if len(rows) < page or not fresh:
                break
            first_ms = max(fresh) + 1
        return found


def _stamp(row: Any) -> int | None:
    try:
        return int(row[0])
    except (TypeError, ValueError, IndexError):
        return None


def _asking(symbol: str, word: str, first_ms: int, page: int) -> Any:
    return lambda made: made.fetch_ohlcv(symbol, word, first_ms, page)
