"""The hub: who listens to what, and what reaches them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .faults.kinds import FaultKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.domain.bars import Bar

    from .account import VenueAccount
    from .exchange import SandboxVenue
    from .faults.switchboard import Switchboard
    from .line import Line
    from .placed import Happening

__all__ = ["Hub"]

_LOST = {FaultKind.LOST_FILL, FaultKind.LOST_EVENT}


class Hub:
    """Passes what happens at a venue to the sockets that asked for it.

    Parameters
    ----------
    venue : SandboxVenue
    switchboard : Switchboard
        Decides which events are lost, told twice, or told in another order.
    cut : callable
        Cuts a line without a word.
    """

    def __init__(self, venue: SandboxVenue, switchboard: Switchboard, cut: Callable[[Line], None]) -> None:
        self._switchboard = switchboard
        self._cut = cut
        self._held: dict[str, list[Any]] = {}
        self.traders: dict[Line, Callable[[VenueAccount, Happening], Any]] = {}
        self.watchers: dict[Line, Callable[[dict[str, Bar]], list[Any]]] = {}
        self._accounts = venue.accounts
        venue.on_happening.append(self._hear)
        venue.on_bars.append(self._show)

    def forget(self, line: Line) -> None:
        """A socket has closed."""
        self.traders.pop(line, None)
        self.watchers.pop(line, None)

    @property
    def backlog(self) -> int:
        """Messages that wait for the slowest listener."""
        return max((line.waiting for line in (*self.traders, *self.watchers)), default=0)

    def lines_of(self, key: str) -> list[Line]:
        """The sockets that listen to an account's orders."""
        return [line for line in self.traders if line.key == key]

    def _hear(self, account: VenueAccount, happening: Happening) -> None:
        lines = self.lines_of(account.key)
        if not lines:
            return
        strikes = self._switchboard.for_event(happening)
        said = [(line, self.traders[line](account, happening)) for line in lines]
        if strikes & _LOST:
            said = []
        if FaultKind.DUPLICATE_FILL in strikes:
            said = said * 2
        if FaultKind.REORDER in strikes:
            self._held.setdefault(account.key, []).extend(said)
        else:
            self._tell(said)
            self._release(account.key)
        self._break(lines, strikes)

    def _break(self, lines: list[Line], strikes: set[FaultKind]) -> None:
        for line in lines:
            if FaultKind.MUTE in strikes:
                line.is_mute = True
            if FaultKind.DISCONNECT in strikes:
                self._cut(line)

    def _release(self, key: str) -> None:
        """Tell what was held back, after what came later."""
        self._tell(self._held.pop(key, []))

    @staticmethod
    def _tell(said: list[tuple[Line, Any]]) -> None:
        for line, message in said:
            line.say(message)

    def _show(self, bars: dict[str, Bar]) -> None:
        for key in list(self._held):
            self._release(key)
        for line, wanted in self.watchers.items():
            messages = wanted(bars)
            if messages:
                line.say(messages)
        if self.watchers:
            self._break(list(self.watchers), self._switchboard.for_bars())
