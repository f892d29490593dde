"""Yahoo's charts: raw again, seven digits, rows that are no bars, how far back it goes, and whose words are mapped."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.vendor_stages import vendor_stage
from tests.vendor_truth import DAILY, MINUTES, NEW_YORK, StoppedClock, as_floats32, day
from tests.vendor_words import Asked, Row, Yahoo

from tradewright.adapters.providers.yahoo.chart import Row as ChartRow
from tradewright.adapters.providers.yahoo.chart import Split
from tradewright.adapters.providers.yahoo.history import YahooBarHistory
from tradewright.adapters.providers.yahoo.kind import KIND
from tradewright.adapters.providers.yahoo.places import place_of, symbol_of, yahoo_symbol
from tradewright.adapters.providers.yahoo.raw import raw_numbers
from tradewright.domain.bars import Bar
from tradewright.domain.credentials import Credentials
from tradewright.domain.errors import AuthenticationError, BrokerError, ConfigError, DataError, SymbolNotFoundError
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_SECOND, Timeframe
from tradewright.ports.provider import ProviderAccess

ZONE = ZoneInfo("America/New_York")
META = Yahoo()._meta()
NOON = 12 * 3600 * NS_PER_SECOND


def at(date: str) -> int:
    """Noon of a date, UTC nanoseconds."""
    return day(date) * NS_PER_DAY + NOON + 5 * 3600 * NS_PER_SECOND


def raw(
    date: str, *splits: tuple[str, float], price: float = 10.0, volume: float = 800.0, per: float = 1.0
) -> list[float]:
    row = ChartRow(at(date), {**dict.fromkeys(("open", "high", "low", "close"), price), "volume": volume})
    return raw_numbers(row, [Split(at(when), ratio) for when, ratio in splits], ZONE, per)


def test_later_splits_are_taken_out_of_prices_and_volume() -> None:
    assert raw("2020-08-28", ("2020-08-31", 4.0), ("2022-06-06", 2.0)) == [80.0] * 4 + [100.0]


def test_a_split_counts_for_days_before_it_and_not_for_its_own() -> None:
    assert raw("2020-08-31", ("2020-08-31", 4.0), ("2014-06-09", 7.0)) == [10.0] * 4 + [800.0]


def test_a_reverse_split_makes_earlier_prices_smaller() -> None:
    assert raw("2023-01-03", ("2023-06-01", 0.1)) == [1.0] * 4 + [8_000.0]


@pytest.mark.parametrize("price", [74.06, 0.0123, 99_999.99, 4.335, 512_000.1])
def test_what_32_bits_make_of_a_price_is_undone(price: float) -> None:
    assert as_floats32(price) != price
    assert raw("2024-01-02", price=as_floats32(price))[0] == price


def test_pence_are_hundredths() -> None:
    assert raw("2024-01-02", price=as_floats32(8_912.5), per=100.0)[0] == 89.125


def test_the_raw_price_of_a_day_stays_when_the_share_is_split_again() -> None:
    before = raw("2024-01-02", ("2024-03-01", 3.0), price=as_floats32(100.01 / 3))
    after = raw("2024-01-02", ("2024-03-01", 3.0), ("2024-09-01", 7.0), price=as_floats32(100.01 / 21))
    assert before[0] == after[0] == 100.01


# ---------------------------------------------------------------- charts


class Changed(Yahoo):
    """A vendor whose charts are changed before they are sent."""

    def __init__(self, change: Any) -> None:
        self._change = change

    def bars(self, asked: Asked, rows: list[Row]) -> tuple[int, Any]:
        status, said = super().bars(asked, rows)
        return self._change(status, said) if asked.query["interval"] != "1d" or self._daily else (status, said)

    _daily = True


def read(change: Any = lambda *said: said, timeframe: Timeframe = DAILY, *, daily: bool = True) -> Sequence[Bar]:
    """The bars of charts that are changed."""

    async def run() -> Sequence[Bar]:
        async with vendor_stage(Yahoo) as stage:
            stage.server.vendor = Changed(change)
            stage.server.vendor._daily = daily
            provider = stage.open()
            try:
                first = NEW_YORK.bars(timeframe)[0].open_time
                return await provider.history.bars("ACME", timeframe, first, NEW_YORK.now_ns)
            finally:
                await provider.close()

    return asyncio.run(run())


def chart_of(said: Any) -> Any:
    return said["chart"]["result"][0]


def with_last(stamp: int) -> Any:
    """A change that puts the price of the moment behind the rows."""

    def change(status: int, said: Any) -> tuple[int, Any]:
        chart = chart_of(said)
        chart["timestamp"].append(stamp)
        for column in chart["indicators"]["quote"][0].values():
            column.append(77.0)
        return status, said

    return change


def test_the_price_of_the_moment_is_no_bar_of_minutes() -> None:
    last = NEW_YORK.closed(MINUTES)[-1]
    found = read(with_last(last.open_time // NS_PER_SECOND + 137), MINUTES, daily=False)
    assert found == NEW_YORK.closed(MINUTES)


def test_the_price_of_the_moment_is_no_second_bar_of_its_day() -> None:
    last = NEW_YORK.closed(DAILY)[-1]
    assert read(with_last(last.close_time // NS_PER_SECOND)) == NEW_YORK.closed(DAILY)


@pytest.mark.parametrize("column", ["timestamp", "open", "volume"])
def test_columns_of_other_lengths_are_an_error_and_no_shorter_answer(column: str) -> None:
    def change(status: int, said: Any) -> tuple[int, Any]:
        chart = chart_of(said)
        (chart if column == "timestamp" else chart["indicators"]["quote"][0])[column].pop()
        return status, said

    with pytest.raises(BrokerError, match="not as long as there are stamps"):
        read(change)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda status, said: (status, {"chart": {"result": [], "error": None}}), "sent no chart of ACME"),
        (lambda status, said: (status, {"chart": 7}), "sent no chart of ACME"),
        (lambda status, said: (status, {"chart": {"result": [{**chart_of(said), "meta": {}}]}}), "another symbol"),
        (lambda status, said: (status, {"chart": {"result": [{**chart_of(said), "indicators": []}]}}), "no mapping"),
        (lambda status, said: (status, {"chart": {"result": [{**chart_of(said), "indicators": {}}]}}), "no prices"),
        (lambda status, said: (status, {"chart": {"result": [{**chart_of(said), "events": {"splits": {"1": {
            "date": 1, "numerator": 4, "denominator": 0}}}}]}}), "no number of new shares"),
        (lambda *_: (418, {"chart": {"error": {"description": "teapot"}}}), "answered 418 about ACME: teapot"),
    ],
)  # fmt: skip
def test_a_chart_that_is_none_is_refused(change: Any, sentence: str) -> None:
    with pytest.raises(BrokerError, match=sentence):
        read(change)


@pytest.mark.parametrize(
    ("status", "description", "kind"),
    [
        (404, "No data found, symbol may be delisted", SymbolNotFoundError),
        (422, "1m data not available for startTime=1", DataError),
        (401, "Invalid Crumb", AuthenticationError),
    ],
)
def test_what_yahoo_refuses_has_its_own_error(status: int, description: str, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        read(lambda *_: (status, {"chart": {"result": None, "error": {"description": description}}}))


def test_days_of_which_there_is_nothing_are_empty() -> None:
    error = {"code": "Bad Request", "description": "Data doesn't exist for startDate = 1, endDate = 2"}
    assert read(lambda *_: (400, {"chart": {"result": None, "error": error}})) == ()


# ---------------------------------------------------------------- how far back


@pytest.mark.parametrize(("timeframe", "kept"), [("1m", 30), ("5m", 60), ("30m", 60), ("1h", 730)])
def test_days_that_yahoo_keeps_no_more_are_said_with_those_it_keeps(timeframe: str, kept: int) -> None:
    now = at("2024-06-03")
    history = YahooBarHistory(None, StoppedClock(now))  # type: ignore[arg-type]
    with pytest.raises(DataError, match=rf"keeps {timeframe} bars of the last {kept} days") as caught:
        asyncio.run(history.bars("ACME", Timeframe.parse(timeframe), now - (kept + 1) * NS_PER_DAY, now))
    assert caught.value.hint
    assert caught.value.hint.startswith("Ask from 20")


def test_hours_begin_with_the_session_and_the_last_is_over_when_it_closes() -> None:
    hour = Timeframe.parse("1h")

    async def run() -> Sequence[Bar]:
        async with vendor_stage(Yahoo) as stage:
            provider = stage.open()
            try:
                return await provider.history.bars("ACME", hour, NEW_YORK.bars(hour)[0].open_time, NEW_YORK.now_ns)
            finally:
                await provider.close()

    found = asyncio.run(run())
    assert found == NEW_YORK.closed(hour)
    assert {bar.close_time for bar in found} & set(NEW_YORK.sessions.closes.tolist())


def test_minutes_are_asked_for_a_week_at_a_time() -> None:
    async def run() -> list[Asked]:
        async with vendor_stage(Yahoo) as stage:
            provider = stage.open()
            try:
                now = NEW_YORK.now_ns
                await provider.history.bars("ACME", Timeframe.parse("1m"), now - 20 * NS_PER_DAY, now)
                return [each for each in stage.server.asked if each.query["interval"] == "1m"]
            finally:
                await provider.close()

    spans = [int(each.query["period2"]) - int(each.query["period1"]) for each in asyncio.run(run())]
    assert len(spans) == 3
    assert max(spans) <= 7 * 86_400 + 1


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("ours", "theirs"), [("BRK.B", "BRK-B"), ("AAPL", "AAPL"), ("VOD.L", "VOD.L"), ("^GSPC", "^GSPC")]
)
def test_share_classes_are_written_with_a_point_here(ours: str, theirs: str) -> None:
    assert (yahoo_symbol(ours), symbol_of(theirs)) == (theirs, ours)


@pytest.mark.parametrize("symbol", ["", "a/b", "../x", "NASDAQ:AAPL", "aapl "])
def test_what_is_no_symbol_is_not_asked_for(symbol: str) -> None:
    with pytest.raises(SymbolNotFoundError, match="is no symbol of Yahoo's"):
        yahoo_symbol(symbol)


@pytest.mark.parametrize(
    ("change", "exchange", "calendar", "currency"),
    [
        ({}, "XNAS", "XNYS", "USD"),
        ({"exchangeName": "LSE", "currency": "GBp", "exchangeTimezoneName": "Europe/London"}, "XLON", "XLON", "GBP"),
        ({"exchangeName": "NSI", "currency": "INR", "exchangeTimezoneName": "Asia/Kolkata"}, "NSE", "XBOM", "INR"),
        (
            {"exchangeName": "CCC", "instrumentType": "CRYPTOCURRENCY", "exchangeTimezoneName": "UTC"},
            "CCC",
            "24/7",
            "USD",
        ),
    ],
)
def test_places_are_those_of_the_house(change: dict[str, str], exchange: str, calendar: str, currency: str) -> None:
    place = place_of(META | change, "ACME")
    assert (place.exchange, place.calendar, place.currency) == (exchange, calendar, currency)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"instrumentType": "CURRENCY", "exchangeName": "CCY"}, SymbolNotFoundError),
        ({"instrumentType": "MUTUALFUND"}, SymbolNotFoundError),
        ({"exchangeName": "NOWHERE"}, SymbolNotFoundError),
        ({"exchangeTimezoneName": "Mars/Phobos"}, BrokerError),
        ({"exchangeTimezoneName": ""}, BrokerError),
        ({"currency": None}, BrokerError),
    ],
)
def test_what_cannot_be_placed_is_refused(change: dict[str, Any], kind: type[Exception]) -> None:
    with pytest.raises(kind):
        place_of(META | change, "ACME")


def test_options_that_it_does_not_have_are_refused() -> None:
    held = Credentials("credentials for yahoo", "providers.yahoo", {})
    access = ProviderAccess(name="yahoo", clock=NEW_YORK.clock, keys=held, folder=Path(), options={"key": "x"})
    with pytest.raises(ConfigError, match="The provider yahoo has no option 'key'"):
        KIND.open(access)
