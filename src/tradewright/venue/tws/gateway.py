"""The gateway: its clients, what is told to whom, and what goes wrong between it and the broker."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from tradewright.venue.faults.kinds import FaultKind, RequestClass
from tradewright.venue.faults.switchboard import Switchboard

from .book import GatewayBook, GatewayError
from .contracts import Contracts
from .layouts import written
from .session import ClientSession

if TYPE_CHECKING:
    import socket
    from collections.abc import AsyncIterator, Callable, Iterable

    from tradewright.domain.bars import Bar
    from tradewright.venue.account import VenueAccount
    from tradewright.venue.exchange import SandboxVenue
    from tradewright.venue.placed import Happening

    from .orders import GatewayOrder

__all__ = ["ACCOUNT", "TwsGateway"]

ACCOUNT = "DU1234567"
"""The account of a gateway that is told no other."""

_NEVER_ARRIVES = {FaultKind.DROP_REQUEST}
_UNANSWERED = {FaultKind.DROP_RESPONSE, FaultKind.TIMEOUT, FaultKind.ERROR_AFTER}
_LOST = {FaultKind.LOST_FILL, FaultKind.LOST_EVENT}


class TwsGateway:
    """A gateway on one account of a sandbox.

    Parameters
    ----------
    venue : SandboxVenue
    account : str
        Its name; paper accounts of Interactive Brokers begin with DU.
    switchboard : Switchboard, optional
        What is broken on the wire.
    begin : callable, optional
        Called as a client has said who it is: time may pass.

    Attributes
    ----------
    arrived : int
        Orders, changes and cancels that reached it.
    is_cut_off : bool
        Whether its line to the broker is down, while it stays up itself.
    """

    def __init__(
        self,
        venue: SandboxVenue,
        account: str = ACCOUNT,
        switchboard: Switchboard | None = None,
        begin: Callable[[], None] = lambda: None,
    ) -> None:
        self.venue = venue
        self.begin = begin
        self.account = venue.account(account)
        self.contracts = Contracts(venue)
        self.book = GatewayBook(self.account, self.contracts, self._tell)
        self.switchboard = switchboard or Switchboard(venue)
        self.sessions: list[ClientSession] = []
        self.arrived = 0
        self.is_cut_off = False
        self._serving: set[asyncio.Task[None] | None] = set()
        self._waiting: list[Callable[[], None]] = []
        self._untold: list[Callable[[], None]] = []
        self._kept_back: list[Callable[[], None]] = []
        self._is_silent = False
        self._is_answering = False
        self._holds = True
        self._seen_at_cut: list[GatewayOrder] = []
        venue.on_happening.append(self._hear)
        venue.on_bars.append(self._show)

    # Clients.

    @contextlib.asynccontextmanager
    async def listening(self, listener: socket.socket | None = None) -> AsyncIterator[int]:
        """Serve on an address for as long as the block lasts; on a free port of this machine without one.

        Yields
        ------
        int
            The port.
        """
        where: dict[str, Any] = {"host": "127.0.0.1", "port": 0} if listener is None else {"sock": listener}
        server = await asyncio.start_server(self._serve, **where)
        try:
            yield int(server.sockets[0].getsockname()[1])
        finally:
            server.close()
            for session in self.sessions:
                session.cut()
            await asyncio.gather(*filter(None, self._serving), return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = ClientSession(self, reader, writer)
        self.sessions.append(session)
        self._serving.add(task := asyncio.current_task())
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, OSError):
                await session.serve()
        finally:
            self.sessions.remove(session)
            self._serving.discard(task)
            writer.close()

    def session_of(self, client_id: int) -> ClientSession | None:
        """The connection of a client, where it has one."""
        return next((each for each in self.sessions if each.client_id == client_id), None)

    def visible_orders(self) -> Iterable[GatewayOrder]:
        """The orders it knows of: while it is cut off, those of before."""
        return self._seen_at_cut if self.is_cut_off else self.book.orders

    def arrive(self, session: ClientSession, act: Callable[[], None], *, number: int, is_new: bool = True) -> None:
        """A request of a client is here: carried out, kept until the line is back, or lost, as the switches say.

        Raises
        ------
        GatewayError
            What the book answers.
        """
        strikes = {each.kind for each in self.switchboard.for_request(_SUBMIT if is_new else RequestClass.CANCEL)}
        if strikes & _NEVER_ARRIVES:
            return
        self.arrived += 1
        if self.is_cut_off:
            if self._holds:
                self._waiting.append(lambda: self._carry_out(session, act, number))
            return
        self._is_silent, self._is_answering = bool(strikes & _UNANSWERED), True
        try:
            act()
        except GatewayError:
            if not self._is_silent:
                raise
        finally:
            self._is_silent = self._is_answering = False

    @staticmethod
    def _carry_out(session: ClientSession, act: Callable[[], None], number: int) -> None:
        try:
            act()
        except GatewayError as error:
            session.write([written("error", {"id": number, "code": error.code, "text": error.text})])

    # What is told.

    def _hear(self, account: VenueAccount, happening: Happening) -> None:
        if account is self.account:
            self.book.hear(happening)
            if happening.position is not None and not self.is_cut_off:
                for session in self.sessions:
                    session.tell_position(happening.order.symbol)

    def _tell(self, order: GatewayOrder, messages: list[bytes], happening: Happening | None) -> None:
        if self._is_silent:
            return
        if self.is_cut_off:
            self._untold.append(lambda: self._tell(order, messages, happening))
            return
        session = self.session_of(order.client_id)
        if session is None or order.order_id <= 0:
            return
        # That an order was taken is the answer to a request, which other switches lose.
        is_event = happening is not None and not (self._is_answering and happening.event == "new")
        strikes = self.switchboard.for_event(happening) if is_event and happening is not None else set()
        self._tell_struck(session, messages, strikes)

    def _tell_struck(self, session: ClientSession, messages: list[bytes], strikes: set[FaultKind]) -> None:
        if FaultKind.MUTE in strikes:
            session.is_mute = True
        if strikes & _LOST:
            messages = []
        if FaultKind.DUPLICATE_FILL in strikes:
            messages = messages * 2
        if FaultKind.REORDER in strikes:
            self._kept_back.append(lambda: session.write(messages))
        else:
            session.write(messages)
            self._release()
        if FaultKind.DISCONNECT in strikes:
            session.cut()

    def _release(self) -> None:
        """Tell what was kept back, after what came later."""
        kept, self._kept_back = self._kept_back, []
        for say in kept:
            say()

    def _show(self, bars: dict[str, Bar]) -> None:
        self._release()
        if self.is_cut_off:
            return
        strikes = self.switchboard.for_bars()
        for session in list(self.sessions):
            if FaultKind.MUTE in strikes:
                session.is_mute = True
            session.show(bars)
            if FaultKind.DISCONNECT in strikes:
                session.cut()

    # What goes wrong here and nowhere else.

    def cut_off(self, *, holds: bool = True) -> None:
        """Lose the line to the broker; requests that come meanwhile are held until it is back, or lost."""
        self._seen_at_cut = list(self.book.orders)
        self.is_cut_off, self._holds = True, holds
        self._say_to_all(1100, "Connectivity between IBKR and the gateway has been lost.")

    def restore(self) -> None:
        """Get the line back: what was held is carried out, and what happened meanwhile is told."""
        self.is_cut_off = False
        self._say_to_all(1102, "Connectivity between IBKR and the gateway has been restored - data maintained.")
        waiting, self._waiting = self._waiting, []
        untold, self._untold = self._untold, []
        for act in (*untold, *waiting):
            act()

    def restart(self, *, rolls_back: bool = True) -> None:
        """End every connection and forget the numbers of clients; the next valid one may begin at 1 again."""
        for session in list(self.sessions):
            session.cut()
        self.book.forget()
        if rolls_back:
            self.book.next_id = 1

    def _say_to_all(self, code: int, text: str) -> None:
        for session in self.sessions:
            session.write([written("error", {"id": -1, "code": code, "text": text})])


_SUBMIT = RequestClass.SUBMIT
