"""A cluster that is named and cannot be joined is said, with what to look at, and leaves nothing of Ray behind."""

from __future__ import annotations

import os

import pytest

from tradewright.adapters.executors import ray as ours
from tradewright.adapters.executors.ray import RayExecutor
from tradewright.domain.errors import ResourceError


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("192.0.2.77:1", r"Ray cannot join the cluster of RAY_ADDRESS: ConnectionError: It is away\. .*RAY_AUTH_TOKEN"),
        (None, r"Ray cannot start: ConnectionError: It is away\. Use threads or processes"),
    ],
)
def test_what_cannot_be_joined_or_started_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, address: str | None, sentence: str
) -> None:
    def away(*_: object) -> None:
        os.environ["RAY_AUTH_MODE"] = "token"
        raise ConnectionError("It is away.")

    monkeypatch.setattr(ours, "_init", away)
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    if address is not None:
        monkeypatch.setenv("RAY_ADDRESS", address)
    before = dict(os.environ)
    with pytest.raises(ResourceError, match=sentence), ours._running(1, 0):
        pass
    assert dict(os.environ) == before


def test_the_cluster_that_is_named_is_asked_for_its_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise ConnectionError("It is away.")

    monkeypatch.setattr(ours, "_init", away)
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    assert RayExecutor(3).workers == 3
    assert RayExecutor().workers >= 1
    monkeypatch.setenv("RAY_ADDRESS", "192.0.2.77:1")
    assert RayExecutor(3).workers == 3
    with pytest.raises(ResourceError, match=r"cannot join"):
        RayExecutor()
