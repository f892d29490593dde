"""What people ask of a running session from outside."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from tradewright.app.live.requests_of_people import PeoplesDesk
from tradewright.app.live.session import LiveSession
from tradewright.ports.request_box import Reply

ASKED = {"command": "rearm", "who": "ann", "reason": "Looked.", "strategy": 0}


class Session:
    """A session that writes down what its engine is asked for."""

    trades_at_venue = LiveSession.trades_at_venue

    def __init__(self, account: Any = None, *, is_dry: bool = False) -> None:
        self.name = "one"
        self.parts = SimpleNamespace(account=account, is_dry=is_dry, names=("S",))
        self.told: list[tuple[Any, ...]] = []

    def command(self, *what: Any) -> None:
        self.told.append(what)

    def asked(self, **words: Any) -> Reply:
        desk = PeoplesDesk(self)  # type: ignore[arg-type]
        return asyncio.run(desk.carry_out({**ASKED, **words}))


ACCOUNT = SimpleNamespace(road=SimpleNamespace(office=None))


@pytest.mark.parametrize("session", [Session(), Session(ACCOUNT, is_dry=True)])
def test_a_session_that_halted_with_no_account_latched_for_it_is_armed_as_a_whole(session: Session) -> None:
    reply = session.asked()
    assert (reply.is_done, reply.sentence) == (True, "rearm: asked of all strategies.")
    assert session.told == [("rearm", "ann", "Looked.", -1)]


def test_nobody_arms_without_a_reason() -> None:
    session = Session()
    assert not session.asked(reason=" ").is_done
    assert session.told == []


def test_an_account_is_armed_while_nobody_trades_it() -> None:
    session = Session(ACCOUNT)
    reply = session.asked()
    assert not reply.is_done
    assert reply.sentence.startswith("The account of this session is armed while nobody trades it.")
    assert session.told == []
