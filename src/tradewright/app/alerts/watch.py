"""The watch: one look at everything, again and again; what it found is raised, what is due is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.domain.control.alerts import Severity
from tradewright.domain.gauges import ALERTS_OPEN
from tradewright.domain.notice import NoticeKind
from tradewright.domain.timeframe import NS_PER_SECOND

from .lasting import Since
from .of_events import TOPICS, judge_event
from .of_house import judge_disk, judge_doors, judge_workers
from .of_sessions import judge_session
from .rules import Finding, Over

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tradewright.domain.control.alerts import Alert
    from tradewright.domain.control.readings import DiskReading, SessionReading
    from tradewright.ports.events import EventLog
    from tradewright.ports.jobs import JobStore
    from tradewright.ports.metrics import Metrics
    from tradewright.ports.outbox import Places
    from tradewright.ports.users import AuditLog

    from .desk import AlertDesk
    from .post_room import PostRoom

__all__ = ["AlertWatch", "Sight"]

_MANY = 500
_AUDIT = "alerts/audit"


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What the watch sees.

    Parameters
    ----------
    events : EventLog
    places : Places
    jobs : JobStore
    audit : AuditLog
    sessions : callable
        Gives every session that may matter, as it stands.
    rate : callable
        ``rate(session, seconds, now_ns)``: orders that a session placed of late.
    disks : callable
    """

    events: EventLog
    places: Places
    jobs: JobStore
    audit: AuditLog
    sessions: Callable[[], Sequence[SessionReading]]
    rate: Callable[[SessionReading, float, int], int]
    disks: Callable[[], Sequence[DiskReading]]


class AlertWatch:
    """Looks, raises, resolves and sends.

    Its place among the events is kept where they are kept, behind each event that was dealt with: who is stopped
    anywhere begins again there, and nobody is told twice.

    Parameters
    ----------
    sight : Sight
    desk : AlertDesk
    post_room : PostRoom
    metrics : Metrics
    """

    def __init__(self, sight: Sight, desk: AlertDesk, post_room: PostRoom, metrics: Metrics) -> None:
        self._sight, self._desk, self._post_room, self._metrics = sight, desk, post_room, metrics
        self._since = Since()
        self._announced: set[str] = set()
        self._dealt: set[tuple[str, str]] = set()

    def run_once(self, now_ns: int) -> None:
        """One look at everything.

        Raises
        ------
        StorageError
            When a store cannot be used; the next look takes up what this one left.
        """
        self._events(now_ns)
        self._doors(now_ns)
        self._take(self._conditions(now_ns), now_ns)
        self._desk.calm(now_ns)
        self._take(self._post_room.deliver(now_ns), now_ns)
        self._measure(self._desk.open().values())

    def _events(self, now_ns: int) -> None:
        for topic in TOPICS:
            place = self._place(f"alerts/{topic}", topic)
            while events := self._sight.events.after(topic, place, _MANY):
                for event in events:
                    if (finding := judge_event(event)) is not None:
                        self._desk.raise_(finding, now_ns)
                        self._sight.places.move(f"alerts/{topic}", event.seq)
                place = events[-1].seq
                self._sight.places.move(f"alerts/{topic}", place)

    def _place(self, name: str, topic: str) -> int:
        """Where it stopped; at the first time where the log stands, for what was before it is history."""
        place = self._sight.places.get(name)
        if place is None:
            place = self._sight.events.head(topic)
            self._sight.places.move(name, place)
        return place

    def _doors(self, now_ns: int) -> None:
        place = self._sight.places.get(_AUDIT)
        found, last = judge_doors(self._sight.audit, self._desk.plan.rules, place or 0, now_ns)
        for finding in found if place is not None else ():
            self._desk.raise_(finding, now_ns)
        if place is None or last > place:
            self._sight.places.move(_AUDIT, last)

    def _conditions(self, now_ns: int) -> Iterable[Finding | Over]:
        rules = self._desk.plan.rules
        for session in self._sight.sessions():
            yield from judge_session(session, rules, self._since, now_ns)
            yield from self._rate(session, now_ns)
        if (rule := rules.get("worker_lost")) is not None:
            lost = self._sight.jobs.lost(now_ns - int(rule.thresholds["after_s"] * NS_PER_SECOND))
            told = [subject for name, subject in self._desk.open() if name == "worker_lost"]
            yield from judge_workers(lost, told)
        if (rule := rules.get("disk_low")) is not None:
            yield from (judge_disk(each, rule) for each in self._sight.disks())

    def _rate(self, session: SessionReading, now_ns: int) -> Iterable[Finding | Over]:
        rule = self._desk.plan.rules.get("order_rate")
        if rule is None or session.state != "running":
            return
        within_s = rule.thresholds["within_s"]
        placed = self._sight.rate(session, within_s, now_ns)
        if placed <= rule.thresholds["most"]:
            yield Over("order_rate", session.name)
            return
        sentence = f"The session '{session.name}' placed {placed} orders within {within_s:g} s."
        yield Finding("order_rate", session.name, sentence, "Stop it if that is not meant: tradewright kill.")

    def _take(self, found: Iterable[Finding | Over], now_ns: int) -> None:
        """Raise what is new, announce what was raised and perhaps not yet, resolve what is over."""
        standing = self._desk.open()
        for each in found:
            known = standing.get((each.rule, each.subject))
            if not isinstance(each, Finding):
                if known is not None:
                    self._desk.resolve(each.rule, each.subject, now_ns)
            elif each.source is not None:
                self._fact(each, each.source, now_ns)
            elif known is None:
                self._desk.raise_(each, now_ns)
            elif known.id not in self._announced:
                self._announced.add(known.id)
                self._desk.announce(known, NoticeKind.RAISED, now_ns)

    def _fact(self, finding: Finding, source: str, now_ns: int) -> None:
        """What is seen at every look is raised at one."""
        if (finding.rule, source) not in self._dealt:
            self._desk.raise_(finding, now_ns)
            self._dealt.add((finding.rule, source))

    def _measure(self, standing: Iterable[Alert]) -> None:
        severities = [each.severity for each in standing]
        for severity in Severity:
            self._metrics.set(ALERTS_OPEN, severities.count(severity), severity=severity.value)
