"""The state machine of a live order: which evidence, in which state, leads where. One table and nothing else decides.

Evidence only adds: nothing lowers a filled quantity, and an order that has ended comes back only where the venue shows
it working although it cannot be, which is an alarm.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from tradewright.domain.errors import OrderStateError
from tradewright.domain.live.order import ENDED, Lifecycle

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["COLUMNS", "IMPOSSIBLE", "TABLE", "Facts", "Row", "Step", "column_of", "follow"]


class Row(StrEnum):
    """Kinds of evidence."""

    HANDED_OVER = "handed_over"
    ACKNOWLEDGED = "acknowledged"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    DUPLICATE_ID = "duplicate_id"
    FILL_NEW = "fill_new"
    FILL_KNOWN = "fill_known"
    ENDED = "ended"
    CANCEL_REFUSED = "cancel_refused"
    FOUND_TERMINAL = "found_terminal"
    NOT_FOUND_SETTLED = "not_found_settled"
    PROCESS_START = "process_start"


COLUMNS = ("P", "S", "U", "W", "F", "CEX", "R", "N")

# What a cell says: `=` stay, `!` alarm, `-` cannot happen; the other words are in `_MEANING`.
_TEXT = """
handed_over        S       -       -       -       -       -       -       -
acknowledged       W       W       W       =       =       stale   back    stray!
no_answer          -       U       =       =       =       =       =       =
refused            -       R       R       late_R  =!      =       =       =
duplicate_id       -       U       U       =       =       =       =!      W!
fill_new           fill!   fill    fill    fill    over    add     fill!   fill!
fill_known         =       =       =       =       =       =       =       =
ended              seen    seen    seen    seen    =       =       =       seen
cancel_refused     =       =       =       ask     =       =       =       =
found_terminal     seen    seen    seen    seen    more    more    doubt   seen!
not_found_settled  N       -       again   lost!   =       =       =       =
process_start      U       U       U       U       reread  reread  reread  =
"""
IMPOSSIBLE = "-"
TABLE: dict[tuple[Row, str], str] = {
    (Row(words[0]), column): cell
    for words in (line.split() for line in _TEXT.strip().splitlines())
    for column, cell in zip(COLUMNS, words[1:], strict=True)
}


class Facts(NamedTuple):
    """What the cells ask about an order and its evidence."""

    ended: Lifecycle | None = None
    """How it ended, as the venue says."""
    is_full: bool = False
    """Whether all that was wanted is filled, the new fill included."""
    is_over: bool = False
    """Whether more than that is filled."""
    has_fills: bool = False
    is_after_window: bool = False
    """Whether the venue was asked after the settle window, so that it is not an old picture."""
    was_taken: bool = False
    """Whether the venue has given it an id of its own before."""
    has_more: bool = False
    """Whether the venue shows more of it filled than was booked."""
    send_again: bool = False
    is_unknown_order: bool = False
    """Whether a cancel was refused because the venue does not know the order, rather than as too late."""


class Step(NamedTuple):
    """What follows."""

    to: Lifecycle
    alarm: bool = False
    ask: bool = False
    """Look the order up."""
    freeze: bool = False
    """Nothing new in its symbol until a person has looked."""
    stray: bool = False
    """It stands at the venue against what we said of it: cancel it."""
    unsettle: bool = False
    """What was read of its end is not its end."""


def column_of(state: Lifecycle) -> str:
    """The column of the table in which a state stands."""
    return next(column for column in COLUMNS if state.value in column)


def follow(state: Lifecycle, row: Row, facts: Facts) -> Step:
    """What a piece of evidence does to an order.

    Raises
    ------
    OrderStateError
        When it cannot reach an order in this state.
    """
    cell = TABLE[row, column_of(state)]
    if cell == IMPOSSIBLE:
        raise OrderStateError(f"An order in state {state.value} cannot meet '{row.value}'.")
    word = cell.rstrip("!")
    step = _MEANING[word](state, facts) if word in _MEANING else Step(Lifecycle(word))
    return step._replace(alarm=True) if cell.endswith("!") else step


def _stay(state: Lifecycle, _: Facts) -> Step:
    return Step(state)


def _stale(state: Lifecycle, facts: Facts) -> Step:
    """Shown as open after it ended: an old picture, unless it was taken after the window."""
    return Step(Lifecycle.WORKING, alarm=True, ask=True, unsettle=True) if facts.is_after_window else Step(state)


def _back(state: Lifecycle, facts: Facts) -> Step:
    """Refused, and shown as open: a contradiction, but for an old picture of an order that was taken and thrown out."""
    if facts.was_taken and not facts.is_after_window:
        return Step(state)
    return Step(Lifecycle.WORKING, alarm=True, unsettle=True)


def _stray(_: Lifecycle, __: Facts) -> Step:
    return Step(Lifecycle.WORKING, stray=True)


def _late_refusal(_: Lifecycle, facts: Facts) -> Step:
    """The venue took it, and threw it out afterwards."""
    return Step(Lifecycle.CANCELLED if facts.has_fills else Lifecycle.REJECTED)


def _fill(state: Lifecycle, facts: Facts) -> Step:
    to = Lifecycle.FILLED if facts.is_full else Lifecycle.WORKING
    return Step(to, alarm=facts.is_over, freeze=facts.is_over, ask=state in ENDED, unsettle=state in ENDED)


def _over(_: Lifecycle, facts: Facts) -> Step:
    """Fills of an order that was found full before they came are no over-fill."""
    return Step(Lifecycle.FILLED, alarm=facts.is_over, freeze=facts.is_over, unsettle=True)


def _add(state: Lifecycle, facts: Facts) -> Step:
    to = Lifecycle.FILLED if facts.is_full else state
    return Step(to, alarm=facts.is_over, freeze=facts.is_over, unsettle=True)


def _more(state: Lifecycle, facts: Facts) -> Step:
    """Its fills come as fills; until they have, what was read of its end was not the end."""
    return Step(state, unsettle=facts.has_more)


def _doubt(state: Lifecycle, facts: Facts) -> Step:
    """Refused, and the venue's own object says something else: a person is told."""
    return Step(state, alarm=facts.ended is not Lifecycle.REJECTED, unsettle=facts.has_more)


def _seen(state: Lifecycle, facts: Facts) -> Step:
    return Step(state if facts.ended is None else facts.ended)


def _ask(state: Lifecycle, facts: Facts) -> Step:
    return Step(state, ask=True, alarm=facts.is_unknown_order)


def _again(_: Lifecycle, facts: Facts) -> Step:
    return Step(Lifecycle.SUBMITTED if facts.send_again else Lifecycle.NOT_ACCEPTED)


def _lost(state: Lifecycle, _: Facts) -> Step:
    return Step(state, freeze=True)


def _reread(state: Lifecycle, _: Facts) -> Step:
    """What is not FINAL is read again; FINAL stays."""
    return Step(state)


_MEANING: dict[str, Callable[[Lifecycle, Facts], Step]] = {
    "=": _stay,
    "stale": _stale,
    "back": _back,
    "stray": _stray,
    "late_R": _late_refusal,
    "fill": _fill,
    "over": _over,
    "add": _add,
    "more": _more,
    "doubt": _doubt,
    "seen": _seen,
    "ask": _ask,
    "again": _again,
    "lost": _lost,
    "reread": _reread,
}
