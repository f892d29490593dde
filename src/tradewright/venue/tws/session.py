"""One connection of a client: its requests, answered from the gateway's book, tape and account."""

from __future__ import annotations

import asyncio
import struct
from typing import TYPE_CHECKING, Any

from tradewright.venue.refusals import Refusal

from .book import GatewayError
from .history import HistoryAsk, history_fields, split_bar
from .layouts import VERSION, packed, placed_fields, written
from .orders import moment_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tradewright.domain.bars import Bar

    from .gateway import TwsGateway

__all__ = ["ClientSession"]

_LONGEST = 1 << 24
_CONTRACT = (
    "conId symbol secType expiry strike right multiplier exchange primaryExchange currency localSymbol tradingClass"
)
_SUMMARY = ("NetLiquidation", "TotalCashValue", "BuyingPower")


class ClientSession:
    """What one client says and hears.

    Parameters
    ----------
    gateway : TwsGateway
    reader, writer
        Its connection.

    Attributes
    ----------
    client_id : int or None
        As it named itself; None before it has.
    is_mute : bool
        Whether nothing is said to it any more, while the connection stays open.
    """

    def __init__(self, gateway: TwsGateway, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.gateway = gateway
        self.client_id: int | None = None
        self.is_mute = False
        self._reader = reader
        self._writer = writer
        self._real_time: dict[int, str] = {}
        self._quoted: dict[int, str] = {}
        self._kept: dict[int, HistoryAsk] = {}
        self._wants_positions = False
        self._calls: dict[int, Callable[[list[str]], None]] = {
            1: self._market_data,
            2: lambda fields: self._drop(self._quoted, int(fields[2])),
            3: self._place,
            4: self._cancel,
            5: lambda _: self._open_orders(mine=True),
            6: self._account_updates,
            7: self._executions,
            8: lambda _: self._say("next_valid_id", id=gateway.book.next_id),
            9: self._contract_details,
            16: lambda _: self._open_orders(mine=False),
            17: lambda _: self._say("managed_accounts", accounts=gateway.account.key),
            20: self._history,
            25: lambda fields: self._drop(self._kept, int(fields[2])),
            49: lambda _: self._say("current_time", seconds=gateway.venue.tape.shown_ns // 1_000_000_000),
            50: self._real_time_bars,
            51: lambda fields: self._drop(self._real_time, int(fields[2])),
            61: lambda _: self._positions(),
            62: self._account_summary,
            64: lambda _: self._follow_positions(on=False),
            71: self._start,
            76: self._account_multi,
            99: lambda _: self._completed_orders(),
        }

    # The wire.

    async def serve(self) -> None:
        """Shake hands, then answer until the connection ends."""
        if await self._reader.readexactly(4) != b"API\0":
            return
        await self._frame()
        self._writer.write(packed([str(VERSION), moment_text(self.gateway.venue.tape.now_ns)]))
        while True:
            fields = (await self._frame()).decode().split("\0")[:-1]
            call = self._calls.get(int(fields[0]))
            if call is not None:
                self._answer(call, fields)

    async def _frame(self) -> bytes:
        (length,) = struct.unpack(">I", await self._reader.readexactly(4))
        if length > _LONGEST:
            raise asyncio.IncompleteReadError(b"", length)
        return await self._reader.readexactly(length)

    def _answer(self, call: Callable[[list[str]], None], fields: list[str]) -> None:
        try:
            call(fields)
        except GatewayError as error:
            self._error(self._subject(fields), error.code, error.text)
        except Refusal as refusal:
            self._error(self._subject(fields), 200, refusal.message)
        except (ValueError, IndexError):
            self._error(self._subject(fields), 320, "Server error when reading an API client request")

    @staticmethod
    def _subject(fields: list[str]) -> int:
        """The number of the order or request that a message is about."""
        place = 1 if fields[0] in ("3", "20") else 2
        return int(fields[place]) if len(fields) > place and fields[place].lstrip("-").isdigit() else -1

    def _error(self, number: int, code: int, text: str) -> None:
        self._say("error", id=number, code=code, text=text)

    def _say(self, name: str, /, **values: Any) -> None:
        self.write([written(name, values)])

    def write(self, messages: Iterable[bytes]) -> None:
        """Send messages now."""
        if not self.is_mute and not self._writer.is_closing():
            self._writer.write(b"".join(messages))

    def cut(self) -> None:
        """End the connection without a word."""
        self._writer.transport.abort()

    @staticmethod
    def _drop(table: dict[int, Any], number: int) -> None:
        table.pop(number, None)

    # Orders.

    def _start(self, fields: list[str]) -> None:
        number = int(fields[2])
        if self.gateway.session_of(number) is not None:
            self._error(-1, 326, "Unable to connect as the client id is already in use.")
            self._writer.close()
            return
        self.client_id = number
        self.gateway.begin()
        self._say("managed_accounts", accounts=self.gateway.account.key)
        self._say("next_valid_id", id=self.gateway.book.next_id)
        self._error(-1, 2104, "Market data farm connection is OK:SANDBOX")
        if self.gateway.is_cut_off:
            self._error(-1, 1100, "Connectivity between IBKR and the gateway has been lost.")

    def _place(self, fields: list[str]) -> None:
        said = placed_fields(fields)
        self.gateway.arrive(self, lambda: self.gateway.book.place(self.client_id or 0, said), number=int(fields[1]))

    def _cancel(self, fields: list[str]) -> None:
        number = int(fields[2])
        self.gateway.arrive(
            self, lambda: self.gateway.book.cancel(self.client_id or 0, number), number=number, is_new=False
        )

    def _open_orders(self, *, mine: bool) -> None:
        book = self.gateway.book
        if mine and self.client_id is not None:
            book.remember(self.client_id)
        for order in self.gateway.visible_orders():
            if order.is_open and (order.client_id == self.client_id or not mine):
                self.write(book.told(order))
        self._say("open_order_end")

    def _completed_orders(self) -> None:
        self.write(self.gateway.book.completed())
        self._say("completed_orders_end")

    def _executions(self, fields: list[str]) -> None:
        request = int(fields[2])
        for execution in self.gateway.book.executions:
            self.write(self.gateway.book.execution_messages(execution, request))
        self._say("executions_end", reqId=request)

    # The account.

    def _money(self) -> dict[str, float]:
        money = self.gateway.account.desk.account()
        return dict(zip(_SUMMARY, (money.equity, money.cash, money.buying_power), strict=True))

    def _account_updates(self, fields: list[str]) -> None:
        if fields[2] == "1":
            named = {"currency": "USD", "account": self.gateway.account.key}
            for tag, value in self._money().items():
                self._say("account_value", tag=tag, value=value, **named)
            self._say("account_download_end", account=self.gateway.account.key)

    def _account_multi(self, fields: list[str]) -> None:
        named = {"reqId": fields[2], "account": self.gateway.account.key, "currency": "USD"}
        for tag, value in self._money().items():
            self._say("account_multi", tag=tag, value=value, **named)
        self._say("account_multi_end", reqId=fields[2])

    def _account_summary(self, fields: list[str]) -> None:
        named = {"reqId": fields[2], "account": self.gateway.account.key, "currency": "USD"}
        for tag, value in self._money().items():
            if tag in fields[4].split(","):
                self._say("account_summary", tag=tag, value=value, **named)
        self._say("account_summary_end", reqId=fields[2])

    def _positions(self) -> None:
        self.write(map(self._position, self.gateway.account.held()))
        self._say("position_end")
        self._follow_positions(on=True)

    def _follow_positions(self, *, on: bool) -> None:
        self._wants_positions = on

    def _position(self, symbol: str) -> bytes:
        account = self.gateway.account
        held = account.desk.position(account.book(symbol).number)
        fields = {"position": held.quantity, "avgCost": held.average_price, "account": account.key}
        return written("position", {**self.gateway.contracts.fields(symbol), **fields})

    def tell_position(self, symbol: str) -> None:
        """A position has changed."""
        if self._wants_positions:
            self.write([self._position(symbol)])

    # Contracts and bars.

    def _contract_details(self, fields: list[str]) -> None:
        symbol = self._symbol(fields[3:])
        self._say("contract_details", reqId=fields[2], **self.gateway.contracts.details(symbol))
        self._say("contract_details_end", reqId=fields[2])

    def _symbol(self, fields: list[str]) -> str:
        return self.gateway.contracts.symbol_of(dict(zip(_CONTRACT.split(), fields, strict=False)))

    def _history(self, fields: list[str]) -> None:
        ask = HistoryAsk(self._symbol(fields[2:]), fields[15], fields[16], fields[17], fields[20] == "2")
        body = history_fields(self.gateway, ask)
        self.write([packed(["17", fields[1], *body])])
        if fields[21] == "1":
            self._kept[int(fields[1])] = ask

    def _real_time_bars(self, fields: list[str]) -> None:
        self._real_time[int(fields[2])] = self._symbol(fields[3:])

    def _market_data(self, fields: list[str]) -> None:
        self._quoted[int(fields[2])] = self._symbol(fields[3:])

    def show(self, bars: dict[str, Bar]) -> None:
        """Bars have closed."""
        for request, symbol in self._quoted.items():
            if symbol in bars:
                self.write(self._quote(request, symbol, bars[symbol]))
        for request, symbol in self._real_time.items():
            if symbol in bars:
                self.write(written("real_time_bar", {"reqId": request, **each}) for each in split_bar(bars[symbol]))
        for request, ask in self._kept.items():
            if ask.symbol in bars:
                bar = bars[ask.symbol]
                said = {name: getattr(bar, name) for name in ("open", "high", "low", "close", "volume")}
                stamp = bar.open_time // 1_000_000_000
                self.write([written("history_update", {"reqId": request, "time": stamp, "count": 1, **said})])

    def _quote(self, request: int, symbol: str, bar: Bar) -> Iterable[bytes]:
        """A bid and an ask, a tick to either side of the close: two messages."""
        tick = self.gateway.contracts.tick(symbol)
        for side, price in ((1, bar.close - tick), (2, bar.close + tick)):
            yield written("tick_price", {"reqId": request, "side": side, "price": round(price, 10), "size": 1})
