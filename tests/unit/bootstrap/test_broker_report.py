"""The page of brokers, held to what they offer; and what is told of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradewright.bootstrap.broker_kinds import BROKERS
from tradewright.bootstrap.broker_report import SHIPPED, broker_rows, capability_page, shipped_offers
from tradewright.bootstrap.checks import State, _brokers
from tradewright.bootstrap.settings import load_settings
from tradewright.bootstrap.shipped import ShippedKind
from tradewright.domain.live.offer import Feature, Offer, Support
from tradewright.domain.order import OrderType

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "brokers.md"


def test_the_page_has_the_table_that_the_brokers_make() -> None:
    assert capability_page(shipped_offers()) in PAGE.read_text(encoding="utf-8")


def test_every_broker_that_ships_is_on_it() -> None:
    shipped = {name for name in BROKERS.names() if isinstance(BROKERS.get(name), ShippedKind)}
    assert set(SHIPPED) == shipped


def test_what_is_left_out_of_a_table_is_never() -> None:
    offer = Offer(
        order_types={OrderType.MARKET: Support.YES}, times_in_force={}, features={Feature.SHORT: Support.NOT_YET},
        feeds=("slow", "fast"), notes={"short positions": "Soon."},
    )  # fmt: skip
    lines = capability_page({"one": offer, "two": Offer(order_types={}, times_in_force={})}).splitlines()
    assert "| market | yes | never |" in lines
    assert "| short positions | not yet | never |" in lines
    assert "| **feeds of bars** | `slow`, `fast` | – |" in lines
    assert lines[-1] == "- **one**, short positions: Soon."


@pytest.mark.parametrize("name", SHIPPED)
def test_the_page_names_the_credentials_of_every_broker(name: str) -> None:
    (row,) = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"| `{name}` |")]
    assert [field for field in BROKERS.loaded(name).key_fields if f"`{field}`" not in row] == []


def test_the_doctor_finds_what_a_configured_broker_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tradewright.yaml").write_text("brokers: {alpaca: {paper: {key: '${KEY}', secret: '${SECRET}'}}}")
    lacking = ShippedKind("tradewright.adapters.brokers.ib.kind", "ib", ("no_such_library",))
    monkeypatch.setattr(BROKERS, "_known", {**BROKERS._known, "ib": lacking})

    def told(environment: dict[str, str]) -> dict[str, tuple[State, str]]:
        return {check.name: (check.state, check.detail) for check in _brokers(tmp_path, environment)}

    found = told({"KEY": "k", "SECRET": "canary"})
    assert found["broker alpaca"] == (State.OK, "paper configured, extra 'alpaca' installed")
    assert found["broker ib"][0] is State.ABSENT
    assert "canary" not in str(found)
    assert told({"KEY": "k"})["broker alpaca"] == (
        State.FAIL, "brokers.alpaca.paper.secret: not set (environment SECRET)",
    )  # fmt: skip


def test_a_broker_that_cannot_be_used_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tradewright.yaml").write_text("brokers: {alpaca: {paper: {kee: '${X}'}}, ib: {account: U1}}")
    lacking = ShippedKind("tradewright.adapters.brokers.ib.kind", "ib", ("no_such_library",))
    monkeypatch.setattr(BROKERS, "_known", {**BROKERS._known, "ib": lacking})
    rows = {row.name: row for row in broker_rows(load_settings(tmp_path, {}))}
    assert rows["alpaca"].state == "There is no credential 'kee' of alpaca. Did you mean 'key'?"
    assert rows["ib"].state == "It is configured and not installed: pip install 'tradewright[ib]'"
    assert (rows["openalgo"].problem, rows["openalgo"].modes) == (None, ())
