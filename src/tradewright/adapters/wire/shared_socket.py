"""One WebSocket that several read: sources of market data allow one connection, over which they send bars and quotes.

Who reads takes a seat. The socket opens with the first seat and closes with the last; when it ends, it ends for all.
Who leaves a socket and comes back wants another one: the one it had was mute or wrong, for the others as well.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from tradewright.domain.errors import BrokerError
from tradewright.domain.errors import ConnectionError as VenueConnectionError

from .watched_socket import WatchedSocket

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from websockets.asyncio.client import ClientConnection

    Said = dict[str, Any]

__all__ = ["Grants", "Seat", "SharedSocket", "SocketTerms"]


class Seat(Protocol):
    """Who reads a socket that others read, too."""

    def take(self, said: Said) -> None:
        """A message, whoever it is for. A `BrokerError` that is raised ends the socket."""
        ...

    def beat(self) -> None:
        """A ping was answered."""
        ...

    def end(self) -> None:
        """The socket is over, or the seat was left; it may be said twice."""
        ...


class Grants:
    """What a source has granted, of one kind, and who waits for it."""

    def __init__(self) -> None:
        self._held: set[str] = set()
        self._error: BrokerError | None = None
        self._changed = asyncio.Event()

    def forget(self) -> None:
        """Nothing is granted on a new connection."""
        self._held.clear()
        self._error = None

    def hold(self, names: Sequence[str]) -> None:
        """These are granted."""
        self._held.update(names)
        self._changed.set()

    def refuse(self, error: BrokerError) -> None:
        """What was asked for is not."""
        self._error = error
        self._changed.set()

    async def have(self, names: Sequence[str]) -> None:
        """Wait until all of them are granted.

        Raises
        ------
        BrokerError
            When they are not.
        """
        while not self._held.issuperset(names):
            if self._error is not None:
                error, self._error = self._error, None
                raise error
            self._changed.clear()
            await self._changed.wait()


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketTerms:
    """How a source is spoken to.

    Parameters
    ----------
    name : str
        As sentences call it: ``"Alpaca"``.
    address : str
    greet : callable
        Shows the credentials to a new socket.
    read : callable
        The messages of a frame; a `BrokerError` that it raises ends the socket.
    fault : callable
        The error that a message says, or None: it is the answer to what was asked last, or else the end.
    headers : mapping of str to str
    patience_s : float
        How long opening and each answer may take.
    heartbeat_s : float
        See `WatchedSocket`.
    """

    name: str
    address: str
    greet: Callable[[ClientConnection], Any]
    read: Callable[[str | bytes], Sequence[Said]]
    fault: Callable[[Said], BrokerError | None]
    headers: Mapping[str, str] = field(default_factory=dict)
    patience_s: float
    heartbeat_s: float


class _Round:
    """One socket from its opening to its end, and who sits at it."""

    def __init__(self, terms: SocketTerms) -> None:
        self._terms = terms
        self.seats: list[Seat] = []
        self.has_sat: list[Seat] = []
        self.asking: Grants | None = None
        self.is_over = False

    def hear(self, message: str | bytes) -> None:
        for said in self._terms.read(message):
            fault = self._terms.fault(said)
            if fault is None:
                for seat in self.seats:
                    seat.take(said)
            elif self.asking is None:
                raise fault
            else:
                self.asking.refuse(fault)

    def beat(self) -> None:
        for seat in self.seats:
            seat.beat()

    def end(self) -> None:
        self.is_over = True
        if self.asking is not None:
            self.asking.refuse(VenueConnectionError(f"The stream of {self._terms.name} has ended."))
        for seat in self.seats:
            seat.end()
        self.seats.clear()


class SharedSocket:
    """The socket of a source.

    Parameters
    ----------
    terms : SocketTerms
    """

    def __init__(self, terms: SocketTerms) -> None:
        self._terms = terms
        self._socket = WatchedSocket(terms.patience_s, terms.heartbeat_s)
        self._round: _Round | None = None
        self._turn = asyncio.Lock()
        self._question = asyncio.Lock()

    @property
    def heartbeat_s(self) -> float:
        """Longest silence of a healthy socket."""
        return self._terms.heartbeat_s

    async def join(self, seat: Seat) -> None:
        """Take a seat at the socket that is open, or at a new one.

        Raises
        ------
        AuthenticationError, ConnectionError
        """
        async with self._turn:
            round_ = self._round
            if round_ is None or round_.is_over or seat in round_.has_sat:
                round_ = await self._renewed()
            round_.seats.append(seat)
            round_.has_sat.append(seat)

    async def _renewed(self) -> _Round:
        # Whoever still sits at the old one hears its end, and joins the new one.
        await self._socket.close()
        self._round = None
        round_ = _Round(self._terms)
        await self._socket.open(self._terms.address, self._terms.greet, round_, self._terms.headers)
        self._round = round_
        return round_

    async def ask(self, seat: Seat, message: str | bytes, names: Sequence[str], grants: Grants) -> None:
        """Ask for something, and wait until it is granted; one after the other, so that refusals find who asked.

        Raises
        ------
        BrokerError
            When it is refused; `ConnectionError` when there is no answer, or no socket at which the seat is.
        """
        async with self._question:
            round_ = self._round
            if round_ is None or seat not in round_.seats:
                raise VenueConnectionError(f"The stream of {self._terms.name} is not open.")
            round_.asking = grants
            try:
                async with asyncio.timeout(self._terms.patience_s):
                    await self._socket.say(message)
                    await grants.have(names)
            except TimeoutError:
                raise VenueConnectionError(f"{self._terms.name} did not grant {', '.join(names)}.") from None
            except VenueConnectionError:
                raise
            except BrokerError:
                # The socket is well, it said so: who is refused and tries again does not take it from the others.
                round_.has_sat.remove(seat)
                raise
            finally:
                round_.asking = None

    async def leave(self, seat: Seat) -> None:
        """Give a seat up; harmless where there is none."""
        async with self._turn:
            round_ = self._round
            if round_ is None or not (seat in round_.seats or seat in round_.has_sat):
                return
            if seat in round_.seats:
                round_.seats.remove(seat)
                seat.end()
            if not round_.seats:
                await self._socket.close()
