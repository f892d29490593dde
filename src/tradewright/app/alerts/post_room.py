"""The post room: what is queued is sent, tried again with growing waits, and never twice where nobody knows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.domain.control.alerts import Delivery, Severity
from tradewright.domain.control.outbox import NoticeState, QueuedNotice
from tradewright.domain.errors import ConfigError, MissingExtraError, NotifyError
from tradewright.domain.gauges import DELIVERIES
from tradewright.domain.notice import Notice, NoticeKind
from tradewright.domain.timeframe import NS_PER_SECOND

from .rules import Finding, Over

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.control.alerts import Alert
    from tradewright.ports.alerts import AlertStore, DeliveryLog
    from tradewright.ports.metrics import Metrics
    from tradewright.ports.outbox import NoticeQueue

    from .channels import AlertPlan, Channel

__all__ = ["Patience", "PostRoom", "wait_s"]

_LIMIT = 50
_STUCK_S = 600.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long it is tried.

    Parameters
    ----------
    attempts : int
    first_s, most_s : float
        The wait after the first attempt, which doubles with each, and its limit.
    """

    attempts: int = 8
    first_s: float = 5.0
    most_s: float = 900.0


def wait_s(patience: Patience, attempts: int, asked_s: float | None) -> float:
    """Seconds until the next attempt: no sooner than the channel asked for.

    Examples
    --------
    >>> [wait_s(Patience(), attempts, None) for attempts in (1, 2, 3, 20)]
    [5.0, 10.0, 20.0, 900.0]
    >>> wait_s(Patience(), 1, 60.0)
    60.0
    """
    own = min(patience.first_s * 2.0 ** min(attempts - 1, 30), patience.most_s)
    return max(own, asked_s or 0.0)


class PostRoom:
    """Sends what is queued.

    Parameters
    ----------
    queue : NoticeQueue
    alerts : AlertStore
    log : DeliveryLog
    plan : AlertPlan
    metrics : Metrics
    patience : Patience
    """

    def __init__(
        self, queue: NoticeQueue, alerts: AlertStore, log: DeliveryLog, plan: AlertPlan, metrics: Metrics,
        patience: Patience = Patience(),
    ) -> None:  # fmt: skip
        self._queue, self._alerts, self._log = queue, alerts, log
        self._plan, self._metrics, self._patience = plan, metrics, patience
        self._not_before: dict[str, int] = {}

    def deliver(self, now_ns: int) -> list[Finding | Over]:
        """Send what is due; what that says of the channels.

        After a channel failed, it is left alone until its next attempt: the others do not wait for it.
        """
        self._gather(now_ns)
        said: list[Finding | Over] = []
        for notice in self._queue.give_up(now_ns - int(_STUCK_S * NS_PER_SECOND)):
            self._count(notice.channel, NoticeState.UNKNOWN)
        for notice in self._queue.due(now_ns, _LIMIT):
            if self._not_before.get(notice.channel, 0) <= now_ns:
                said += self._deliver(notice.id, now_ns)
        return said

    def _gather(self, now_ns: int) -> None:
        """What was held back for a channel becomes one digest when its quiet hours are over."""
        for channel in self._plan.channels:
            if channel.is_quiet(Severity.INFO, now_ns) or not (held := self._queue.held(channel.name)):
                continue
            ids = tuple(dict.fromkeys(each for notice in held for each in notice.alert_ids))
            digest = QueuedNotice(
                id=_digest_id(held), kind=NoticeKind.DIGEST, channel=channel.name,
                severity=_highest([each.severity for each in held]), alert_ids=ids, state=NoticeState.DUE,
                made_ns=now_ns, next_ns=now_ns,
            )  # fmt: skip
            self._queue.gather(digest, [each.id for each in held])

    def _deliver(self, notice_id: str, now_ns: int) -> list[Finding | Over]:
        """Written down before it is sent: who dies in between is not asked again to send it."""
        notice = self._queue.take(notice_id, now_ns)
        if notice is None:
            return []
        alerts = [found for each in notice.alert_ids if (found := self._alerts.get(each)) is not None]
        channel = self._plan.channel(notice.channel)
        if channel is None or not alerts:
            self._queue.end(notice.id, NoticeState.FAILED, now_ns, "Its channel or its alerts are no longer there.")
            return []
        try:
            _send(channel, notice, alerts, now_ns)
        except (NotifyError, ConfigError, MissingExtraError) as error:
            self._keep(notice, alerts, now_ns, str(error))
            return self._failed(notice, error, now_ns)
        self._keep(notice, alerts, now_ns, None)
        self._end(notice, NoticeState.SENT, now_ns, None)
        return [Over("delivery_failed", notice.channel)]

    def _failed(
        self, notice: QueuedNotice, error: NotifyError | ConfigError | MissingExtraError, now_ns: int
    ) -> list[Finding | Over]:
        is_lasting = error.is_lasting if isinstance(error, NotifyError) else True
        asked_s = error.retry_after_s if isinstance(error, NotifyError) else None
        next_ns = now_ns + int(wait_s(self._patience, notice.attempts, asked_s) * NS_PER_SECOND)
        if not is_lasting:
            self._not_before[notice.channel] = next_ns
        if not is_lasting and notice.attempts < self._patience.attempts:
            self._end(notice, NoticeState.DUE, next_ns, str(error))
            return []
        self._end(notice, NoticeState.FAILED, now_ns, str(error))
        sentence = f"The channel '{notice.channel}' did not take a message: {error.message}"
        return [Finding("delivery_failed", notice.channel, sentence, error.hint)]

    def _keep(self, notice: QueuedNotice, alerts: Sequence[Alert], now_ns: int, error: str | None) -> None:
        for alert in alerts:
            self._log.add(Delivery(0, alert.id, notice.channel, now_ns, error))

    def _end(self, notice: QueuedNotice, state: NoticeState, next_ns: int, error: str | None) -> None:
        self._queue.end(notice.id, state, next_ns, error)
        self._count(notice.channel, state)

    def _count(self, channel: str, state: NoticeState) -> None:
        outcome = "retried" if state is NoticeState.DUE else state.value
        self._metrics.count(DELIVERIES, channel=channel, outcome=outcome)


def _send(channel: Channel, notice: QueuedNotice, alerts: Sequence[Alert], now_ns: int) -> None:
    channel.open().send(Notice(_short(notice.id), notice.kind, notice.severity, now_ns, tuple(alerts)))


def _short(notice_id: str) -> str:
    """A name that fits into a header, the same at every attempt."""
    return hashlib.sha256(notice_id.encode()).hexdigest()[:32]


def _digest_id(held: Sequence[QueuedNotice]) -> str:
    ids = "\0".join(each.id for each in held)
    return f"digest-{held[0].channel}-{hashlib.sha256(ids.encode()).hexdigest()[:32]}"


def _highest(severities: Sequence[Severity]) -> Severity:
    return max(severities, key=list(Severity).index)
