"""The schedule of a market that grows: sessions end when a row or the clock says so, not because the data end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewright.engine.schedule import Schedule

if TYPE_CHECKING:
    from tradewright.domain.live.session import Row
    from tradewright.marketdata.market import Market

__all__ = ["GrowingSchedule"]


class GrowingSchedule(Schedule):
    """Sessions, months and their ends by row, taken in row by row.

    Whether the last row of the history ends its session is not known, and does not matter: nothing is decided there.
    """

    def __init__(self, market: Market) -> None:
        super().__init__(market)
        self._market = market
        self._over: set[str] = set()
        self._ends = [set(each) for each in self._ends]
        for ends in (self.last_rows, *self._ends):
            ends.discard(len(market) - 1)

    def append(self, row: Row) -> bool:
        """Take in the row that the market has just grown by; whether a session of the account begins with it."""
        number, sessions = len(self._market) - 1, self._market.sessions
        begins = bool(sessions.first_rows[-1] == number)
        if begins:
            self._over.clear()
            self._begin(number)
        self.end(row.ends, number)
        return begins

    def _begin(self, number: int) -> None:
        before, now = self._market.sessions.labels[-2:]
        self.session_firsts[number] = int(now - before)
        months = np.array([before, now]).astype("datetime64[D]").astype("datetime64[M]")
        if months[0] != months[1]:
            self.months.add(number)

    def end(self, symbols: tuple[str, ...], number: int) -> bool:
        """The sessions of these symbols end with a row; whether that of the account does, with the last of them.

        A symbol that had no bar all day ends nothing: as in stored bars, its day has not been.
        """
        for symbol in symbols:
            place = self._market.symbols.index(symbol)
            if self.has_traded(place):
                self._ends[place].add(number)
        was_over = self._is_over()
        self._over.update(symbols)
        if self._is_over() and not was_over:
            self.last_rows.add(number)
            return True
        return False

    def has_traded(self, symbol: int) -> bool:
        """Whether a symbol, by its number, has had a bar in the account's session."""
        return bool(self._market.tracks[symbol].bars.sessions.labels[-1] == self._market.sessions.labels[-1])

    def _is_over(self) -> bool:
        return len(self._over) == len(self._market.symbols)
