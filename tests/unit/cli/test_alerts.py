"""`tradewright alerts test` says of each channel whether it took a message."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.command_line import Tw

from tradewright.app.alerts.channels import AlertPlan, Channel
from tradewright.domain.errors import NotifyError


class Box:
    """A channel that takes what it is sent, or does not."""

    def __init__(self, *, takes: bool) -> None:
        self._takes = takes

    def send(self, _: Any) -> None:
        if not self._takes:
            raise NotifyError("It refused.")


@pytest.fixture
def channels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two channels, of which one works."""
    boxes = {"desk": Box(takes=True), "mail": Box(takes=False)}
    named = tuple(Channel(name, lambda box=box: box) for name, box in boxes.items())  # type: ignore[misc] # bound now
    monkeypatch.setattr("tradewright.bootstrap.alert_trial.said_plan", lambda: AlertPlan(channels=named))


@pytest.mark.usefixtures("channels")
def test_each_channel_is_tried_and_one_that_fails_is_a_failure(tw: Tw) -> None:
    run = tw("alerts", "test")
    assert (run.code, run.out) == (1, "desk: the message was taken.\nmail: It refused.\n")
    assert tw("alerts", "test", "desk").code == 0
    said = json.loads(tw("alerts", "test", "--json").out)
    assert said[1] == {"channel": "mail", "ok": False, "problem": "It refused."}


def test_without_a_channel_it_says_where_to_name_one(tw: Tw) -> None:
    run = tw("alerts", "test")
    assert (run.code, "alerts.channels" in run.err) == (2, True)
