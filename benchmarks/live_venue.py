"""The venue of P8, beside the session's process: a sandbox, and before it the edge at which instants are taken.

`python -m benchmarks.live_venue BARS` prints the edge's address. Lines are read then: ``bar`` lets the next bar pass,
and is answered when the sandbox has given it; ``times`` is answered with the instants at which bars were handed to the
session's socket and the first bytes of orders came, by `time.perf_counter_ns`, which the processes of a machine share.
"""

from __future__ import annotations

import asyncio
import json
import sys
import urllib.request
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from tradewright.domain.bars import Bars

SYMBOL = "ACME"
WARM = 60
"""Bars that have passed before anybody connects."""

_FIRST_DAY = 16_000
_BAR_STREAM, _ORDER = b"GET /v2/iex", b"POST /v2/orders"
_BINARY = 2


def series(bars: int) -> Bars:
    """The bars that pass, the same for whoever makes them."""
    from tradewright.domain.instrument import Equity
    from tradewright.domain.timeframe import Timeframe
    from tradewright.marketdata.synthetic import synthetic_market

    span = _FIRST_DAY, None, bars
    made = synthetic_market([Equity(SYMBOL, "XNYS")], Timeframe.parse("1m"), span, rng=np.random.default_rng(8))
    return made[SYMBOL]


def sandbox(bars: int) -> None:
    """Serve the sandbox until the process is ended; its address is printed."""
    from tradewright.simulation.costs import Costs
    from tradewright.venue.exchange import SandboxVenue
    from tradewright.venue.server import running
    from tradewright.venue.terms import Terms

    venue = SandboxVenue({SYMBOL: series(bars)}, Terms(policies={"costs": Costs.none(), "cash": 100_000.0}))
    venue.advance(WARM - 1 - venue.tape.row)
    with running(venue, "lockstep") as url:
        print(url, flush=True)
        sys.stdin.read()


class Edge:
    """Passes bytes between sessions and the sandbox, and notes when bars leave and orders come."""

    def __init__(self, host: str, port: int) -> None:
        self._where = host, port
        self.bars: list[int] = []
        self.orders: list[int] = []

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of a session."""
        inner_reader, inner_writer = await asyncio.open_connection(*self._where)
        first = await reader.read(1 << 16)
        self._came(first)
        inner_writer.write(first)
        is_bars = first.startswith(_BAR_STREAM)
        await asyncio.gather(
            self._pass(inner_reader, writer, self._leaves if is_bars else _nothing),
            self._pass(reader, inner_writer, self._came),
            return_exceptions=True,
        )

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, note: Any) -> None:
        while chunk := await reader.read(1 << 16):
            note(chunk)
            writer.write(chunk)
        writer.close()

    def _came(self, chunk: bytes) -> None:
        if chunk.startswith(_ORDER):
            self.orders.append(perf_counter_ns())

    def _leaves(self, chunk: bytes) -> None:
        """A frame of data, where it is no answer to a greeting, is a bar; the last one counts."""
        if chunk[0] & 0x0F == _BINARY:
            self.bars.append(perf_counter_ns())


def _nothing(_: bytes) -> None:
    """These bytes are not timed."""


async def edge(bars: int) -> None:
    """Serve the edge until there are no more lines."""
    argv = [sys.executable, "-m", "benchmarks.live_venue", str(bars), "--sandbox"]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*argv, stdin=pipe, stdout=pipe)
    assert process.stdout is not None
    assert process.stdin is not None
    url = (await process.stdout.readline()).decode().strip()
    host, port = url.removeprefix("http://").split(":")
    place = Edge(host, int(port))
    server = await asyncio.start_server(place.meet, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    loop = asyncio.get_running_loop()
    while line := (await loop.run_in_executor(None, sys.stdin.readline)).strip():
        if line == "bar":
            await loop.run_in_executor(None, _advance, url)
            print("ok", flush=True)
        else:
            print(json.dumps({"bars": place.bars, "orders": place.orders}), flush=True)
    process.stdin.close()
    await process.wait()


def _advance(url: str) -> None:
    said = b'{"bars": 1}', {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{url}/sandbox/advance", *said)  # noqa: S310 - an address of this machine
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - the same
        answer.read()


if __name__ == "__main__":
    if "--sandbox" in sys.argv:
        sandbox(int(sys.argv[1]))
    else:
        asyncio.run(edge(int(sys.argv[1])))
