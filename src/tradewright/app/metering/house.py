"""The meter: reads how everything stands and sets the gauges, when somebody is about to look at them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradewright.domain import gauges
from tradewright.domain.control.jobs import JobKind, JobQuery, JobState
from tradewright.domain.control.paging import Slice
from tradewright.domain.timeframe import NS_PER_SECOND

from .job_ends import JobEnds, busy_workers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradewright.domain.control.readings import DiskReading, SessionReading
    from tradewright.domain.gauges import Gauge
    from tradewright.ports.events import EventLog
    from tradewright.ports.jobs import JobStore
    from tradewright.ports.metrics import Metrics

    from .tally import SessionTally

__all__ = ["HouseMeter"]

_FLAGS = ((gauges.LATCHED, "is_latched"), (gauges.PAUSED, "is_paused"), (gauges.HALTED, "is_halted"))


@dataclass
class HouseMeter:
    """Sets gauges.

    Parameters
    ----------
    metrics : Metrics
    sessions : callable
        Gives every session that may matter, as it stands.
    tally : callable
        Counts of a session, up to date.
    jobs : JobStore, optional
    disks : callable, optional
    events : EventLog, optional
        Where the ends of jobs are read; from the first look on.
    ratios : callable, optional
        Sharpe and Sortino ratio of a session by its name, each None where it is undefined.
    """

    metrics: Metrics
    sessions: Callable[[], Sequence[SessionReading]]
    tally: Callable[[SessionReading], SessionTally]
    jobs: JobStore | None = None
    disks: Callable[[], Sequence[DiskReading]] | None = None
    events: EventLog | None = None
    ratios: Callable[[str], tuple[float | None, float | None]] | None = None
    _ends: JobEnds | None = None
    _peaks: dict[str, tuple[float, float]] = field(default_factory=dict)

    def refresh(self, now_ns: int) -> None:
        """Set every gauge that is read rather than counted."""
        for gauge in (*gauges.ACCOUNT_GAUGES, *gauges.FEED_GAUGES):
            self.metrics.forget(gauge)
        for session in self.sessions():
            if session.standing is not None and session.state == "running" and session.is_alive is not False:
                self._session(session, session.standing, now_ns)
        self._jobs(now_ns)
        if self.disks is not None and (found := self.disks()):
            self.metrics.set(gauges.DISK_FREE, min(each.free for each in found))

    def _jobs(self, now_ns: int) -> None:
        if self.jobs is None:
            return
        self.metrics.set(gauges.WORKERS_BUSY, busy_workers(self.jobs, now_ns))
        if self.events is not None:
            self._ends = self._ends or JobEnds(self.metrics, self.events, self.jobs)
            self._ends.count()
        for kind in JobKind:
            for state in JobState:
                query = JobQuery(states=frozenset({state}), kinds=frozenset({kind}))
                self.metrics.set(gauges.JOBS, self.jobs.page(query, Slice(1)).total, kind=kind.value, state=state.value)

    def _session(self, session: SessionReading, standing: Any, now_ns: int) -> None:
        def say(gauge: Gauge, value: float | None) -> None:
            self.metrics.set(gauge, value, session=session.name, mode=session.mode)

        began, equity = _cash(session), standing.get("equity")
        self._money(session.name, say, began, equity)
        tally = self.tally(session)
        say(gauges.WIN_RATE, tally.win_rate)
        say(gauges.FILL_RATE, tally.fill_rate)
        say(gauges.TURNOVER, tally.traded / began if began else None)
        sharpe, sortino = (None, None) if self.ratios is None else self.ratios(session.name)
        say(gauges.SHARPE, sharpe)
        say(gauges.SORTINO, sortino)
        say(gauges.OPEN_ORDERS, len(standing.get("orders", ())))
        seen_ns = session.seen_ns
        say(gauges.MEASURED_AGE, None if seen_ns is None else (now_ns - seen_ns) / NS_PER_SECOND)
        self._latency(session, standing.get("latency_ms") or {})
        _account(say, standing.get("account"))
        _feed(say, standing.get("feed"), now_ns)

    def _money(self, name: str, say: Callable[..., None], began: float | None, equity: float | None) -> None:
        if equity is None:
            return
        peak, deepest = self._peaks.get(name, (max(began or equity, equity), 0.0))
        peak = max(peak, equity)
        drawdown = 1.0 - equity / peak if peak > 0 else 0.0
        deepest = max(deepest, drawdown)
        self._peaks[name] = peak, deepest
        say(gauges.EQUITY, equity)
        say(gauges.PNL, None if began is None else equity - began)
        say(gauges.DRAWDOWN, drawdown)
        say(gauges.MAX_DRAWDOWN, deepest)

    def _latency(self, session: SessionReading, latency: Any) -> None:
        for name, quantile in (("p50", "0.5"), ("p99", "0.99")):
            value = latency.get(name)
            self.metrics.set(
                gauges.ORDER_LATENCY, None if value is None else value / 1000.0,
                session=session.name, mode=session.mode, quantile=quantile,
            )  # fmt: skip


def _account(say: Callable[..., None], account: Any) -> None:
    if account is None:
        return
    say(gauges.UNKNOWN_ORDERS, account["unknown_orders"])
    for gauge, name in _FLAGS:
        say(gauge, float(account[name]))


def _feed(say: Callable[..., None], feed: Any, now_ns: int) -> None:
    if feed is None:
        return
    say(gauges.FEED_CONNECTED, float(feed["is_connected"]))
    say(gauges.FEED_BEHIND, float(feed["is_behind"]))
    say(gauges.FEED_RECONNECTS, feed["reconnects"])
    last_ns = feed["last_close_ns"]
    say(gauges.FEED_AGE, None if last_ns is None else max(0.0, (now_ns - last_ns) / NS_PER_SECOND))
    able = feed["availability"]
    say(gauges.FEED_AVAILABILITY, able["able_s"] / able["market_s"] if able["market_s"] else None)


def _cash(session: SessionReading) -> float | None:
    cash = (session.about.get("policies") or {}).get("cash")
    return None if cash is None else float(cash)
