"""Splits, dividends, names and ends come with the bars, stay with the series, and make a version when they change."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.feed_stage import ScriptedHistory, at, bars_of
from tests.markets import daily, intraday, share, split_on
from tests.risk_desk import HandClock

from tradewright.adapters.storage.parquet.store import ParquetBarStore
from tradewright.adapters.storage.sql.coverage import SqlCoverageBook
from tradewright.adapters.storage.sql.database import Database
from tradewright.app.fetch.series import FetchAsk, FetchDesk, Fetched, Fetcher
from tradewright.bootstrap.series_turns import DutyTurns
from tradewright.domain.actions import ActionKind, CorporateAction
from tradewright.domain.bars import Bars
from tradewright.domain.errors import BrokerError, DataNotAvailableError, SymbolNotFoundError
from tradewright.domain.instrument import Crypto
from tradewright.domain.stored import WriteMode
from tradewright.domain.timeframe import Timeframe
from tradewright.marketdata.adjust import adjust
from tradewright.ports.provider import Provider

MONDAY = 18_267  # 2020-01-06
PRICES = [100.0, 101.0, 102.0, 51.0, 52.0, None, None, 53.0, 54.0, 55.0, 56.0, 57.0]


def said(kind: str, day: int, symbol: str = "ACME", **more: Any) -> CorporateAction:
    return CorporateAction(kind=ActionKind(kind), symbol=symbol, day=MONDAY + day, source="wire", **more)


SPLIT, PAID = said("split", 3, ratio=2.0), said("dividend", 8, cash=1.0, known_ns=at("2020-01-02T12:00:00"))


class Wire:
    """A source of corporate actions that says what it is told to say."""

    def __init__(self, *actions: CorporateAction, joins_names: bool = True) -> None:
        self.said: Sequence[CorporateAction] = actions
        self.joins_names = joins_names
        self.asked: list[tuple[str, int, int]] = []
        self.error: Exception | None = None

    async def actions(self, symbol: str, first_day: int, stop_day: int) -> Sequence[CorporateAction]:
        self.asked.append((symbol, first_day - MONDAY, stop_day - MONDAY))
        if self.error is not None:
            raise self.error
        mine = [each for each in self.said if symbol in (each.symbol, each.to)]
        return [each for each in mine if first_day <= each.day < stop_day]


class Listing:
    """Knows shares by their symbols, but for those that are gone."""

    def __init__(self) -> None:
        self.gone: set[str] = set()

    async def instrument(self, symbol: str) -> Any:
        if symbol in self.gone:
            raise SymbolNotFoundError(f"Nobody trades {symbol}.")
        return share(symbol)


class Desk:
    """A store, a provider whose words can change, and a clock that is set by hand."""

    def __init__(self, folder: Path, bars: Sequence[Any], wire: Wire | None) -> None:
        self.clock = HandClock(at("2020-03-01T00:00:00"))
        self.store = ParquetBarStore(folder / "bars")
        state = Database(folder / "runs.db")
        self.book, self.turns = SqlCoverageBook(state), DutyTurns(state)
        self.history = ScriptedHistory(self.clock, bars)
        self.wire, self.listing = wire, Listing()

    def fetcher(self) -> Fetcher:
        provider: Any = Provider(
            name="vendor", source="vendor sip", history=self.history, instruments=self.listing, actions=self.wire
        )
        return Fetcher(provider, FetchDesk(self.store, self.book, self.turns, self.clock))

    def fetch(self, first: int, stop: int, symbol: str = "ACME", timeframe: str = "1d", **more: Any) -> Fetched:
        async def fetched() -> Fetched:
            fetcher = self.fetcher()
            instrument = more.pop("instrument", None) or await fetcher.instrument(symbol)
            ask = FetchAsk(instrument, Timeframe.parse(timeframe), MONDAY + first, MONDAY + stop, **more)
            return await fetcher.fetch(ask)

        return asyncio.run(fetched())

    def bars(self) -> Bars:
        return self.store.read(self.store.series()[0].key)


def weekdays_of(prices: Sequence[float | None]) -> list[Any]:
    rows = [price for price in prices if price is not None]
    return bars_of(daily(rows))


@pytest.fixture
def wire() -> Wire:
    return Wire(SPLIT, PAID)


@pytest.fixture
def desk(tmp_path: Path, wire: Wire) -> Desk:
    return Desk(tmp_path, weekdays_of(PRICES), wire)


def test_actions_come_with_the_bars_under_the_name_of_the_provider(desk: Desk) -> None:
    done = desk.fetch(0, 12)
    bars = desk.bars()
    assert (done.new, done.told) == (10, 2)
    assert (bars.actions.split_days.tolist(), bars.actions.split_ratios.tolist()) == ([MONDAY + 3], [2.0])
    assert (bars.actions.dividend_days.tolist(), bars.actions.dividends.tolist()) == ([MONDAY + 8], [1.0])
    assert {each.source for each in bars.actions.announced} == {"vendor"}
    assert bars.actions.announced[-1].known_ns == PAID.known_ns


def test_the_views_of_fetched_bars_have_the_numbers_that_a_pencil_gives(desk: Desk) -> None:
    desk.fetch(0, 12)
    raw = desk.bars()
    split, full = adjust(raw, "split"), adjust(raw, "full")
    assert raw.close.tolist() == [100, 101, 102, 51, 52, 53, 54, 55, 56, 57]
    assert split.close.tolist() == [50, 50.5, 51, 51, 52, 53, 54, 55, 56, 57]
    assert full.close.tolist() == pytest.approx(
        [price * 52 / 53 for price in (50, 50.5, 51, 51, 52, 53)] + [54, 55, 56, 57], rel=1e-15
    )
    assert split.volume[0] == 2 * raw.volume[0]


def test_the_same_days_give_the_same_version_in_whatever_order_they_were_asked_for(tmp_path: Path) -> None:
    versions = set()
    for number, order in enumerate(([(0, 12)], [(0, 4), (4, 12)], [(7, 12), (0, 7)], [(7, 12), (0, 3), (0, 12)])):
        desk = Desk(tmp_path / str(number), weekdays_of(PRICES), Wire(SPLIT, PAID))
        for first, stop in order:
            desk.fetch(first, stop)
        versions.add(desk.bars().fingerprint)
    assert len(versions) == 1


def test_what_lies_outside_of_the_series_is_not_kept(desk: Desk) -> None:
    desk.fetch(0, 7)
    assert [each.kind for each in desk.bars().actions.announced] == ["split"]


def test_actions_are_asked_for_over_the_whole_series_and_only_when_something_is_missing(desk: Desk, wire: Wire) -> None:
    desk.fetch(7, 12)
    desk.fetch(7, 12)
    desk.fetch(0, 4)
    assert [first for _, first, _ in wire.asked] == [7, 0]
    desk.fetch(9, 12, refresh=True)
    assert wire.asked[-1][1] == 0


def test_a_revised_action_makes_a_version_and_the_one_before_can_still_be_read(desk: Desk, wire: Wire) -> None:
    desk.fetch(0, 12)
    before = desk.store.series()[0]
    wire.said = (replace(SPLIT, ratio=4.0), PAID)
    assert desk.fetch(0, 12).told == 0
    done = desk.fetch(0, 12, refresh=True)
    assert (done.told, done.new, done.revised) == (1, 0, 0)
    assert done.notes == ["The split of ACME on 2020-01-09 was 2.0, and vendor now says 4.0."]
    assert desk.bars().actions.split_ratios.tolist() == [4.0]
    assert desk.store.read(before.key, version=before.version).actions.split_ratios.tolist() == [2.0]
    assert desk.bars().actions.announced[1].known_ns == desk.clock.now_ns()


def test_the_same_actions_again_make_no_version(desk: Desk) -> None:
    desk.fetch(0, 12)
    desk.fetch(0, 12, refresh=True)
    assert len(desk.store.versions(desk.store.series()[0].key)) == 1


def test_actions_of_a_file_stay_where_the_provider_says_nothing_else(desk: Desk, wire: Wire) -> None:
    desk.fetch(0, 4)
    mine = replace(desk.bars(), actions=split_on(3, 2.0), source="a.csv")
    with desk.store.writing() as writer:
        writer.add(mine, WriteMode.REPLACE)
    wire.said = (PAID,)
    desk.fetch(0, 12)
    assert desk.bars().actions.split_ratios.tolist() == [2.0]
    assert [each.source for each in desk.bars().actions.announced] == ["a.csv", "vendor"]


def test_the_rest_of_a_day_on_which_something_took_effect_is_put_to_it(tmp_path: Path) -> None:
    tape = intraday([[100.0] * 30 for _ in range(4)])
    desk = Desk(tmp_path, bars_of(tape), Wire(SPLIT))
    desk.clock.now = at("2020-01-09T14:40:00")
    desk.fetch(0, 5, timeframe="1m")
    desk.clock.now = at("2020-01-10T00:00:00")
    assert desk.fetch(0, 5, timeframe="1m").new == 20
    assert desk.bars().actions.split_days.tolist() == [MONDAY + 3]


def test_a_provider_that_has_no_actions_for_these_credentials_gives_its_bars_and_that_is_said(
    desk: Desk, wire: Wire
) -> None:
    wire.error = DataNotAvailableError("The plan has none.")
    done = desk.fetch(0, 12)
    assert (done.new, done.notes) == (10, ["Splits and dividends are not known: The plan has none."])


def test_where_actions_do_not_come_nothing_is_kept(desk: Desk, wire: Wire) -> None:
    wire.error = BrokerError("The wire is cut.")
    with pytest.raises(BrokerError):
        desk.fetch(0, 12)
    assert desk.store.series() == []
    wire.error = None
    assert desk.fetch(0, 12).new == 10


def test_coins_have_no_actions(tmp_path: Path) -> None:
    wire = Wire(SPLIT)
    coin = daily([100.0, 101.0], Crypto("ACME"))
    desk = Desk(tmp_path, bars_of(coin), wire)
    desk.fetch(0, 2, instrument=Crypto("ACME"))
    assert wire.asked == []


# ---------------------------------------------------------------- names

RENAMED = said("rename", 4, "OLD", to="ACME")


def named(symbol: str, first: int, stop: int) -> list[Any]:
    return [replace(bar, symbol=symbol) for bar in weekdays_of(PRICES)[first:stop]]


def test_bars_of_a_former_name_are_asked_for_under_it_and_make_one_series(tmp_path: Path) -> None:
    wire = Wire(RENAMED, replace(SPLIT, symbol="OLD"), PAID, said("dividend", 2, cash=9.0), joins_names=False)
    desk = Desk(tmp_path, [*named("OLD", 0, 4), *named("ACME", 4, 10)], wire)
    desk.fetch(0, 12)
    assert {symbol for symbol, _, _ in desk.history.asked} == {"OLD", "ACME"}
    assert [each.key.instrument for each in desk.store.series()] == ["XNYS:ACME"]
    assert desk.bars().close.tolist() == [price for price in PRICES if price is not None]
    assert desk.bars().actions.split_ratios.tolist() == [2.0]
    assert desk.bars().actions.dividends.tolist() == [1.0], "what others did under the name before is not its own"


def test_a_provider_that_joins_names_is_asked_under_the_present_one(tmp_path: Path) -> None:
    desk = Desk(tmp_path, named("ACME", 0, 10), Wire(RENAMED))
    assert desk.fetch(0, 12).new == 10
    assert {symbol for symbol, _, _ in desk.history.asked} == {"ACME"}


@pytest.mark.parametrize("is_gone", [True, False])
def test_an_old_name_is_told_apart_by_one_sentence(tmp_path: Path, *, is_gone: bool) -> None:
    desk = Desk(tmp_path, named("ACME", 0, 10), Wire(RENAMED))
    desk.listing.gone = {"OLD"} if is_gone else set()
    with pytest.raises(SymbolNotFoundError, match="OLD has been called ACME since 2020-01-10") as caught:
        desk.fetch(0, 12, symbol="OLD")
    assert "Ask for ACME" in caught.value.hint


def test_a_symbol_that_never_was_is_what_the_provider_says(desk: Desk) -> None:
    desk.listing.gone = {"NOSUCH"}
    with pytest.raises(SymbolNotFoundError, match="Nobody trades NOSUCH"):
        desk.fetch(0, 12, symbol="NOSUCH")


# ---------------------------------------------------------------- ends

END = said("delisting", 8)


def test_what_is_not_traded_any_more_is_not_asked_for_after_its_end(desk: Desk, wire: Wire) -> None:
    wire.said = (SPLIT, END)
    done = desk.fetch(0, 40)
    assert (done.missing.pairs, done.new) == (((MONDAY, MONDAY + 8),), 6)
    desk.listing.gone = {"ACME"}
    asked = len(desk.history.asked), len(wire.asked)
    assert desk.fetch(0, 50).pieces == 0
    assert (len(desk.history.asked), len(wire.asked)) == asked


def test_what_ended_before_it_was_asked_for_has_no_bars(desk: Desk, wire: Wire) -> None:
    wire.said = (said("delisting", -5),)
    wire.actions = _everything(wire)  # type: ignore[method-assign]
    assert desk.fetch(0, 12).new == 10, "an end before the days that are asked for is that of another"


def _everything(wire: Wire) -> Any:
    async def actions(*_: Any) -> Sequence[CorporateAction]:
        return wire.said

    return actions
