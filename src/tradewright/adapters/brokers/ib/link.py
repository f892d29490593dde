"""One connection to TWS or its gateway: who is at the other end, questions with all their rows, and its line."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import sys
from collections import Counter
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from tradewright.adapters.wire.rate_limiter import TokenBucketRateLimiter
from tradewright.domain.errors import AuthenticationError, BrokerError
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.live.modes import Mode

from .table import PAPER_ACCOUNTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.ports.clock import Clock

    from .table import IbTerms

__all__ = ["Client", "Link", "Place"]

Client: TypeAlias = Any
"""The client of the library, whose requests say no types."""


_FIRST_REQUEST = 2_000_000_000
"""Requests are counted from here, orders far below: errors say a number and not of which kind it is."""

_CUT, _BACK = (1100, 2110), (1101, 1102)
_CLIENT_IN_USE = 326
_ROWS = {
    "openOrder": "openOrders",
    "completedOrder": "completedOrders",
    "position": "positions",
}
_ENDS = {
    "openOrderEnd": "openOrders",
    "completedOrdersEnd": "completedOrders",
    "positionEnd": "positions",
    "currentTime": "currentTime",
}
_NUMBERED_ROWS = {"execDetails", "accountSummary", "contractDetails", "historicalData"}
_NUMBERED_ENDS = {"execDetailsEnd", "accountSummaryEnd", "contractDetailsEnd", "historicalDataEnd"}


class Place(NamedTuple):
    """Where a gateway is, as which client, and whose money is meant.

    Parameters
    ----------
    host, port
    client_id : int
        Only the client that placed an order may change or cancel it.
    mode : Mode
    account : str
        Which of the accounts; empty where there is only one.
    """

    host: str
    port: int
    client_id: int
    mode: Mode
    account: str = ""


class _Ear:
    """What the library's decoder talks to: every message goes on by its name."""

    def __init__(self, hear: Callable[..., None]) -> None:
        self.ib = SimpleNamespace(TimezoneTWS="UTC")
        self.defaultTimezone = dt.UTC
        self._hear = hear

    def __getattr__(self, name: str) -> Any:
        return partial(self._hear, name)


class _Unread(logging.Logger):
    """Hears of messages that the library could not read, which it would only write down."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__("tradewright.ib")
        self._tell = tell

    def exception(self, *_: Any, **__: Any) -> None:
        """A message is lost."""
        self._tell(repr(sys.exc_info()[1]))


class Link:
    """A connection as one client.

    Parameters
    ----------
    place : Place
    terms : IbTerms
    clock : Clock
    hear : callable
        ``hear(name, *arguments)`` is called with every message that answers no question, by its name at the library.

    Attributes
    ----------
    session : int
        Number of the connection; another one after each reconnect, the gateway's own included.
    account : str
        Whose orders and positions are meant.
    is_cut_off : bool
        Whether the gateway has said that it has lost the broker.
    back_ns : int or None
        Monotonic nanoseconds of the last instant at which the gateway said that it has the broker again; what it held
        until then may have left at that instant.
    """

    def __init__(self, place: Place, terms: IbTerms, clock: Clock, hear: Callable[..., None]) -> None:
        self.place = place
        self.terms = terms
        self.clock = clock
        self.session = 0
        self.account = place.account
        self.is_cut_off = False
        self.back_ns: int | None = None
        self.first_valid = 0
        self.limiter = TokenBucketRateLimiter(terms.pace, clock)
        self._hear_other = hear
        self._client: Client | None = None
        self._requests = _FIRST_REQUEST
        self._questions: dict[str | int, tuple[asyncio.Future[list[Any]], list[Any]]] = {}
        self._stale: Counter[str] = Counter()
        self._locks: dict[str, asyncio.Lock] = {}
        self._refused = ""

    @property
    def client(self) -> Client:
        """The library's client.

        Raises
        ------
        ConnectionError
            When the connection is not open.
        """
        if self._client is None or not self._client.isReady():
            raise VenueConnectionError("Interactive Brokers is not connected.")
        return self._client

    @property
    def is_open(self) -> bool:
        """Whether there is a connection."""
        return self._client is not None and self._client.isReady()

    async def open(self) -> None:
        """Connect, and look at whose account it is before anything else.

        Raises
        ------
        AuthenticationError
            When it is the other kind of account, not the named one, or the client's number is in use.
        ConnectionError
            When nobody answers.
        """
        from ib_async.client import Client as LibraryClient

        logging.getLogger("ib_async").addHandler(logging.NullHandler())
        await self.close()
        self._stale.clear()
        self.is_cut_off, self._refused = False, ""
        make: Any = LibraryClient
        client: Client = make(_Ear(self._hear))
        client.decoder.logger = _Unread(self._lost)
        # The library would hold bytes back and send them later, behind a permit that was asked for now.
        client.MaxRequests = 0
        await self._shake_hands(client)
        self._client = client
        self.session += 1
        try:
            self.account = self._chosen(client.getAccounts())
        except BrokerError:
            await self.close()
            raise

    async def ensure_open(self) -> None:
        """Connect where there is no connection; errors as of `open`."""
        async with self._locks.setdefault("open", asyncio.Lock()):
            if not self.is_open:
                await self.open()

    async def _shake_hands(self, client: Client) -> None:
        """Wait until the gateway has said who it is, or has hung up, which the library would not notice."""
        place = self.place
        hung_up: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        client.apiError += lambda *_: None if hung_up.done() else hung_up.set_result(None)
        shaking = asyncio.ensure_future(
            client.connectAsync(place.host, place.port, place.client_id, self.terms.question_s)
        )
        try:
            await asyncio.wait({shaking, hung_up}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            shaking.cancel()
            ended = (await asyncio.gather(shaking, return_exceptions=True))[0]
        if isinstance(ended, BaseException):
            raise self._unreachable(ended)

    def _unreachable(self, error: BaseException) -> BrokerError:
        if self._refused:
            return AuthenticationError(self._refused, broker_code=str(_CLIENT_IN_USE))
        where = f"{self.place.host}:{self.place.port}"
        return VenueConnectionError(
            f"No TWS or gateway answers at {where}: {error!r}.",
            hint="Start it, log in, and switch on its interface for programs.",
        )

    def _chosen(self, accounts: list[str]) -> str:
        """The account that is meant.

        Raises
        ------
        AuthenticationError
        """
        wants_paper = self.place.mode is Mode.PAPER
        others = [each for each in accounts if each.startswith(PAPER_ACCOUNTS) is not wants_paper]
        if others or not accounts:
            raise AuthenticationError(
                f"The gateway at port {self.place.port} is not logged in to a {self.place.mode} account.",
                hint=f"Its accounts are {', '.join(accounts) or 'none'}; paper accounts begin with DU.",
            )
        if self.place.account and self.place.account not in accounts:
            raise AuthenticationError(f"The gateway has no account {self.place.account}.")
        if not self.place.account and len(accounts) > 1:
            raise AuthenticationError("The gateway has several accounts and none is named.", hint="Name the account.")
        return self.place.account or accounts[0]

    async def close(self) -> None:
        """End the connection; harmless where there is none."""
        client, self._client = self._client, None
        if client is not None and client.conn.transport is not None:
            gone = asyncio.Event()
            client.conn.disconnected += lambda *_: gone.set()
            client.disconnect()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    await gone.wait()
        self._fail("The connection to Interactive Brokers was closed.")

    def require_line(self) -> Client:
        """The client, where the gateway has the broker at its other end, too.

        Raises
        ------
        ConnectionError
        """
        client = self.client
        if self.is_cut_off:
            raise VenueConnectionError("The gateway has lost its line to Interactive Brokers.")
        return client

    def may_write(self) -> bool:
        """Whether bytes that are written now leave now."""
        transport = self._client.conn.transport if self._client is not None else None
        return self.is_open and not self.is_cut_off and transport is not None and not transport.get_write_buffer_size()

    # Questions.

    def number(self) -> int:
        """A number for a request that is no order."""
        self._requests += 1
        return self._requests

    async def ask(self, what: str, send: Callable[[Client], None]) -> list[Any]:
        """All rows of a question that has no number; one of a kind is under way at a time.

        Raises
        ------
        BrokerError
            When the answer did not come whole.
        """
        async with self._locks.setdefault(what, asyncio.Lock()):
            return await self._asked(what, send)

    def _give_up(self, what: str) -> None:
        """The rest of this answer may still come, and must not be taken for the next one's."""
        self._stale[what] += 1
        if self._stale[what] > 1 and self.is_open:
            self._hang_up()

    def _hang_up(self) -> None:
        """Who answers nothing any more is not waited for; the library tells nobody of an end that it made itself."""
        self.client.disconnect()
        self._hear("connectionClosed")

    async def ask_numbered(self, send: Callable[[Client, int], None], number: int | None = None) -> list[Any]:
        """All rows of a question that has a number; errors as of `ask`."""
        request = number or self.number()
        return await self._asked(request, lambda client: send(client, request))

    async def _asked(self, key: str | int, send: Callable[[Client], None]) -> list[Any]:
        self.require_line()
        await self.limiter.take(self.terms.question_s)
        future: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        client = self.require_line()
        self._questions[key] = (future, [])
        try:
            send(client)
            async with asyncio.timeout(self.terms.question_s):
                return await future
        except TimeoutError:
            raise VenueConnectionError("Interactive Brokers did not answer a question in time.") from None
        finally:
            self._questions.pop(key, None)
            if isinstance(key, str) and (not future.done() or future.cancelled() or future.exception() is not None):
                self._give_up(key)

    # What is heard.

    def _hear(self, name: str, *said: Any) -> None:
        if name == "error":
            self._hear_error(*said)
        elif name in _ENDS:
            self._end(_ENDS[name], said)
        elif name in _NUMBERED_ENDS:
            self._finish(said[0])
        elif name in _NUMBERED_ROWS and said[0] in self._questions:
            self._questions[said[0]][1].append(said[1:])
        elif name == "connectionClosed":
            self._fail("The connection to Interactive Brokers is gone.")
            self._hear_other(name)
        else:
            self._hear_row(name, said)

    def _hear_row(self, name: str, said: tuple[Any, ...]) -> None:
        what = _ROWS.get(name, "")
        if name == "nextValidId":
            self.first_valid = max(self.first_valid, said[0])
        if what in self._questions and not self._stale[what]:
            self._questions[what][1].append(said)
        self._hear_other(name, *said)

    def _end(self, what: str, said: tuple[Any, ...]) -> None:
        if self._stale[what]:
            self._stale[what] -= 1
            return
        if what in self._questions and said:
            self._questions[what][1].append(said)
        self._finish(what)

    def _finish(self, key: str | int) -> None:
        future, rows = self._questions.get(key, (None, []))
        if future is not None and not future.done():
            future.set_result(rows)

    def _hear_error(self, number: int, code: int, text: str, *_: Any) -> None:
        if code in _CUT:
            self.is_cut_off = True
            self._fail("The gateway has lost its line to Interactive Brokers.")
        elif code in _BACK:
            self.is_cut_off = False
            self.session += 1
            self.back_ns = self.clock.monotonic_ns()
        elif code == _CLIENT_IN_USE:
            self._refused = f"Client number {self.place.client_id} is in use at the gateway."
        if number in self._questions:
            self._refuse(number, BrokerError(f"Interactive Brokers says: {text}.", broker_code=str(code)))
        else:
            self._hear_other("error", number, code, text)

    def _refuse(self, key: str | int, error: Exception) -> None:
        future, _ = self._questions[key]
        if not future.done():
            future.set_exception(error)

    def _fail(self, why: str) -> None:
        """No question that is under way gets a whole answer."""
        for key in list(self._questions):
            self._refuse(key, VenueConnectionError(why))

    def _lost(self, why: str) -> None:
        """A message could not be read: a list without it would look whole."""
        self._fail(f"A message of Interactive Brokers could not be read: {why}.")
        self._hear_other("unread", why)
