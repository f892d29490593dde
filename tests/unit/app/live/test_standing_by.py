"""A session that waits for an account another process holds: it can be stopped, and what refuses it is told."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from tradewright.app.live.session import LiveSession
from tradewright.domain.errors import JournalError


class Account:
    """An account that is taken up, or not."""

    def __init__(self, refuses: bool = False) -> None:
        self.refuses = refuses
        self.done: list[str] = []

    async def connect(self) -> None:
        if self.refuses:
            raise JournalError("The account is held by another process.")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.done.append("connecting ended")
            raise

    async def disconnect(self) -> None:
        self.done.append("let go")


def session(account: Account) -> LiveSession:
    found: Any = object.__new__(LiveSession)
    found.parts = SimpleNamespace(name="one", account=account)
    found.runner = SimpleNamespace(
        close=lambda: account.done.append("closed"), pulse=lambda: account.done.append("state written"), carrier=None
    )
    found._stopping, found.why_ended, found._carrier = asyncio.Event(), "", lambda: None
    stopped: LiveSession = found
    return stopped


def test_it_ends_when_it_is_stopped_and_lets_go() -> None:
    account = Account()

    async def stopped_while_it_waits() -> None:
        waiting = session(account)
        running = asyncio.ensure_future(waiting.run())
        await asyncio.sleep(0)
        waiting.stop("enough")
        async with asyncio.timeout(60.0):
            await running

    asyncio.run(stopped_while_it_waits())
    assert account.done == ["connecting ended", "state written", "let go", "closed"]


def test_what_refuses_it_is_told() -> None:
    account = Account(refuses=True)
    with pytest.raises(JournalError, match="held by another process"):
        asyncio.run(session(account).run())
    assert account.done == ["state written", "let go", "closed"]
