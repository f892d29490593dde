"""Sources in their order: one stands in where those before lack a series or are away, and nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.feed_stage import ScriptedHistory, at, bars_of
from tests.markets import intraday, share
from tests.risk_desk import HandClock

from tradewright.adapters.storage.parquet.store import ParquetBarStore
from tradewright.adapters.storage.sql.coverage import SqlCoverageBook
from tradewright.adapters.storage.sql.database import Database
from tradewright.app.fetch.series import FetchDesk
from tradewright.app.fetch.several import FetchedSymbol, SourceOrder, SymbolAsk
from tradewright.bootstrap.series_turns import DutyTurns
from tradewright.domain import errors
from tradewright.domain.bars import Adjustment
from tradewright.domain.instrument import Instrument
from tradewright.domain.stored import DayRange
from tradewright.domain.timeframe import Timeframe
from tradewright.ports.provider import Provider

MONDAY = 18_267  # 2020-01-06
LATER = at("2020-03-01T00:00:00")
TAPE = intraday([[100 + day + minute / 10 for minute in range(30)] for day in range(5)])
OTHER = intraday([[200 + day + minute / 10 for minute in range(30)] for day in range(5)])


@dataclass
class Vendor:
    """A source with a tape, and what goes wrong with it."""

    name: str
    bars: Any = None
    unknown: Exception | None = None
    away: Exception | None = None
    fails: Exception | None = None
    calls: list[str] = field(default_factory=list)
    adjustment: Adjustment = Adjustment.RAW

    def opened(self, clock: HandClock) -> Provider:
        history = ScriptedHistory(clock, [] if self.bars is None else bars_of(self.bars))
        history.bars = self.failing(history.bars)
        return Provider(
            name=self.name, source=f"{self.name} tape", history=history, instruments=self, opening=self.connect,
            adjustment=self.adjustment,
        )  # fmt: skip

    def failing(self, whole: Any) -> Any:
        async def bars(*asked: Any) -> Any:
            self.calls.append("bars")
            if self.fails is not None:
                raise self.fails
            return await whole(*asked)

        return bars

    async def connect(self) -> None:
        self.calls.append("connect")
        if self.away is not None:
            raise self.away

    async def instrument(self, symbol: str) -> Instrument:
        if self.unknown is not None or symbol == "NOSUCH":
            raise self.unknown or errors.SymbolNotFoundError(f"{self.name} does not know {symbol}.")
        return share(symbol)


class Desk:
    """A store, and sources that are asked one after the other."""

    def __init__(self, folder: Path) -> None:
        self.clock, state = HandClock(LATER), Database(folder / "runs.db")
        self.store, self.book = ParquetBarStore(folder / "bars"), SqlCoverageBook(state)
        self.turns = DutyTurns(state)
        self.told: list[tuple[int, int, str]] = []

    def fetch(self, *vendors: Vendor, symbols: Sequence[str] = ("ACME",), stop: int = 5, **more: Any) -> Any:
        order = SourceOrder(
            [each.opened(self.clock) for each in vendors], FetchDesk(self.store, self.book, self.turns, self.clock)
        )
        ask = SymbolAsk(Timeframe.parse("1m"), DayRange(MONDAY, MONDAY + stop), **more)
        found = asyncio.run(order.fetch(symbols, ask, lambda *told: self.told.append(told)))
        return found[0] if len(symbols) == 1 else found

    def closes(self) -> list[float]:
        found: list[float] = self.store.read(self.store.series()[0].key).close.tolist()
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def counts(told: FetchedSymbol) -> tuple[str, int, int]:
    assert told.fetched is not None
    return told.source, told.fetched.came, told.fetched.new


def test_the_first_is_asked_and_the_others_are_not_even_connected(desk: Desk) -> None:
    second = Vendor("second", OTHER)
    told = desk.fetch(Vendor("first", TAPE), second)
    assert counts(told) == ("first tape", 150, 150)
    assert (told.passed, second.calls) == ([], [])


def test_what_the_prices_of_a_source_contain_is_said_by_its_series(desk: Desk) -> None:
    desk.fetch(Vendor("first", TAPE))
    adjusted = Vendor("second", OTHER, adjustment=Adjustment.SPLIT)
    assert counts(desk.fetch(adjusted)) == ("second tape", 150, 150)
    assert [str(each.key.adjustment) for each in desk.store.series()] == ["raw", "split"]
    again = Vendor("second", OTHER, adjustment=Adjustment.SPLIT)
    assert counts(desk.fetch(again)) == ("second tape", 0, 0)
    assert again.calls == [], "what is known is not asked for"


@pytest.mark.parametrize(
    "lacking",
    [
        Vendor("first", unknown=errors.SymbolNotFoundError("first does not know ACME.")),
        Vendor("first", fails=errors.TimeframeError("first has no bars of 1m.")),
        Vendor("first"),
        Vendor("first", fails=errors.DataNotAvailableError("first has nothing of ACME.")),
        Vendor("first", away=errors.ConnectionError("first cannot be reached.")),
        Vendor("first", TAPE, fails=errors.ConnectionError("first cannot be reached.")),
        Vendor("first", TAPE, fails=errors.RateLimitError("first asks for fewer requests.")),
    ],
    ids=["symbol", "timeframe", "empty", "said so", "away", "went away", "throttled"],
)
def test_the_next_stands_in_where_the_one_before_lacks_the_series_or_is_away(desk: Desk, lacking: Vendor) -> None:
    told = desk.fetch(lacking, Vendor("second", OTHER))
    assert counts(told) == ("second tape", 150, 150)
    assert len(told.passed) == 1
    assert told.passed[0].startswith("first tape: first ")
    assert desk.closes() == OTHER.close.tolist()


@pytest.mark.parametrize("where", ["unknown", "away", "fails"])
def test_credentials_that_are_refused_end_everything_and_are_no_reason_to_go_on(desk: Desk, where: str) -> None:
    refusal = errors.AuthenticationError("first refuses the key.")
    second = Vendor("second", OTHER)
    with pytest.raises(errors.AuthenticationError, match="first refuses the key"):
        desk.fetch(Vendor("first", TAPE, **{where: refusal}), second)
    assert (second.calls, desk.store.series()) == ([], [])


@pytest.mark.parametrize(
    "error", [errors.BrokerError("The answer is no JSON."), errors.BadRowsError("Line 3 cannot be."),
              errors.CalendarError("There is no calendar XXXX.")]
)  # fmt: skip
def test_an_answer_that_cannot_be_used_is_an_error_and_not_covered_up(desk: Desk, error: Exception) -> None:
    second = Vendor("second", OTHER)
    told = desk.fetch(Vendor("first", TAPE, fails=error), second)
    assert (told.error, told.fetched, second.calls) == (error, None, [])


def test_one_that_fails_leaves_the_others_alone(desk: Desk) -> None:
    lost, found = desk.fetch(Vendor("first", TAPE), symbols=["NOSUCH", "ACME"])
    assert str(lost.error) == "first does not know NOSUCH."
    assert counts(found) == ("first tape", 150, 150)


def test_where_all_lack_it_the_last_says_why_and_the_others_stand_beside(desk: Desk) -> None:
    told = desk.fetch(Vendor("first"), Vendor("second"), symbols=["NOSUCH"])
    assert str(told.error) == "second does not know NOSUCH."
    assert told.passed == ["first tape: first does not know NOSUCH."]


def test_what_a_source_brought_is_not_fetched_again_from_another(desk: Desk) -> None:
    """A source that was away once does not let the series be fetched twice when it is back."""
    away = Vendor("first", TAPE, away=errors.ConnectionError("first cannot be reached."))
    desk.fetch(away, Vendor("second", OTHER), stop=3)
    first = Vendor("first", TAPE)
    told = desk.fetch(first, Vendor("second", OTHER), stop=5)
    assert counts(told) == ("first tape", 60, 60)
    assert desk.closes() == [*OTHER.close[:90], *TAPE.close[90:]]


def test_a_source_that_has_the_series_is_not_passed_over_for_days_without_bars(desk: Desk) -> None:
    first, second = Vendor("first", TAPE), Vendor("second", OTHER)
    desk.fetch(first, second)
    told = desk.fetch(first, second, stop=12)
    assert (counts(told), told.passed, second.calls) == (("first tape", 0, 0), [], [])


def test_a_source_that_goes_away_half_way_is_followed_from_there(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tradewright.app.fetch.series._PIECE_BARS", 1440)
    first = Vendor("first", TAPE)
    provider = first.opened(desk.clock)
    monkeypatch.setattr(Vendor, "opened", lambda self, _: provider if self is first else OPENED(self, desk.clock))
    whole = provider.history.bars

    async def twice(*asked: Any) -> Any:
        first.fails = errors.ConnectionError("first went away.") if len(first.calls) > 2 else None
        return await whole(*asked)

    monkeypatch.setattr(provider.history, "bars", twice)
    told = desk.fetch(first, Vendor("second", OTHER))
    assert told.source == "second tape"
    assert desk.closes() == [*TAPE.close[:60], *OTHER.close[60:]]


OPENED = Vendor.opened


def test_where_everything_is_known_nobody_is_connected(desk: Desk) -> None:
    desk.fetch(Vendor("first", TAPE), Vendor("second", OTHER))
    away = Vendor("first", TAPE, away=errors.ConnectionError("first cannot be reached."))
    told = desk.fetch(away, Vendor("second", OTHER), stop=4)
    assert (away.calls, counts(told), told.passed) == ([], ("first tape", 0, 0), [])
    assert told.fetched.is_whole


def test_progress_is_of_all_missing_days_of_all_symbols(desk: Desk) -> None:
    desk.fetch(Vendor("first", TAPE), stop=2)
    desk.told.clear()
    desk.fetch(Vendor("first", TAPE), symbols=["ACME", "NOSUCH", "OTHER"])
    assert {total for _, total, _ in desk.told} == {3 + 5}
    done = [each for each, _, _ in desk.told]
    assert (done == sorted(done), done[-1]) == (True, 8)
