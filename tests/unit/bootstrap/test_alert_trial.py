"""Channels are tried with a message of their own, and each says by itself whether it took it."""

from __future__ import annotations

import pytest

from tradewright.app.alerts.channels import AlertPlan, Channel
from tradewright.app.alerts.quiet import QuietHours
from tradewright.bootstrap.alert_trial import try_channels
from tradewright.domain.control.alerts import Severity
from tradewright.domain.errors import ConfigError, NotFoundError, NotifyError
from tradewright.domain.notice import NoticeKind

NOW = 1_790_000_000_000_000_000


class Box:
    """A channel that keeps what it is sent."""

    def __init__(self, *, fails=None):
        self.taken, self._fails = [], fails

    def send(self, notice):
        if self._fails is not None:
            raise self._fails
        self.taken.append(notice)


def plan(**boxes):
    return AlertPlan(
        channels=tuple(Channel(name, lambda box=box: box, Severity.CRITICAL) for name, box in boxes.items())
    )


def test_each_channel_gets_a_message_that_says_it_is_a_test():
    one, two = Box(), Box()
    assert try_channels(NOW, plan=plan(desk=one, mail=two)) == [("desk", None), ("mail", None)]
    (notice,) = one.taken
    assert (notice.kind, notice.severity, notice.at_ns) == (NoticeKind.TEST, Severity.INFO, NOW)
    assert notice.alerts[0].sentence == "This is a test of the channel 'desk'. Nothing happened."
    assert notice.id != two.taken[0].id


def test_one_that_does_not_take_it_does_not_keep_the_others_from_it():
    works = Box()
    broken, unset = Box(fails=NotifyError("It refused.")), Box(fails=ConfigError("The channel needs 'url'."))
    assert try_channels(NOW, plan=plan(broken=broken, unset=unset, works=works)) == [
        ("broken", "It refused."), ("unset", "The channel needs 'url'."), ("works", None),
    ]  # fmt: skip
    assert len(works.taken) == 1


def test_one_channel_may_be_named():
    one, two = Box(), Box()
    assert try_channels(NOW, "mail", plan(desk=one, mail=two)) == [("mail", None)]
    assert (one.taken, len(two.taken)) == ([], 1)
    with pytest.raises(NotFoundError, match="no channel 'pager'") as refused:
        try_channels(NOW, "pager", plan(desk=one, mail=two))
    assert refused.value.hint == "There are desk, mail."


def test_where_no_channel_is_named_nothing_can_be_tried(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="name no channel"):
        try_channels(NOW)


def test_quiet_hours_do_not_hold_a_test_back():
    box = Box()
    channel = Channel("desk", lambda: box, Severity.INFO, QuietHours.parse("00:00-23:59 UTC"))
    assert try_channels(NOW, plan=AlertPlan(channels=(channel,))) == [("desk", None)]
