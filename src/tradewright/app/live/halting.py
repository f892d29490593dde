"""A session's drawdown limit and its account's kill switch: one latches the other, and a person arms both.

What the engine knows of it comes by numbered inputs: that the account was latched for it, and that it was re-armed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from tradewright.domain.live.latch import LatchOrder
from tradewright.domain.live.session import Command, Tripped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tradewright.domain.live.session import Input, Output

    from .account import LiveAccount

__all__ = ["Halts"]


class Halts:
    """Latches the account where the engine has halted, and tells the engine when a person has armed it again.

    Parameters
    ----------
    session : str
    account : LiveAccount
    put : callable
        Takes the inputs that follow.
    """

    def __init__(self, session: str, account: LiveAccount, put: Callable[[Input], None]) -> None:
        self._session = session
        self._account = account
        self._put = put
        self._halted: Tripped | None = None
        self._is_latched = False

    async def carry_out(self, outputs: Iterable[Output]) -> None:
        """Latch the account for a drawdown; a day's loss only pauses, which the engine does itself."""
        for tripped in filter(_is_halt, outputs):
            why = f"{self._session} fell to {tripped.equity:,.2f}: its drawdown limit halts."
            await self._account.road.switch.latch(LatchOrder(why, self._session))
            self._say("latched", self._session, why)

    def remember(self, given: Input, outputs: Iterable[Output]) -> None:
        """What the record says: whether the engine stands halted, and whether the account was latched for it."""
        if isinstance(given, Command) and given.what == "latched":
            self._is_latched = True
        elif isinstance(given, Command) and given.what == "rearm":
            self._halted = None
        for tripped in filter(_is_halt, outputs):
            self._halted, self._is_latched = tripped, False

    async def catch_up(self) -> None:
        """After a restart: a latch that was cut short is set; one that is gone was taken away by a person."""
        if self._halted is None:
            return
        latch = self._account.road.office.book.latch
        if not self._is_latched:
            await self.carry_out([self._halted])
        elif not latch.is_set and not self._account.risk.watch.is_halted:
            self._say("rearm", *latch.armed)

    def _say(self, what: str, who: str, why: str) -> None:
        self._put(Command(what, who, why, self._account.road.office.clock.now_ns()))


def _is_halt(output: Output) -> TypeGuard[Tripped]:
    return isinstance(output, Tripped) and output.limit == "drawdown"
