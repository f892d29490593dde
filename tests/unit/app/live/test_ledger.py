"""Whose units the fills in a journal are."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tradewright.app.live.commands import OPERATOR
from tradewright.app.live.ledger import Move, SessionLedger
from tradewright.app.orders.book import LiveBook
from tradewright.domain.live.ids import IdRole
from tradewright.domain.live.journal import Record, RecordKind
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide

KEPT = {"ttl_ns": 1, "number": 0}


class Kept:
    """A journal's book, and the ledger of the session "one" over it."""

    def __init__(self) -> None:
        self.book = LiveBook()
        self.ledger = SessionLedger("one", self.book)

    def apply(self, kind: RecordKind, **body: Any) -> None:
        self.book.apply(Record(kind, body), self.book.sequence + 1, 1)

    def decide(self, cid: str, instance: str, units: int, **said: Any) -> None:
        side = OrderSide.BUY if units > 0 else OrderSide.SELL
        wire = WireOrder(symbol="ACME", side=side, quantity=Decimal(abs(units)), label=said.pop("label", None)).plain()
        at = said.pop("at", 100)
        body = {"cid": cid, "role": said.pop("role", IdRole.ENTRY).name, "wire": wire, **KEPT, **said}
        self.apply(RecordKind.DECIDE, key=f"{at}/{cid}", digest="", intents=[body], at=at, instance=instance)

    def flatten(self, cid: str, units: int, at: int = 200) -> None:
        side = OrderSide.BUY if units > 0 else OrderSide.SELL
        wire = WireOrder(symbol="ACME", side=side, quantity=Decimal(abs(units))).plain()
        self.apply(RecordKind.FLATTEN, cid=cid, role="FLATTEN", wire=wire, key=f"1/{cid}", at=at, **KEPT)

    def fill(self, cid: str, units: int, identity: str = "") -> list[Move]:
        order = self.book.orders[cid]
        self.apply(
            RecordKind.FILL, id=identity or f"f{self.book.sequence}", vid=f"v{cid}", cid=cid, symbol="ACME",
            side=order.wire.side.name, quantity=str(units), price="50", at=7, to="W",
        )  # fmt: skip
        return self.ledger.take(order, list(self.book.fills)[-1])

    def moves(self, since: int = 0) -> list[tuple[int, float]]:
        return [(move.strategy, move.units) for move in self.ledger.take_up(since)]


@pytest.fixture
def kept() -> Kept:
    return Kept()


def test_a_fill_is_of_the_strategy_whose_order_it_is(kept: Kept) -> None:
    kept.decide("a", "one/0", 10)
    kept.decide("b", "one/1", -4)
    kept.decide("c", "two/0", 9)
    assert [(each.strategy, each.units, each.price) for each in kept.fill("a", 6)] == [(0, 6.0, 50.0)]
    assert [(each.strategy, each.units) for each in kept.fill("b", 4)] == [(1, -4.0)]
    assert kept.fill("c", 9) == []
    assert kept.ledger.positions() == {(0, "ACME"): 6.0, (1, "ACME"): -4.0}


def test_what_the_kill_switch_closes_is_shared_out_among_who_holds_it(kept: Kept) -> None:
    for cid, instance, units in (("a", "one/0", 6), ("b", "one/1", 3), ("c", "two/0", 5), ("d", "one/2", -2)):
        kept.decide(cid, instance, units)
        kept.fill(cid, abs(units))
    kept.flatten("k", -12)
    assert [(each.strategy, each.units) for each in kept.fill("k", 8)] == [(0, -6.0), (1, -2.0)]
    assert [(each.strategy, each.units) for each in kept.fill("k", 4)] == [(1, -1.0)]
    assert kept.ledger.positions() == {(2, "ACME"): -2.0}


def test_a_restart_finds_the_same_shares_and_what_was_not_told(kept: Kept) -> None:
    kept.decide("a", "one/0", 6)
    kept.fill("a", 6, "x")
    kept.flatten("k", -9)
    kept.fill("k", 9, "y")
    kept.decide("b", "one/0", 5, at=300)
    kept.fill("b", 5, "z")
    again = SessionLedger("one", kept.book)
    again.hear("x", 0, 6.0)
    assert [(each.identity, each.units, each.is_first) for each in again.take_up(50)] == [
        ("y", -6.0, True), ("z", 5.0, True),
    ]  # fmt: skip
    assert again.positions() == kept.ledger.positions() == {(0, "ACME"): 5.0}
    assert list(again.take_up(50)) == []


def test_what_was_before_the_session_is_not_its_own(kept: Kept) -> None:
    kept.decide("a", "one/0", 6)
    kept.fill("a", 6)
    kept.flatten("k", -2)
    kept.fill("k", 2)
    later = Kept()
    later.book, later.ledger = kept.book, SessionLedger("one", kept.book)
    assert later.moves(since=250) == []
    assert later.ledger.positions() == {}


def test_a_correction_is_the_difference(kept: Kept) -> None:
    kept.decide("a", "one/0", 6)
    kept.fill("a", 6, "x")
    assert [(each.units, each.is_first) for each in kept.fill("a", 4, "x")] == [(-2.0, False)]
    assert [(each.units, each.is_first) for each in kept.fill("a", 0, "x")] == [(-4.0, False)]
    assert kept.ledger.positions() == {}


def test_what_an_operator_closes_for_a_strategy_is_that_one_s(kept: Kept) -> None:
    for cid, instance in (("a", "one/0"), ("b", "one/1")):
        kept.decide(cid, instance, 5)
        kept.fill(cid, 5)
    kept.decide("o", OPERATOR, -5, role=IdRole.EXIT, label=f"{OPERATOR} one/1")
    assert [(each.strategy, each.units) for each in kept.fill("o", 5)] == [(1, -5.0)]
    kept.decide("p", OPERATOR, -5, role=IdRole.EXIT, label=f"{OPERATOR} two/0")
    assert kept.fill("p", 5) == []
    kept.decide("q", OPERATOR, -5, role=IdRole.EXIT, label=OPERATOR)
    assert [(each.strategy, each.units) for each in kept.fill("q", 5)] == [(0, -5.0)]


def test_differences_name_both_sides(kept: Kept) -> None:
    kept.decide("a", "one/0", 6)
    kept.fill("a", 6)
    assert kept.ledger.differences([(0, "ACME", 6.0), (1, "ACME", 0.0)]) == {}
    assert kept.ledger.differences([(1, "ACME", 2.0)]) == {(0, "ACME"): (0.0, 6.0), (1, "ACME"): (2.0, 0.0)}
