"""The limits of one account over time: peak, session, pause and halt, each change of them in the journal."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .limits import LimitsChange, account_limits, require_named
from .rules.guard import APPROVED, DRAWDOWN_HALT, begin_session, watch_equity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradewright.domain.live.venue import VenueAccount

    Note = Callable[[Mapping[str, Any]], object]

__all__ = ["AccountWatch", "Trip"]

_PEAK_STEP = 0.01
"""A peak is written again once it rose by this part of the drawdown limit, so that not every mark is a record."""


@dataclass(frozen=True, slots=True)
class Trip:
    """A limit tripped.

    Parameters
    ----------
    limit : str
        ``"day_loss"``, ``"drawdown"`` or ``"unvalued"``.
    equity : float
    sentence : str
        For people.
    """

    limit: str
    equity: float
    sentence: str

    @property
    def latches(self) -> bool:
        """Whether the kill switch is to be latched; a day's loss only pauses."""
        return self.limit != "day_loss"


class AccountWatch:
    """What the account was worth, and what followed from it.

    Parameters
    ----------
    limits : LimitsChange or str
        A preset by name, or numbers that a person stands for.
    note : callable
        ``note(body)`` keeps a RISK record.
    tripped : callable
        ``tripped(trip)`` hears of every trip, after its record.

    Raises
    ------
    ConfigError
        When no limits are named.
    """

    def __init__(self, limits: LimitsChange | str, note: Note, tripped: Callable[[Trip], object]) -> None:
        self.limits = account_limits(limits)
        self.guard = self.limits.guard(math.nan)
        self.equity = math.nan
        self.equity_ns = 0
        self.day: int | None = None
        self.day_began_ns = 0
        self._change = limits if isinstance(limits, LimitsChange) else None
        self._note = note
        self._tripped = tripped
        self._kept_peak = 0.0
        self._is_valued = True

    @property
    def is_paused(self) -> bool:
        """Whether new exposure waits for the next session."""
        return self.guard.paused == 1

    @property
    def is_halted(self) -> bool:
        """Whether new exposure waits for a person."""
        return self.guard.halted == 1

    def take_up(self, kept: Mapping[str, Any]) -> None:
        """Go on from the last RISK record of the journal; from nothing in a new account.

        The limits are those named now; where they are others than before, that is recorded. An account that was halted
        trips again, so that the kill switch is latched whatever became of the process that saw it first.
        """
        if not kept:
            return self._say("taken up")
        self.guard.peak_equity = self._kept_peak = _number(kept["peak"])
        self.guard.session_equity = _number(kept["session_equity"])
        self.guard.paused, self.guard.halted = int(kept["paused"]), int(kept["halted"])
        self.day, self.day_began_ns = kept["day"], kept["day_began_ns"]
        if kept["limits"] != self.limits.describe():
            self._say("limits")
        if self.is_halted:
            # The process may have died between the trip and the latch.
            sentence = "The account was halted before this process began, and nobody re-armed it."
            self._tripped(Trip("drawdown", _number(kept["equity"]), sentence))
        return None

    def begin_session(self, day: int, at_ns: int) -> None:
        """A session begins: the day's loss counts from the last mark before it, and a pause lifts.

        Parameters
        ----------
        day : int
            Days since 1970-01-01; one that has begun before changes nothing.
        at_ns : int
        """
        if self.day is not None and day <= self.day:
            return
        self.day, self.day_began_ns = day, at_ns
        was_paused = self.is_paused
        begin_session(self.guard, self.equity)
        self._say("resumed" if was_paused else "session")

    def mark(self, account: VenueAccount, at_ns: int) -> Trip | None:
        """Look at what the account is worth; what tripped just now, or None.

        Parameters
        ----------
        account : VenueAccount
        at_ns : int
            When it was read, UTC nanoseconds.
        """
        if at_ns < self.equity_ns:
            return None
        self.equity, self.equity_ns = float(account.equity), at_ns
        if not math.isfinite(self.equity):
            return self._unvalued()
        self._is_valued = True
        self._complete()
        code = watch_equity(self.guard, self.equity)
        if code != APPROVED:
            return self._trip(_trip_of(code, self.equity, self.guard.session_equity, self.guard.peak_equity))
        if self.guard.peak_equity > self._kept_peak * (1.0 + _PEAK_STEP * min(self.guard.drawdown, 1.0)):
            self._say("peak")
        return None

    def _complete(self) -> None:
        """The first mark fills in what no mark had said yet."""
        if math.isnan(self.guard.peak_equity):
            self.guard.peak_equity = self.equity
        if math.isnan(self.guard.session_equity):
            self.guard.session_equity = self.equity
            self._say("session")

    def _unvalued(self) -> Trip | None:
        """An account that cannot be valued is not traded; a person looks."""
        was_valued, self._is_valued = self._is_valued, False
        if not was_valued:
            return None
        self.guard.halted = 1
        return self._trip(Trip("unvalued", self.equity, "The venue gives no number for what the account is worth."))

    def _trip(self, trip: Trip) -> Trip:
        self._say(trip.limit, reason=trip.sentence)
        self._tripped(trip)
        return trip

    def flow(self, amount: float, who: str, reason: str) -> None:
        """Money came in (positive) or went out: neither a gain nor a loss.

        Raises
        ------
        ConfigError
            When nobody or no reason is named.
        """
        require_named(who, reason, "A flow of money")
        self.guard.peak_equity += amount
        self.guard.session_equity += amount
        self._say("flow", who=who, reason=reason, amount=amount)

    def change_limits(self, limits: LimitsChange | str, who: str, reason: str) -> None:
        """Other limits from now on; what was seen stays seen, and a halt stays.

        Raises
        ------
        ConfigError
            When nobody or no reason is named, or the limits are none.
        """
        require_named(who, reason, "A change of the risk limits")
        self._set_limits(limits)
        self._say("limits", who=who, reason=reason)

    def rearm(self, who: str, reason: str, limits: LimitsChange | str) -> None:
        """A person lifts the halt and names the limits again; the peak counts from the present equity.

        Raises
        ------
        ConfigError
            When nobody, no reason or no limits are named.
        """
        require_named(who, reason, "Re-arming")
        self._set_limits(limits)
        self.guard.halted = 0
        self.guard.peak_equity = self.equity
        self._is_valued = True
        self._say("rearmed", who=who, reason=reason)

    def _set_limits(self, limits: LimitsChange | str) -> None:
        self.limits = account_limits(limits)
        self._change = limits if isinstance(limits, LimitsChange) else None
        fresh, old = self.limits.guard(math.nan), self.guard
        fresh.peak_equity, fresh.session_equity = old.peak_equity, old.session_equity
        fresh.paused, fresh.halted = old.paused, old.halted
        self.guard = fresh

    def _say(self, what: str, **more: Any) -> None:
        guard = self.guard
        self._kept_peak = 0.0 if math.isnan(guard.peak_equity) else guard.peak_equity
        body: dict[str, Any] = {
            "what": what,
            "limits": self.limits.describe(),
            "peak": _plain(guard.peak_equity),
            "session_equity": _plain(guard.session_equity),
            "equity": _plain(self.equity),
            "day": self.day,
            "day_began_ns": self.day_began_ns,
            "paused": guard.paused,
            "halted": guard.halted,
            "at": self.equity_ns,
        }
        if self._change is not None:
            body |= {"limits_by": self._change.who, "limits_why": self._change.reason}
        self._note(body | more)


def _trip_of(code: int, equity: float, session: float, peak: float) -> Trip:
    if code == DRAWDOWN_HALT:
        fall = 1.0 - equity / peak
        return Trip("drawdown", equity, f"The account fell {fall:.2%} from its peak of {peak:,.2f} to {equity:,.2f}.")
    loss = 1.0 - equity / session
    return Trip("day_loss", equity, f"The account lost {loss:.2%} of {session:,.2f} since the session began.")


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)
