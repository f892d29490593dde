"""The venue as a whole: one tape, the accounts that trade on it, and who listens. It knows no protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .account import VenueAccount
from .refusals import Refusal, Why
from .tape import Tape
from .terms import Terms, plan_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradewright.domain.bars import Bar, Bars

    from .placed import Happening

__all__ = ["SandboxVenue"]

MOST_ACCOUNTS = 256


class SandboxVenue:
    """A simulated exchange that several clients trade on at once.

    Parameters
    ----------
    series : mapping of symbol to Bars
        What is replayed.
    terms : Terms, optional

    Attributes
    ----------
    on_happening : list of callable
        Called with (account, happening) as orders change.
    on_bars : list of callable
        Called with the bars, by symbol, that have just been completed.

    Raises
    ------
    ConfigError
        When there is nothing to replay, or a policy is none.
    """

    def __init__(self, series: Mapping[str, Bars], terms: Terms | None = None) -> None:
        self.terms = terms or Terms()
        self.tape = Tape(plan_of(series, self.terms))
        self.accounts: dict[str, VenueAccount] = {}
        self.on_happening: list[Callable[[VenueAccount, Happening], None]] = []
        self.on_bars: list[Callable[[dict[str, Bar]], None]] = []

    def account(self, key: str, secret: str | None = None) -> VenueAccount:
        """The account behind a key; the first request of a key opens it.

        Raises
        ------
        Refusal
            When keys are given and this is none of them, the secret is another, or there are too many accounts.
        """
        keys = self.terms.keys
        if keys and (key not in keys or (secret is not None and keys[key] != secret)):
            raise Refusal(Why.UNAUTHORISED, "access key verification failed")
        if key not in self.accounts:
            if len(self.accounts) >= MOST_ACCOUNTS:
                raise Refusal(Why.UNAUTHORISED, f"the sandbox has {MOST_ACCOUNTS} accounts and opens no more")
            self.accounts[key] = VenueAccount(key, self.tape, self.terms, self._tell)
        return self.accounts[key]

    def advance(self, bars: int = 1) -> int:
        """Replay up to that many bars; how many there were.

        Every account meets a bar before anybody hears of it.
        """
        done = 0
        while done < bars and not self.tape.is_over:
            self.tape.step()
            for account in self.accounts.values():
                account.advance()
            fresh = {self.tape.market.symbols[number]: bar for number, bar in self.tape.fresh_bars()}
            for hear in self.on_bars:
                hear(fresh)
            done += 1
        return done

    def _tell(self, account: VenueAccount, happening: Happening) -> None:
        for hear in self.on_happening:
            hear(account, happening)
