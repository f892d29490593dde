"""Stored bars as the rows of a session: the history before one of them, and the rows from there on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tradewright.domain.bars import Bars
from tradewright.domain.live.session import Row
from tradewright.engine.schedule import Schedule
from tradewright.marketdata.market import Market


def history_before(series: Mapping[str, Bars], row: int) -> dict[str, Bars] | None:
    """The bars of the rows before one; None where a symbol has none there."""
    market = Market(series)
    found = {}
    for name, track in zip(market.symbols, market.tracks, strict=True):
        bars = row if track.bar_of_row is None else int(track.bar_of_row[row - 1]) + 1
        if bars == 0:
            return None
        found[name] = track.bars.rows(0, bars)
    return found


def rows_from(series: Mapping[str, Bars], first: int) -> Iterator[Row]:
    """The rows from one on; sessions end where the bars of a symbol do, and for all where the account's day does."""
    market = Market(series)
    schedule = Schedule(market)
    days = market.sessions.row_labels(len(market))
    labels = [track.bars.sessions.row_labels(len(track.bars)) for track in market.tracks]
    over: set[str] = set()
    for row in range(first, len(market)):
        bars, own = [], []
        for track, label in zip(market.tracks, labels, strict=True):
            if track.present is None or track.present[row]:
                place = row if track.bar_of_row is None else int(track.bar_of_row[row])
                bars.append(track.bars.bar(place))
                own.append(int(label[place]))
        ends = [name for number, name in enumerate(market.symbols) if schedule.ends_session(number, row)]
        over.update(ends)
        if row in schedule.last_rows:
            ends += [name for name in market.symbols if name not in over]
            over.clear()
        times = int(market.open_time[row]), int(market.close_time[row])
        yield Row(*times, tuple(bars), int(days[row]), tuple(own), tuple(ends))
