"""The synthetic market as a provider: shares that never were, for work without a source and without a network."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.errors import DataNotAvailableError, SymbolNotFoundError, TimeframeError
from tradewright.domain.instrument import Equity
from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.marketdata.synthetic_days import LABEL, SyntheticDays
from tradewright.ports.provider import Provider

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.bars import Bar
    from tradewright.domain.instrument import Instrument
    from tradewright.domain.timeframe import Timeframe
    from tradewright.ports.clock import Clock
    from tradewright.ports.provider import BarProvider, ProviderAccess

__all__ = ["KIND", "SyntheticKind", "SyntheticShares"]

EXCHANGE, CALENDAR = "SYNTHETIC", "XNYS"
_SYMBOL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")


class SyntheticShares:
    """Shares of an exchange of their own, ``SYNTHETIC:AAPL``, so that no series holds made-up bars and real ones.

    Parameters
    ----------
    clock : Clock
        Says which bars have closed.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._markets: dict[str, SyntheticDays] = {}

    async def instrument(self, symbol: str) -> Instrument:
        """The share of that name.

        Raises
        ------
        SymbolNotFoundError
            When it is no name of a share.
        """
        if not _SYMBOL.fullmatch(symbol):
            raise SymbolNotFoundError(
                f"'{symbol:.40}' is no symbol of the synthetic market.", hint="Use letters, digits, '.', '_' and '-'."
            )
        return Equity(symbol, EXCHANGE, calendar=CALENDAR)

    async def bars(self, symbol: str, timeframe: Timeframe, start_ns: int, end_ns: int) -> Sequence[Bar]:
        """The closed bars between two instants, oldest first.

        Raises
        ------
        TimeframeError
            For bars longer than a day.
        SymbolNotFoundError
        """
        if timeframe.nanoseconds > NS_PER_DAY:
            raise TimeframeError(
                f"The synthetic market has no bars of {timeframe}.", hint="Take 1d bars and resample them."
            )
        if symbol not in self._markets:
            self._markets[symbol] = SyntheticDays(await self.instrument(symbol))
        last_ns = min(end_ns, self._clock.now_ns())
        try:
            made = self._markets[symbol].bars(timeframe, start_ns // NS_PER_DAY - 1, last_ns // NS_PER_DAY)
        except DataNotAvailableError:
            return []
        first = int(np.searchsorted(made.open_time, start_ns))
        return [made.bar(row) for row in range(first, int(np.searchsorted(made.close_time, last_ns, "right")))]


class SyntheticKind:
    """See `tradewright.ports.provider.ProviderKind`."""

    name = "synthetic"
    key_fields: tuple[str, ...] = ()
    option_fields: tuple[str, ...] = ()
    is_synthetic = True
    live: tuple[str, ...] = ()

    def open(self, access: ProviderAccess) -> BarProvider:
        """The one synthetic market there is."""
        shares = SyntheticShares(access.clock)
        return Provider(name=self.name, source=LABEL, history=shares, instruments=shares, is_synthetic=True)


KIND = SyntheticKind()
