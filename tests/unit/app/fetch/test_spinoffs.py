"""What shares received in a spin-off were worth is found when bars are fetched, kept, and asked for no more."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.feed_stage import ScriptedHistory, at, bars_of
from tests.markets import daily, share
from tests.risk_desk import HandClock

from tradewright.adapters.storage.parquet.store import ParquetBarStore
from tradewright.adapters.storage.sql.coverage import SqlCoverageBook
from tradewright.adapters.storage.sql.database import Database
from tradewright.app.fetch.series import FetchAsk, FetchDesk, Fetched, Fetcher
from tradewright.bootstrap.series_turns import DutyTurns
from tradewright.domain.actions import ActionKind, CorporateAction, in_force
from tradewright.domain.bars import Bars
from tradewright.domain.errors import BrokerError, SymbolNotFoundError
from tradewright.domain.instrument import Equity
from tradewright.domain.timeframe import Timeframe
from tradewright.marketdata.adjust import adjust
from tradewright.ports.provider import Provider

MONDAY = 18_267  # 2020-01-06
PRICES = [100.0, 100.0, 100.0, 75.0, 76.0]
SPUN = CorporateAction(
    kind=ActionKind.SPINOFF, symbol="ACME", day=MONDAY + 3, source="wire", ratio=0.5, to="NEWCO"
)  # fmt: skip


class Wire:
    """Says what it is told to say, of symbols that it lists."""

    joins_names = True

    def __init__(self) -> None:
        self.said: Sequence[CorporateAction] = (SPUN,)
        self.listed = {"ACME": share("ACME"), "NEWCO": share("NEWCO")}
        self.looked_up: list[str] = []

    async def actions(self, symbol: str, *_: int) -> Sequence[CorporateAction]:
        return [each for each in self.said if each.symbol == symbol]

    async def instrument(self, symbol: str) -> Any:
        self.looked_up.append(symbol)
        if symbol not in self.listed:
            raise SymbolNotFoundError(f"Nobody trades {symbol}.")
        return self.listed[symbol]


class Desk:
    """A store, and a provider with bars of both shares; those of the new one begin on the day."""

    def __init__(self, folder: Path) -> None:
        self.clock = HandClock(at("2020-03-01T00:00:00"))
        self.store, state = ParquetBarStore(folder / "bars"), Database(folder / "runs.db")
        self.desk = FetchDesk(self.store, SqlCoverageBook(state), DutyTurns(state), self.clock)
        self.wire = Wire()
        self.bars = [*bars_of(daily(PRICES)), *bars_of(daily([50.0, 52.0], share("NEWCO"), first_day=MONDAY + 3))]

    def fetch(self, first: int = 0, stop: int = 5, **more: Any) -> Fetched:
        history = ScriptedHistory(self.clock, self.bars)
        provider: Any = Provider(
            name="vendor", source="vendor", history=history, instruments=self.wire, actions=self.wire
        )
        ask = FetchAsk(share("ACME"), Timeframe.parse("1d"), MONDAY + first, MONDAY + stop, **more)
        return asyncio.run(Fetcher(provider, self.desk).fetch(ask))

    def stored(self) -> Bars:
        return self.store.read(self.store.series()[0].key)

    def cash(self) -> float | None:
        (spun,) = in_force(self.stored().actions.announced)
        return spun.cash


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_the_close_of_its_day_says_what_was_received(desk: Desk) -> None:
    assert desk.fetch().notes == []
    assert desk.cash() == 25.0
    assert adjust(desk.stored(), "full").close.tolist() == [75.0, 75.0, 75.0, 75.0, 76.0]


def test_a_value_that_is_known_is_not_asked_for_again(desk: Desk) -> None:
    desk.fetch(0, 4)
    desk.bars = [bar for bar in desk.bars if bar.symbol == "ACME"]
    assert desk.fetch().notes == []
    assert (desk.cash(), desk.wire.looked_up) == (25.0, ["NEWCO"])


def test_other_terms_are_valued_anew(desk: Desk) -> None:
    desk.fetch()
    desk.wire.said = [CorporateAction(**{**SPUN.to_dict(), "kind": ActionKind.SPINOFF, "ratio": 0.25})]
    assert desk.fetch(refresh=True).notes == [
        "The spinoff of ACME on 2020-01-09 was 0.5 NEWCO worth 25, and vendor now says 0.25 NEWCO worth 12.5."
    ]


def unknown(desk: Desk) -> str:
    (note,) = desk.fetch().notes
    assert note.startswith("What the 0.5 NEWCO were worth that each share of ACME brought on 2020-01-09 is not known (")
    assert desk.cash() is None
    return note


def test_without_a_bar_of_that_day_nothing_is_made_up(desk: Desk) -> None:
    desk.bars = [bar for bar in desk.bars if bar.symbol == "ACME" or bar.close != 50.0]
    assert "it has no bar of that day" in unknown(desk)
    assert adjust(desk.stored(), "full").close.tolist() == PRICES


def test_what_nobody_trades_has_no_value(desk: Desk) -> None:
    del desk.wire.listed["NEWCO"]
    assert "Nobody trades NEWCO" in unknown(desk)


def test_another_currency_is_not_put_to_the_prices(desk: Desk) -> None:
    desk.wire.listed["NEWCO"] = Equity("NEWCO", "XLON", currency="GBP")
    assert "it is traded in GBP" in unknown(desk)


def test_a_value_that_is_found_later_is_known_from_then_on(desk: Desk) -> None:
    bars, desk.bars = desk.bars, [bar for bar in desk.bars if bar.symbol == "ACME"]
    desk.fetch(0, 4)
    desk.bars = bars
    desk.fetch()
    assert desk.cash() == 25.0
    first, later = desk.stored().actions.announced
    assert (first.cash, first.known_ns, later.known_ns) == (None, None, desk.clock.now_ns())


def test_a_question_that_is_not_answered_ends_the_fetch(desk: Desk) -> None:
    class Away(Wire):
        async def instrument(self, symbol: str) -> Any:
            raise BrokerError("The line is cut.")

    desk.wire = Away()
    with pytest.raises(BrokerError, match="The line is cut"):
        desk.fetch()
    assert desk.store.series() == []
