"""What the calendar brings to a run: sessions, corporate actions, financing days and expiries, by row."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from tradewright.marketdata.market import Market, Track

__all__ = ["Dividend", "Schedule", "Split"]


class Split(NamedTuple):
    """New units per old unit of a symbol."""

    symbol: int
    ratio: float


class Dividend(NamedTuple):
    """Cash per unit of a symbol, in its currency."""

    symbol: int
    amount: float


class Schedule:
    """Rows at which something other than a bar happens.

    Attributes
    ----------
    actions : mapping of row to list
        Splits before dividends, by symbol number; they take effect before the row's open.
    session_firsts : mapping of row to int
        Calendar days since the session before (0 for the first).
    last_rows : set of int
        Rows that end a session of the account.
    months : set of int
        Rows that begin a calendar month.
    expiries : mapping of row to list of symbol numbers
        Whose instrument ends with the row.
    """

    def __init__(self, market: Market) -> None:
        sessions = market.sessions
        days = np.diff(sessions.labels, prepend=sessions.labels[0])
        self.session_firsts = dict(zip(sessions.first_rows.tolist(), days.tolist(), strict=True))
        self.last_rows = set(sessions.last_rows(len(market)).tolist())
        months = sessions.labels.astype("datetime64[D]").astype("datetime64[M]")
        self.months = set(sessions.first_rows[np.append(True, months[1:] != months[:-1])].tolist())
        self.actions: dict[int, list[Split | Dividend]] = defaultdict(list)
        self.expiries: dict[int, list[int]] = defaultdict(list)
        self._ends = [self._session_ends(track, market) for track in market.tracks]
        for track in market.tracks:
            self._add(track, market)

    def ends_session(self, symbol: int, row: int) -> bool:
        """Whether a session of a symbol ends with a row."""
        return row in self._ends[symbol]

    def _session_ends(self, track: Track, market: Market) -> set[int]:
        """Rows that end the symbol's sessions; symbols that share the account's sessions share the set."""
        if track.present is None:
            mine, account = track.session_first_rows, market.sessions.first_rows
            if mine is account or np.array_equal(mine, account):
                return self.last_rows
        return set(track.session_last_rows.tolist())

    def _add(self, track: Track, market: Market) -> None:
        if not track.bars.actions.is_empty:
            for row, action in _actions(track):
                self.actions[row].append(action)
        expiry = track.bars.instrument.expiry_ns
        if expiry is not None and expiry <= int(market.close_time[-1]):
            row = int(np.searchsorted(market.close_time, expiry, "right")) - 1
            self.expiries[max(row, 0)].append(track.number)


def _actions(track: Track) -> list[tuple[int, Split | Dividend]]:
    """The symbol's actions with the row of the first session on or after their day; later ones are not reached."""
    actions, labels = track.bars.actions, track.bars.sessions.labels
    found: list[tuple[int, Split | Dividend]] = []
    for day, ratio in zip(actions.split_days, actions.split_ratios, strict=True):
        place = int(np.searchsorted(labels, day))
        if 0 < place < len(labels):
            found.append((int(track.session_first_rows[place]), Split(track.number, float(ratio))))
    for day, amount in zip(actions.dividend_days, actions.dividends, strict=True):
        place = int(np.searchsorted(labels, day))
        if 0 < place < len(labels):
            found.append((int(track.session_first_rows[place]), Dividend(track.number, float(amount))))
    return found
