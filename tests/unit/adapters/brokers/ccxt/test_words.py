"""Reading what ccxt says: ids, states, numbers, and klines that have closed."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from types import SimpleNamespace

import pytest

from tradewright.adapters.brokers.ccxt.bar_stream import CcxtBarStream
from tradewright.adapters.brokers.ccxt.klines import bar_from, closed_kline
from tradewright.adapters.brokers.ccxt.pairs import Pairs, step_of
from tradewright.adapters.brokers.ccxt.words import decimal_in, ends_ns, fill_from, order_from, split_vid, vid_of
from tradewright.domain.errors import BrokerError
from tradewright.domain.live.venue import VenueStatus
from tradewright.domain.timeframe import Timeframe

MINUTE = Timeframe.parse("1m")


def order(**said):
    plain = {
        "symbol": "BTC/USDT", "id": "28", "clientOrderId": "mine", "side": "sell", "amount": "1.50000000",
        "filled": "0.50000000", "status": "open", "timestamp": 1_700_000_000_123,
    }  # fmt: skip
    return {**plain, **said}


@pytest.mark.parametrize(
    ("word", "filled", "status"),
    [
        ("open", "0", VenueStatus.OPEN),
        ("canceling", "0", VenueStatus.OPEN),
        ("PENDING_NEW", "0", VenueStatus.OPEN),
        ("closed", "1.5", VenueStatus.FILLED),
        ("closed", "0.5", VenueStatus.CANCELLED),
        ("canceled", "0.5", VenueStatus.CANCELLED),
        ("expired", "0.5", VenueStatus.EXPIRED),
        ("rejected", "0", VenueStatus.REJECTED),
    ],
)
def test_states_are_told_by_word_and_numbers(word, filled, status):
    assert order_from(order(status=word, filled=filled)).status is status


def test_an_order_is_read_to_the_last_digit():
    seen = order_from(order(amount="0.10000001"))
    assert (seen.vid, seen.cid, seen.quantity, seen.created_ns) == (
        "BTC/USDT#28", "mine", Decimal("0.10000001"), 1_700_000_000_123_000_000,
    )  # fmt: skip


@pytest.mark.parametrize("said", [{"status": "asleep"}, {"side": None}, {"timestamp": None}, {"amount": "many"}])
def test_an_order_that_cannot_be_read_is_no_evidence(said):
    with pytest.raises(BrokerError):
        order_from(order(**said))


def test_an_execution_that_cannot_be_read_is_no_evidence():
    with pytest.raises(BrokerError):
        fill_from({"symbol": "BTC/USDT", "id": "1", "side": "buy"}, None, Decimal(0))


def test_ids_carry_their_symbol():
    assert split_vid(vid_of("BTC/USDT", 28)) == ("BTC/USDT", "28")


def test_an_end_counts_to_the_end_of_its_millisecond():
    assert ends_ns({"lastUpdateTimestamp": 5}) == 5_999_999
    assert ends_ns({"timestamp": 5}) == 5_999_999


def test_a_number_that_is_missing_is_nothing_and_one_that_is_none_is_no_answer():
    assert decimal_in({}, "free") == 0
    with pytest.raises(BrokerError):
        decimal_in({"free": "NaN"}, "free")


def test_steps_are_read_as_the_exchange_means_them():
    market = {"precision": {"amount": "3", "price": None}}
    assert step_of(SimpleNamespace(precisionMode=2), market, "amount") == Decimal("0.001")
    assert step_of(SimpleNamespace(precisionMode=2), market, "price") == 0
    assert step_of(SimpleNamespace(precisionMode=3), market, "amount") == 0
    assert step_of(SimpleNamespace(precisionMode=4), {"precision": {"amount": "0.01"}}, "amount") == Decimal("0.01")


def test_only_coins_that_trade_against_the_accounts_currency_are_positions():
    pairs = Pairs("USDT", ("ETH/USDT",))
    made = SimpleNamespace(markets={"BTC/USDT": {}, "BTC/EUR": {}})
    held = pairs.held(made, {"BTC": "0.5", "USDT": "100", "EUR": "7", "DUST": "1", "ETH": "0"})
    assert held == {"BTC/USDT": Decimal("0.5")}
    assert pairs.known == ("ETH/USDT", "BTC/USDT")


def test_a_kline_counts_when_it_says_that_it_has_closed():
    kline = {"s": "BTCUSDT", "i": "1m", "t": 0, "o": "1", "h": "2", "l": "1", "c": "2", "v": "3", "x": True}
    assert closed_kline({"e": "kline", "k": kline}) == ("BTCUSDT", "1m", [0, "1", "2", "1", "2", "3"])
    assert closed_kline({"data": {"e": "kline", "k": {**kline, "x": False}}}) is None
    assert closed_kline({"result": None, "id": 1}) is None
    assert closed_kline([]) is None


def test_a_kline_that_cannot_be_is_no_bar():
    with pytest.raises(BrokerError):
        bar_from("BTC/USDT", [0, 5, 4, 3, 5, 1], MINUTE)


def test_where_klines_do_not_say_it_one_has_closed_when_the_next_begins():
    async def run():
        door = SimpleNamespace(plan=SimpleNamespace(name="another"))
        stream = CcxtBarStream(door, Pairs("USDT", ()), None)
        begun = {}
        for rows in ([[0, 1, 1, 1, 1, 1]], [[0, 1, 3, 1, 2, 5]], [[60_000, 2, 2, 2, 2, 1], [120_000, 2, 2, 2, 2, 0]]):
            stream._succeeded({"BTC/USDT": {"1m": rows}}, "1m", MINUTE, begun)
        return [stream._line.get_nowait().bar for _ in range(stream._line.qsize())]

    bars = asyncio.run(run())
    assert [(bar.open_time, bar.high, bar.close, bar.volume) for bar in bars] == [
        (0, 3.0, 2.0, 5.0), (60_000_000_000, 2.0, 2.0, 1.0),
    ]  # fmt: skip
