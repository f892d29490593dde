"""What a session was begun with and is asked for otherwise is said in words."""

from __future__ import annotations

from typing import Any

import pytest

from tradewright.bootstrap.sessions import _changed

WAS: dict[str, Any] = {
    "recipes": [{"text": "a"}], "instruments": [{"symbol": "ACME"}, {"symbol": "IBM"}], "timeframe": "1m",
    "policies": {"cash": 5.0, "seed": 0}, "at_broker": True, "fills": "venue", "account": "alpaca-paper-1",
    "strategies": [{"name": "S", "params": {"units": 10}}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, None),
        ({"recipes": [{"text": "b"}]}, "another strategy: the text of S has changed since"),
        (
            {"recipes": [{"text": "b"}], "strategies": [{"name": "S", "params": {"units": 20}}]},
            "another strategy: S with units=10",
        ),
        ({"recipes": [{"text": "b"}], "strategies": [{"name": "T", "params": {}}]}, "another strategy: S"),
        ({"instruments": [{"symbol": "ACME"}]}, "other symbols: ACME, IBM"),
        ({"timeframe": "5m"}, "other timeframe: 1m"),
        ({"at_broker": False, "fills": "simulated"}, "other fills"),
        ({"account": "alpaca-paper-2"}, "other account: alpaca-paper-1"),
        ({"policies": {"cash": 5.0, "seed": 7}}, "other seed"),
    ],
)
def test_another_session_than_the_recorded_one_is_told_by_what_differs(
    change: dict[str, Any], words: str | None
) -> None:
    assert _changed(WAS, {**WAS, **change}, has_cash=True) == words


def test_cash_counts_where_it_was_said_and_not_where_the_account_has_another_by_now() -> None:
    asked = {**WAS, "policies": {"cash": 6.0, "seed": 0}}
    assert _changed(WAS, asked, has_cash=True) == "other cash: 5.0"
    assert _changed(WAS, asked, has_cash=False) is None
