"""`tradewright data actions`: what is stored of splits, dividends, names and ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.command_line import Tw
from tests.stores import FIRST_DAY, actions, days, write

from tradewright.adapters.storage.parquet.store import ParquetBarStore
from tradewright.adapters.storage.sql.coverage import SqlCoverageBook
from tradewright.adapters.storage.sql.database import Database
from tradewright.app.data_freshness import freshness_of_series
from tradewright.domain.actions import ActionKind, CorporateAction, actions_of
from tradewright.domain.timeframe import NS_PER_DAY


def said(kind: str, day: int, **more: Any) -> CorporateAction:
    symbol = more.pop("symbol", "ACME")
    return CorporateAction(kind=ActionKind(kind), symbol=symbol, day=FIRST_DAY + day, source="vendor", **more)


LATER = (FIRST_DAY + 15) * NS_PER_DAY
TOLD = (
    said("rename", 3, symbol="OLD", to="ACME"), said("dividend", 5, cash=0.25, currency="GBP"),
    said("split", 9, ratio=2.0), said("split", 9, ratio=4.0, known_ns=LATER), said("delisting", 20),
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ParquetBarStore:
    monkeypatch.setenv("TRADEWRIGHT_STORAGE__FOLDER", str(tmp_path))
    return ParquetBarStore(tmp_path / "bars")


def test_what_is_in_force_is_listed_with_when_it_was_known(tw: Tw, store: ParquetBarStore) -> None:
    write(store, days(20, actions=actions_of(TOLD, "USD")))
    lines = [" ".join(line.split()) for line in tw("data", "actions", "ACME").out.strip().splitlines()]
    assert lines[-4:] == [
        "XNYS:ACME 1d raw 2024-01-04 rename OLD to ACME its session vendor",
        "XNYS:ACME 1d raw 2024-01-06 dividend 0.25 GBP its session vendor",
        "XNYS:ACME 1d raw 2024-01-10 split 4 2024-01-16 00:00 vendor",
        "XNYS:ACME 1d raw 2024-01-21 delisting its session vendor",
    ]


def test_what_is_received_the_terms_of_an_end_and_the_rest_are_listed(tw: Tw, store: ParquetBarStore) -> None:
    others = (
        said("spinoff", 5, ratio=0.25, to="NEWCO", cash=3.5), said("other", 6, note="a redemption at 4"),
        said("delisting", 20, to="BOLT", ratio=0.5, cash=9.0),
    )  # fmt: skip
    write(store, days(20, actions=actions_of(others, "USD")))
    lines = [" ".join(line.split()) for line in tw("data", "actions", "ACME").out.strip().splitlines()]
    assert lines[-3:] == [
        "XNYS:ACME 1d raw 2024-01-06 spinoff 0.25 NEWCO worth 3.5 its session vendor",
        "XNYS:ACME 1d raw 2024-01-07 other a redemption at 4 its session vendor",
        "XNYS:ACME 1d raw 2024-01-21 delisting 0.5 BOLT and 9 in cash its session vendor",
    ]
    (series,) = json.loads(tw("data", "actions", "--json").out)["series"]
    assert [(each["kind"], each.get("to"), each.get("note")) for each in series["actions"]] == [
        ("spinoff", "NEWCO", None), ("other", None, "a redemption at 4"), ("delisting", "BOLT", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "ratios"), [((), [4.0]), (("--as-of", "2024-01-12"), [2.0]), (("--all",), [2.0, 4.0])]
)
def test_what_was_known_on_a_date_and_every_statement_can_be_asked_for(
    tw: Tw, store: ParquetBarStore, words: tuple[str, ...], ratios: list[float]
) -> None:
    write(store, days(20, actions=actions_of(TOLD, "USD")))
    (series,) = json.loads(tw("data", "actions", *words, "--json").out)["series"]
    found = [each for each in series["actions"] if each["kind"] == "split"]
    assert [each["ratio"] for each in found] == ratios
    assert found[0]["day"] == "2024-01-10"


def test_actions_of_a_file_are_those_of_the_file(tw: Tw, store: ParquetBarStore) -> None:
    write(store, days(20, actions=actions({5: 2.0}, {})))
    (series,) = json.loads(tw("data", "actions", "--json").out)["series"]
    assert [(each["ratio"], each["source"], each["known_from"]) for each in series["actions"]] == [
        (2.0, "ACME.csv", None)
    ]


def test_where_nothing_is_known_that_is_said(tw: Tw, store: ParquetBarStore) -> None:
    write(store, days(20))
    assert tw("data", "actions").out == "Nothing is known of splits, dividends and names.\n"


def test_what_is_traded_no_more_is_as_fresh_as_it_ever_will_be(tmp_path: Path, store: ParquetBarStore) -> None:
    now, book = (FIRST_DAY + 400) * NS_PER_DAY, SqlCoverageBook(Database(tmp_path / "runs.db"))
    states = []
    for told in ((), (said("delisting", 19),)):
        write(store, days(19, f"ACME{len(told)}", actions=actions_of(told, "USD")))
        (found,) = freshness_of_series(store.series(f"ACME{len(told)}"), book, now)
        states.append(found.freshness.standing.value)
    assert states == ["stale", "fresh"]
