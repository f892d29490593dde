"""The one error tree of Tradewright.

TradewrightError
├── DataError                      bars or files that cannot be used as they are
│   ├── BadRowsError               rows of a source break a rule; names file, lines and reasons
│   ├── SymbolNotFoundError        a symbol that no source or catalogue knows, or that is ambiguous
│   ├── DataNotAvailableError      a range, file or column with nothing in it
│   ├── TimeframeError             a length of bars that a source does not have
│   ├── CalendarError              a calendar that is missing, unknown, or contradicts the stamps
│   └── DataQualityError           bars whose quality was made a condition, and is not met
├── InstrumentError                an impossible instrument
├── ConfigError                    settings, catalogue or parameters that cannot be used
├── StrategyError                  the author's code: names file and line where it can
│   ├── StrategyRaisedError        the strategy raised; carries the original as ``__cause__``
│   ├── StrategyHungError          it did not come back within its deadline
│   ├── ParityError                a session decides otherwise than its record says
│   └── WarmupError                a value was read before enough bars existed
├── OrderError                     an order that cannot be built or carried out
│   ├── OrderRejectedError         refused by gate or venue (raised only with ``raise_on_reject=True``)
│   ├── InsufficientFundsError     cannot be paid
│   ├── OrderStateError            a transition the state machine forbids
│   ├── DecisionConflictError      a decision that was made before, with other content
│   ├── InvariantError             something that must always hold does not; the road latches
│   └── UnapprovedOrderError       an order that did not come through the risk gate
├── ApprovalError                  a step that a person has to approve, and nobody did
├── AccessError                    who asks is not known, or may not
│   ├── SignInError                name, password or token are not accepted
│   │   └── ThrottledError         too many attempts; carries ``retry_after_s``
│   └── ForbiddenError             the role or the scopes do not allow it
├── NotFoundError                  something asked for by its id that is not there
├── ConflictError                  contradicts what is there, or what happened meanwhile
├── NotifyError                    a message that a channel did not take; carries ``retry_after_s``, ``is_lasting``
├── BrokerError                    a venue's answer; carries ``broker_code`` and ``retry_after_s``
│   ├── AuthenticationError · ConnectionError · RateLimitError
│   └── ImpossibleRowsError        rows of a history cannot be; carries these and the bars of the others
├── ResourceError                  memory or disk that the work would not fit in
├── StorageError                   a store that is locked, damaged, read-only or of a newer version
│   └── JournalError               a journal that cannot be trusted or written; nothing is sent any more
│       └── StaleEpochError        another process has taken the account over
├── MissingExtraError              an optional library that is not installed
└── RunInterruptedError            the user stopped the work; says what was kept
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .bars import Bar

__all__ = [
    "AccessError",
    "ApprovalError",
    "AuthenticationError",
    "BadRowsError",
    "BrokerError",
    "CalendarError",
    "ConfigError",
    "ConflictError",
    "ConnectionError",
    "DataError",
    "DataNotAvailableError",
    "DataQualityError",
    "DecisionConflictError",
    "ForbiddenError",
    "ImpossibleRowsError",
    "InstrumentError",
    "InsufficientFundsError",
    "InvariantError",
    "JournalError",
    "MissingExtraError",
    "NotFoundError",
    "NotifyError",
    "OrderError",
    "OrderRejectedError",
    "OrderStateError",
    "ParityError",
    "RateLimitError",
    "ResourceError",
    "RunInterruptedError",
    "SignInError",
    "StaleEpochError",
    "StorageError",
    "StrategyError",
    "StrategyHungError",
    "StrategyRaisedError",
    "SymbolNotFoundError",
    "ThrottledError",
    "TimeframeError",
    "TradewrightError",
    "UnapprovedOrderError",
    "WarmupError",
]


class TradewrightError(Exception):
    """Anything Tradewright refuses or cannot do.

    Parameters
    ----------
    message : str
        One sentence: what is wrong and where.
    hint : str, optional
        What to do about it, as one sentence.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message} {self.hint}"


class DataError(TradewrightError):
    """Bars or files that cannot be used as they are."""


class BadRowsError(DataError):
    """Rows of a source break a rule.

    Parameters
    ----------
    message : str
        One sentence naming the source, the first bad line and the reason.
    rows : tuple of (int, str)
        Each bad line number (1-based, header included) with its reason.
    hint : str, optional
        What to do about it.
    """

    def __init__(self, message: str, *, rows: tuple[tuple[int, str], ...] = (), hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.rows = rows


class SymbolNotFoundError(DataError):
    """A symbol that nothing knows, or that several instruments share."""


class DataNotAvailableError(DataError):
    """A file, column or range with nothing in it."""


class TimeframeError(DataError):
    """A length of bars that a source does not have; the hint names those it has."""


class CalendarError(DataError):
    """A calendar that is missing, unknown, or contradicts the stamps."""


class DataQualityError(DataError):
    """Bars of a quality that was asked to refuse the run."""


class InstrumentError(TradewrightError):
    """An impossible instrument."""


class ConfigError(TradewrightError):
    """Settings, catalogue entries or parameters that cannot be used."""


class StrategyError(TradewrightError):
    """A mistake in a strategy; names file and line where it can."""


class StrategyRaisedError(StrategyError):
    """The strategy's own code raised; the original is ``__cause__``."""


class StrategyHungError(StrategyError):
    """A strategy did not come back within its deadline; its process was ended.

    Parameters
    ----------
    strategy : int
        Its number in the session, or -1 where none was running.
    """

    def __init__(self, message: str, *, strategy: int = -1, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.strategy = strategy


class ParityError(StrategyError):
    """A session decides otherwise than its record says; the message names the first difference."""


class WarmupError(StrategyError):
    """A value was read before enough bars existed."""


class OrderError(TradewrightError):
    """An order that cannot be built or carried out."""


class OrderRejectedError(OrderError):
    """An order was refused; raised only where the caller asked for ``raise_on_reject=True``."""


class InsufficientFundsError(OrderRejectedError):
    """An order cannot be paid."""


class OrderStateError(OrderError):
    """A transition that the order state machine forbids."""


class DecisionConflictError(OrderError):
    """A decision was made before under the same key with other content; it is never sent."""


class InvariantError(OrderError):
    """Something that must always hold of live orders does not."""


class UnapprovedOrderError(OrderError):
    """An order that did not come through the risk gate."""


class ApprovalError(TradewrightError):
    """A step that a person has to approve, and nobody did; the hint is the command to type."""


class AccessError(TradewrightError):
    """Who asks is not known, or may not do it."""


class SignInError(AccessError):
    """Name, password or token are not accepted; it is not said which of them."""


class ThrottledError(SignInError):
    """Too many attempts.

    Parameters
    ----------
    message : str
        One sentence.
    retry_after_s : float
        Seconds after which one more is looked at.
    hint : str, optional
        What to do about it.
    """

    def __init__(self, message: str, *, retry_after_s: float, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after_s = retry_after_s


class ForbiddenError(AccessError):
    """Who asks is known, and their role or the scopes of their token do not allow it."""


class NotFoundError(TradewrightError):
    """Something asked for by its id or name that is not there."""


class ConflictError(TradewrightError):
    """What is asked contradicts what is there, or what happened meanwhile."""


class NotifyError(TradewrightError):
    """A channel did not take a message.

    Parameters
    ----------
    message : str
        One sentence, without address, credential or text of the other side.
    retry_after_s : float, optional
        Seconds after which the channel takes messages again, where it said so.
    is_lasting : bool
        Whether the same message would be refused again.
    hint : str, optional
        What to do about it.
    """

    def __init__(
        self, message: str, *, retry_after_s: float | None = None, is_lasting: bool = False, hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.retry_after_s = retry_after_s
        self.is_lasting = is_lasting


class BrokerError(TradewrightError):
    """A venue's answer that is not what was asked for.

    Parameters
    ----------
    message : str
        One sentence.
    broker_code : str, optional
        The venue's own code.
    retry_after_s : float, optional
        Seconds after which the venue accepts requests again.
    hint : str, optional
        What to do about it.
    """

    def __init__(
        self,
        message: str,
        *,
        broker_code: str | None = None,
        retry_after_s: float | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.broker_code = broker_code
        self.retry_after_s = retry_after_s


class AuthenticationError(BrokerError):
    """The venue refuses the credentials."""


class ConnectionError(BrokerError):  # noqa: A001 - the field's name for it, only reachable through this module
    """The venue cannot be reached or went away."""


class RateLimitError(BrokerError):
    """The venue asks for fewer requests."""


class ImpossibleRowsError(BrokerError):
    """Rows of an answer cannot be bars, or contradict each other; the answer is whole but for them.

    Whoever does not look at what it carries has refused the answer as a whole.

    Parameters
    ----------
    message : str
        One sentence naming who sent the first of them, and why it cannot be.
    bars : tuple of Bar
        What was asked for without those rows, oldest first.
    rows : tuple of (int or None, str)
        Each such row: when its bar would open (UTC nanoseconds; None where that cannot be read) and why it is none,
        beginning with "its" or "it".
    hint : str, optional
        What to do about it.
    """

    def __init__(
        self,
        message: str,
        *,
        bars: tuple[Bar, ...] = (),
        rows: tuple[tuple[int | None, str], ...] = (),
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.bars = bars
        self.rows = rows


class ResourceError(TradewrightError):
    """Memory or disk that the work would not fit in."""


class StorageError(TradewrightError):
    """A store that cannot be used: locked, damaged, not to be written, or of a newer version."""


class JournalError(StorageError):
    """A journal that cannot be trusted or written: nothing is sent from then on."""


class StaleEpochError(JournalError):
    """Another process has taken the account over."""


class MissingExtraError(TradewrightError):
    """An optional library is not installed; the message names the extra that brings it."""


class RunInterruptedError(TradewrightError):
    """The user stopped the work; the message says what was kept."""
