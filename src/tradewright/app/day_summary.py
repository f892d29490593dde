"""The day summed up for people: what trading came to, what jobs did, what is wrong."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.domain.control.alerts import AlertQuery, Severity
from tradewright.domain.control.jobs import JobQuery, JobState
from tradewright.domain.control.paging import Slice
from tradewright.domain.timeframe import NS_PER_DAY

from .alerts.rules import Finding
from .projections.summary import Period, summed_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.ports.alerts import AlertStore
    from tradewright.ports.jobs import JobStore
    from tradewright.ports.trading_rows import TradingRows

    from .projections.summary import TradingSummary

__all__ = ["DaySummary", "summary_finding", "summary_of_the_day", "summary_words"]

_ENDS = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)
_LEAST = Slice(1)
_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class DaySummary:
    """What a day came to.

    Parameters
    ----------
    at_ns : int
        When it was summed up, UTC nanoseconds.
    groups : tuple of TradingSummary
        By mode and currency, each of its latest session date within a week; never summed over modes.
    jobs : mapping of str to int
        How many were made within 24 hours, by how they ended.
    alerts : mapping of str to int
        How many are open, by severity.
    """

    at_ns: int
    groups: tuple[TradingSummary, ...]
    jobs: Mapping[str, int]
    alerts: Mapping[str, int]

    def to_dict(self) -> dict[str, Any]:
        """As plain values; what is undefined is None, with its reason."""
        return {
            "at_ns": self.at_ns,
            "groups": [_plain(each) for each in self.groups],
            "jobs": dict(self.jobs),
            "alerts": dict(self.alerts),
        }


def summary_of_the_day(rows: TradingRows, jobs: JobStore, alerts: AlertStore, now_ns: int) -> DaySummary:
    """Sum up the day until now.

    Raises
    ------
    StorageError
    """
    since_ns = now_ns - NS_PER_DAY
    made = {
        str(state): jobs.page(JobQuery(states=frozenset({state}), since_ns=since_ns), _LEAST).total for state in _ENDS
    }
    wrong = {
        str(severity): alerts.page(AlertQuery(severity=severity, is_resolved=False), _LEAST).total
        for severity in Severity
    }
    return DaySummary(now_ns, tuple(summed_up(rows, Period.DAY, None, now_ns)), made, wrong)


def summary_words(summary: DaySummary) -> str:
    """The day in one paragraph."""
    trading = [_group_words(each) for each in summary.groups] or ["Nothing is traded"]
    jobs = ", ".join(f"{count} {state}" for state, count in summary.jobs.items())
    return f"{'; '.join(trading)}. Jobs of 24 h: {jobs}. Open alerts: {_wrong(summary.alerts)}."


def summary_finding(summary: DaySummary, job_id: str | None) -> Finding:
    """What is told to people: once for each job, however often that is begun."""
    day = _date(summary.at_ns // NS_PER_DAY)
    source = None if job_id is None else f"jobs/{job_id}"
    return Finding("daily_summary", f"the day until {day}", f"Summary of {day}. {summary_words(summary)}", None, source)


def _group_words(group: TradingSummary) -> str:
    values = group.values
    said = [
        f"{group.group.mode} {group.group.currency}{'' if group.day is None else f' on {_date(group.day)}'}",
        _money("equity", values["equity"]),
        _gain(values["day_pnl"], values["day_return"]),
        _share("drawdown", values["drawdown"]),
        f"{values['orders'] or 0:.0f} orders, {values['trades'] or 0:.0f} trades",
        f"{group.running} running",
    ]
    return ", ".join(each for each in said if each)


def _money(name: str, value: float | None) -> str:
    return "" if value is None else f"{name} {value:,.2f}"


def _gain(value: float | None, share: float | None) -> str:
    return "" if value is None else f"day {value:+,.2f}" + ("" if share is None else f" ({share:+.2%})")


def _share(name: str, value: float | None) -> str:
    # Adding nothing takes the sign off a zero.
    return "" if value is None else f"{name} {value + 0.0:.2%}"


def _wrong(alerts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {severity}" for severity, count in alerts.items() if count) or "none"


def _plain(group: TradingSummary) -> dict[str, Any]:
    return {
        "mode": group.group.mode,
        "currency": group.group.currency,
        "day": None if group.day is None else _date(group.day),
        "sessions": group.sessions,
        "running": group.running,
        "metrics": dict(group.values),
        "reasons": dict(group.reasons),
    }


def _date(day: int) -> str:
    return (_EPOCH + dt.timedelta(days=day)).isoformat()
