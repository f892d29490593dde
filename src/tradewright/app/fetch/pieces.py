"""One piece of a series asked for: what came, what cannot be, and of which days the source has said everything."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.quality import Gravity, Problem, QualityFinding
from tradewright.domain.spans import Spans
from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.marketdata.placement import Hours
from tradewright.marketdata.sessions import sessions_between

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.app.live.feed.placing import PlacedBar
    from tradewright.app.live.feed.reading import Answer, HistoryReader
    from tradewright.marketdata.sessions import SessionTable

    from .hearing import Heard
    from .series import FetchAsk

__all__ = ["Piece", "asked_piece"]


@dataclass(slots=True)
class Piece:
    """What a source says of some days.

    Parameters
    ----------
    days : (int, int)
        From a day up to, and without, another.
    placed : list of PlacedBar
    findings : list of QualityFinding
        One for each bar that cannot be and was left out.
    lacking, incomplete : Spans
        Days of which the source says that it has no such data, and days of which a bar was left out. It has not said
        everything of either.
    open_from : int
        The first of the days whose session has not closed yet.
    is_asked : bool
        Whether there was anything to ask for.
    """

    days: tuple[int, int]
    placed: list[PlacedBar] = field(default_factory=list)
    findings: list[QualityFinding] = field(default_factory=list)
    lacking: Spans = field(default_factory=Spans)
    incomplete: Spans = field(default_factory=Spans)
    open_from: int = 0
    is_asked: bool = False

    def said_before(self, today: int) -> Spans:
        """The days of which everything is said, as far as they have closed and lie before one."""
        closed = Spans.of([(self.days[0], min(self.days[1], today, self.open_from))])
        return closed.without(self.lacking).without(self.incomplete)


async def asked_piece(
    ask: FetchAsk, reader: HistoryReader, heard: Heard, days: tuple[int, int], said_until: int
) -> Piece:
    """Ask for the bars of some days that have closed by an instant.

    Raises
    ------
    BrokerError
        When there was no complete answer.
    """
    sessions = sessions_between(str(ask.instrument.calendar), days[0], days[1] - 1)
    opens, closes = sessions.extended if ask.hours is Hours.EXTENDED else (sessions.opens, sessions.closes)
    begun, unclosed = opens < said_until, sessions.labels[closes > said_until]
    piece = Piece(days, open_from=int(unclosed[0]) if len(unclosed) else days[1], is_asked=bool(begun.any()))
    for name, first, stop in heard.parts(ask.instrument.symbol, *days) if piece.is_asked else ():
        mine = begun & (sessions.labels >= first) & (sessions.labels < stop)
        if mine.any():
            last_ns = min(int(closes[mine][-1]), said_until)
            answer = await reader.answer(name, int(opens[mine][0]), last_ns)
            _take(piece, answer, (first, stop), _Sessions(sessions, ask))
    return piece


def _take(piece: Piece, answer: Answer, days: tuple[int, int], sessions: _Sessions) -> None:
    piece.placed += answer.bars
    if answer.is_lacking:
        piece.lacking = piece.lacking.joined(Spans.of([days]))
    for opened, sentence in answer.left_out:
        day = None if opened is None else sessions.day_of(opened)
        piece.findings.append(sessions.finding(opened, day, sentence))
        # Where no time can be read it may be of any day; what lies in no session is missing from none.
        spoilt = [days] if opened is None else [] if day is None else [(day, day + 1)]
        piece.incomplete = piece.incomplete.joined(Spans.of(spoilt))


class _Sessions:
    """To which session a bar would belong."""

    def __init__(self, table: SessionTable, ask: FetchAsk) -> None:
        self._table = table
        self._is_intraday = ask.timeframe.is_intraday
        # The stamp of a day is somewhere on its local date.
        self._extended = ask.hours is Hours.EXTENDED or not self._is_intraday

    def day_of(self, opened: int) -> int | None:
        """The date of the session in which a bar opens; None where there is none."""
        instants: NDArray[np.int64] = np.array([opened], np.int64)
        place = int(self._table.of_instants(instants, extended=self._extended)[0])
        return None if place < 0 else int(self._table.labels[place])

    def finding(self, opened: int | None, day: int | None, sentence: str) -> QualityFinding:
        """For the report of the series: where it would have been."""
        problem = Problem.OUTSIDE if opened is not None and day is None else Problem.IMPOSSIBLE
        stamp = opened
        if opened is not None and not self._is_intraday:
            stamp = (opened // NS_PER_DAY if day is None else day) * NS_PER_DAY
        return QualityFinding(problem, Gravity.WARN, 1, stamp, stamp, None, sentence)
