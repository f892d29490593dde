"""Polygon's words: pages that stay at our address, plans that end, and what its own client reads of the same server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from massive import RESTClient
from tests.vendor_server import VendorServer
from tests.vendor_stages import VendorStage, vendor_stage
from tests.vendor_truth import DAILY, MINUTES, NEW_YORK
from tests.vendor_words import KEY, Asked, Polygon

from tradewright.adapters.providers.polygon.kind import KIND
from tradewright.domain.credentials import Credentials
from tradewright.domain.errors import AuthenticationError, BrokerError, ConfigError, DataError, SymbolNotFoundError
from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.ports.provider import ProviderAccess


class Changed(Polygon):
    """A vendor whose answers are changed."""

    change: Any = None

    def bars(self, asked: Asked, rows: list[Any]) -> tuple[int, Any]:
        status, said = super().bars(asked, rows)
        return Changed.change(status, said)

    def other(self, asked: Asked) -> tuple[int, Any]:
        status, said = super().other(asked)
        return Changed.change(status, said)


def with_provider(check: Callable[[VendorStage, Any], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with vendor_stage(Polygon) as stage:
            provider = stage.open()
            try:
                return await check(stage, provider)
            finally:
                await provider.close()

    return asyncio.run(run())


def changed(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[int, Any], tuple[int, Any]], *, ask: str = "bars"
) -> Any:
    """What comes of bars, or of an instrument, when every answer is changed."""
    monkeypatch.setattr(Changed, "change", staticmethod(change))

    async def check(stage: VendorStage, provider: Any) -> Any:
        stage.server.vendor = Changed()
        if ask == "bars":
            return await provider.history.bars("ACME", DAILY, NEW_YORK.bars(DAILY)[0].open_time, NEW_YORK.now_ns)
        return await provider.instruments.instrument("ACME")

    return with_provider(check)


def test_every_page_is_asked_for_at_our_own_address_with_the_key_in_the_header() -> None:
    async def check(stage: VendorStage, provider: Any) -> list[Asked]:
        first = NEW_YORK.bars(MINUTES)[0].open_time
        assert len(await provider.history.bars("ACME", MINUTES, first, NEW_YORK.now_ns)) > 200
        return stage.server.asked

    asked = with_provider(check)
    assert len(asked) > 5
    assert all(each.headers["authorization"] == f"Bearer {KEY}" for each in asked)
    assert all(KEY not in each.target for each in asked)


@pytest.mark.parametrize("following", ["https://elsewhere.example/steal?x=1", 7])
def test_a_next_page_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, following: Any) -> None:
    with pytest.raises(BrokerError, match="a next page that cannot be asked for"):
        changed(monkeypatch, lambda status, said: (status, {**said, "next_url": following}))


def test_pages_that_lead_back_are_no_endless_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    target = "https://api.example/v2/aggs/ticker/ACME/range/1/day/0/9999999999999?cursor=0&adjusted=false&limit=40"
    with pytest.raises(BrokerError, match="lead back to one that was read"):
        changed(monkeypatch, lambda status, said: (status, {**said, "next_url": target}))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"adjusted": True}, "sent adjusted bars of ACME"),
        ({"ticker": "OTHER"}, "bars of another symbol than ACME"),
        ({"resultsCount": 99}, "says that there are more on the page"),
        ({"results": {"o": 1}}, "sent no list of bars of ACME"),
        ({"status": "ERROR", "error": "no luck"}, "Polygon answered 200: no luck"),
    ],
)
def test_an_answer_that_is_not_what_was_asked_for_is_refused(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(BrokerError, match=sentence):
        changed(monkeypatch, lambda status, said: (status, {**said, **change}))


def test_what_a_plan_does_not_include_is_told_in_polygons_words_and_ends_no_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = {"status": "NOT_AUTHORIZED", "message": "Your plan doesn't include this data timeframe."}
    with pytest.raises(DataError, match=r"does not include it: Your plan doesn't include this data timeframe\."):
        changed(monkeypatch, lambda *_: (403, said))


def test_a_refusal_that_quotes_the_key_is_told_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AuthenticationError, match="refuses the key: Unknown API Key …") as caught:
        changed(monkeypatch, lambda *_: (401, {"status": "ERROR", "error": f"Unknown API Key {KEY}"}))
    assert KEY not in str(caught.value)


def test_delayed_answers_are_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    assert changed(monkeypatch, lambda status, said: (status, {**said, "status": "DELAYED"}))


@pytest.mark.parametrize(
    ("change", "kind", "sentence"),
    [
        ({"market": "crypto"}, SymbolNotFoundError, "no share on a US exchange: Polygon has it under 'crypto'"),
        ({"primary_exchange": "XLON"}, SymbolNotFoundError, "on 'XLON'"),
        ({"currency_name": None}, BrokerError, "does not say in which currency"),
        ({"ticker": "OTHER"}, BrokerError, "sent nothing about ACME"),
    ],
)
def test_a_ticker_that_is_no_us_share_is_no_instrument(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], kind: type[Exception], sentence: str
) -> None:
    with pytest.raises(kind, match=sentence):
        changed(
            monkeypatch, lambda status, said: (status, {**said, "results": said["results"] | change}), ask="instrument"
        )


@pytest.mark.parametrize("symbol", ["", "../v3", "X:BTCUSD", "a b", "BRK/B"])
def test_what_is_no_ticker_is_not_even_asked_for(symbol: str) -> None:
    async def check(stage: VendorStage, provider: Any) -> int:
        with pytest.raises(SymbolNotFoundError, match="is no symbol of a US share"):
            await provider.instruments.instrument(symbol)
        with pytest.raises(SymbolNotFoundError):
            await provider.history.bars(symbol, DAILY, 0, NS_PER_DAY)
        return len(stage.server.asked)

    assert with_provider(check) == 0


def test_its_own_client_reads_the_same_bars_of_the_same_server() -> None:
    with VendorServer(Polygon()) as server:
        client = RESTClient(KEY, base=server.address, retries=0)
        rows = list(client.list_aggs("ACME", 5, "minute", 0, NEW_YORK.now_ns // 1_000_000, adjusted=False, limit=40))
        about = client.get_ticker_details("ACME")
        client.client.clear()
    truth = NEW_YORK.bars(MINUTES)
    seen = [(row.timestamp, row.open, row.high, row.low, row.close, row.volume) for row in rows]
    assert seen == [(bar.open_time // 1_000_000, bar.open, bar.high, bar.low, bar.close, bar.volume) for bar in truth]
    assert (about.ticker, about.primary_exchange, about.currency_name) == ("ACME", "XNAS", "usd")


def access(keys: dict[str, str], **options: str) -> ProviderAccess:
    held = Credentials("credentials for polygon", "providers.polygon", keys)
    return ProviderAccess(name="polygon", clock=NEW_YORK.clock, keys=held, folder=Path(), options=options)


def test_without_a_key_it_is_not_opened() -> None:
    with pytest.raises(AuthenticationError, match=r"lack 'key'.*providers\.polygon\.key"):
        KIND.open(access({}))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"adress": "x"}, "has no option 'adress'"),
        ({"address": "ftp://there"}, "address of the provider polygon cannot be used"),
        ({"address": "https://me:pw@there"}, "cannot be used"),
        ({"address": "http://elsewhere.example"}, "in clear text"),
        ({"delay_s": "soon"}, "The option delay_s of the provider polygon cannot be 'soon'"),
        ({"per_minute": "-1"}, "per_minute"),
    ],
)
def test_options_that_cannot_be_are_refused(options: dict[str, str], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        KIND.open(access({"key": KEY}, **options))


def test_what_the_plan_is_late_by_is_its_delay() -> None:
    found = KIND.open(access({"key": KEY}, delay_s="86400", per_minute="5"))
    assert (found.delay_s, found.source, found.is_synthetic) == (86_400.0, "polygon", False)
