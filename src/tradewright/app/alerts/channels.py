"""What the settings say of alerts: the rules in force, and the channels with what each wants to hear, and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tradewright.domain.control.alerts import Severity

from .rules import RULES, in_force

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradewright.domain.control.alerts import Alert
    from tradewright.ports.notifier import Notifier

    from .quiet import QuietHours
    from .rules import RuleInForce

__all__ = ["AlertPlan", "Channel"]


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to people.

    Parameters
    ----------
    name : str
    open : callable
        Gives the line, with secrets as they are at that moment.
    at_least : Severity
        What matters less is not told here.
    quiet : QuietHours, optional
    """

    name: str
    open: Callable[[], Notifier]
    at_least: Severity = Severity.INFO
    quiet: QuietHours | None = None

    def is_quiet(self, severity: Severity, now_ns: int) -> bool:
        """Whether something waits for the end of the quiet hours; what is critical never does."""
        return self.quiet is not None and severity is not Severity.CRITICAL and self.quiet.holds(now_ns)


def _all_rules() -> Mapping[str, RuleInForce]:
    return {name: in_force(name) for name in RULES}


@dataclass(frozen=True, slots=True)
class AlertPlan:
    """Rules and channels.

    Parameters
    ----------
    rules : mapping of str to RuleInForce
        Those that are not switched off; all as they are without settings.
    channels : tuple of Channel
    """

    rules: Mapping[str, RuleInForce] = field(default_factory=_all_rules)
    channels: tuple[Channel, ...] = ()

    def channels_for(self, alert: Alert) -> list[Channel]:
        """Who is told of an alert; a channel is not told that it does not work."""
        rule = self.rules.get(alert.rule)
        named = None if rule is None else rule.channels
        return [
            each
            for each in self.channels
            if alert.severity.at_least(each.at_least)
            and (named is None or each.name in named)
            and not (alert.rule == "delivery_failed" and alert.subject == each.name)
        ]

    def channel(self, name: str) -> Channel | None:
        """The channel of that name."""
        return next((each for each in self.channels if each.name == name), None)
