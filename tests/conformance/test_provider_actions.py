"""Splits, dividends, names and ends of Polygon and Yahoo, over each vendor's protocol on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import numpy as np
import pytest
from tests.stores import key
from tests.vendor_server import Trouble, VendorServer
from tests.vendor_stages import ANSWER_S, SHORT, WORDS, VendorStage
from tests.vendor_truth import DAILY, NEW_YORK, as_floats32, day
from tests.vendor_words import KEY, Asked, Polygon, Row, Yahoo

from tradewright.adapters.storage.parquet.store import ParquetBarStore
from tradewright.adapters.storage.sql.coverage import SqlCoverageBook
from tradewright.adapters.storage.sql.database import Database
from tradewright.app.fetch.series import FetchAsk, FetchDesk, Fetcher
from tradewright.bootstrap.series_turns import DutyTurns
from tradewright.domain.actions import CorporateAction
from tradewright.domain.errors import (
    AuthenticationError,
    BrokerError,
    DataNotAvailableError,
    SymbolNotFoundError,
    TradewrightError,
)
from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.marketdata.adjust import adjust

SPLIT = day("2023-12-14")
FIRST, STOP = day("2023-11-01"), day("2024-02-01")


class PolygonActs(Polygon):
    """Reference lists of ACME, which was called OLD before; two entries on a page."""

    lists: ClassVar[dict[str, list[Any]]] = {
        "splits": [{"ticker": "ACME", "execution_date": "2023-12-14", "split_from": 1, "split_to": 4, "id": "E1"}],
        "dividends": [
            {"ticker": "ACME", "ex_dividend_date": "2023-12-01", "cash_amount": 0.4, "currency": "USD",
             "declaration_date": "2023-11-20", "dividend_type": "CD"},
            {"ticker": "ACME", "ex_dividend_date": "2023-12-20", "cash_amount": 0.1, "currency": "usd",
             "declaration_date": "2023-12-05", "dividend_type": "CD"},
            {"ticker": "ACME", "ex_dividend_date": "2024-01-05", "cash_amount": 0.2, "currency": "CAD"},
        ],
    }  # fmt: skip
    names: ClassVar[Any] = [
        {"type": "ticker_change", "date": "2023-11-15", "ticker_change": {"ticker": "ACME"}},
        {"type": "ticker_change", "date": "2010-05-18", "ticker_change": {"ticker": "OLD"}},
    ]
    gone: ClassVar[Any] = []
    is_listed = True
    plan_has_it = True

    def is_for_bars(self, asked: Asked) -> bool:
        return asked.path.startswith("/v3/reference/splits") or super().is_for_bars(asked)

    def rows(self, asked: Asked) -> list[Row]:
        if not asked.path.startswith("/v2/aggs/"):
            return []
        # The bars of before the change of the name are those of the former one.
        named = asked.path.split("/")[4]
        changed = day("2023-11-15") * NS_PER_DAY
        found = super().rows(replace(asked, target=asked.target.replace("/OLD/", "/ACME/")))
        return [each for each in found if (each.bar.open_time < changed) == (named == "OLD")]

    def bars(self, asked: Asked, rows: list[Row]) -> tuple[int, Any]:
        if not asked.path.startswith("/v2/aggs/"):
            return self.other(asked)
        named = asked.path.split("/")[4]
        status, said = super().bars(asked, rows)
        return status, {**said, "ticker": named}

    def other(self, asked: Asked) -> tuple[int, Any]:
        what = asked.path.rpartition("/")[2]
        if what in self.lists:
            return (200, self._page(asked, what)) if self.plan_has_it else (403, {"status": "NOT_AUTHORIZED"})
        if what == "events":
            found = asked.path.split("/")[4] == "ACME"
            return (200, {"status": "OK", "results": {"events": self.names}}) if found else (404, {})
        if what == "tickers":
            return 200, {"status": "OK", "results": self.gone}
        return super().other(asked) if self.is_listed else (404, {"status": "NOT_FOUND"})

    def _page(self, asked: Asked, what: str) -> dict[str, Any]:
        ticker, begin = asked.query["ticker"], int(asked.query.get("cursor", "0"))
        rows = [row for row in self.lists[what] if row["ticker"] == ticker]
        said = {"status": "OK", "results": rows[begin : begin + 2]}
        if begin + 2 < len(rows):
            said["next_url"] = f"https://api.example{urlsplit(asked.target).path}?ticker={ticker}&cursor={begin + 2}"
        return said


class YahooActs(Yahoo):
    """Charts with dividends per share of today."""

    def bars(self, asked: Asked, rows: list[Row]) -> tuple[int, Any]:
        status, said = super().bars(asked, rows)
        if status == 200 and "div" in asked.query["events"]:
            events = said["chart"]["result"][0].setdefault("events", {})
            opened = [int(each) // 10**9 for each in NEW_YORK.sessions.opens]
            paid = {opened[21]: 0.1, opened[34]: 0.1}  # 2023-12-01 and 2023-12-20
            events["dividends"] = {str(at): {"amount": as_floats32(cash), "date": at} for at, cash in paid.items()}
        return status, said


def told(
    server: VendorServer, symbol: str = "ACME", days: tuple[int, int] = (FIRST, STOP)
) -> Sequence[CorporateAction]:
    async def asked() -> Sequence[CorporateAction]:
        provider = _stage(server).open()
        assert provider.actions is not None
        try:
            return await provider.actions.actions(symbol, *days)
        finally:
            await provider.close()

    return asyncio.run(asked())


def _stage(server: VendorServer) -> VendorStage:
    base = Polygon if isinstance(server.vendor, Polygon) else Yahoo
    return VendorStage(server, WORDS[base], ANSWER_S, SHORT)


def short(found: Sequence[CorporateAction]) -> list[tuple[str, str, str, Any]]:
    return [
        (str(each.kind), each.symbol, str(np.datetime64(each.day, "D")), each.value)
        for each in sorted(found, key=lambda each: each.identity)
    ]


def test_polygon_tells_splits_dividends_and_names_of_every_page() -> None:
    with VendorServer(PolygonActs()) as server:
        found = told(server)
    assert short(found) == [
        ("rename", "OLD", "2023-11-15", "ACME"), ("dividend", "ACME", "2023-12-01", 0.4),
        ("split", "ACME", "2023-12-14", 4.0), ("dividend", "ACME", "2023-12-20", 0.1),
        ("dividend", "ACME", "2024-01-05", 0.2),
    ]  # fmt: skip
    dividends = [each for each in found if each.kind == "dividend"]
    assert [each.currency for each in dividends] == ["USD", "USD", "CAD"]
    assert [each.known_ns for each in dividends] == [
        day("2023-11-21") * NS_PER_DAY, day("2023-12-06") * NS_PER_DAY, None,
    ]  # fmt: skip


def test_polygon_tells_the_end_of_what_is_listed_no_more_alone() -> None:
    vendor = PolygonActs()
    vendor.gone = [{"ticker": "ACME", "delisted_utc": "2024-01-04T05:00:00Z", "market": "stocks",
                    "primary_exchange": "XNYS", "currency_name": "usd"}]  # type: ignore[misc]  # fmt: skip
    with VendorServer(vendor) as server:
        assert "delisting" not in {each.kind for each in told(server)}
        vendor.is_listed = False
        assert short(told(server))[-2] == ("delisting", "ACME", "2024-01-05", None)
        provider = _stage(server).open()
        assert asyncio.run(provider.instruments.instrument("ACME")).id == "XNYS:ACME"
        asyncio.run(provider.close())


def test_a_plan_without_reference_data_has_no_actions_and_a_key_that_is_refused_is_an_error() -> None:
    vendor = PolygonActs()
    with VendorServer(vendor) as server:
        vendor.plan_has_it = False
        with pytest.raises(DataNotAvailableError, match="The plan of this Polygon key does not include it"):
            told(server)
        server.is_expired = True
        with pytest.raises(AuthenticationError) as caught:
            told(server)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("what", "row"),
    [
        ("splits", {"ticker": "ACME", "execution_date": "2023-12-14", "split_from": 0, "split_to": 4}),
        ("splits", {"ticker": "ACME", "execution_date": "soon", "split_from": 1, "split_to": 4}),
        ("dividends", {"ticker": "ACME", "ex_dividend_date": "2023-12-14", "cash_amount": "much"}),
        ("dividends", {"ticker": "ACME", "cash_amount": 1.0}),
    ],
)
def test_an_entry_of_polygon_that_cannot_be_is_an_error(what: str, row: Any) -> None:
    vendor = PolygonActs()
    vendor.lists = {**PolygonActs.lists, what: [row]}  # type: ignore[misc]
    with VendorServer(vendor) as server, pytest.raises(BrokerError, match=f"An entry among the {what} of ACME"):
        told(server)


TROUBLES: list[tuple[str, Callable[[], Trouble]]] = [
    ("throttled", lambda: Trouble(429, {"Retry-After": "0"}, times=2)),
    ("failed", lambda: Trouble(500, times=2)),
    ("cut", lambda: Trouble(is_cut=True)),
    ("garbled", lambda: Trouble(garble=lambda content: content[:-9])),
]


@pytest.mark.parametrize("trouble", [each for _, each in TROUBLES], ids=[name for name, _ in TROUBLES])
@pytest.mark.parametrize("vendor", [PolygonActs, YahooActs])
def test_an_answer_that_is_not_whole_is_asked_for_again(vendor: Any, trouble: Callable[[], Trouble]) -> None:
    with VendorServer(vendor()) as server:
        whole = told(server)
        server.troubles = [trouble()]
        assert told(server) == whole
        assert server.troubles == []


def test_yahoo_tells_dividends_per_share_of_then() -> None:
    with VendorServer(YahooActs()) as server:
        found = told(server)
    assert short(found) == [
        ("dividend", "ACME", "2023-12-01", 0.4), ("split", "ACME", "2023-12-14", 4.0),
        ("dividend", "ACME", "2023-12-20", 0.1),
    ]  # fmt: skip


def test_yahoo_tells_a_part_as_it_tells_the_whole() -> None:
    with VendorServer(YahooActs()) as server:
        assert short(told(server, days=(FIRST, SPLIT))) == [("dividend", "ACME", "2023-12-01", 0.4)]


@pytest.mark.parametrize("vendor", [PolygonActs, YahooActs])
def test_what_is_no_symbol_is_said(vendor: Any) -> None:
    with VendorServer(vendor()) as server, pytest.raises(SymbolNotFoundError):
        told(server, "no such thing")


# ---------------------------------------------------------------- into the store


def fetched(server: VendorServer, folder: Path) -> ParquetBarStore:
    stage = _stage(server)
    provider, state = stage.open(), Database(folder / "runs.db")
    store = ParquetBarStore(folder / "bars")

    async def done() -> None:
        desk = FetchDesk(store, SqlCoverageBook(state), DutyTurns(state), NEW_YORK.clock)
        fetcher = Fetcher(provider, desk)
        ask = FetchAsk(await fetcher.instrument("ACME"), DAILY, FIRST, STOP)
        try:
            await fetcher.fetch(ask)
        finally:
            await provider.close()

    asyncio.run(done())
    return store


def test_bars_of_both_names_make_one_series_that_adjusts(tmp_path: Path) -> None:
    with VendorServer(PolygonActs()) as server:
        bars = fetched(server, tmp_path).read(key("ACME", exchange="XNAS"))
    true = NEW_YORK.closed(DAILY)
    assert bars.close.tolist() == [each.close for each in true]
    assert bars.actions.dividends.tolist() == [0.4, 0.1], "what is paid in another currency is not counted"
    split = adjust(bars, "split")
    before = bars.sessions.labels < SPLIT
    assert split.close[before].tolist() == (bars.close[before] / 4).tolist()
    assert split.actions.dividends.tolist() == pytest.approx([0.1, 0.1])


def test_polygon_and_yahoo_come_to_the_same_adjusted_prices(tmp_path: Path) -> None:
    series = []
    for vendor in (PolygonActs, YahooActs):
        with VendorServer(vendor()) as server:
            series.append(
                adjust(fetched(server, tmp_path / vendor.__name__).read(key("ACME", exchange="XNAS")), "full")
            )
    assert series[0].close == pytest.approx(series[1].close, rel=1e-6)


def test_what_a_fetch_says_of_a_name_that_nobody_bears_is_one_sentence(tmp_path: Path) -> None:
    with VendorServer(PolygonActs()) as server:
        provider = _stage(server).open()
        state = Database(tmp_path / "runs.db")
        desk = FetchDesk(ParquetBarStore(tmp_path), SqlCoverageBook(state), DutyTurns(state), NEW_YORK.clock)

        async def asked() -> None:
            try:
                await Fetcher(provider, desk).instrument("OLD")
            finally:
                await provider.close()

        with pytest.raises(TradewrightError, match="Polygon does not know OLD"):
            asyncio.run(asked())
