"""A drawdown of the session latches its account, and the engine hears of that and of the person who arms it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from tradewright.app.live.halting import Halts
from tradewright.app.orders.book import LiveBook
from tradewright.domain.live.journal import Record, RecordKind
from tradewright.domain.live.latch import LatchOrder
from tradewright.domain.live.session import Command, Input, Tripped

FELL = Tripped("drawdown", 87_500.0)
WHY = "one fell to 87,500.00: its drawdown limit halts."
LATCHED = Command("latched", "one", WHY, 7)
ASKED = Command("resume", "ann", "", 7)


class Account:
    """An account that latches and nothing else."""

    def __init__(self) -> None:
        self.book = LiveBook()
        self.is_halted = False
        clock = SimpleNamespace(now_ns=lambda: 7)
        self.road = SimpleNamespace(
            switch=SimpleNamespace(latch=self._latch), office=SimpleNamespace(book=self.book, clock=clock)
        )

    @property
    def risk(self) -> Any:
        return SimpleNamespace(watch=SimpleNamespace(is_halted=self.is_halted))

    async def _latch(self, order: LatchOrder) -> None:
        body = {"number": 1, "reason": order.reason, "who": order.who, "flatten": False, "all": False}
        self.book.apply(Record(RecordKind.LATCH, body), 1, 1)

    def arm(self) -> None:
        """A person takes the latch away."""
        self.book.apply(Record(RecordKind.REARM, {"who": "ann", "reason": "Looked."}), 2, 2)


def taken_up(account: Account, *record: Any) -> list[Input]:
    """What the engine is told by a program that takes up a record of inputs, each with its outputs."""
    told: list[Input] = []
    halts = Halts("one", account, told.append)  # type: ignore[arg-type]
    for given, outputs in record:
        halts.remember(given, outputs)
    asyncio.run(halts.catch_up())
    return told


def carried(account: Account, *outputs: Any) -> list[Input]:
    told: list[Input] = []
    asyncio.run(Halts("one", account, told.append).carry_out(outputs))  # type: ignore[arg-type]
    return told


def test_a_drawdown_latches_the_account_and_the_engine_is_told() -> None:
    account = Account()
    assert carried(account, FELL) == [LATCHED]
    assert (account.book.latch.is_set, account.book.latch.reason) == (True, WHY)


def test_a_days_loss_latches_nothing() -> None:
    account = Account()
    assert carried(account, Tripped("day_loss", 96_000.0)) == []
    assert not account.book.latch.is_set


def test_while_the_latch_stands_the_engine_stays_halted() -> None:
    account = Account()
    carried(account, FELL)
    assert taken_up(account, (ASKED, [FELL]), (LATCHED, [])) == []


def test_an_account_that_is_halted_itself_is_not_armed() -> None:
    account = Account()
    carried(account, FELL)
    account.arm()
    account.is_halted = True
    assert taken_up(account, (ASKED, [FELL]), (LATCHED, [])) == []


def test_a_latch_that_a_person_took_away_arms_the_engine_once_and_by_name() -> None:
    account = Account()
    carried(account, FELL)
    account.arm()
    armed = Command("rearm", "ann", "Looked.", 7)
    assert taken_up(account, (ASKED, [FELL]), (LATCHED, [])) == [armed]
    assert taken_up(account, (ASKED, [FELL]), (LATCHED, []), (armed, [])) == []


def test_a_latch_that_the_end_of_the_program_cut_short_is_set_and_not_taken_for_armed() -> None:
    account = Account()
    assert taken_up(account, (ASKED, [FELL])) == [LATCHED]
    assert account.book.latch.is_set


def test_a_second_fall_after_arming_is_a_fall_of_its_own() -> None:
    account = Account()
    record = [(ASKED, [FELL]), (LATCHED, []), (Command("rearm", "ann", "Looked.", 7), []), (ASKED, [FELL])]
    assert taken_up(account, *record) == [LATCHED]
