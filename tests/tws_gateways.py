"""Local gateways for tests: the sandbox behind Interactive Brokers' protocol, in the loop of the test."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from tests.markets import Row, intraday
from tests.sandboxes import venue_over

from tradewright.venue.tws.gateway import TwsGateway

PATIENCE_S = 60.0
FLAT: tuple[float, ...] = (100.0,) * 40


async def until(is_so: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
    """Let the loop run until something is so."""
    async with asyncio.timeout(patience_s):
        while not is_so():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def gateway_over(
    rows: Sequence[Row | None] = FLAT, account: str = "DU1234567", **said: Any
) -> AsyncIterator[tuple[TwsGateway, int]]:
    """A gateway over minute bars of ACME, and its port."""
    gateway = TwsGateway(venue_over(intraday([rows]), **said), account)
    async with gateway.listening() as port:
        yield gateway, port
