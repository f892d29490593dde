"""What people ask of a running session: of its strategies, and of the account that it trades."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError, TradewrightError
from tradewright.domain.live.operator import command_from_plain
from tradewright.ports.request_box import Reply

from .commands import OperatorDesk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .session import LiveSession

__all__ = ["STRATEGY_COMMANDS", "PeoplesDesk"]

STRATEGY_COMMANDS = ("pause", "resume", "stop", "cancel_all", "close_all")
"""What the engine does for a strategy, or for all of them."""


@dataclass(frozen=True, slots=True)
class _Control:
    """The strategies of one session, as an account's desk asks for them."""

    session: LiveSession

    def runs(self, instance: str) -> bool:
        """Whether a strategy of this session decides under that name."""
        name, _, number = instance.partition("/")
        return name == self.session.name and number.isdigit()

    def ask(self, what: str, who: str, reason: str, instance: str) -> None:
        """Give it a command."""
        self.session.command(what, who, reason, int(instance.partition("/")[2]))


class PeoplesDesk:
    """Carries out what people ask of one session.

    Parameters
    ----------
    session : LiveSession
    """

    def __init__(self, session: LiveSession) -> None:
        self._session = session
        account = session.parts.account
        self._account = None if account is None else OperatorDesk(account.road, _Control(session))

    async def carry_out(self, asked: Mapping[str, Any]) -> Reply:
        """Do what is asked; what was done, or why it was not."""
        try:
            return Reply(is_done=True, sentence=await self._done(asked))
        except TradewrightError as error:
            return Reply(is_done=False, sentence=str(error))

    async def _done(self, asked: Mapping[str, Any]) -> str:
        what = asked.get("command")
        if what == "end":
            self._session.stop(f"{asked['who']}: {asked['reason']}")
            return f"The session {self._session.name} ends; orders and positions stay as they are."
        if what in STRATEGY_COMMANDS:
            return self._strategy(what, asked)
        if what == "rearm":
            return self._rearmed(asked)
        if self._account is None:
            raise ConfigError(
                f"The session {self._session.name} trades on simulated fills and has no account.",
                hint=f"Its strategies know {', '.join(STRATEGY_COMMANDS)}.",
            )
        return await self._account.carry_out(command_from_plain(asked))

    def _rearmed(self, asked: Mapping[str, Any]) -> str:
        """What halted where no account was latched for it goes on."""
        if self._session.trades_at_venue:
            raise ConfigError(
                "The account of this session is armed while nobody trades it.",
                hint="End the session, say 'tradewright rearm', and begin it again.",
            )
        return self._strategy("rearm", {**asked, "strategy": -1})

    def _strategy(self, what: str, asked: Mapping[str, Any]) -> str:
        number, names = int(asked.get("strategy", -1)), self._session.parts.names
        if number >= len(names):
            raise ConfigError(f"There is no strategy {number}.", hint=f"They are numbered from 0 to {len(names) - 1}.")
        if not asked["who"].strip() or not asked["reason"].strip():
            raise ConfigError("A command needs a person and a reason.", hint="Give --reason.")
        self._session.command(what, asked["who"], asked["reason"], number)
        whom = "all strategies" if number < 0 else names[number]
        return f"{what.replace('_', ' ')}: asked of {whom}."
