"""OpenAlgo's adapter keeps every promise of brokers, over real HTTP against the sandbox."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from tests.broker_stages import FAULTS as ALPACA_FAULTS
from tests.broker_stages import VOLUME, AlpacaStage
from tests.markets import intraday
from tests.openalgo_client import openalgo_client
from tests.sandboxes import Sandbox, sandbox_over

import tradewright as tw
from tradewright.adapters.brokers.openalgo.door import MARK, Door
from tradewright.adapters.brokers.openalgo.kind import OpenAlgoKind
from tradewright.adapters.brokers.openalgo.table import CAPABILITIES, OpenAlgoTerms
from tradewright.adapters.wire.rate_limiter import Pace
from tradewright.adapters.wire.reading import Patience
from tradewright.domain.errors import ConfigError, DataError, SymbolNotFoundError
from tradewright.domain.live.modes import PaperKeys
from tradewright.domain.live.venue import AnswerKind, VenueFill, VenueOrder, VenueStatus
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide, OrderType, TimeInForce
from tradewright.domain.timeframe import Timeframe
from tradewright.ports.broker_kind import Access, VenueParts
from tradewright.testing import BrokerConformance, StageFault, StageTerms
from tradewright.testing.brokers.play import Play
from tradewright.venue.marks import MARK as VENUE_MARK

KEY = "apikey"
OF_REQUESTS = (
    StageFault.REQUEST_LOST, StageFault.ANSWER_LOST, StageFault.ERROR, StageFault.ERROR_AFTER, StageFault.LIMITED,
)  # fmt: skip
TERMS = StageTerms(
    symbol="ACME",
    quantity=Decimal(7),
    resting_price=Decimal("50.25"),
    tick=Decimal("0.01"),
    time_in_force=TimeInForce.DAY,
    partly=WireOrder(symbol="ACME", side=OrderSide.BUY, quantity=Decimal(50), time_in_force=TimeInForce.DAY),
    timeframe=Timeframe.parse("1m"),
    faults=frozenset(OF_REQUESTS),
)
SHORT = OpenAlgoTerms(
    capabilities=replace(CAPABILITIES, accept_delay_s=0.3, index_lag_s=0.3, heartbeat_s=2.0),
    pace=Pace(per_s=1000.0, burst=1000, reserve=10),
    patience=Patience(first_s=0.01, within_s=30.0),
    answer_s=30.0,
    poll_s=0.05,
)
ENDS = {"complete": VenueStatus.FILLED, "cancelled": VenueStatus.CANCELLED, "rejected": VenueStatus.REJECTED}
OPTIONS = {"zone": "America/New_York", "calendar": "XNYS", "currency": "USD", "exchange": "XNYS"}


class OpenAlgoStage(AlpacaStage):
    """The sandbox, looked at through the client that OpenAlgo publishes and the sandbox's memory."""

    terms = TERMS

    def __init__(self, sandbox: Sandbox, kind: OpenAlgoKind) -> None:
        super().__init__(sandbox, kind)  # type: ignore[arg-type]
        self.api = openalgo_client(KEY, sandbox.url)
        self.api.positionbook()

    def open(self) -> VenueParts:
        access = Access(clock=self.clock, addresses={"host": self.sandbox.url}, options=OPTIONS)
        return self.kind.open_paper(PaperKeys("openalgo", {"apikey": KEY}), access)

    async def orders(self) -> list[VenueOrder]:
        return [as_seen(row) for row in (await self._threaded(self.api.orderbook))["data"]["orders"]]

    async def price_of(self, vid: str) -> Decimal:
        rows = (await self._threaded(self.api.orderbook))["data"]["orders"]
        return next(Decimal(str(row["price"])) for row in rows if row["orderid"] == vid)

    async def fills(self) -> list[VenueFill]:
        happened = [each for each in self.sandbox.venue.account(KEY).happenings if each.execution_id is not None]
        return [as_fill(each) for each in happened]

    async def positions(self) -> dict[str, Decimal]:
        rows = (await self._threaded(self.api.positionbook))["data"]
        return {row["symbol"]: Decimal(str(row["quantity"])) for row in rows}

    async def place_by_hand(self, order: WireOrder) -> str:
        said: dict[str, Any] = {"price_type": "MARKET"}
        if order.order_type is OrderType.LIMIT:
            said = {"price_type": "LIMIT", "price": str(order.limit_price)}
        answer = await asyncio.to_thread(
            lambda: self.api.placeorder(
                symbol=order.symbol, exchange="XNYS", action=order.side.name, product="CNC",
                quantity=str(order.quantity), **said,
            )
        )  # fmt: skip
        return str(answer["orderid"])

    async def switch_on(self, fault: StageFault, *, share: float = 1.0, count: int | None = None) -> None:
        said = {**ALPACA_FAULTS[fault], "rate": share, **({} if count is None else {"count": count})}
        await self._threaded(self.sandbox.control, "POST", "/faults", said)


def as_seen(row: dict[str, Any]) -> VenueOrder:
    """An order as OpenAlgo's own client shows it."""
    return VenueOrder(
        vid=row["orderid"], cid=None, symbol=row["symbol"], side=OrderSide[row["action"]],
        quantity=Decimal(str(row["quantity"])), filled=Decimal(str(row["filled_quantity"])),
        status=ENDS.get(row["order_status"], VenueStatus.OPEN), created_ns=0,
    )  # fmt: skip


def as_fill(happening: Any) -> VenueFill:
    """A fill as the sandbox remembers it."""
    order = happening.order
    return VenueFill(
        execution_id=None, vid=str(order.words["orderid"]), cid=None, symbol=order.symbol, side=order.side,
        quantity=Decimal(repr(happening.quantity)).normalize(), price=Decimal(repr(happening.price)).normalize(),
        cumulative=Decimal(repr(happening.filled + order.words.get("filled_before", 0.0))).normalize(),
        at_ns=happening.at_ns,
    )  # fmt: skip


@contextlib.asynccontextmanager
async def openalgo_stage(terms: OpenAlgoTerms = SHORT, **said: Any) -> AsyncIterator[OpenAlgoStage]:
    """A sandbox of one-minute bars, and the adapter beside it."""
    prices = [100.0 + 0.25 * (minute % 5) for minute in range(90)]
    policies = {"costs": tw.Costs(slippage_bps=0, commission=tw.PerTrade(0.0))}
    with sandbox_over(intraday([prices], volume=VOLUME), policies=policies, **said) as sandbox:
        yield OpenAlgoStage(sandbox, OpenAlgoKind(terms))


class TestOpenAlgo(BrokerConformance):
    stage = staticmethod(openalgo_stage)

    @pytest.mark.slow
    def test_the_road_ends_equal_without_faults(self) -> None:
        super().test_the_road_ends_equal_without_faults()

    @pytest.mark.slow
    def test_the_road_finds_out_what_was_not_answered(self) -> None:
        super().test_the_road_finds_out_what_was_not_answered()


# ---------------------------------------------------------------- beside the suite: what only OpenAlgo has


def played(check: Callable[[Play], Any], **said: Any) -> None:
    """Make a check on a stage of its own."""
    BrokerConformance.of(stage=lambda: openalgo_stage(**said))().play(check)


def test_openalgos_own_client_sees_what_was_placed() -> None:
    async def check(play: Play) -> None:
        wire = WireOrder(
            symbol="ACME", side=OrderSide.BUY, quantity=Decimal(3), order_type=OrderType.STOP_LIMIT,
            stop_price=Decimal("150.05"), limit_price=Decimal("151.5"), time_in_force=TimeInForce.DAY,
        )  # fmt: skip
        vid = await play.placed(wire)
        seen = (await asyncio.to_thread(play.stage.api.orderstatus, order_id=vid))["data"]
        assert (seen["pricetype"], seen["price"], seen["trigger_price"]) == ("SL", 151.5, 150.05)
        assert (seen["product"], seen["exchange"], seen["quantity"]) == ("CNC", "XNYS", 3)

    played(check)


def test_a_bad_request_may_have_been_carried_out_and_is_silence() -> None:
    async def check(play: Play) -> None:
        fault = {"kind": "error-after", "on": "submit", "status": 400}
        await asyncio.to_thread(play.stage.sandbox.control, "POST", "/faults", fault)
        assert (await play.submit(play.terms.resting())).kind is AnswerKind.SILENT
        assert len(await play.stage.orders()) == 1

    played(check)


def test_equity_is_cash_and_what_the_shares_are_worth() -> None:
    async def check(play: Play) -> None:
        before = await play.broker.account()
        await play.filled()
        after = await play.broker.account()
        assert after.cash < before.cash
        assert abs(after.equity - before.equity) < 5

    played(check)


def test_bars_and_instruments_are_those_of_the_venue() -> None:
    async def check(play: Play) -> None:
        parts = play.stage.open()
        assert parts.history is not None
        instrument = await parts.instruments.instrument("ACME")
        assert (instrument.exchange, instrument.lot, instrument.tick, instrument.currency) == ("XNYS", 1.0, 0.01, "USD")
        with pytest.raises(SymbolNotFoundError, match="OpenAlgo does not know NOSUCH"):
            await parts.instruments.instrument("NOSUCH")
        with pytest.raises(DataError, match="OpenAlgo has no bars of 7m"):
            await parts.history.bars("ACME", Timeframe.parse("7m"), 0, 1)

    played(check)


def test_on_paper_nothing_is_sent_to_what_is_no_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check(play: Play) -> None:
        monkeypatch.setattr("tradewright.adapters.brokers.openalgo.door.MARK", ("x-tradewright-venue", "elsewhere"))
        with pytest.raises(ConfigError, match="the server at this address is no sandbox"):
            await play.broker.account()
        answer = await play.submit(play.terms.resting())
        assert (answer.kind, answer.reason) == (AnswerKind.NOT_SENT, "The server has not proved to be a sandbox.")
        assert await play.stage.arrived() == 0

    played(check)


def test_without_the_proof_that_order_would_have_left(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check(play: Play) -> None:
        monkeypatch.setattr(Door, "_prove", lambda self, headers: None)
        monkeypatch.setattr("tradewright.adapters.brokers.openalgo.door.MARK", ("x-tradewright-venue", "elsewhere"))
        assert (await play.submit(play.terms.resting())).kind is AnswerKind.ACCEPTED

    played(check)


def test_the_mark_is_the_sandboxs_own() -> None:
    assert {MARK[0]: MARK[1]} == {name.lower(): word for name, word in VENUE_MARK.items()}
