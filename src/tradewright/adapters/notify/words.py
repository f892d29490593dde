"""What a message says: one line for a title or a text message, several for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.moments import utc
from tradewright.domain.notice import NoticeKind

if TYPE_CHECKING:
    from tradewright.domain.control.alerts import Alert
    from tradewright.domain.notice import Notice

__all__ = ["cut", "headline", "plain_notice", "whole_text"]

_DONE = "RESOLVED"


def headline(notice: Notice) -> str:
    """One line: how much it matters, and the sentence."""
    if notice.kind is NoticeKind.DIGEST:
        many = len(notice.alerts)
        return f"{notice.severity.upper()}: {many} alert{'s' * (many != 1)} held back during the quiet hours"
    mark = _DONE if notice.kind is NoticeKind.RESOLVED else notice.severity.upper()
    return _one_line(f"{mark}: {notice.alerts[0].sentence}")


def whole_text(notice: Notice) -> str:
    """Everything there is to say, in lines."""
    head = [headline(notice)] if notice.kind is NoticeKind.DIGEST else []
    return "\n".join([*head, *(line for alert in notice.alerts for line in _lines(notice, alert))])


def plain_notice(notice: Notice) -> dict[str, object]:
    """The message as plain values for programs; instants in ISO 8601."""
    return {
        "id": notice.id,
        "kind": notice.kind.value,
        "severity": notice.severity.value,
        "at": _instant(notice.at_ns),
        "title": headline(notice),
        "alerts": [_plain_alert(each) for each in notice.alerts],
    }


def cut(text: str, most: int) -> str:
    """The text, or so much of it as a channel takes, with a sign that there was more."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _lines(notice: Notice, alert: Alert) -> list[str]:
    mark = _DONE if notice.kind is NoticeKind.RESOLVED or alert.resolved_ns is not None else alert.severity.upper()
    often = f", {alert.count} times" if alert.count > 1 else ""
    lines = [_one_line(f"{mark}: {alert.sentence}")]
    if alert.hint and notice.kind is not NoticeKind.RESOLVED:
        lines.append(_one_line(alert.hint))
    since = f"since {_instant(alert.first_ns)}" if alert.count > 1 else _instant(alert.first_ns)
    return [*lines, _one_line(f"{alert.rule} · {alert.subject} · {since}{often}")]


def _plain_alert(alert: Alert) -> dict[str, object]:
    return {
        "id": alert.id,
        "rule": alert.rule,
        "subject": alert.subject,
        "severity": alert.severity.value,
        "sentence": alert.sentence,
        "hint": alert.hint,
        "first": _instant(alert.first_ns),
        "last": _instant(alert.last_ns),
        "count": alert.count,
        "resolved": None if alert.resolved_ns is None else _instant(alert.resolved_ns),
    }


def _instant(at_ns: int) -> str:
    return f"{utc(at_ns):%Y-%m-%dT%H:%M:%SZ}"


def _one_line(text: str) -> str:
    """What is said by others than us may hold line breaks and control characters; a title may not."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
