"""OpenAlgo's words: symbols and exchanges, instants, books, and what its answers prove."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tradewright.adapters.brokers.openalgo.history import OpenAlgoBarHistory
from tradewright.adapters.brokers.openalgo.kind import KIND
from tradewright.adapters.brokers.openalgo.outcomes import answer_of, content_of
from tradewright.adapters.brokers.openalgo.words import Names, Stamps, fields_of, fills_of, number, order_of
from tradewright.adapters.wire.gated_http import Attempt
from tradewright.domain.errors import AuthenticationError, BrokerError, ConfigError, RateLimitError
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.live.modes import PaperKeys
from tradewright.domain.live.venue import AnswerKind, VenueStatus
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide, OrderType
from tradewright.domain.timeframe import Timeframe
from tradewright.ports.broker_kind import Access
from tradewright.testing.virtual_time import VirtualClock, VirtualTimeLoop

ZONE = ZoneInfo("Asia/Kolkata")
STAMPS = Stamps(ZONE, now_ns=7)
NS = 1_000_000_000


def row(**said: Any) -> dict[str, Any]:
    return {
        "orderid": "1", "symbol": "INFY", "exchange": "NSE", "action": "BUY", "quantity": "10", "pricetype": "LIMIT",
        "order_status": "open", "timestamp": "20-Nov-2026 09:15:00", "average_price": 100.5, **said,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("symbol", "pair"),
    [
        ("INFY", ("INFY", "NSE")),
        ("INFY@BSE", ("INFY", "BSE")),
        ("NIFTY28MAR24FUT", ("NIFTY28MAR24FUT", "NFO")),
        ("NIFTY28MAR2420800CE", ("NIFTY28MAR2420800CE", "NFO")),
        ("SENSEX28MAR24FUT@BFO", ("SENSEX28MAR24FUT", "BFO")),
        ("M&M", ("M&M", "NSE")),
    ],
)
def test_a_symbol_names_its_exchange_or_has_the_usual_one(symbol: str, pair: tuple[str, str]) -> None:
    names = Names()
    assert names.pair(symbol) == pair
    assert names.symbol(*pair) == symbol


@pytest.mark.parametrize("text", ["20-Nov-2026 09:15:00", "2026-11-20 09:15:00", "20-11-2026 09:15:00"])
def test_an_instant_is_the_end_of_its_second(text: str) -> None:
    meant = int(dt.datetime(2026, 11, 20, 9, 15, tzinfo=ZONE).timestamp()) * NS
    assert STAMPS.latest_ns(text) == meant + NS - 1


def test_an_instant_that_cannot_be_read_is_not_older_than_now() -> None:
    assert STAMPS.latest_ns("yesterday") == 7


def test_what_has_filled_is_said_by_the_book_or_by_the_trades() -> None:
    traded = {"1": Decimal(4)}
    assert order_of(row(filled_quantity=3), Names(), STAMPS, traded).filled == 3
    assert order_of(row(), Names(), STAMPS, traded).filled == 4
    assert order_of(row(order_status="complete"), Names(), STAMPS, {}).filled == 10


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("complete", VenueStatus.FILLED),
        ("cancelled", VenueStatus.CANCELLED),
        ("rejected", VenueStatus.REJECTED),
        ("trigger pending", VenueStatus.OPEN),
        ("a word of tomorrow", VenueStatus.OPEN),
    ],
)
def test_a_status_that_is_not_known_is_no_end(word: str, status: VenueStatus) -> None:
    assert order_of(row(order_status=word), Names(), STAMPS, {}).status is status


@pytest.mark.parametrize("said", [{"orderid": ""}, {"action": "HOLD"}, {"quantity": "ten"}, {"symbol": None}])
def test_a_row_that_cannot_be_read_makes_the_list_no_evidence(said: dict[str, Any]) -> None:
    with pytest.raises(BrokerError):
        order_of(row(**said), Names(), STAMPS, {})


def test_trades_are_known_by_what_their_order_had_filled() -> None:
    rows = [
        row(quantity=6, timestamp="20-Nov-2026 09:16:00"),
        row(quantity=4, timestamp="20-Nov-2026 09:15:00"),
        row(quantity=5, orderid="2", timestamp="20-Nov-2026 09:17:00"),
    ]
    fills = fills_of(rows, Names(), STAMPS)
    assert [(fill.vid, fill.quantity, fill.cumulative) for fill in fills] == [("1", 4, 4), ("1", 6, 10), ("2", 5, 5)]
    assert [fill.identity for fill in fills] == ["1#4", "1#10", "2#5"]


def test_all_fields_are_sent_and_none_is_written_as_zero() -> None:
    wire = WireOrder(
        symbol="INFY@BSE", side=OrderSide.SELL, quantity=Decimal(10), order_type=OrderType.STOP,
        stop_price=Decimal("99.50"),
    )  # fmt: skip
    assert fields_of(wire, Names(), "MIS") == {
        "symbol": "INFY", "exchange": "BSE", "action": "SELL", "product": "MIS", "pricetype": "SL-M", "quantity": "10",
        "price": "0", "trigger_price": "99.50", "disclosed_quantity": "0",
    }  # fmt: skip


def test_numbers_are_read_from_text_and_never_from_anything_else() -> None:
    assert (number({"a": "1.50"}, "a"), number({}, "a"), number({"a": ""}, "a")) == (Decimal("1.50"), 0, 0)
    for said in ("nan", "Infinity", "x"):
        with pytest.raises(BrokerError, match="says a a that is no number"):
            number({"a": said}, "a")


def answered(status: int | None, said: Any = None, **more: Any) -> AnswerKind:
    body = said if isinstance(said, bytes) else json.dumps(said or {}).encode()
    return answer_of(Attempt(**{"has_left": True, "status": status, "body": body, **more})).kind


def test_only_a_success_with_a_number_is_an_acceptance() -> None:
    assert answered(200, {"status": "success", "orderid": "1"}) is AnswerKind.ACCEPTED
    assert answered(200, {"status": "success"}) is AnswerKind.SILENT
    assert answered(200, {"status": "error", "orderid": "1"}) is AnswerKind.SILENT
    assert answered(200, b"<html>") is AnswerKind.SILENT
    assert answered(201, {"status": "success", "orderid": "1"}) is AnswerKind.SILENT


@pytest.mark.parametrize("status", [400, 404, 408, 500, 502, 504])
def test_an_error_of_the_broker_behind_proves_nothing(status: int) -> None:
    assert answered(status, {"status": "error", "message": "insufficient funds"}) is AnswerKind.SILENT


def test_what_the_server_refuses_by_itself_was_not_passed_on() -> None:
    assert answered(403, {"message": "Invalid openalgo apikey"}) is AnswerKind.REFUSED
    assert answered(403, {"message": "The broker forbids it"}) is AnswerKind.SILENT
    assert answered(429) is AnswerKind.LIMITED


def test_what_never_left_is_the_same_attempt_later() -> None:
    assert answered(None, has_left=False) is AnswerKind.LIMITED
    assert answered(None, has_left=False, is_withheld=True) is AnswerKind.NOT_SENT
    assert answered(None) is AnswerKind.SILENT


@pytest.mark.parametrize(
    ("status", "said", "error"),
    [
        (403, {"message": "x"}, AuthenticationError),
        (429, {}, RateLimitError),
        (502, {"message": "x"}, VenueConnectionError),
        (200, {}, VenueConnectionError),
        (400, {"status": "error", "message": "x"}, BrokerError),
    ],
)
def test_a_question_without_an_answer_is_an_error(status: int, said: Any, error: type[BrokerError]) -> None:
    with pytest.raises(error):
        content_of(status, json.dumps(said).encode(), "funds")


class Told:
    """A door that gives one answer."""

    def __init__(self, data: Any) -> None:
        self.data, self.said = data, {}

    async def ask(self, call: str, said: dict[str, str]) -> dict[str, Any]:
        self.said = said
        return {"data": self.data}


def day(date: dt.date) -> dict[str, Any]:
    stamp = int(dt.datetime.combine(date, dt.time(), ZONE).timestamp())
    return {"timestamp": stamp, "open": 10, "high": "12.5", "low": 9, "close": 11, "volume": 5}


def test_days_are_sessions_and_the_one_that_is_not_over_is_left_out() -> None:
    clock = VirtualClock(VirtualTimeLoop(), int(dt.datetime(2024, 1, 3, 12, 0, tzinfo=ZONE).timestamp()) * NS)
    door = Told([day(dt.date(2024, 1, 3)), day(dt.date(2024, 1, 2)), day(dt.date(2024, 1, 1))])
    history = OpenAlgoBarHistory(door, Names(), "XBOM", ZONE, clock)  # type: ignore[arg-type]
    bars = asyncio.run(history.bars("INFY", Timeframe.parse("1d"), 0, 1 << 62))
    assert [str(bar.timestamp) for bar in bars] == ["2024-01-01 03:45:00+00:00", "2024-01-02 03:45:00+00:00"]
    assert (bars[0].high, bars[0].close_time - bars[0].open_time) == (12.5, 375 * 60 * NS)
    assert (door.said["interval"], door.said["exchange"], door.said["start_date"]) == ("D", "NSE", "1970-01-01")


def test_a_history_that_cannot_be_read_is_said() -> None:
    history = OpenAlgoBarHistory(Told(None), Names(), "XBOM", ZONE, VirtualClock(VirtualTimeLoop()))  # type: ignore[arg-type]
    with pytest.raises(BrokerError, match="history cannot be read"):
        asyncio.run(history.bars("INFY", Timeframe.parse("1m"), 0, 1))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"options": {"prodct": "MIS"}}, "has no option 'prodct'"),
        ({"options": {"product": "XYZ"}}, "has no product 'XYZ'. It has CNC, MIS, NRML"),
        ({"options": {"zone": "Mars"}}, "no time zone 'Mars'"),
        ({"addresses": {"hst": "http://x"}}, "has no address 'hst'"),
        ({"addresses": {"host": "x"}}, "host address of OpenAlgo cannot be used"),
        ({"feed": "fast"}, "has no feed 'fast'"),
    ],
)
def test_its_settings_are_known_and_sound(said: dict[str, Any], sentence: str) -> None:
    clock = VirtualClock(VirtualTimeLoop())
    with pytest.raises(ConfigError, match=sentence):
        KIND.open_paper(PaperKeys("openalgo", {"apikey": "k"}), Access(clock=clock, **said))


def test_a_missing_key_is_said_at_once_and_a_key_names_its_account() -> None:
    access = Access(clock=VirtualClock(VirtualTimeLoop()))
    with pytest.raises(AuthenticationError, match="lack 'apikey'"):
        KIND.open_paper(PaperKeys("openalgo", {}), access)
    name = KIND.account_of(PaperKeys("openalgo", {"apikey": "k"}), access)
    assert name.startswith("openalgo-paper-")
    assert "k" not in name.removeprefix("openalgo-paper-")
