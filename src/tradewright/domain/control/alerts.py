"""What a person has to know, and whether they were told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Alert", "AlertQuery", "Delivery", "Severity"]


class Severity(StrEnum):
    """How much it matters."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"

    def at_least(self, other: Severity) -> bool:
        """Whether it matters as much as the other, or more.

        Examples
        --------
        >>> Severity.CRITICAL.at_least(Severity.WARNING), Severity.INFO.at_least(Severity.WARNING)
        (True, False)
        """
        ranks = list(Severity)
        return ranks.index(self) >= ranks.index(other)


@dataclass(frozen=True, slots=True)
class Alert:
    """One state of affairs that a rule found; while it lasts, finding it again makes no other alert.

    Parameters
    ----------
    id : str
    rule : str
        Such as ``"feed.mute"``.
    subject : str
        What it is about, such as an account or a session.
    severity : Severity
    sentence : str
        What is wrong.
    hint : str or None
        What to do.
    first_ns, last_ns : int
        When it was found first and last, UTC nanoseconds.
    count : int
        How often it was found.
    acknowledged_ns : int or None
    acknowledged_by : str or None
    resolved_ns : int or None
    """

    id: str
    rule: str
    subject: str
    severity: Severity
    sentence: str
    hint: str | None
    first_ns: int
    last_ns: int
    count: int = 1
    acknowledged_ns: int | None = None
    acknowledged_by: str | None = None
    resolved_ns: int | None = None


@dataclass(frozen=True, slots=True)
class AlertQuery:
    """Which alerts are asked for; what is None does not restrict.

    Parameters
    ----------
    severity : Severity, optional
        Exactly.
    is_acknowledged, is_resolved : bool, optional
    since_ns, until_ns : int, optional
        Found last from the first instant on, before the second; UTC nanoseconds.
    """

    severity: Severity | None = None
    is_acknowledged: bool | None = None
    is_resolved: bool | None = None
    since_ns: int | None = None
    until_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to tell a person of an alert.

    Parameters
    ----------
    number : int
        From 1, in the order in which they were kept; 0 before that.
    alert_id : str
    channel : str
        Name of the notifier.
    at_ns : int
        UTC nanoseconds.
    error : str or None
        Why it did not arrive; None where it did.
    """

    number: int
    alert_id: str
    channel: str
    at_ns: int
    error: str | None = None
