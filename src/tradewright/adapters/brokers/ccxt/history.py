"""Klines that have closed, every page of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.adapters.wire.rows import in_order

from .klines import bar_from, words_for

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
        BrokerError
            When a page is missing.
        """
        last_ns = min(end_ns, self._clock.now_ns())
        async with self._door.held() as made:
            self._pairs.market(made, symbol)
            word = words_for(made, timeframe)
            rows = await self._rows(symbol, word, -(-start_ns // _MS), (last_ns - timeframe.nanoseconds) // _MS)
        found = [bar_from(symbol, row, timeframe) for row in rows]
        inside = [bar for bar in found if start_ns <= bar.open_time and bar.close_time <= last_ns]
        return in_order(inside, self._door.plan.name)

    async def _rows(self, symbol: str, word: str, first_ms: int, last_ms: int) -> list[Any]:
        """Every row that opened from one millisecond to another."""
        page, found = self._door.terms.page, []
        while first_ms <= last_ms:
            rows = await self._door.ask(_asking(symbol, word, first_ms, page))
            fresh = [row for row in rows if int(row[0]) >= first_ms]
            found += [row for row in fresh if int(row[0]) <= last_ms]
            if len(rows) < page or not fresh:
                break
            first_ms = max(int(row[0]) for row in fresh) + 1
        return found


def _asking(symbol: str, word: str, first_ms: int, page: int) -> Any:
    return lambda made: made.fetch_ohlcv(symbol, word, first_ms, page)
