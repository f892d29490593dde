"""The rules: what each looks for, how much it matters, and the thresholds that the settings may change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tradewright.domain.control.alerts import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["RULES", "Finding", "Over", "Rule", "RuleInForce", "in_force"]

_HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is watched for.

    Parameters
    ----------
    name : str
        As the settings and every alert call it.
    meaning : str
        When it raises.
    severity : Severity
        Unless the settings say otherwise.
    thresholds : mapping of str to float
        What may be changed, with what holds otherwise. ``calm_s`` is how long a fact must not have come again until the
        next one counts as new.
    is_fact : bool
        Whether it is about something that happened, which is over at once, rather than about how something stands. It
        is resolved by who acknowledges it, and by calm.
    """

    name: str
    meaning: str
    severity: Severity
    thresholds: Mapping[str, float] = field(default_factory=dict)
    is_fact: bool = False


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """A rule as the settings have it.

    Parameters
    ----------
    rule : Rule
    severity : Severity
    thresholds : mapping of str to float
        Complete.
    channels : tuple of str or None
        Which may tell of it; None is all.
    """

    rule: Rule
    severity: Severity
    thresholds: Mapping[str, float]
    channels: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule found something.

    Parameters
    ----------
    rule : str
    subject : str
        What it is about: of a rule and subject at most one alert is open.
    sentence : str
    hint : str or None
    source : str or None
        Of a fact: what tells it from the next one, such as ``jobs:17``, so that it is told once though it may be read
        twice.
    """

    rule: str
    subject: str
    sentence: str
    hint: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Over:
    """What a rule found is so no longer."""

    rule: str
    subject: str


_INFO, _WARNING, _CRITICAL = Severity.INFO, Severity.WARNING, Severity.CRITICAL

RULES: Mapping[str, Rule] = {
    each.name: each
    for each in (
        Rule("job_failed", "A job failed.", _WARNING, {"calm_s": _HOUR_S}, is_fact=True),
        Rule("worker_lost", "A worker that had a job has not been heard of.", _CRITICAL, {"after_s": 60.0}),
        Rule("session_stopped", "A session ended for a reason of its own.", _CRITICAL, {"calm_s": _HOUR_S},
             is_fact=True),
        Rule("session_crashed", "The process of a session is gone and did not end it.", _CRITICAL, {"calm_s": _HOUR_S},
             is_fact=True),
        Rule("session_silent", "A running session has not said how it stands.", _CRITICAL, {"after_s": 60.0}),
        Rule("feed_stale", "The market is open, and the feed is not connected or a row is overdue.", _CRITICAL,
             {"after_s": 60.0}),
        Rule("order_unknown", "The venue has not said what became of an order.", _CRITICAL, {"after_s": 60.0}),
        Rule("latch_tripped", "The kill switch of an account is set.", _CRITICAL),
        Rule("day_loss_pause", "The loss of the day pauses new entries.", _WARNING),
        Rule("drawdown_halt", "The drawdown has halted an account.", _CRITICAL),
        Rule("reconcile_break", "A symbol is frozen, for what is held is not what should be.", _CRITICAL),
        Rule("order_rate", "A session places more orders than is usual.", _CRITICAL, {"most": 120.0, "within_s": 60.0}),
        Rule("disk_low", "The disk of the stores is nearly full.", _CRITICAL, {"free_share": 0.05, "free_gb": 1.0}),
        Rule("failed_logins", "A burst of log-ins that were refused, by name or by address.", _WARNING,
             {"most": 5.0, "within_s": 300.0, "calm_s": 900.0}, is_fact=True),
        Rule("new_address", "Somebody signed in from an address that is new for them.", _INFO, {"calm_s": 0.0},
             is_fact=True),
        Rule("schedule_refused", "A schedule was due, and its job could not be put into the queue.", _WARNING,
             {"calm_s": _HOUR_S}, is_fact=True),
        Rule("daily_summary", "The day was summed up: what trading came to, jobs, open alerts.", _INFO, {"calm_s": 0.0},
             is_fact=True),
        Rule("delivery_failed", "A channel does not take messages.", _WARNING),
    )
}  # fmt: skip
"""Every rule by name, in the order in which they are listed."""


def in_force(name: str, **changed: float) -> RuleInForce:
    """A rule with its own thresholds, but for those that are changed.

    Examples
    --------
    >>> in_force("feed_stale", after_s=5).thresholds
    {'after_s': 5}
    """
    rule = RULES[name]
    return RuleInForce(rule, rule.severity, {**rule.thresholds, **changed})
