"""The course of what the sessions that go on are worth, by mode. Money of different modes is never added up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.timeframe import Timeframe
from tradewright.reporting.session.curves import Course, course_of, drawn_courses

from .session_money import currency_of, measured_equity
from .session_words import listed_session

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradewright.app.live.books import SessionBooks
    from tradewright.reporting.series import DrawnSeries, Window

    About = Mapping[str, Any]

__all__ = ["drawn_worth"]


def drawn_worth(
    sessions: Iterable[tuple[str, About]], books: SessionBooks, currency: str, window: Window, now_ns: int
) -> DrawnSeries:
    """One line for each mode, of the sessions in one currency that have not ended and have measured themselves."""
    groups: dict[str, tuple[float, list[Course]]] = {}
    width = 0
    for name, about in sessions:
        equity = measured_equity(about)
        is_over = listed_session(name, about, now_ns).state == "ended"
        if is_over or equity is None or currency_of(about) != currency:
            continue
        worth, courses = groups.get(str(about["mode"]), (0.0, []))
        groups[str(about["mode"])] = worth + equity, [*courses, course_of(books.of(name))]
        step = Timeframe.parse(str(about["timeframe"])).nanoseconds
        width = min(width, step) if width else step
    return drawn_courses(dict(sorted(groups.items())), width or 1, window)
