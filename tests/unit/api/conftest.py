"""A control room with two kept runs behind its door, and clients that may enter it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from fastapi import FastAPI
from tests.asgi_client import AsgiClient

import tradewright as tw
from tradewright.api.application import DoorOptions, _furnish, create_app
from tradewright.api.limits import Allowance, RateLimits
from tradewright.bootstrap.control_room import ControlRoom, control_room
from tradewright.domain.control.access import Caller
from tradewright.domain.control.users import Role, Scope, User
from tradewright.face.bars_again import OriginReader

ENOUGH = RateLimits(Allowance(1e6, 1e6), Allowance(1e6, 1e6))
"""Limits that no test reaches."""
NOW = 1_790_000_000_000_000_000


def person(role: Role, *, must_change: bool = False) -> Caller:
    """Somebody of a role."""
    return Caller(User(role.value, f"a {role.value}", role, "", must_change, True, NOW))


def identify(shown: str) -> Caller | None:
    """Tokens of tests are words: a role, or ``token:role:scope``."""
    if shown.startswith("token:"):
        _, role, scope = shown.split(":")
        return Caller(person(Role(role)).user, frozenset({Scope(scope)}))
    if shown == "newcomer":
        return person(Role.ADMIN, must_change=True)
    return person(Role(shown)) if shown in set(Role) else None


WIDE_OPEN = DoorOptions(identify=identify, limits=ENOUGH)
"""A door at which a word tells who somebody is."""


def app_over(room: ControlRoom, options: DoorOptions = WIDE_OPEN) -> FastAPI:
    """The server of a room that one test has for itself, without a dashboard, places elsewhere or names of hosts.

    Making the routes takes as long as a hundred answers: they are made once, and find what is this room's own.
    """
    app = _routed()
    _furnish(app, room, options)
    return app


@cache
def _routed() -> FastAPI:
    return create_app(control_room("0.0.test", OriginReader), WIDE_OPEN)


class Steps(tw.Strategy):
    """Buys and sells in turn."""

    every = tw.Param(7, low=2, high=50)

    def setup(self):
        self.count = 0

    def on_bar(self, ctx):
        self.count += 1
        if self.count % self.every == 0:
            ctx.log("turn", count=self.count)
            if ctx.has_position():
                ctx.close_position()
            else:
                ctx.target_percent(0.5)


@dataclass
class Kept:
    """The runs of the room."""

    folder: Path
    first: str
    second: str
    result: tw.Result


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Two kept runs of one strategy in a folder of their own."""
    folder = tmp_path_factory.mktemp("room")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRADEWRIGHT_STORAGE__FOLDER", str(folder))
        bars = tw.synthetic_bars("ACME", bars=300, seed=3)
        first = tw.backtest(Steps, bars)
        second = tw.backtest(Steps, bars, params={"every": 11}, cash=50_000)
        ids = [
            tw.keep_run(first, name="turns of seven", note="a first look", tags=["steps"]),
            tw.keep_run(second, name="turns of eleven"),
        ]
    return Kept(folder, *ids, first)


@pytest.fixture(scope="session")
def room(kept: Kept) -> ControlRoom:
    """The room over them."""
    return control_room("0.0.test", OriginReader, folder=kept.folder, project=kept.folder, now_ns=lambda: NOW)


@pytest.fixture(scope="session")
def app(room: ControlRoom) -> FastAPI:
    """The server of the room."""
    return create_app(room, WIDE_OPEN)


@pytest.fixture
def client_of(app: FastAPI) -> Callable[[str], AsgiClient]:
    """A client that shows a token."""

    def made(shown: str) -> AsgiClient:
        headers = {"Authorization": f"Bearer {shown}"} if shown else {}
        return AsgiClient(app, headers)

    return made


@pytest.fixture
def viewer(client_of: Callable[[str], AsgiClient]) -> AsgiClient:
    """Who may read."""
    return client_of("viewer")


@pytest.fixture
def admin(client_of: Callable[[str], AsgiClient]) -> AsgiClient:
    """Who may do everything."""
    return client_of("admin")
