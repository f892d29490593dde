"""What goes into the engine of a paper or live session and what comes out of it, as plain values.

A session is a function: the same inputs in the same order give the same outputs, on the day itself, after a restart,
and in a replay. Inputs are numbered from 1 in the order in which the engine took them; that order is the record.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from tradewright.domain.bars import Bar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

T = TypeVar("T")

__all__ = [
    "Booked",
    "CancelAsked",
    "Command",
    "Ended",
    "Filled",
    "Happened",
    "Input",
    "Logged",
    "Output",
    "Placed",
    "Replaced",
    "Row",
    "SessionClosed",
    "Standing",
    "StrategyFailed",
    "Tripped",
    "in_effect",
    "input_from_plain",
    "output_from_plain",
    "plain_of",
]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the market: the bars that closed at one instant.

    Parameters
    ----------
    open_ns, close_ns : int
        Of all its bars; rows rise by close, and by open where bars that close together opened apart.
    bars : tuple of Bar
        At most one per symbol, in order of symbol number; a symbol without a bar is left out.
    day : int
        Session date of the account, days since 1970-01-01; never falls.
    days : tuple of int
        Session date of each bar.
    ends : tuple of str
        Symbols whose session ends with this row by their calendar.
    acts : bool
        Whether strategies decide on it; not on history, and not on rows that came too late to act on.
    """

    open_ns: int
    close_ns: int
    bars: tuple[Bar, ...]
    day: int
    days: tuple[int, ...]
    ends: tuple[str, ...] = ()
    acts: bool = True

    @property
    def at_ns(self) -> int:
        """When it happened, as every input says it: when its bars closed."""
        return self.close_ns


@dataclass(frozen=True, slots=True)
class Filled:
    """The venue filled some of an order.

    Parameters
    ----------
    order_id : int
        The engine's number of the order; of the entry where a leg of its bracket filled.
    leg : str
        ``""`` for the order itself, ``"stop"`` or ``"target"`` for the legs of its bracket.
    quantity, price : float
        Units, positive; price without fee.
    fee : float or None
        In account currency; None where the venue does not say, and then the account's cost policies say it.
    at_ns : int
        The venue's time.
    identity : str
        What makes the fill the one it is, over the whole account.
    half_spread : float or None
        What crossing from the middle to one side cost, in price, by the quote on which its order was sent; None where
        there was none.
    """

    order_id: int
    quantity: float
    price: float
    fee: float | None
    at_ns: int
    identity: str
    leg: str = ""
    half_spread: float | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The venue said where an order stands without ending it: ``"submitted"`` or ``"unknown"``."""

    order_id: int
    status: str
    at_ns: int


@dataclass(frozen=True, slots=True)
class Ended:
    """An order came to its end: ``"cancelled"``, ``"expired"``, ``"rejected"`` or ``"filled"``, with the reason."""

    order_id: int
    status: str
    reason: str
    at_ns: int
    leg: str = ""


@dataclass(frozen=True, slots=True)
class Booked:
    """A strategy's units changed, and no order of the engine's did it: they were flattened, or a fill was corrected.

    Parameters
    ----------
    strategy : int
    symbol : str
    quantity : float
        Signed units.
    price : float
    at_ns : int
        The venue's time.
    identity : str
        What makes the change the one it is, over the whole account.
    why : str
        A sentence.
    """

    strategy: int
    symbol: str
    quantity: float
    price: float
    at_ns: int
    identity: str
    why: str


@dataclass(frozen=True, slots=True)
class SessionClosed:
    """The session of these symbols is over and no row said so: its last bars never came; `acts` as of `Row`."""

    symbols: tuple[str, ...]
    at_ns: int
    acts: bool = True


@dataclass(frozen=True, slots=True)
class Command:
    """What an operator asks of the engine, on the road of every order.

    Parameters
    ----------
    what : str
        ``"close_all"``, ``"cancel_all"``, ``"pause"`` (no new entries), ``"resume"``, or ``"stop"`` (its strategies are
        asked no more).
    who, reason : str
    strategy : int
        Number of the strategy it is for, or -1 for all.
    before : int
        Number of the input before which it counts, as when a strategy is stopped that never came back from it; 0 where
        it counts in its own place.
    """

    what: str
    who: str
    reason: str
    at_ns: int
    strategy: int = -1
    before: int = 0


Input: TypeAlias = Row | Filled | Booked | Standing | Ended | SessionClosed | Command


@dataclass(frozen=True, slots=True)
class Placed:
    """The engine decided an order, and its gate approved it.

    Parameters
    ----------
    order_id, strategy : int
    symbol : str
    side : int
        1 or -1.
    quantity : float
        Units on the lot.
    order_type, time_in_force : str
    limit_price, stop_price : float, optional
    expires_ns : int, optional
    reduce_only : bool
    stop_loss, take_profit : float, optional
        Of the bracket that protects its fills.
    tag, label : str, optional
        The strategy's own words for it.
    """

    order_id: int
    strategy: int
    symbol: str
    side: int
    quantity: float
    order_type: str
    time_in_force: str
    limit_price: float | None = None
    stop_price: float | None = None
    expires_ns: int | None = None
    reduce_only: bool = False
    stop_loss: float | None = None
    take_profit: float | None = None
    tag: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class CancelAsked:
    """A strategy, a limit or an operator wants an order's end."""

    order_id: int
    strategy: int
    why: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """A strategy wants an order in the place of another: `order` has a number of its own and the new *total*."""

    replaces: int
    order: Placed


@dataclass(frozen=True, slots=True)
class Happened:
    """A row of the engine's event log: what happened to an order, or to money.

    Parameters
    ----------
    event : str
        Name of the `EventKind` in lower case: ``"fill"``, ``"cancelled"``, ``"expired"``, ``"rejected"``, …
    order_id, strategy : int
    symbol : str
    quantity, price, fee : float
        Signed units of a fill; of an ending what was left.
    reason : str
        A sentence, or empty.
    """

    event: str
    order_id: int
    strategy: int
    symbol: str
    quantity: float
    price: float
    fee: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Logged:
    """A strategy said something."""

    strategy: int
    message: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tripped:
    """A limit of the session tripped: ``"day_loss"`` pauses until the next session, ``"drawdown"`` halts."""

    limit: str
    equity: float


@dataclass(frozen=True, slots=True)
class StrategyFailed:
    """A strategy raised: it is asked no more, its entries are cancelled and its exits stay."""

    strategy: int
    sentence: str


Output: TypeAlias = Placed | CancelAsked | Replaced | Happened | Logged | Tripped | StrategyFailed

_INPUTS: dict[str, Any] = {
    each.__name__: each for each in (Row, Filled, Booked, Standing, Ended, SessionClosed, Command)
}
_OUTPUTS: dict[str, Any] = {
    each.__name__: each for each in (Placed, CancelAsked, Replaced, Happened, Logged, Tripped, StrategyFailed)
}


def in_effect(entries: Iterable[tuple[int, Input, T]]) -> list[tuple[int, Input, T]]:
    """A record in the order in which its inputs count: commands that count before another input come before it."""
    entries = list(entries)
    moved: dict[int, list[tuple[int, Input, T]]] = {}
    for entry in entries:
        if isinstance(entry[1], Command) and entry[1].before:
            moved.setdefault(entry[1].before, []).append(entry)
    found: list[tuple[int, Input, T]] = []
    for entry in entries:
        found += moved.get(entry[0], [])
        if not (isinstance(entry[1], Command) and entry[1].before):
            found.append(entry)
    return found


def plain_of(said: Input | Output) -> dict[str, Any]:
    """An input or output as JSON words, with its kind under ``"kind"``."""
    return {"kind": type(said).__name__, **asdict(said)}


def input_from_plain(plain: Mapping[str, Any]) -> Input:
    """The input that was written so.

    Raises
    ------
    KeyError
        When it is none.
    """
    fields = dict(plain)
    kind = _INPUTS[fields.pop("kind")]
    if kind is Row:
        fields["bars"] = tuple(Bar(**each) for each in fields["bars"])
    found: Input = kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()})
    return found


def output_from_plain(plain: Mapping[str, Any]) -> Output:
    """The output that was written so; errors as of `input_from_plain`."""
    fields = dict(plain)
    kind = _OUTPUTS[fields.pop("kind")]
    if kind is Replaced:
        fields["order"] = Placed(**fields["order"])
    found: Output = kind(**fields)
    return found
