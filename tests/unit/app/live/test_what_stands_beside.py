"""What a session does beside its rows: where hearing people fails it ends; where practice fails it goes on."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from tests.feed_stage import Stage, at, whole
from tests.markets import FREE

import tradewright as tw
from tradewright.adapters.storage.sessions.sink import sink_log
from tradewright.app.live.core import LocalCore
from tradewright.app.live.opening import Opening
from tradewright.app.live.poise import Practising
from tradewright.app.live.session import LiveSession, SessionParts
from tradewright.app.live.wires import WireForms
from tradewright.domain.errors import StorageError
from tradewright.domain.live.session import Row
from tradewright.domain.timeframe import Timeframe

MINUTE = Timeframe.parse("1m")
SHARE = tw.Equity("A", "XNYS")
BARS = whole(SHARE, "1m", "2024-07-01", "2024-07-08")


class Box:
    """What people ask, which cannot be read any more from its third look on."""

    looks = 0

    def take(self) -> tuple[()]:
        self.looks += 1
        if self.looks > 2:
            raise StorageError("The requests of people cannot be read.")
        return ()


class Idle(tw.Strategy):
    """Does nothing."""

    def on_bar(self, ctx: Any) -> None:
        self.seen = True


def session(stage: Stage, rows: list[Row], **parts: Any) -> LiveSession:
    opening = Opening(lambda: [Idle()], (SHARE,), MINUTE, {"cash": 1.0, "costs": FREE}, at_broker=False)

    def heard(given: Any, _: Any) -> None:
        rows.extend([given] if isinstance(given, Row) else [])
        if len(rows) == 8:
            running.stop("enough")

    running = LiveSession(
        SessionParts(
            name="one", log=sink_log(), make_core=lambda: LocalCore(opening), feed=stage.build(), clock=stage.clock,
            forms=WireForms([SHARE]), warmup=3, **parts,
        ),
        heard,
    )  # fmt: skip
    return running


@pytest.fixture
def stage() -> Stage:
    return Stage([BARS], "2024-07-02T13:29")


def test_a_session_that_cannot_hear_people_any_more_ends_and_says_why(stage: Stage) -> None:
    rows: list[Row] = []
    with pytest.raises(StorageError, match="requests of people"):
        stage.loop.run(session(stage, rows, box=Box()).run())
    assert stage.clock.now_ns() < at("2024-07-02T13:30")


def test_a_session_whose_practice_fails_goes_on_and_the_log_has_it(
    stage: Stage, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(_: Any) -> Any:
        raise LookupError("practice")

    rows: list[Row] = []
    monkeypatch.setattr(LiveSession, "trades_at_venue", True)
    running = session(stage, rows, practising=Practising(make, lambda: True))
    with caplog.at_level(logging.ERROR, "tradewright.sessions"):
        stage.loop.run(running.run())
    assert len(rows) == 8
    assert [record.message for record in caplog.records] == ["the session 'one' practises no more"]
