"""Whoever asks too often is told how long to wait, and nobody else is."""

from __future__ import annotations

import pytest
from tests.asgi_client import AsgiClient
from tests.unit.api.conftest import identify

from tradewright.api.application import DoorOptions, create_app
from tradewright.api.limits import Allowance, RateLimits
from tradewright.api.problems import RefusedError
from tradewright.bootstrap.control_room import ControlRoom


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_allowed_and_then_the_pace() -> None:
    watch = Watch()
    limits = RateLimits(Allowance(2, 3), Allowance(1, 1), watch)
    for _ in range(3):
        limits.spend("ada", "")
    with pytest.raises(RefusedError) as refused:
        limits.spend("ada", "")
    assert (refused.value.status, refused.value.headers["Retry-After"]) == (429, "1")
    watch.now = 0.5
    limits.spend("ada", "")
    with pytest.raises(RefusedError):
        limits.spend("ada", "")


def test_users_and_addresses_are_counted_apart() -> None:
    limits = RateLimits(Allowance(1, 1), Allowance(1, 1), Watch())
    limits.spend("ada", "10.0.0.1")
    limits.spend("bob", "10.0.0.1")
    limits.spend(None, "10.0.0.1")
    with pytest.raises(RefusedError):
        limits.spend(None, "10.0.0.1")
    limits.spend(None, "10.0.0.2")


def test_what_costs_more_counts_more() -> None:
    limits = RateLimits(Allowance(1, 10), Allowance(1, 1), Watch())
    limits.spend("ada", "", 5.0)
    limits.spend("ada", "", 5.0)
    with pytest.raises(RefusedError) as refused:
        limits.spend("ada", "", 5.0)
    assert refused.value.headers["Retry-After"] == "5"


def test_counters_are_bounded() -> None:
    limits = RateLimits(Allowance(1, 1), Allowance(1, 1), Watch(), most=10)
    for number in range(100):
        limits.spend(None, f"10.0.0.{number}")
    assert len(limits._left) == 10


def test_the_door_refuses_with_a_problem(room: ControlRoom) -> None:
    limits = RateLimits(Allowance(0.001, 2), Allowance(0.001, 2))
    client = AsgiClient(
        create_app(room, DoorOptions(identify=identify, limits=limits)), {"Authorization": "Bearer viewer"}
    )
    statuses = [client.get("/v1/me").status_code for _ in range(3)]
    answer = client.get("/v1/me")
    assert statuses == [200, 200, 429]
    assert answer.json()["type"] == "urn:tradewright:problem:rate-limit"
    assert int(answer.headers["Retry-After"]) > 0
