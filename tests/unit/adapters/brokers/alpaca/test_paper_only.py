"""A trip-wire over every path: whatever a paper adapter is asked to do, it never so much as looks for a live host."""

from __future__ import annotations

import asyncio
import contextlib
from decimal import Decimal

import pytest

from tradewright.adapters.brokers.alpaca.kind import AlpacaKind
from tradewright.adapters.brokers.alpaca.table import FEEDS, AlpacaTerms
from tradewright.adapters.wire.reading import Patience
from tradewright.domain.errors import BrokerError
from tradewright.domain.live.modes import LiveKeys, Mode, PaperKeys, ProcessMode
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide
from tradewright.domain.timeframe import Timeframe
from tradewright.ports.broker_kind import Access
from tradewright.testing.brokers.play import approved
from tradewright.testing.virtual_time import VirtualClock, VirtualTimeLoop

SECRETS = {"key": "PKTEST", "secret": "s"}
DATA = {"data.alpaca.markets", "stream.data.alpaca.markets"}
KIND = AlpacaKind(AlpacaTerms(patience=Patience(attempts=1)))
MINUTE = Timeframe.parse("1m")
ORDER = WireOrder(symbol="ACME", side=OrderSide.BUY, quantity=Decimal(1))
DAY_NS = 86_400_000_000_000


class Marked(VirtualClock):
    """A clock whose time does not matter."""

    def __init__(self):
        super().__init__(VirtualTimeLoop())


@pytest.fixture
def looked_for(monkeypatch):
    """Hosts that were looked for; none is found."""
    hosts: set[str] = set()

    async def nowhere(self, protocol_factory, host=None, port=None, **options):
        hosts.add(host)
        raise OSError("There is no network here.")

    monkeypatch.setattr(asyncio.BaseEventLoop, "create_connection", nowhere)
    return hosts


async def everything(parts):
    """Every method of every part, whatever comes of it."""
    broker, stream = parts.broker, parts.stream
    with contextlib.suppress(BrokerError):
        await broker.connect()
    broker._require_open = lambda: None
    calls = [
        lambda: broker.submit(approved(ORDER), "c1", lambda: True),
        lambda: broker.cancel("c1", None, lambda: True),
        lambda: broker.cancel("c1", "v1", lambda: True),
        lambda: broker.replace("v1", approved(ORDER), "c2", lambda: True),
        lambda: broker.order_by_cid("c1"),
        lambda: broker.order_by_vid("v1"),
        broker.open_orders,
        lambda: broker.closed_orders(0),
        lambda: broker.executions(0),
        broker.positions,
        broker.account,
        stream.connect,
        lambda: stream.subscribe(["ACME"], MINUTE),
        lambda: parts.history.bars("ACME", MINUTE, 0, DAY_NS),
        lambda: parts.instruments.instrument("ACME"),
        stream.disconnect,
        broker.disconnect,
    ]
    for call in calls:
        with contextlib.suppress(BrokerError):
            await call()


@pytest.mark.parametrize("feed", list(FEEDS))
def test_paper_looks_for_paper_and_data_only(looked_for, feed):
    parts = KIND.open_paper(PaperKeys("alpaca", SECRETS), Access(clock=Marked(), feed=feed))
    asyncio.run(everything(parts))
    assert looked_for == {"paper-api.alpaca.markets"} | DATA


def test_the_wire_is_tripped_by_a_live_adapter(looked_for):
    process = ProcessMode()
    process.claim(Mode.LIVE)
    parts = KIND.open_live(LiveKeys("alpaca", SECRETS, process.warrant("a test")), Access(clock=Marked()))
    asyncio.run(everything(parts))
    assert looked_for == {"api.alpaca.markets"} | DATA


def test_no_environment_leads_elsewhere(looked_for, monkeypatch):
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://proxy.example:8080")
    parts = KIND.open_paper(PaperKeys("alpaca", SECRETS), Access(clock=Marked()))
    asyncio.run(everything(parts))
    assert looked_for == {"paper-api.alpaca.markets"} | DATA
