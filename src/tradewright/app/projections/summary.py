"""What trading came to over a period: for each mode and currency by itself, never summed over modes.

A day's return of a group is the gain of all its sessions on that day over what they began the day with, so money that
a new session brings is no gain. Ratios are those of `tradewright.quant.ratios` over these daily returns.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tradewright.domain.control.paging import MOST_ROWS, Slice
from tradewright.domain.control.trading_queries import SessionQuery
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_SECOND
from tradewright.quant.drawdown import drawdown_series
from tradewright.quant.ratios import sharpe, sortino
from tradewright.quant.undefined import Undefined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tradewright.domain.control.trading import SessionDay, SessionFact
    from tradewright.ports.trading_rows import TradingRows

__all__ = ["DayPoint", "Group", "Period", "TradingSummary", "ratios_of", "summaries", "summed_up"]

SILENT_AFTER_S = 15.0
"""A session says how it stands every second."""
_YEAR_OF_SESSIONS, _YEAR_OF_DAYS = 252, 365
_AT_ONCE = 500
_MONTHS = {"1m": 1, "3m": 3, "1y": 12}


class Period(StrEnum):
    """How far back is looked."""

    DAY = "1d"
    WEEK = "1w"
    MONTH = "1m"
    QUARTER = "3m"
    YEAR = "1y"
    ALL = "all"

    def first_day(self, now_ns: int) -> int:
        """The first session date that is meant, days since 1970-01-01; of a day it is the latest since then."""
        today = now_ns // NS_PER_DAY
        if self is Period.ALL:
            return 0
        if self in {Period.DAY, Period.WEEK}:
            return today - 6
        date = dt.date(1970, 1, 1) + dt.timedelta(days=today)
        return (_months_before(date, _MONTHS[self.value]) - dt.date(1970, 1, 1)).days + 1


class Group(NamedTuple):
    """What is added up: sessions of one mode in one currency."""

    mode: str
    currency: str


class DayPoint(NamedTuple):
    """A day of a group: its equity at the end, what it gained, and the product of the returns, 1 before the first."""

    day: int
    equity: float
    gain: float
    level: float


@dataclass(frozen=True)
class TradingSummary:
    """How a group stands and what it did.

    Parameters
    ----------
    group : Group
    sessions, running : int
        With a day in the period, and those that go on.
    day : int or None
        The latest session date of them.
    values : mapping of str to float or None
    reasons : mapping of str to str
        Why a value is None.
    points : tuple of DayPoint
        Oldest first.
    """

    group: Group
    sessions: int
    running: int
    day: int | None
    values: Mapping[str, float | None]
    reasons: Mapping[str, str]
    points: tuple[DayPoint, ...]


@dataclass
class _Values:
    """Values with reasons."""

    values: dict[str, float | None] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def say(self, key: str, value: float | None, why: str) -> None:
        """A value, or why there is none."""
        self.values[key] = value
        if value is None:
            self.reasons[key] = why

    def ask(self, key: str, value: Callable[[], float]) -> None:
        """The same of what may be undefined."""
        try:
            self.say(key, value(), "")
        except Undefined as error:
            self.say(key, None, f"{error.reason[0].upper()}{error.reason[1:]}.")


def summaries(
    sessions: Iterable[SessionFact], days: Iterable[SessionDay], period: Period, now_ns: int
) -> list[TradingSummary]:
    """One summary for each group, in order of mode and currency.

    Parameters
    ----------
    sessions : iterable of SessionFact
        At least those of the days, and those that go on.
    days : iterable of SessionDay
        Those of the period, or more.
    period : Period
    now_ns : int
    """
    first = period.first_day(now_ns)
    of_session: dict[str, list[SessionDay]] = defaultdict(list)
    for day in days:
        if day.day >= first:
            of_session[day.session].append(day)
    groups: dict[Group, list[SessionFact]] = defaultdict(list)
    for session in sessions:
        if session.id in of_session or not session.is_over:
            groups[Group(session.mode, session.currency)].append(session)
    found = []
    for group, members in sorted(groups.items()):
        theirs = [day for each in members for day in of_session[each.id]]
        if period is Period.DAY and theirs:
            latest = max(each.day for each in theirs)
            theirs = [each for each in theirs if each.day == latest]
        found.append(_summary(group, members, theirs, now_ns))
    return found


def summed_up(rows: TradingRows, period: Period, mode: str | None, now_ns: int) -> list[TradingSummary]:
    """The summaries of what is kept, of one mode or, if none is named, of each by itself.

    Raises
    ------
    StorageError
    """
    days = rows.days(period.first_day(now_ns), mode)
    going_on = rows.sessions(SessionQuery(mode=mode, is_over=False), Slice(MOST_ROWS)).items
    others = sorted({each.session for each in days} - {each.id for each in going_on})
    pieces = (others[first : first + _AT_ONCE] for first in range(0, len(others), _AT_ONCE))
    sessions = [*going_on, *(each for piece in pieces for each in rows.named(piece))]
    return summaries(sessions, days, period, now_ns)


def ratios_of(rows: TradingRows, session: str) -> tuple[float | None, float | None]:
    """Sharpe and Sortino ratio of a session's daily returns, each None where it is undefined."""
    found = _Values()
    _risks(found, _points(rows.days(0, session=session)), _periods(rows.named([session])))
    return found.values["sharpe"], found.values["sortino"]


def _summary(group: Group, members: Sequence[SessionFact], days: Sequence[SessionDay], now_ns: int) -> TradingSummary:
    running = [each for each in members if _is_running(each, now_ns)]
    found = _Values()
    points = _points(days)
    _standing(found, running, now_ns)
    _gains(found, days, points)
    _risks(found, points, _periods(members))
    _trading(found, days, points)
    return TradingSummary(
        group,
        len({each.session for each in days}),
        len(running),
        max((each.day for each in days), default=None),
        found.values,
        found.reasons,
        tuple(points),
    )


def _is_running(session: SessionFact, now_ns: int) -> bool:
    seen_ns = session.seen_ns
    return not session.is_over and seen_ns is not None and now_ns - seen_ns <= SILENT_AFTER_S * NS_PER_SECOND


def _points(days: Sequence[SessionDay]) -> list[DayPoint]:
    """The days on which every session that traded is valued."""
    by_day: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for each in days:
        if each.equity is not None and each.began is not None:
            by_day[each.day].append((each.began, each.equity))
    points: list[DayPoint] = []
    level = 1.0
    for day, pairs in sorted(by_day.items()):
        began, equity = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
        level *= equity / began if began > 0 else 1.0
        points.append(DayPoint(day, equity, equity - began, level))
    return points


def _standing(found: _Values, running: Sequence[SessionFact], now_ns: int) -> None:
    """What running sessions said last."""
    none = "No session of this mode and currency runs."
    stands = [each.standing or {} for each in running]
    equities = [each["equity"] for each in stands if each.get("equity") is not None]
    found.say("equity", float(sum(equities)) if equities else None, none)
    held = [abs(each["quantity"]) * (each.get("mark") or 0.0) * _multiplier(session, each["symbol"])
            for session, stand in zip(running, stands, strict=True) for each in stand.get("positions", ())
            if each["quantity"]]  # fmt: skip
    found.say("exposure", float(sum(held)) if running else None, none)
    found.say("open_positions", float(len(held)) if running else None, none)
    orders = sum(len(each.get("orders", ())) for each in stands)
    found.say("open_orders", float(orders) if running else None, none)
    for key, name in (("order_latency_p50_ms", "p50"), ("order_latency_p99_ms", "p99")):
        told = [(each.get("latency_ms") or {}).get(name) for each in stands]
        found.say(key, max((each for each in told if each is not None), default=None),
                  "No running session has answered a row yet." if running else none)  # fmt: skip
    ages = [_feed_age(each, now_ns) for each in stands]
    found.say("feed_age_s", max((each for each in ages if each is not None), default=None),
              "No running session has had a row yet." if running else none)  # fmt: skip


def _feed_age(standing: Mapping[str, object], now_ns: int) -> float | None:
    feed = standing.get("feed")
    last_ns = feed.get("last_close_ns") if isinstance(feed, dict) else None
    return None if last_ns is None else max(0.0, (now_ns - last_ns) / NS_PER_SECOND)


def _multiplier(session: SessionFact, symbol: str) -> float:
    found = (each.get("multiplier") for each in session.about.get("instruments", ()) if each.get("symbol") == symbol)
    return float(next(found, None) or 1.0)


def _gains(found: _Values, days: Sequence[SessionDay], points: Sequence[DayPoint]) -> None:
    none = "No session was valued within the period." if days else "No session had a bar within the period."
    found.say("day_pnl", points[-1].gain if points else None, none)
    found.say("day_return", points[-1].level / _level_before(points) - 1.0 if points else None, none)
    found.say("pnl", float(sum(each.gain for each in points)) if points else None, none)
    found.say("return", points[-1].level - 1.0 if points else None, none)


def _level_before(points: Sequence[DayPoint]) -> float:
    before = points[-2].level if len(points) > 1 else 1.0
    return before or 1.0


def _risks(found: _Values, points: Sequence[DayPoint], periods: int) -> None:
    levels = np.array([1.0, *(each.level for each in points)])
    returns = levels[1:] / levels[:-1] - 1.0 if np.all(levels > 0) else np.array([])

    def below() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        if not points:
            raise Undefined("no session was valued within the period")
        return -drawdown_series(levels)

    found.ask("drawdown", lambda: float(below()[-1]))
    found.ask("max_drawdown", lambda: float(np.max(below())))
    found.ask("sharpe", lambda: sharpe(returns, periods))
    found.ask("sortino", lambda: sortino(returns, periods))


def _periods(members: Sequence[SessionFact]) -> int:
    """Days that make a year: those of exchanges, or all where every market is open every day."""
    calendars = {str(each.get("calendar") or "") for one in members for each in one.about.get("instruments", ())}
    return _YEAR_OF_DAYS if calendars == {"24/7"} else _YEAR_OF_SESSIONS


def _trading(found: _Values, days: Sequence[SessionDay], points: Sequence[DayPoint]) -> None:
    totals = {name: sum(getattr(each, name) for each in days) for name in ("placed", "filled", "unfilled", "trades")}
    won, traded = sum(each.won for each in days), sum(each.traded for each in days)
    for key, name in (("orders", "placed"), ("trades", "trades")):
        found.say(key, float(totals[name]), "")
    ended = totals["filled"] + totals["unfilled"]
    found.say("win_rate", won / totals["trades"] if totals["trades"] else None, "No trade was closed.")
    found.say("fill_rate", totals["filled"] / ended if ended else None, "No order was filled or ended.")
    worth = [each.equity for each in points]
    found.say("turnover", traded / float(np.mean(worth)) if worth and np.mean(worth) > 0 else None,
              "No session was valued within the period.")  # fmt: skip


def _months_before(date: dt.date, months: int) -> dt.date:
    year, month = divmod(date.year * 12 + date.month - 1 - months, 12)
    return date.replace(year=year, month=month + 1, day=min(date.day, calendar.monthrange(year, month + 1)[1]))
