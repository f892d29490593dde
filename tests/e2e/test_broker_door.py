"""`tw.broker` against the sandbox: settings, credentials, journal, risk office and venue, as in a user's program."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.markets import intraday
from tests.sandboxes import KEY, SECRET, Sandbox, sandbox_over

import tradewright as tw
from tradewright.adapters.brokers.alpaca import kind
from tradewright.adapters.brokers.alpaca.table import CAPABILITIES, AlpacaTerms
from tradewright.app.live.door import BrokerDoor
from tradewright.bootstrap import accounts
from tradewright.domain.live.modes import ProcessMode

PAGE = """
brokers:
  alpaca:
    paper: {{key: '${{SANDBOX_KEY}}', secret: '${{SANDBOX_SECRET}}'}}
    addresses: {{trading: '{url}', data: '{url}', stream: '{socket}/stream', data_stream: '{socket}'}}
"""
MINUTE = 60_000_000_000


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A running sandbox, whose time is that of this program, and a project whose settings lead to it."""
    quick = replace(CAPABILITIES, accept_delay_s=0.1, index_lag_s=0.1)
    monkeypatch.setattr(kind, "KIND", kind.AlpacaKind(AlpacaTerms(capabilities=quick)))
    monkeypatch.setitem(accounts.account_door.__kwdefaults__, "process", ProcessMode())
    with sandbox_over(intraday([[100.0] * 60])) as found:

        class TapeClock:
            ahead_ns = found.venue.tape.now_ns - time.monotonic_ns()

            def now_ns(self) -> int:
                return time.monotonic_ns() + self.ahead_ns

            def monotonic_ns(self) -> int:
                return time.monotonic_ns()

        monkeypatch.setattr("tradewright.adapters.system_clock.SystemClock", TapeClock)
        text = PAGE.format(url=found.url, socket=found.url.replace("http", "ws"))
        (tmp_path / "tradewright.yaml").write_text(text)
        monkeypatch.setenv("SANDBOX_KEY", KEY)
        monkeypatch.setenv("SANDBOX_SECRET", SECRET)
        monkeypatch.chdir(tmp_path)
        yield found


def played(sandbox: Sandbox, play: Callable[[BrokerDoor], Coroutine[Any, Any, None]]) -> None:
    async def whole() -> None:
        async with tw.broker("alpaca", mode="paper", risk="cautious") as b:
            now = sandbox.venue.tape.now_ns
            for number in range(20, 0, -1):
                closes = now - number * MINUTE + MINUTE
                await b.see(tw.Bar("ACME", closes - MINUTE, closes, 100.0, 100.5, 99.5, 100.0, 1e6))
            await play(b)

    asyncio.run(whole())


def limit(price: float, **said: Any) -> tw.OrderRequest:
    named = {"symbol": "ACME", "side": tw.OrderSide.BUY, "quantity": 10, **said}
    return tw.OrderRequest(
        order_type=tw.OrderType.LIMIT, limit_price=price, time_in_force=tw.TimeInForce.DAY, **named
    )  # fmt: skip


async def until(b: BrokerDoor, order_id: str, status: tw.OrderStatus) -> tw.OrderResponse:
    async with asyncio.timeout(60.0):
        while (order := await b.get_order(order_id)).status is not status:
            await b._in.road.office.change.wait()
    return order


@pytest.mark.slow
def test_an_order_outlives_its_program_and_is_found_by_the_next(sandbox: Sandbox) -> None:
    placed: list[str] = []

    async def first(b: BrokerDoor) -> None:
        order = await b.submit_order(limit(90.0, client_order_id="mine"))
        assert order.status is tw.OrderStatus.SUBMITTED, order
        placed.append(order.id)

    async def second(b: BrokerDoor) -> None:
        assert [each.id for each in await b.get_open_orders("ACME")] == placed
        assert (await b.submit_order(limit(90.0, client_order_id="mine"))).id == placed[0]
        assert (await b.cancel_order("mine")).status is tw.OrderStatus.CANCELLED

    played(sandbox, first)
    played(sandbox, second)
    (order,) = sandbox.ask("GET", "/v2/orders?status=all").json()
    assert (order["client_order_id"], order["status"]) == (placed[0], "canceled")


@pytest.mark.slow
def test_shares_are_bought_held_and_sold(sandbox: Sandbox) -> None:
    async def play(b: BrokerDoor) -> None:
        bought = await b.submit_order(limit(101.0))
        await asyncio.to_thread(sandbox.advance)
        done = await until(b, bought.id, tw.OrderStatus.FILLED)
        assert (done.filled_quantity, done.average_fill_price) == (10.0, 100.0)
        held = await b.get_position("ACME")
        assert held is not None
        assert (held.quantity, held.average_price) == (10.0, 100.0)
        sold = await b.close_position("ACME")
        await asyncio.to_thread(sandbox.advance)
        await until(b, sold.id, tw.OrderStatus.FILLED)
        assert await b.get_all_positions() == []

    played(sandbox, play)


@pytest.mark.slow
def test_too_much_is_refused_here_and_never_reaches_the_venue(sandbox: Sandbox) -> None:
    async def play(b: BrokerDoor) -> None:
        refused = await b.submit_order(limit(100.0, quantity=800))
        assert refused.status is tw.OrderStatus.REJECTED
        assert refused.reason

    played(sandbox, play)
    assert sandbox.ask("GET", "/v2/orders?status=all").json() == []
