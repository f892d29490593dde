"""Splits and dividends from Yahoo's charts, counted back from the shares of today to those of then."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tradewright.domain.actions import ActionKind, CorporateAction
from tradewright.domain.errors import BrokerError, DataError
from tradewright.domain.timeframe import NS_PER_DAY

from .places import place_of
from .raw import date_of, true_digits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tradewright.ports.clock import Clock

    from .chart import Chart, YahooDoor

__all__ = ["YahooActions"]

SOURCE = "yahoo"


class YahooActions:
    """A `tradewright.ports.provider.ActionSource`: splits and dividends, without announcements, names and ends.

    Its charts are those of an instrument under all its names. What it says of dividends is per share of today.

    Parameters
    ----------
    door : YahooDoor
    clock : Clock
    """

    def __init__(self, door: YahooDoor, clock: Clock) -> None:
        self._door = door
        self._clock = clock

    @property
    def joins_names(self) -> bool:
        """Whether bars of former names come under the present one."""
        return True

    async def actions(self, symbol: str, first_day: int, stop_day: int) -> Sequence[CorporateAction]:
        """What takes effect from one day up to, and without, another.

        Raises
        ------
        SymbolNotFoundError
            When Yahoo does not know the symbol.
        BrokerError
            When the answer is not whole, or holds what cannot be.
        """
        begin = max(0, (first_day - 1) * NS_PER_DAY)
        # Up to now: every later split is in the dividends of before.
        chart = await self._door.chart(symbol, "1d", begin, self._clock.now_ns())
        if chart is None:
            return ()
        try:
            return [each for each in _actions(chart, symbol) if first_day <= each.day < stop_day]
        except DataError as error:
            raise BrokerError(f"What Yahoo says of {symbol} cannot be used: {error}") from None


def _actions(chart: Chart, symbol: str) -> Iterator[CorporateAction]:
    place = place_of(chart.meta, symbol)
    splits = [(date_of(each.stamp, place.zone), each.ratio) for each in chart.splits]
    for day, ratio in splits:
        yield CorporateAction(kind=ActionKind.SPLIT, symbol=symbol, day=day, source=SOURCE, ratio=ratio)
    for each in chart.dividends:
        day = date_of(each.stamp, place.zone)
        shares = math.prod(ratio for later, ratio in splits if later > day)
        cash = true_digits(each.cash * shares / place.per_unit)
        yield CorporateAction(kind=ActionKind.DIVIDEND, symbol=symbol, day=day, source=SOURCE, cash=cash)
