"""The least that P8 can cost: the same venue, and between its bar and an order only what no program could leave out.

A frame comes over the bars' WebSocket and is read, a record is forced to the disk, and a request that was written down
before goes out on a socket that stands. No strategy, no risk office, no record of what was seen, no answer that is read
for more than its length: the difference to a session is what a session is.
"""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import asynccontextmanager
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from benchmarks.live_session import PAUSE_S, REST_S, until, venue
from benchmarks.live_venue import SYMBOL, WARM, series

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

_RECORD = b"x" * 640
"""As long as the records of a decision and its first attempt together."""


class Floor:
    """The bare road from a bar to an order.

    Parameters
    ----------
    handle : int
        Of the file that is forced.
    writer : asyncio.StreamWriter
        To the venue's HTTP interface.
    """

    def __init__(self, handle: int, writer: asyncio.StreamWriter) -> None:
        self._handle = handle
        self._writer = writer
        self.bars = 0
        self.forced: list[tuple[int, int]] = []

    def take(self, frame: bytes) -> None:
        """Answer every second bar with an order."""
        import msgpack

        said = msgpack.unpackb(frame)
        if said[0]["T"] != "b":
            return
        self.bars += 1
        if self.bars % 2 == 0:
            return
        os.write(self._handle, _RECORD)
        began = perf_counter_ns()
        os.fsync(self._handle)
        self.forced.append((began, perf_counter_ns()))
        self._writer.write(_order(self.bars))


def _order(number: int) -> bytes:
    side = "sell" if number % 4 == 3 else "buy"
    order = {
        "symbol": SYMBOL, "qty": "1", "side": side, "type": "market", "time_in_force": "day",
        "client_order_id": f"floor-{number}",
    }  # fmt: skip
    body = json.dumps(order).encode()
    head = f"POST /v2/orders HTTP/1.1\r\nHost: venue\r\n{_KEYS}Content-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


_KEYS = "APCA-API-KEY-ID: PKFLOOR\r\nAPCA-API-SECRET-KEY: secret\r\n"


@asynccontextmanager
async def _bars(url: str) -> AsyncIterator[Any]:
    """The venue's bars, greeted and asked for."""
    import msgpack
    from websockets.asyncio.client import connect

    address = f"{url.replace('http', 'ws')}/v2/iex"
    async with connect(address, additional_headers={"Content-Type": "application/msgpack"}, compression=None) as socket:
        await socket.recv()
        await socket.send(msgpack.packb({"action": "auth", "key": "PKFLOOR", "secret": "secret"}))
        await socket.recv()
        await socket.send(msgpack.packb({"action": "subscribe", "bars": [SYMBOL]}))
        await socket.recv()
        yield socket


async def cross(folder: Path, orders: int) -> dict[str, Any]:
    """Send so many orders; instants as of `live_session.trade`."""
    bars = series(WARM + 2 * orders + 2)
    handle = os.open(folder / "floor.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    async with venue(len(bars)) as place, _bars(place.url) as socket:
        where = urlsplit(place.url)
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        floor = Floor(handle, writer)
        listening = asyncio.create_task(_listen(socket, floor))
        answering = asyncio.create_task(_drain(reader))
        for number in range(1, 2 * orders + 2):
            await place.ask("bar")
            await until(lambda number=number: listening.done() or floor.bars >= number)  # type: ignore[misc]
            await asyncio.sleep(REST_S + PAUSE_S)
        times = json.loads(await place.ask("times"))
        for task in (listening, answering):
            task.cancel()
        writer.close()
    os.close(handle)
    return {**times, "steps": {}, "forced": floor.forced}


async def _listen(socket: Any, floor: Floor) -> None:
    async for frame in socket:
        floor.take(frame)


async def _drain(reader: asyncio.StreamReader) -> None:
    while await reader.read(1 << 16):
        pass
