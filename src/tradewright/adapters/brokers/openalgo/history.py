"""Bars that have closed, and what symbols are, as OpenAlgo tells them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from tradewright.adapters.wire.days import SessionDays
from tradewright.adapters.wire.rows import RowReader, number_in
from tradewright.domain.errors import BrokerError, SymbolNotFoundError, TimeframeError
from tradewright.domain.instrument import Instrument, InstrumentKind

from .words import number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from tradewright.domain.bars import Bar
    from tradewright.domain.timeframe import Timeframe
    from tradewright.ports.clock import Clock

    from .door import Door
    from .words import Names

__all__ = ["OpenAlgoBarHistory", "OpenAlgoInstruments"]

NS = 1_000_000_000
_INTRADAY = ("1m", "3m", "5m", "10m", "15m", "30m", "1h")
_DAILY = "1d"
_COLUMNS = ("open", "high", "low", "close", "volume")
_UNKNOWN = ("not found", "no such symbol")


class OpenAlgoBarHistory:
    """A `tradewright.ports.bar_stream.BarHistory`.

    Parameters
    ----------
    door : Door
    names : Names
    calendar : str
        Whose sessions the days are.
    zone : ZoneInfo
    clock : Clock
    """

    def __init__(self, door: Door, names: Names, calendar: str, zone: ZoneInfo, clock: Clock) -> None:
        self._door = door
        self._names = names
        self._calendar = calendar
        self._zone = zone
        self._clock = clock

    async def bars(self, symbol: str, timeframe: Timeframe, start_ns: int, end_ns: int) -> Sequence[Bar]:
        """The closed bars of a stretch of time, oldest first.

        Raises
        ------
        DataError
            For a timeframe that the venue does not have.
        SymbolNotFoundError
        ImpossibleRowsError
            When rows cannot be; carries the bars of the others.
        BrokerError
        """
        words = str(timeframe)
        if words not in (*_INTRADAY, _DAILY):
            raise TimeframeError(f"OpenAlgo has no bars of {words}.", hint=f"It has {', '.join((*_INTRADAY, _DAILY))}.")
        name, exchange = self._names.pair(symbol)
        said = {
            "symbol": name, "exchange": exchange, "interval": "D" if words == _DAILY else words,
            "start_date": self._date(start_ns), "end_date": self._date(end_ns),
        }  # fmt: skip
        rows = (await _asked(self._door, "history", said, symbol)).get("data")
        if not isinstance(rows, list):
            raise BrokerError("OpenAlgo's history cannot be read.")
        days = SessionDays(self._calendar, self._zone)
        reader = RowReader("OpenAlgo", symbol, lambda row: _span(row, timeframe, days), _numbers)
        return reader.bars(rows, start_ns, min(end_ns, self._clock.now_ns()))

    def _date(self, at_ns: int) -> str:
        return dt.datetime.fromtimestamp(at_ns // NS, self._zone).date().isoformat()


def _span(row: Any, timeframe: Timeframe, days: SessionDays) -> tuple[int, int]:
    stamp = int(number_in(row, "timestamp")) * NS
    return (stamp, stamp + timeframe.nanoseconds) if timeframe.is_intraday else days.span_at(stamp)


def _numbers(row: Any) -> list[float]:
    return [number_in(row, name) for name in _COLUMNS]


class OpenAlgoInstruments:
    """A `tradewright.ports.bar_stream.InstrumentSource`.

    Parameters
    ----------
    door : Door
    names : Names
    calendar, currency : str
    """

    def __init__(self, door: Door, names: Names, calendar: str, currency: str) -> None:
        self._door = door
        self._names = names
        self._calendar = calendar
        self._currency = currency
        self._known: dict[str, Instrument] = {}

    async def instrument(self, symbol: str) -> Instrument:
        """The instrument of a symbol, asked for once.

        Raises
        ------
        SymbolNotFoundError
        BrokerError
        """
        if symbol not in self._known:
            self._known[symbol] = await self._ask(symbol)
        return self._known[symbol]

    async def _ask(self, symbol: str) -> Instrument:
        name, exchange = self._names.pair(symbol)
        row = (await _asked(self._door, "symbol", {"symbol": name, "exchange": exchange}, symbol)).get("data")
        if not isinstance(row, dict):
            raise BrokerError("OpenAlgo's answer about a symbol cannot be read.")
        is_future = str(row.get("instrumenttype", "")).upper().startswith("FUT")
        return Instrument(
            symbol,
            exchange,
            InstrumentKind.FUTURE if is_future else InstrumentKind.EQUITY,
            currency=self._currency,
            calendar=self._calendar,
            lot=float(number(row, "lotsize")) or 1.0,
            tick=float(number(row, "tick_size")) or 0.05,
        )


async def _asked(door: Door, call: str, said: dict[str, str], symbol: str) -> dict[str, Any]:
    try:
        return await door.ask(call, said)
    except BrokerError as error:
        if any(words in error.message.lower() for words in _UNKNOWN):
            raise SymbolNotFoundError(
                f"OpenAlgo does not know {symbol}.", hint="Write it as INFY, or INFY@BSE."
            ) from None
        raise
