"""Events: the numbered stream of everything that happened to orders and money in a run."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["EventKind", "Reason"]


class EventKind(IntEnum):
    """What happened. The numbers are part of the record layout and are never given another meaning."""

    FILL = 1
    CANCELLED = 2
    EXPIRED = 3
    REJECTED = 4
    DIVIDEND = 5
    SPLIT = 6
    BORROW = 7
    INTEREST = 8
    EXPIRY = 9
    CASH_IN_LIEU = 10
    REPLACED = 11
    FUNDING = 12
    LIMIT_PAUSE = 13
    LIMIT_HALT = 14
    MARGIN_CALL = 15


class Reason(IntEnum):
    """Why an order ended without filling, or was refused. Numbers are part of the record layout."""

    NONE = 0
    CANNOT_BE_PAID = 1
    SHORTS_OFF = 2
    SIBLING_FILLED = 3
    NOTHING_TO_PROTECT = 4
    ENTRY_ENDED = 5
    BY_STRATEGY = 6
    TIME_IN_FORCE = 7
    NOT_FILLED_AT_OPEN = 8
    ZERO_QUANTITY = 9
    RISK_PER_TRADE = 10
    DEPLOYED = 11
    POSITIONS = 12
    DAY_LOSS_PAUSE = 13
    DRAWDOWN_HALT = 14
    MARGIN_CALL = 15
    INSTRUMENT_EXPIRED = 16
    END_OF_RUN = 17
    INVALID_PRICE = 18
    RISK_UNKNOWN = 19
    REPLACED = 20
    CUT_DOWN = 21
    ORDER_RATE = 22
    ORDER_SIZE = 23
    PRICE_TOO_FAR = 24
    PRICE_TOO_OLD = 25
    ACCOUNT_TOO_OLD = 26
    ONLY_EXITS = 27
    BY_VENUE = 28
    BY_OPERATOR = 29
    STRATEGY_STOPPED = 30
    TOO_LATE = 31

    @property
    def sentence(self) -> str:
        """The reason as people read it."""
        return _SENTENCES[self]


_SENTENCES = {
    Reason.NONE: "",
    Reason.CANNOT_BE_PAID: "The account cannot pay for it.",
    Reason.SHORTS_OFF: "It would open a short position and shorts are off.",
    Reason.SIBLING_FILLED: "The other leg of its pair filled.",
    Reason.NOTHING_TO_PROTECT: "The position it protects is gone.",
    Reason.ENTRY_ENDED: "The entry it belongs to ended.",
    Reason.BY_STRATEGY: "The strategy cancelled it.",
    Reason.TIME_IN_FORCE: "Its time in force ended.",
    Reason.NOT_FILLED_AT_OPEN: "The open of its first bar did not fill it.",
    Reason.ZERO_QUANTITY: "It is smaller than one lot.",
    Reason.RISK_PER_TRADE: "It risks more of the equity than the limit per trade.",
    Reason.DEPLOYED: "It would deploy more capital than the limit.",
    Reason.POSITIONS: "It would open more positions than the limit.",
    Reason.DAY_LOSS_PAUSE: "New exposure is paused after the day's loss.",
    Reason.DRAWDOWN_HALT: "New exposure is halted after the drawdown.",
    Reason.MARGIN_CALL: "The margin call closes everything.",
    Reason.INSTRUMENT_EXPIRED: "The instrument has expired.",
    Reason.END_OF_RUN: "The run ended.",
    Reason.INVALID_PRICE: "Its price is missing, negative or not a number.",
    Reason.RISK_UNKNOWN: "Its risk cannot be measured yet.",
    Reason.REPLACED: "The strategy replaced it.",
    Reason.CUT_DOWN: "It was cut down to what the account could pay for or held.",
    Reason.ORDER_RATE: "More orders than the account may send in a minute or a day.",
    Reason.ORDER_SIZE: "It is larger than one order of the account may be.",
    Reason.PRICE_TOO_FAR: "Its price is too far from the last trusted one.",
    Reason.PRICE_TOO_OLD: "No price of its symbol is recent enough.",
    Reason.ACCOUNT_TOO_OLD: "What the account is worth was not read recently enough.",
    Reason.ONLY_EXITS: "Only orders that reduce a position are sent from here.",
    Reason.BY_VENUE: "The venue ended or refused it.",
    Reason.BY_OPERATOR: "An operator cancelled it.",
    Reason.STRATEGY_STOPPED: "Its strategy was stopped.",
    Reason.TOO_LATE: "It was decided on a bar that is too old to act on.",
}
