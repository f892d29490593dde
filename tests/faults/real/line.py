"""The line between a trading process and its venue: messages over a socket, and a broker at its far end."""

from __future__ import annotations

import asyncio
import itertools
import pickle
import struct

from tradewright.domain.errors import BrokerError
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.live.venue import Answer, AnswerKind

HEAD = struct.Struct("<I")


async def receive(reader):
    """The next message, or None at the end of the line."""
    try:
        (length,) = HEAD.unpack(await reader.readexactly(HEAD.size))
        return pickle.loads(await reader.readexactly(length))  # noqa: S301 - both ends are this test's
    except (asyncio.IncompleteReadError, ConnectionResetError, BrokenPipeError):
        return None


def send(writer, *message):
    body = pickle.dumps(message)
    writer.write(HEAD.pack(len(body)) + body)


class RemoteBroker:
    """A `tradewright.ports.broker.Broker` whose venue is another process."""

    def __init__(self, address, capabilities, bytes_left):
        self.address = str(address)
        self.capabilities = capabilities
        self.bytes_left = bytes_left
        self.session = 0
        self.prices = {}
        self._numbers = itertools.count()
        self._waiting = {}
        self._inbox = None
        self._writer = None

    async def connect(self):
        try:
            reader, self._writer = await asyncio.open_unix_connection(self.address)
        except OSError as error:
            raise VenueConnectionError("The venue cannot be reached.") from error
        self.session += 1
        self._inbox = asyncio.Queue()
        self._reading = asyncio.get_running_loop().create_task(self._read(reader, self._inbox, self._writer))

    async def disconnect(self):
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    async def _read(self, reader, inbox, writer):
        while (message := await receive(reader)) is not None:
            kind, *rest = message
            if kind == "event":
                inbox.put_nowait(rest[0])
            elif kind == "price":
                self.prices[rest[0]] = rest[1]
            else:
                self._settle(kind, *rest)
        inbox.put_nowait(None)
        writer.close()
        if self._writer is writer:
            self._writer = None
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(VenueConnectionError("The line broke."))

    def _settle(self, kind, number, value):
        waiting = self._waiting.pop(number, None)
        if waiting is None or waiting.done():
            return
        if kind == "answer":
            waiting.set_result(value)
        else:
            waiting.set_exception(VenueConnectionError(value))

    async def _call(self, method, *given, left=None):
        if self._writer is None or self._writer.is_closing():
            raise VenueConnectionError("The venue is not connected.")
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        send(self._writer, number, method, given)
        if left is not None:
            self.bytes_left(method, left)
        return await answer

    async def submit(self, approved, cid, permit):
        self._require_line()
        if not permit():
            return Answer(AnswerKind.NOT_SENT)
        return await self._call("submit", approved.order, cid, left=cid)

    async def cancel(self, cid, vid, permit):
        self._require_line()
        if not permit():
            return Answer(AnswerKind.NOT_SENT)
        return await self._call("cancel", cid, vid, left=cid)

    async def replace(self, vid, approved, cid, permit):
        self._require_line()
        if not permit():
            return Answer(AnswerKind.NOT_SENT)
        return await self._call("replace", vid, approved.order, cid, left=cid)

    def _require_line(self):
        if self._writer is None or self._writer.is_closing():
            raise VenueConnectionError("The venue is not connected.")

    async def order_by_cid(self, cid):
        return await self._call("order_by_cid", cid)

    async def order_by_vid(self, vid):
        return await self._call("order_by_vid", vid)

    async def open_orders(self):
        return await self._call("open_orders")

    async def closed_orders(self, since_ns):
        return await self._call("closed_orders", since_ns)

    async def executions(self, since_ns):
        return await self._call("executions", since_ns)

    async def positions(self):
        return await self._call("positions")

    async def account(self):
        return await self._call("account")

    async def events(self):
        inbox = self._inbox
        while inbox is not None and (event := await inbox.get()) is not None:
            yield event


class Bare:
    """An order as it came over the line; what approved it stayed behind."""

    def __init__(self, order):
        self.order = order


class Exchange:
    """The near end: each line that is opened is a connection to the venue's double."""

    def __init__(self, world):
        self.world = world
        self.lines = set()
        self.works = set()

    async def serve(self, reader, writer):
        connection = self.world.line()
        await connection.connect()
        self.lines.add((connection, writer))
        for symbol, price in self.world.truth.prices.items():
            self._put(writer, "price", symbol, price)
        self._start(self._stream(connection, writer))
        while (message := await receive(reader)) is not None:
            if message[0] == "said":
                self.world.told(*message[1:])
            else:
                self._start(self._answer(connection, writer, *message))
        connection.drop()
        self.lines.discard((connection, writer))
        writer.close()

    def _start(self, work):
        task = asyncio.get_running_loop().create_task(work)
        self.works.add(task)
        task.add_done_callback(self.works.discard)

    async def _stream(self, connection, writer):
        async for event in connection.events():
            self._put(writer, "event", event)
        writer.close()

    def _put(self, writer, *message):
        if not writer.is_closing():
            send(writer, *message)

    async def close(self):
        """Let go of whatever still waits for an answer that the venue never gave."""
        for task in self.works:
            task.cancel()
        await asyncio.gather(*self.works, return_exceptions=True)

    def price(self, symbol, price):
        for _, writer in self.lines:
            self._put(writer, "price", symbol, price)

    async def _answer(self, connection, writer, number, method, given):
        if method == "submit":
            given = (Bare(given[0]), given[1], lambda: True)
        elif method == "replace":
            given = (given[0], Bare(given[1]), given[2], lambda: True)
        elif method == "cancel":
            given = (*given, lambda: True)
        try:
            self._put(writer, "answer", number, await getattr(connection, method)(*given))
        except BrokerError as error:
            self._put(writer, "failed", number, str(error))
