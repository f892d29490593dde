"""Trying the channels of alerts: one message to each, sent at once and kept nowhere."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple

from tradewright.bootstrap.alerts import said_plan
from tradewright.domain.control.alerts import Alert, Severity
from tradewright.domain.errors import ConfigError, NotFoundError, NotifyError
from tradewright.domain.notice import Notice, NoticeKind

if TYPE_CHECKING:
    from tradewright.app.alerts.channels import AlertPlan, Channel

__all__ = ["Tried", "try_channels"]


class Tried(NamedTuple):
    """What came of one message: the channel, and why it did not take it where it did not."""

    channel: str
    problem: str | None


def try_channels(now_ns: int, name: str | None = None, plan: AlertPlan | None = None) -> list[Tried]:
    """Send a message to each channel of the settings, quiet hours or not.

    Parameters
    ----------
    now_ns : int
        UTC nanoseconds.
    name : str, optional
        One channel only.
    plan : AlertPlan, optional
        Other channels than those of the settings.

    Raises
    ------
    ConfigError
        When the settings name none, or cannot be used.
    NotFoundError
        When there is none of that name.
    """
    channels = (said_plan() if plan is None else plan).channels
    if not channels:
        raise ConfigError("The settings name no channel.", hint="Name one under 'alerts.channels'.")
    chosen = [each for each in channels if name in {None, each.name}]
    if not chosen:
        known = ", ".join(each.name for each in channels)
        raise NotFoundError(f"There is no channel '{name}'.", hint=f"There are {known}.")
    return [_tried(each, now_ns) for each in chosen]


def _tried(channel: Channel, now_ns: int) -> Tried:
    sentence = f"This is a test of the channel '{channel.name}'. Nothing happened."
    number = secrets.token_hex(8)
    alert = Alert(f"test-{number}", "test", channel.name, Severity.INFO, sentence, None, now_ns, now_ns)
    notice = Notice(f"test-{number}", NoticeKind.TEST, Severity.INFO, now_ns, (alert,))
    try:
        channel.open().send(notice)
    except (NotifyError, ConfigError) as error:
        return Tried(channel.name, error.message)
    return Tried(channel.name, None)
