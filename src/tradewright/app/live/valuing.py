"""What the risk office must know before it approves: prices, how far they move, and what the account is worth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tradewright.domain.errors import DataError
from tradewright.domain.timeframe import Timeframe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tradewright.domain.bars import Bar
    from tradewright.ports.bar_stream import BarHistory, InstrumentSource
    from tradewright.ports.broker import Broker
    from tradewright.ports.clock import Clock
    from tradewright.risk.office import RiskOffice

__all__ = ["Valuer"]

NS = 1_000_000_000
NS_PER_DAY = 86_400 * NS
_AVERAGED = 14
_BEFORE_NS = 40 * NS_PER_DAY
_RECENT_NS = 5 * NS_PER_DAY
_MARK_S = 30.0


class Valuer:
    """Feeds a risk office from the venue.

    Parameters
    ----------
    broker : Broker
    instruments : InstrumentSource
    history : BarHistory or None
        Without one only bars that are shown by `see` tell prices.
    office : RiskOffice
    clock : Clock

    Attributes
    ----------
    day_of : callable
        ``day_of(at_ns)`` is the session date of an instant, days since 1970-01-01; by the UTC day unless it is set.
    """

    def __init__(
        self,
        broker: Broker,
        instruments: InstrumentSource,
        history: BarHistory | None,
        office: RiskOffice,
        clock: Clock,
    ) -> None:
        self.broker = broker
        self.instruments = instruments
        self.history = history
        self.office = office
        self.clock = clock
        self.day_of: Callable[[int], int] = _utc_day
        self._ranges: dict[str, list[float]] = {}
        self._last: dict[str, Bar] = {}
        self._unit_values: dict[str, float] = {}

    async def see(self, bar: Bar) -> None:
        """Take a bar that has closed."""
        before = self._last.get(bar.symbol)
        if before is not None and bar.close_time <= before.close_time:
            return
        self._last[bar.symbol] = bar
        ranges = self._ranges.setdefault(bar.symbol, [])
        ranges.append(_true_range(bar, before))
        del ranges[:-_AVERAGED]
        await self._tell(bar)

    async def _tell(self, bar: Bar) -> None:
        ranges = self._ranges.get(bar.symbol, [])
        twice = 2.0 * sum(ranges) / _AVERAGED if len(ranges) == _AVERAGED else math.nan
        unit = await self._unit_value(bar.symbol)
        self.office.prices.see(bar.symbol, bar.close, bar.close_time, unit, twice)

    async def _unit_value(self, symbol: str) -> float:
        if symbol not in self._unit_values:
            self._unit_values[symbol] = (await self.instruments.instrument(symbol)).multiplier
        return self._unit_values[symbol]

    async def prices(self, symbols: Iterable[str]) -> None:
        """Ask for the prices of symbols whose last one is not fresh; what the venue does not know stays unknown."""
        if self.history is None:
            return
        for symbol in dict.fromkeys(symbols):
            age = self.office.prices.age_s(symbol, self.clock.now_ns())
            if not age < self.office.collars.fresh_s / 2:
                await self._ask(symbol, self.history)

    async def _ask(self, symbol: str, history: BarHistory) -> None:
        now = self.clock.now_ns()
        if symbol not in self._ranges:
            for bar in await _bars(history, symbol, "1d", now - _BEFORE_NS, now):
                await self.see(bar)
        # Bars inside the day say where the price is; the ranges of days stay what the risk is measured by.
        for bar in (await _bars(history, symbol, "1m", now - _RECENT_NS, now))[-1:]:
            await self._tell(bar)

    async def account(self, *, always: bool = False) -> None:
        """Ask what the account is worth, unless that was asked just now, and begin the session of the day."""
        watch, now = self.office.watch, self.clock.now_ns()
        if not always and now - watch.equity_ns < _MARK_S * NS:
            return
        account = await self.broker.account()
        # The day begins with what was known before it: a loss over night is one of the new day.
        watch.begin_session(self.day_of(now), now)
        watch.mark(account, now)


def _utc_day(at_ns: int) -> int:
    return at_ns // NS_PER_DAY


async def _bars(history: BarHistory, symbol: str, timeframe: str, start_ns: int, end_ns: int) -> Sequence[Bar]:
    try:
        return await history.bars(symbol, Timeframe.parse(timeframe), start_ns, end_ns)
    except DataError:
        return []


def _true_range(bar: Bar, before: Bar | None) -> float:
    if before is None:
        return bar.high - bar.low
    return max(bar.high, before.close) - min(bar.low, before.close)
