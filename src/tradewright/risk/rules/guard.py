"""The limits as rules over one state object and scalars.

Fractions of equity throughout. A limit that is off is infinite.
"""

from __future__ import annotations

from typing import Final

INF: Final = float("inf")

APPROVED: Final = 0
RISK_PER_TRADE: Final = 10
DEPLOYED: Final = 11
POSITIONS: Final = 12
DAY_LOSS_PAUSE: Final = 13
DRAWDOWN_HALT: Final = 14
RISK_UNKNOWN: Final = 19


class Guard:
    """The limits in force and what they have seen: the session's first equity, the peak, pause and halt."""

    __slots__ = (
        "active",
        "day_loss",
        "deployed",
        "drawdown",
        "halted",
        "paused",
        "peak_equity",
        "positions",
        "risk_per_trade",
        "session_equity",
    )

    def __init__(self, equity: float) -> None:
        self.active = 0
        self.risk_per_trade = INF
        self.deployed = INF
        self.positions = INF
        self.day_loss = INF
        self.drawdown = INF
        self.session_equity = equity
        self.peak_equity = equity
        self.paused = 0
        self.halted = 0


def begin_session(guard: Guard, equity: float) -> None:
    """A new session: the day's loss counts from here, and a pause lifts by itself."""
    guard.session_equity = equity
    guard.paused = 0


def watch_equity(guard: Guard, equity: float) -> int:
    """Look at marked equity after a bar; return what tripped just now, or `APPROVED`."""
    if equity > guard.peak_equity:
        guard.peak_equity = equity
    if guard.halted == 0 and equity <= guard.peak_equity * (1.0 - guard.drawdown):
        guard.halted = 1
        return DRAWDOWN_HALT
    if guard.paused == 0 and equity <= guard.session_equity * (1.0 - guard.day_loss):
        guard.paused = 1
        return DAY_LOSS_PAUSE
    return APPROVED


def refusal(  # noqa: PLR0911 - one return per limit
    guard: Guard, equity: float, exposure: float, opening: float, risked: float, held: float
) -> int:
    """Why an order may not pass, or `APPROVED`.

    Parameters
    ----------
    equity
        Account equity at the last marks.
    exposure
        Gross exposure of all positions and of what working orders may still open, in account currency.
    opening
        Value of what the order would open; 0 for an order that only closes, which always passes.
    risked
        Money lost if the order is stopped out, costs included; NaN when it cannot be measured.
    held
        Positions in the account after the order: those held, those being opened, and this one.
    """
    if opening <= 0.0:
        return APPROVED
    if guard.halted == 1:
        return DRAWDOWN_HALT
    if guard.paused == 1:
        return DAY_LOSS_PAUSE
    if not equity + exposure + opening < INF or (risked != risked and guard.risk_per_trade < INF):
        # What cannot be measured cannot be compared with a limit: NaN passes every comparison unseen.
        return RISK_UNKNOWN
    if risked > guard.risk_per_trade * equity:
        return RISK_PER_TRADE
    if exposure + opening > guard.deployed * equity:
        return DEPLOYED
    if held > guard.positions:
        return POSITIONS
    return APPROVED


def trade_risk(quantity: float, entry: float, stop: float, twice_atr: float, unit_value: float) -> float:
    """Money lost if a trade is stopped out, before costs.

    The distance to the stop; without a stop, twice the average true range; without that, the full price.
    `unit_value` is multiplier times exchange rate.
    """
    if stop == stop:
        distance = abs(entry - stop)
    elif twice_atr == twice_atr:
        distance = twice_atr
    else:
        distance = entry
    return distance * quantity * unit_value
