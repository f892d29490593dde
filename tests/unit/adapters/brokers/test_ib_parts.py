"""Interactive Brokers: numbers of orders, bars of five seconds, instants, names, and what is refused at once."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.ib_stages import IbStage, ib_stage
from tests.markets import daily, intraday, share
from tests.sandboxes import venue_over
from tests.tws_gateways import until

from tradewright.adapters.brokers.ib.bar_stream import FiveSeconds
from tradewright.adapters.brokers.ib.contracts import symbol_of
from tradewright.adapters.brokers.ib.kind import KIND
from tradewright.adapters.brokers.ib.numbers import OrderNumbers
from tradewright.adapters.brokers.ib.words import amount, instant_from, order_of, status_of
from tradewright.domain.errors import AuthenticationError, BrokerError, ConfigError, DataError, StorageError
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.live.feed import StreamBar
from tradewright.domain.live.modes import LiveKeys, Mode, PaperKeys, ProcessMode
from tradewright.domain.live.venue import VenueStatus
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide, OrderType, TimeInForce
from tradewright.domain.timeframe import NS_PER_MINUTE, NS_PER_SECOND, Timeframe
from tradewright.ports.broker_kind import Access
from tradewright.venue.tws.gateway import TwsGateway

PAPER = PaperKeys("ib", {})


def live_keys() -> LiveKeys:
    process = ProcessMode()
    process.claim(Mode.LIVE)
    return LiveKeys("ib", {}, process.warrant("a test"))


class _Still:
    def now_ns(self) -> int:
        return 0

    def monotonic_ns(self) -> int:
        return 0


# ---------------------------------------------------------------- numbers


def test_numbers_rise_and_skip_what_was_seen() -> None:
    numbers = OrderNumbers()
    assert [numbers.take(), numbers.take()] == [1, 2]
    numbers.at_least(40)
    numbers.at_least(7)
    assert numbers.take() == 40


def test_a_later_process_never_uses_a_number_of_an_earlier_one(tmp_path: Path) -> None:
    path = tmp_path / "state" / "ib.orders"
    used = set()
    for _ in range(3):
        numbers = OrderNumbers(path)
        fresh = {numbers.take() for _ in range(300)}
        assert not used & fresh
        used |= fresh


def test_the_bound_is_on_the_disk_before_a_number_below_it_is_used(tmp_path: Path) -> None:
    path = tmp_path / "ib.orders"
    numbers = OrderNumbers(path)
    for _ in range(600):
        assert numbers.take() < int(path.read_text())


def test_a_damaged_bound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ib.orders"
    path.write_text("many\n")
    with pytest.raises(StorageError, match="does not hold the bound"):
        OrderNumbers(path)


def test_no_number_is_given_when_the_bound_cannot_be_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be kept"):
        OrderNumbers(tmp_path / "file" / "ib.orders").take()


def test_numbers_of_requests_are_never_numbers_of_orders() -> None:
    numbers = OrderNumbers()
    numbers.at_least(2_000_000_123)
    assert numbers.take() == 1
    numbers.at_least(1_899_999_999)
    numbers.take()
    with pytest.raises(StorageError, match="no numbers"):
        numbers.take()


# ---------------------------------------------------------------- bars


def fed(bars: FiveSeconds, seconds: range, skip: tuple[int, ...] = ()) -> list[Any]:
    found = [
        bars.add(each * NS_PER_SECOND, (100.0 + each, 101.0 + each, 99.0, 100.5 + each), 2.0)
        for each in seconds
        if each not in skip
    ]
    return [each for each in found if each is not None]


def test_twelve_bars_of_five_seconds_are_a_minute() -> None:
    (bar,) = fed(FiveSeconds("ACME", NS_PER_MINUTE), range(60, 120, 5))
    assert (bar.open_time, bar.close_time) == (NS_PER_MINUTE, 2 * NS_PER_MINUTE)
    assert (bar.open, bar.high, bar.low, bar.close, bar.volume) == (160.0, 216.0, 99.0, 215.5, 24.0)


def test_a_bar_that_began_before_the_stream_is_not_given() -> None:
    found = fed(FiveSeconds("ACME", NS_PER_MINUTE), range(75, 180, 5))
    assert [bar.open_time for bar in found] == [2 * NS_PER_MINUTE]


def test_a_bar_that_lacks_five_seconds_is_not_given() -> None:
    assert fed(FiveSeconds("ACME", NS_PER_MINUTE), range(60, 120, 5), skip=(80,)) == []
    assert len(fed(FiveSeconds("ACME", NS_PER_MINUTE), range(60, 180, 5), skip=(115,))) == 1


def test_five_seconds_that_come_twice_count_once() -> None:
    bars = FiveSeconds("ACME", NS_PER_MINUTE)
    fed(bars, range(60, 80, 5))
    (bar,) = fed(bars, range(70, 120, 5))
    assert bar.volume == 24.0


def days_of(stage: IbStage) -> list[Any]:
    tape = stage.gateway.venue.tape
    series = tape.bars_of(0)
    return [series.bar(row) for row in range(tape.bar_number(0) + 1)]


def test_history_has_every_page_of_minutes_over_days() -> None:
    async def run() -> None:
        sessions = [[100.0 + day] * 5 for day in range(7)]
        gateway = TwsGateway(venue_over(intraday(sessions)))
        gateway.venue.advance(30)
        async with gateway.listening() as port, ib_stage() as stage:
            stage.gateway, stage.port = gateway, port
            stage.clock = type(stage.clock)(gateway)
            truth = days_of(stage)
            history = stage.open().history
            assert history is not None
            found = await history.bars("ACME", Timeframe.parse("1m"), truth[0].open_time, truth[-1].close_time)
            assert list(found) == truth

    asyncio.run(run())


def test_history_of_days_has_the_sessions_of_the_exchange() -> None:
    async def run() -> None:
        gateway = TwsGateway(venue_over(daily([100.0, 101.0, 102.0, 103.0], share())))
        gateway.venue.advance(2)
        async with gateway.listening() as port, ib_stage() as stage:
            stage.gateway, stage.port = gateway, port
            stage.clock = type(stage.clock)(gateway)
            truth = days_of(stage)
            history = stage.open().history
            assert history is not None
            found = await history.bars("ACME", Timeframe.parse("1d"), truth[0].open_time, truth[-1].close_time)
            assert list(found) == truth

    asyncio.run(run())


@pytest.mark.parametrize("words", ["7m", "1h", "1w"])
def test_bars_that_would_begin_elsewhere_are_refused(words: str) -> None:
    async def run() -> None:
        async with ib_stage() as stage:
            history = stage.open().history
            assert history is not None
            with pytest.raises(DataError, match=f"no bars of {words}"):
                await history.bars("ACME", Timeframe.parse(words), 0, 1)

    asyncio.run(run())


def test_a_stream_that_is_cut_ends_and_tells_again_when_it_is_opened_again() -> None:
    async def run() -> None:
        async with ib_stage() as stage:
            stream = stage.open().stream
            assert stream is not None
            await stream.connect()
            await stream.subscribe(["ACME"], Timeframe.parse("1m"))
            for session in stage.gateway.sessions:
                session.cut()
            async with asyncio.timeout(60.0):
                assert not [event async for event in stream.events() if isinstance(event, StreamBar)]
            await stream.connect()
            await stream.subscribe(["ACME"], Timeframe.parse("1m"))
            stage.gateway.venue.advance()
            async with asyncio.timeout(60.0):
                async for event in stream.events():
                    if isinstance(event, StreamBar):
                        break
            assert event.bar == days_of(stage)[-1]
            await stream.disconnect()

    asyncio.run(run())


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("20240131 14:30:00 UTC", 1_706_711_400),
        ("20240131-14:30:00", 1_706_711_400),
        ("20240131 09:30:00 America/New_York", 1_706_711_400),
        ("20240131 09:30:00 US/Eastern", 1_706_711_400),
    ],
)
def test_instants_are_read_in_every_form_of_the_gateway(text: str, seconds: int) -> None:
    assert instant_from(text) == seconds * NS_PER_SECOND


@pytest.mark.parametrize("text", ["", "soon", "20240131", "20240131 25:00:00 UTC", "20240131 14:30:00 Nowhere/Land"])
def test_what_is_no_instant_is_none(text: str) -> None:
    assert instant_from(text) is None


def test_an_order_is_written_in_decimals_without_exponent() -> None:
    wire = WireOrder(
        symbol="ACME", side=OrderSide.SELL, quantity=Decimal(100), order_type=OrderType.STOP_LIMIT,
        limit_price=Decimal("1E+2"), stop_price=Decimal("100.10"), time_in_force=TimeInForce.GTD,
        expires_ns=1_706_711_400 * NS_PER_SECOND,
    )  # fmt: skip
    order = order_of(wire, "ref", "DU1")
    assert (str(order.lmtPrice), str(order.auxPrice), order.totalQuantity) == ("100", "100.10", 100.0)
    assert (order.goodTillDate, order.tif, order.orderRef) == ("20240131-14:30:00", "GTD", "ref")
    assert (order.action, order.orderType, order.account, order.outsideRth) == ("SELL", "STP LMT", "DU1", False)


def test_numbers_of_the_library_become_the_shortest_decimals() -> None:
    assert [str(amount(each)) for each in (100.0, 0.1, 7.5, 1e6)] == ["100", "0.1", "7.5", "1000000"]


def test_inactive_is_an_end_only_with_a_refusal() -> None:
    assert status_of("Inactive") is VenueStatus.OPEN
    assert status_of("Inactive", is_refused=True) is VenueStatus.REJECTED
    assert status_of("Filled", is_refused=True) is VenueStatus.FILLED
    assert status_of("Cancelled", "Order Expired") is VenueStatus.EXPIRED


class _Contract:
    def __init__(self, kind: str, symbol: str, currency: str) -> None:
        self.secType, self.symbol, self.currency, self.localSymbol = kind, symbol, currency, symbol


def test_symbols_name_class_currency_and_what_is_no_share() -> None:
    names = [_Contract("STK", "BRK B", "USD"), _Contract("STK", "VOD", "GBP"), _Contract("FUT", "ESZ6", "USD")]
    assert [symbol_of(each, "USD") for each in names] == ["BRK.B", "VOD.GBP", "FUT.ESZ6"]


# ---------------------------------------------------------------- the kind


@pytest.mark.parametrize("port", ["7496", "4001"])
def test_paper_is_not_opened_at_a_port_of_live_accounts(port: str) -> None:
    with pytest.raises(ConfigError, match="other kind of account than paper"):
        KIND.open_paper(PAPER, Access(clock=_Still(), addresses={"port": port}))


@pytest.mark.parametrize("port", ["7497", "4002"])
def test_live_is_not_opened_at_a_port_of_paper_accounts(port: str, tmp_path: Path) -> None:
    access = Access(clock=_Still(), addresses={"port": port}, options={"state": str(tmp_path)})
    with pytest.raises(ConfigError, match="other kind of account than live"):
        KIND.open_live(live_keys(), access)


def test_live_is_not_opened_without_a_folder_for_numbers() -> None:
    with pytest.raises(ConfigError, match="folder for their numbers"):
        KIND.open_live(live_keys(), Access(clock=_Still()))


def test_names_of_accounts_are_held_against_the_mode(tmp_path: Path) -> None:
    with pytest.raises(AuthenticationError, match="U123 is no paper account"):
        KIND.open_paper(PAPER, Access(clock=_Still(), account="U123"))
    access = Access(clock=_Still(), account="DU123", options={"state": str(tmp_path)})
    with pytest.raises(AuthenticationError, match="DU123 is no live account"):
        KIND.open_live(live_keys(), access)


def test_credentials_of_one_mode_do_not_open_the_other() -> None:
    with pytest.raises(AuthenticationError, match="with paper credentials"):
        KIND.open_paper(live_keys(), Access(clock=_Still()))  # type: ignore[arg-type]
    with pytest.raises(AuthenticationError, match="with live credentials"):
        KIND.open_live(PAPER, Access(clock=_Still()))  # type: ignore[arg-type]


@pytest.mark.parametrize("said", [{"addresses": {"port": "x"}}, {"options": {"client_id": "-1"}}, {"feed": "iex"}])
def test_what_cannot_be_is_refused_by_its_name(said: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        KIND.open_paper(PAPER, Access(clock=_Still(), **said))


def test_a_journal_is_named_after_account_and_mode() -> None:
    assert KIND.account_of(PAPER, Access(clock=_Still(), account="DU123")) == "ib-paper-DU123"
    assert KIND.account_of(live_keys(), Access(clock=_Still())) == "ib-live-17"


def test_nobody_at_the_port_is_said_with_what_to_do() -> None:
    async def run() -> None:
        async with ib_stage() as stage:
            port = stage.port
        broker = KIND.open_paper(PAPER, Access(clock=stage.clock, addresses={"port": str(port)})).broker
        with pytest.raises(VenueConnectionError, match=f"No TWS or gateway answers at 127.0.0.1:{port}"):
            await broker.connect()

    asyncio.run(run())


def test_an_instrument_has_the_calendar_of_its_exchange_and_the_venues_tick() -> None:
    async def run() -> None:
        async with ib_stage() as stage:
            parts = stage.open()
            found = await parts.instruments.instrument("ACME")
            assert (found.id, found.calendar, found.currency) == ("XNYS:ACME", "XNYS", "USD")
            assert (found.tick, found.lot) == (0.01, 1.0)
            with pytest.raises(DataError, match="no share NOSUCH in USD"):
                await parts.instruments.instrument("NOSUCH")
            with pytest.raises(DataError, match="is no symbol of a share"):
                await parts.instruments.instrument("acme corp")
            await parts.broker.disconnect()
            await until(lambda: not stage.gateway.sessions)

    asyncio.run(run())


def test_questions_without_a_connection_raise() -> None:
    async def run() -> None:
        async with ib_stage() as stage:
            broker = stage.open().broker
            for ask in (broker.open_orders, broker.positions, broker.account):
                with pytest.raises(BrokerError):
                    await ask()

    asyncio.run(run())
