"""Sockets of who lost the right to be there are closed within seconds."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.unit.api.conftest import NOW

from tradewright.api.stream.porter import LOOK_S, Porter
from tradewright.domain.control.access import Caller
from tradewright.domain.control.users import Role, User
from tradewright.domain.errors import StorageError


def caller(name: str, family: str | None = "f1", token: str | None = None) -> Caller:
    return Caller(User(name, name, Role.VIEWER, "", False, True, NOW), None, family, token)


def look(porter: Porter, *callers: Caller) -> list[bool]:
    """Who of them has to go after one look."""

    async def run() -> list[bool]:
        from contextlib import ExitStack

        with ExitStack() as stack:
            events = [stack.enter_context(porter.admitted(each)) for each in callers]
            await porter.look()
            return [each.is_set() for each in events]

    return asyncio.run(run())


def test_who_may_stay_stays_and_the_others_go() -> None:
    ada, bob = caller("ada"), caller("bob")
    assert look(Porter(lambda each: each.user.id == "ada"), ada, bob, bob) == [False, True, True]


def test_each_sign_in_of_a_person_counts_for_itself() -> None:
    here, there = caller("ada", "f1"), caller("ada", "f2")
    assert look(Porter(lambda each: each.family == "f1"), here, there) == [False, True]


def test_it_is_asked_once_however_many_sockets_somebody_holds() -> None:
    asked: list[Caller] = []
    look(Porter(lambda each: bool(asked.append(each)) or True), *[caller("ada")] * 5)
    assert len(asked) == 1


def test_who_left_is_asked_about_no_more() -> None:
    asked: list[Caller] = []
    porter = Porter(lambda each: bool(asked.append(each)) or True)
    look(porter, caller("ada"))
    asked.clear()
    look(porter)
    assert asked == []


def test_who_cannot_be_asked_about_stays_and_the_others_are_asked() -> None:
    def is_still(each: Caller) -> bool:
        if each.user.id == "ada":
            raise StorageError("The database is away.")
        return False

    assert look(Porter(is_still), caller("ada"), caller("bob")) == [False, True]


def test_a_look_comes_often_enough_for_five_seconds() -> None:
    assert LOOK_S <= 2.5


def test_it_looks_again_and_again() -> None:
    async def run() -> None:
        answers = iter((True, True, False))
        porter = Porter(lambda _: next(answers), look_s=0.0)
        task: asyncio.Task[Any] = asyncio.create_task(porter.run())
        with porter.admitted(caller("ada")) as gone:
            await asyncio.wait_for(gone.wait(), 60)
        task.cancel()

    asyncio.run(run())
