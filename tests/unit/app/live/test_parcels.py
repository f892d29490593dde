"""Parcels: whatever an engine takes or says comes out of its parcel as it went in, and travels as plain tuples."""

from __future__ import annotations

import pickle
from typing import Any, get_args

import pytest

from tradewright.app.live.parcels import packed, unpacked
from tradewright.domain.bars import Bar
from tradewright.domain.live import session

BAR = Bar("ACME", 1, 2, 10.0, 12.0, 9.0, 11.0, 5.0)
PLACED = session.Placed(3, 0, "ACME", 1, 2.0, "limit", "day", limit_price=10.5, stop_loss=9.0, tag="a")
SAID = [
    session.Row(1, 2, (BAR, BAR), 19_000, (19_000, 19_000), ("ACME",), acts=False),
    session.Row(1, 2, (), 19_000, ()),
    session.Filled(3, 2.0, 10.5, None, 7, "x", "stop"),
    session.Standing(3, "unknown", 7),
    session.Ended(3, "rejected", "Why not.", 7),
    session.Booked(0, "ACME", -2.0, 10.5, 7, "x", "Why."),
    session.SessionClosed(("ACME",), 7),
    session.Command("stop", "watchdog", "Why.", 7, 1, before=4),
    PLACED,
    session.CancelAsked(3, 0, "Why."),
    session.Replaced(3, PLACED),
    session.Happened("fill", 3, 0, "ACME", 2.0, 10.5, 0.1),
    session.Logged(0, "A line.", {"close": 10.5}),
    session.Tripped("drawdown", 99.0),
    session.StrategyFailed(0, "Why."),
]


@pytest.mark.parametrize("said", SAID, ids=lambda said: type(said).__name__)
def test_what_is_packed_comes_out_as_it_was(said: Any) -> None:
    travelled = pickle.loads(pickle.dumps(packed(said)))  # noqa: S301 - of our own
    assert (unpacked(travelled), type(unpacked(travelled))) == (said, type(said))


def test_no_class_travels() -> None:
    assert not any(b"tradewright" in pickle.dumps(packed(said)) for said in SAID)


def test_every_input_and_output_can_be_packed() -> None:
    assert {type(said) for said in SAID} == {*get_args(session.Input), *get_args(session.Output)}
