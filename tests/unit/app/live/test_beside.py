"""What an account holds beside a session."""

from __future__ import annotations

from decimal import Decimal

from tests.unit.app.live.test_ledger import Kept

from tradewright.app.live.beside import beside, beside_sentence
from tradewright.domain.live.journal import RecordKind


def found(kept: Kept, session: str) -> dict[str, object]:
    return beside(kept.book, session, kept.ledger.positions() if session == "one" else {})


def test_a_session_has_nothing_beside_its_own() -> None:
    kept = Kept()
    kept.decide("a", "one/0", 10)
    kept.fill("a", 6)
    assert found(kept, "one") == {"positions": {}, "orders": 0}
    assert beside_sentence(found(kept, "one")) == ""


def test_what_another_session_left_is_beside_it_by_units_and_orders() -> None:
    kept = Kept()
    kept.decide("a", "one/0", 10)
    kept.fill("a", 6)
    assert found(kept, "on") == {"positions": {"ACME": "6"}, "orders": 1}
    said = "The account has 6 ACME, 1 open order that this session did not make and does not touch."
    assert beside_sentence(found(kept, "on")) == said


def test_of_a_symbol_that_both_hold_the_rest_is_beside() -> None:
    kept = Kept()
    kept.book.positions["ACME"] = Decimal(7)
    kept.decide("a", "one/0", 10)
    kept.fill("a", 6)
    assert found(kept, "one") == {"positions": {"ACME": "7"}, "orders": 0}


def test_orders_of_people_count() -> None:
    kept = Kept()
    kept.apply(RecordKind.FOREIGN, vid="v", symbol="ACME", side="BUY", quantity="3", open=True)
    assert found(kept, "one") == {"positions": {}, "orders": 1}
    kept.apply(RecordKind.FOREIGN, vid="w", symbol="ACME", side="BUY", quantity="3", open=True)
    assert beside_sentence(found(kept, "one")) == (
        "The account has 2 open orders that this session did not make and does not touch."
    )
