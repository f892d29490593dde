"""What is watched besides orders: the clock, the line to the venue, its stream, and the numbers that come over it."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING

from tradewright.domain.errors import AuthenticationError
from tradewright.domain.live.latch import LatchOrder

from .gate import Shut
from .office import Alarm

if TYPE_CHECKING:
    from tradewright.domain.errors import BrokerError

    from .kill import KillSwitch
    from .office import Office

__all__ = ["Vigil"]

NS = 1_000_000_000
TOLD_AFTER_S = 60.0
"""For how long a stream may be mute, or a venue out of reach, before a person hears of it."""
_ZERO = Decimal(0)


class Vigil:
    """Shuts the gate for entries, and opens it again.

    Parameters
    ----------
    office : Office
    switch : KillSwitch
    """

    def __init__(self, office: Office, switch: KillSwitch) -> None:
        self.office = office
        self.switch = switch
        self.mutes = 0
        """Streams in a row that were mute."""
        self._mute_session = 0
        self._since: dict[str, int] = {}
        self._told: set[str] = set()

    async def run(self) -> None:
        """Watch for as long as the process lives."""
        while self.office.stopped is None:
            self.check_clock()
            self.tell()
            await asyncio.sleep(1.0)

    # The clock.

    def check_clock(self) -> None:
        """A clock that was set shuts the gate until it is back, or a person has looked and started again."""
        if self.office.clock_is_right():
            self.office.gate.reopen(Shut.CLOCK)
        elif self.office.gate.shut(Shut.CLOCK, "The clock was set while the process ran."):
            self.office.alarm(Alarm.CLOCK, "", f"It is off by {self.office.clock_jump_s:.3f} s.")

    # The line and its stream.

    def failed(self, error: BrokerError) -> None:
        """The venue did not answer: credentials that it does not take shut the gate, and what rests is named."""
        self._begin("line")
        if isinstance(error, AuthenticationError) and self.office.gate.shut(Shut.AUTHENTICATION, str(error)):
            resting = [order for order in self.office.book.orders.values() if order.is_open]
            named = ", ".join(f"{order.wire.side.name} {order.leaves} {order.symbol}" for order in resting) or "nothing"
            self.office.alarm(Alarm.AUTHENTICATION, "", f"{error} Resting at the venue: {named}.")

    def answered(self, session: int) -> None:
        """The venue answered every question over a connection; another one than the mute stream's opens the gate."""
        self._end("line")
        self.office.gate.reopen(Shut.AUTHENTICATION)
        if session != self._mute_session:
            self.office.gate.reopen(Shut.STREAM)
            if self.mutes == 1:
                self._end("stream")

    def was_mute(self, session: int) -> None:
        """Q7: the venue moved and the stream of a connection said nothing; after a second one in a row no entry leaves.

        One stream is counted once. Entries leave again when a new one is open and everything was asked; a person hears
        where streams in a row go on to be mute.
        """
        if self.mutes and session == self._mute_session:
            return
        self.mutes, self._mute_session = self.mutes + 1, session
        self._begin("stream")
        if self.mutes > 1:
            self.office.gate.shut(Shut.STREAM, f"{self.mutes} streams in a row were mute.")

    def spoke(self) -> None:
        """The stream said something."""
        self.mutes = 0
        self._end("stream")
        self.office.gate.reopen(Shut.STREAM)

    def _begin(self, what: str) -> None:
        self._since.setdefault(what, self.office.clock.monotonic_ns())

    def _end(self, what: str) -> None:
        self._since.pop(what, None)
        self._told.discard(what)

    def tell(self) -> None:
        """A person hears of what has lasted for a minute."""
        for what, since in self._since.items():
            seconds = (self.office.clock.monotonic_ns() - since) / NS
            if seconds >= TOLD_AFTER_S and what not in self._told:
                self._told.add(what)
                self.office.alarm(Alarm.MUTE, what, f"The {what} to the venue has been silent for {seconds:.0f} s.")

    # Numbers.

    async def price(self, symbol: str, price: Decimal) -> bool:
        """Whether a price is one; where it is not, a position of that symbol cannot be valued, which is a latch."""
        if price.is_finite() and price > 0:
            self.office.gate.reopen(Shut.NUMBERS, symbol)
            return True
        if self.office.gate.shut(Shut.NUMBERS, f"The price of {symbol} is {price}.", symbol):
            self.office.alarm(Alarm.NUMBERS, symbol, f"Its price is {price}.")
            if self.office.book.positions.get(symbol, _ZERO):
                await self.switch.latch(LatchOrder(f"{symbol} cannot be valued: its price is {price}.", "numbers"))
        return False
