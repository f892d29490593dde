"""The desk: what was found becomes an alert, once as long as it lasts; messages are queued, events tell the rest."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from tradewright.domain.control.alerts import Alert, AlertQuery
from tradewright.domain.control.outbox import NoticeState, QueuedNotice
from tradewright.domain.control.paging import MOST_ROWS, Slice
from tradewright.domain.notice import NoticeKind
from tradewright.domain.timeframe import NS_PER_SECOND

from .rules import RULES

if TYPE_CHECKING:
    from tradewright.ports.alerts import AlertStore
    from tradewright.ports.events import EventLog
    from tradewright.ports.outbox import NoticeQueue

    from .channels import AlertPlan
    from .rules import Finding

__all__ = ["TOPIC", "AlertDesk", "alert_facts"]

TOPIC = "alerts"
"""Of the events: ``raised``, ``counted``, ``acknowledged`` and ``resolved``, each with the alert as it stands."""


class AlertDesk:
    """Raises, resolves and acknowledges.

    Parameters
    ----------
    store : AlertStore
    queue : NoticeQueue
    events : EventLog
    plan : AlertPlan
    """

    def __init__(self, store: AlertStore, queue: NoticeQueue, events: EventLog, plan: AlertPlan) -> None:
        self._store, self._queue, self._events = store, queue, events
        self.plan = plan

    def open(self) -> dict[tuple[str, str], Alert]:
        """Every alert that is not resolved, by rule and subject."""
        found: list[Alert] = []
        while True:
            page = self._store.page(AlertQuery(is_resolved=False), Slice(MOST_ROWS, len(found)))
            found += page.items
            if not page.items or len(found) >= page.total:
                return {(each.rule, each.subject): each for each in found}

    def raise_(self, finding: Finding, now_ns: int) -> Alert | None:
        """Take a finding; None where its rule is switched off.

        The same fact, by its source, counts once. Messages are queued by who is to be told what, so that whoever stops
        in the middle may begin again.
        """
        rule = self.plan.rules.get(finding.rule)
        if rule is None:
            return None
        alert_id = _id_of(finding, now_ns)
        known = self._store.get(alert_id)
        found = Alert(
            id=alert_id, rule=finding.rule, subject=finding.subject, severity=rule.severity, sentence=finding.sentence,
            hint=finding.hint, first_ns=now_ns, last_ns=now_ns,
        )  # fmt: skip
        alert = known or self._store.raise_(found)
        if known is None:
            self._tell("raised" if alert.count == 1 else "counted", alert, now_ns)
        if alert.resolved_ns is None:
            self.announce(alert, NoticeKind.RAISED, now_ns)
        return alert

    def resolve(self, rule: str, subject: str, now_ns: int) -> Alert | None:
        """It is so no longer; whoever was told that it is, is told that too."""
        alert = self._store.resolve(rule, subject, now_ns)
        if alert is None:
            return None
        self._tell("resolved", alert, now_ns)
        if not _is_fact(alert):
            self.announce(alert, NoticeKind.RESOLVED, now_ns)
        return alert

    def acknowledge(self, alert_id: str, who: str, now_ns: int) -> Alert:
        """A person has seen it. What only happened is over with that.

        Raises
        ------
        NotFoundError
            When there is no such alert.
        """
        alert = self._store.acknowledge(alert_id, who, now_ns)
        self._tell("acknowledged", alert, now_ns)
        if alert.resolved_ns is None and _is_fact(alert):
            return self.resolve(alert.rule, alert.subject, now_ns) or alert
        return alert

    def calm(self, now_ns: int) -> None:
        """Resolve facts that somebody has seen, or that have not come again for as long as their rules say."""
        for alert in self.open().values():
            rule = self.plan.rules.get(alert.rule)
            if rule is None or not rule.rule.is_fact:
                continue
            is_calm = now_ns - alert.last_ns >= rule.thresholds["calm_s"] * NS_PER_SECOND
            if is_calm or alert.acknowledged_ns is not None:
                self.resolve(alert.rule, alert.subject, now_ns)

    def announce(self, alert: Alert, kind: NoticeKind, now_ns: int) -> None:
        """Queue what channels are to be told of an alert, and was not queued before."""
        for channel in self.plan.channels_for(alert):
            raised = self._queue.get(_notice_id(alert, NoticeKind.RAISED, channel.name))
            if kind is NoticeKind.RAISED and raised is not None:
                continue
            if kind is NoticeKind.RESOLVED and (raised is None or raised.state in _NOT_TOLD):
                # The digest will say both, or nobody was told that it began.
                continue
            state = NoticeState.HELD if channel.is_quiet(alert.severity, now_ns) else NoticeState.DUE
            notice = QueuedNotice(
                id=_notice_id(alert, kind, channel.name), kind=kind, channel=channel.name, severity=alert.severity,
                alert_ids=(alert.id,), state=state, made_ns=now_ns, next_ns=now_ns,
            )  # fmt: skip
            self._queue.put(notice)

    def _tell(self, kind: str, alert: Alert, now_ns: int) -> None:
        self._events.append(TOPIC, kind, alert_facts(alert), now_ns)


_NOT_TOLD = (NoticeState.HELD, NoticeState.FAILED)


def alert_facts(alert: Alert) -> dict[str, Any]:
    """An alert as plain values: what a reader of events needs to draw its row."""
    return {name: getattr(alert, name) for name in Alert.__slots__} | {"severity": alert.severity.value}


def _is_fact(alert: Alert) -> bool:
    rule = RULES.get(alert.rule)
    return rule is not None and rule.is_fact


def _id_of(finding: Finding, now_ns: int) -> str:
    words = "\0".join((finding.rule, finding.subject, finding.source or str(now_ns)))
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def _notice_id(alert: Alert, kind: NoticeKind, channel: str) -> str:
    """What became worse is told anew."""
    return f"{alert.id}-{kind}-{alert.severity}-{channel}"
