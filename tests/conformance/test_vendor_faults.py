"""Vendors that are not well: what comes is recovered or said, nothing is lost or made up, and no key is ever shown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from tests.vendor_server import Trouble
from tests.vendor_stages import VENDORS, VendorStage, vendor_stage
from tests.vendor_truth import DAILY, MINUTES
from tests.vendor_words import KEY, SECRET, Alpaca, Binance, Polygon, Row, Vendor, Yahoo

from tradewright.adapters.wire.reading import Patience
from tradewright.domain.bars import Bar
from tradewright.domain.errors import (
    AuthenticationError,
    BrokerError,
    ImpossibleRowsError,
    RateLimitError,
    TradewrightError,
)
from tradewright.domain.errors import ConnectionError as VendorConnectionError
from tradewright.domain.timeframe import Timeframe

every_vendor = pytest.mark.parametrize("vendor", VENDORS, ids=lambda each: each.__name__.lower())
ONCE = Patience(attempts=2, first_s=0.01, longest_s=0.01, within_s=60.0)


@pytest.fixture(autouse=True)
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rests that a venue's adapter takes of its own accord are short here."""
    monkeypatch.setattr("tradewright.adapters.brokers.openalgo.outcomes._REST_S", 0.01)
    monkeypatch.setattr("tradewright.adapters.brokers.ccxt.door._SHIFT_S", 0.01)


@pytest.fixture(autouse=True)
def unseen(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever happens, no key stands in a log, however much is logged."""
    with caplog.at_level("DEBUG"):
        yield
    assert KEY not in caplog.text
    assert SECRET not in caplog.text


async def asked(stage: VendorStage, timeframe: Timeframe = DAILY) -> list[Bar]:
    """All bars that there are."""
    provider = stage.open()
    try:
        await provider.connect()
        first = stage.server.vendor.truth.bars(timeframe)[0].open_time
        return list(await provider.history.bars(stage.terms.symbol, timeframe, first, stage.now_ns()))
    finally:
        await provider.close()


def met(
    vendor: type[Vendor],
    *troubles: Trouble,
    change: Callable[[list[Row]], list[Row]] = list,
    timeframe: Timeframe = DAILY,
    **said: Any,
) -> tuple[list[Bar], list[Bar], int]:
    """What came of a vendor in trouble, what there is, and how often it was asked for."""

    async def run() -> tuple[list[Bar], list[Bar], int]:
        async with vendor_stage(vendor, **said) as stage:
            stage.server.troubles = list(troubles)
            stage.server.change = change
            found = await asked(stage, timeframe)
            return found, stage.server.vendor.truth.closed(timeframe), stage.server.bars_asked()

    return asyncio.run(run())


def refused(vendor: type[Vendor], *troubles: Trouble, **said: Any) -> TradewrightError:
    """The error of a vendor in trouble; it shows no key."""
    with pytest.raises(TradewrightError) as caught:
        met(vendor, *troubles, patience=ONCE, **said)
    shown = f"{caught.value} {caught.value!r} {caught.value.hint}"
    assert KEY not in shown
    assert SECRET not in shown
    return caught.value


# ---------------------------------------------------------------- trouble on the way: it passes, and nothing is lost


PASSING = {
    "throttled, and says how long": Trouble(status=429, headers={"Retry-After": "0.02"}),
    "throttled, and says nothing": Trouble(status=429),
    "broken": Trouble(status=500, times=2),
    "away for a moment": Trouble(status=503, headers={"Retry-After": "0.02"}),
    "cut off in the middle of an answer": Trouble(is_cut=True),
    "an answer that ends too soon": Trouble(garble=lambda content: content[: len(content) // 2]),
    "an answer that is a page of somebody else": Trouble(garble=lambda _: b"<html>busy</html>"),
    "an empty answer": Trouble(garble=lambda _: b""),
}


@every_vendor
@pytest.mark.parametrize("trouble", PASSING)
def test_trouble_that_passes_costs_nothing_but_time(vendor: type[Vendor], trouble: str) -> None:
    found, truth, times = met(vendor, replace(PASSING[trouble]))
    assert found == truth
    assert times > PASSING[trouble].times


@every_vendor
def test_a_vendor_that_does_not_answer_in_time_is_asked_again(vendor: type[Vendor]) -> None:
    found, truth, _ = met(vendor, Trouble(is_slow=True), answer_s=0.4)
    assert found == truth


@every_vendor
@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (Trouble(status=500, times=99), VendorConnectionError),
        (Trouble(status=429, times=99), RateLimitError),
        (Trouble(is_cut=True, times=99), VendorConnectionError),
        (Trouble(garble=lambda content: content[:-9], times=99), VendorConnectionError),
    ],
    ids=["broken", "throttled", "cut off", "ends too soon"],
)
def test_trouble_that_stays_is_said(vendor: type[Vendor], trouble: Trouble, kind: type[BrokerError]) -> None:
    assert isinstance(refused(vendor, replace(trouble)), kind)


@pytest.mark.parametrize("vendor", [Polygon, Alpaca, Binance, Yahoo], ids=lambda each: each.__name__.lower())
def test_a_page_that_never_comes_is_an_error_and_no_shorter_answer(vendor: type[Vendor]) -> None:
    error = refused(vendor, Trouble(times=1), Trouble(status=500, times=99), timeframe=MINUTES)
    assert isinstance(error, VendorConnectionError)


# ---------------------------------------------------------------- rows that are not as they should be


@every_vendor
@pytest.mark.parametrize("timeframe", [DAILY, MINUTES], ids=str)
def test_nothing_is_an_answer(vendor: type[Vendor], timeframe: Timeframe) -> None:
    assert met(vendor, change=lambda _: [], timeframe=timeframe)[0] == []


@every_vendor
@pytest.mark.parametrize("timeframe", [DAILY, MINUTES], ids=str)
def test_rows_in_another_order_are_put_in_order(vendor: type[Vendor], timeframe: Timeframe) -> None:
    found, truth, _ = met(vendor, change=lambda rows: rows[::-1], timeframe=timeframe)
    assert found == truth


@every_vendor
@pytest.mark.parametrize("timeframe", [DAILY, MINUTES], ids=str)
def test_rows_that_come_twice_count_once(vendor: type[Vendor], timeframe: Timeframe) -> None:
    found, truth, _ = met(
        vendor, change=lambda rows: [each for row in rows for each in (row, row)], timeframe=timeframe
    )
    assert found == truth


def _twice(rows: list[Row]) -> list[Row]:
    return [each for row in rows for each in (row, row)]


@every_vendor
def test_two_different_bars_of_one_time_are_refused(vendor: type[Vendor]) -> None:
    def change(rows: list[Row]) -> list[Row]:
        return [*rows[:3], Row(rows[2].bar, {"v": 7}), *rows[3:]] if len(rows) > 3 else rows

    error = refused(vendor, change=change)
    assert isinstance(error, ImpossibleRowsError)
    assert "two different bars" in str(error)
    assert others(error) == [bar for at, bar in enumerate(vendor.truth.closed(DAILY)) if at != 2]


WRONG = {"text": "none", "nothing": None, "list": [1], "truth": True, "not a number": "NaN", "negative": -1.0}


@every_vendor
@pytest.mark.parametrize("column", ["h", "v"])
def test_a_number_that_is_none_is_refused_and_not_read_as_one(vendor: type[Vendor], column: str) -> None:
    async def said(stage: VendorStage) -> str:
        try:
            return f"{len(await asked(stage))} bars"
        except BrokerError as error:
            return str(error)

    async def run() -> None:
        async with vendor_stage(vendor, patience=ONCE) as stage:
            for kind, value in WRONG.items():
                stage.server.change = partial(_with, column, value)
                assert "cannot be used" in await said(stage), kind

    asyncio.run(run())


def _with(column: str, value: Any, rows: list[Row]) -> list[Row]:
    return [*rows[:2], Row(rows[2].bar, {column: value}), *rows[3:]] if len(rows) > 3 else rows


def others(error: ImpossibleRowsError) -> list[Bar]:
    """The bars of the rows that can be."""
    return list(error.bars)


@every_vendor
@pytest.mark.parametrize("timeframe", [DAILY, MINUTES], ids=str)
@pytest.mark.parametrize("value", [0.0001, -1.0, None, "none"])
def test_one_impossible_row_is_named_with_its_time_and_the_others_come_with_it(
    vendor: type[Vendor], timeframe: Timeframe, value: Any
) -> None:
    truth = vendor.truth.closed(timeframe)
    error = refused(vendor, change=partial(_with_third, value, truth[2].open_time), timeframe=timeframe)
    assert isinstance(error, ImpossibleRowsError)
    assert [at for at, _ in error.rows] == [truth[2].open_time]
    assert others(error) == [*truth[:2], *truth[3:]]


def _with_third(value: Any, opened: int, rows: list[Row]) -> list[Row]:
    """The row of that time with a high that cannot be."""
    return [Row(row.bar, {"h": value}) if row.bar.open_time == opened else row for row in rows]


# ---------------------------------------------------------------- keys


@every_vendor
def test_a_key_that_has_expired_is_said_and_not_shown(vendor: type[Vendor]) -> None:
    async def run() -> None:
        async with vendor_stage(vendor) as stage:
            stage.server.is_expired = True
            await asked(stage)

    with pytest.raises(AuthenticationError) as caught:
        asyncio.run(run())
    assert KEY not in f"{caught.value} {caught.value.hint}"
    assert SECRET not in f"{caught.value} {caught.value.hint}"


@every_vendor
def test_a_key_that_expires_between_two_pages_loses_the_answer_and_says_why(vendor: type[Vendor]) -> None:
    async def run() -> None:
        async with vendor_stage(vendor) as stage:
            rows = stage.server.vendor.rows

            def once(asked_: Any) -> list[Row]:
                stage.server.is_expired = True
                return rows(asked_)

            stage.server.vendor.rows = once  # type: ignore[method-assign]
            await asked(stage, MINUTES)
            await asked(stage, MINUTES)

    with pytest.raises(AuthenticationError):
        asyncio.run(run())
