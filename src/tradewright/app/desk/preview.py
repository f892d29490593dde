"""What an act would do at this moment, in words and numbers, and a digest of what it was said from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tradewright.domain.live.wire import canonical_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .picture import Picture, SeenOrder, SeenPosition

__all__ = [
    "Action", "Preview", "cancel_order", "close_position", "closed_together", "count", "flatten", "raise_limits",
    "rearm", "stop_session",
]  # fmt: skip

_LONGEST = 20
_NEVER = "Nothing is opened or made larger."


class Action(StrEnum):
    """What is looked at before it is done."""

    START_LIVE = "start_live"
    FLATTEN = "flatten"
    CLOSE_POSITION = "close_position"
    CANCEL_ORDER = "cancel_order"
    STOP_SESSION = "stop_session"
    MODE_TRANSITION = "mode_transition"
    REARM = "rearm"
    RAISE_LIMITS = "raise_limits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """An act before it is done.

    Parameters
    ----------
    action : Action
    account : str
        ``mode/name``, or ``session/name`` where fills are simulated.
    mode : str
    sentence : str
    will, will_not : tuple of str
    orders, positions : int
        That it touches.
    notional : float or None
        Gross value of those positions at the last prices.
    typed : str
        What a person types to confirm it.
    button : str
    blocked : str or None
        Why it cannot be done now.
    seen : mapping
        What it depends on, plain values.
    """

    action: Action
    account: str
    mode: str
    sentence: str
    will: tuple[str, ...]
    will_not: tuple[str, ...]
    orders: int = 0
    positions: int = 0
    notional: float | None = None
    typed: str
    button: str
    blocked: str | None = None
    seen: Mapping[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Names what was seen: it changes with it, and with nothing else."""
        words = {"action": self.action.value, "account": self.account, "blocked": self.blocked, "seen": self.seen}
        return hashlib.sha256(canonical_json(words)).hexdigest()[:32]


def count(many: int, what: str) -> str:
    """Such as ``1 order`` and ``4 orders``.

    Examples
    --------
    >>> count(1, "order"), count(0, "position")
    ('1 order', '0 positions')
    """
    return f"{many} {what}{'' if many == 1 else 's'}"


def flatten(picture: Picture) -> Preview:
    """Close everything that is ours and end every order of ours."""
    positions, orders = len(picture.positions), len(picture.orders)
    what = f"{count(positions, 'position')} in {picture.name}"
    return Preview(
        action=Action.FLATTEN, account=picture.subject, mode=picture.mode,
        sentence=f"Closes {what} and ends {count(orders, 'order')}, protecting ones too.",
        will=(*_before_flatten(picture), *_ends(picture.orders), *_closes(picture.positions)),
        will_not=(_NEVER, *_untouched(picture)),
        orders=orders, positions=positions, notional=picture.notional, typed=picture.name, button=f"Close {what}",
        blocked=picture.problem or _not_running(picture), seen=picture.seen(),
    )  # fmt: skip


def _before_flatten(picture: Picture) -> tuple[str, ...]:
    if picture.is_simulated:
        return (f"The strategies of {picture.name} enter nothing new until they are told to go on.",)
    if picture.is_latched:
        return (f"The kill switch of {picture.subject} stays latched.",)
    return (f"The kill switch of {picture.subject} is latched: nothing new is sent until a person re-arms it.",)


def _untouched(picture: Picture) -> tuple[str, ...]:
    held = [f"Held by hand or by others, and left alone: {', '.join(picture.strange)}."] if picture.strange else []
    going = [f"{', '.join(picture.sessions)} goes on running, and enters nothing."] if picture.sessions else []
    return (*held, *going)


def _not_running(picture: Picture) -> str | None:
    if picture.is_simulated and not picture.sessions:
        return f"The session {picture.name} does not run: nothing of it can change."
    return None


def close_position(picture: Picture, position: SeenPosition) -> Preview:
    """Close one position; where a running strategy holds it, that strategy closes all it holds."""
    symbols = {each.symbol for each in closed_together(picture, position)}
    orders = [each for each in picture.orders if each.symbol in symbols]
    held = closed_together(picture, position)
    notional = None if any(each.mark is None for each in held) else sum(
        abs(float(each.units)) * (each.mark or 0.0) for each in held
    )  # fmt: skip
    by = f"{', '.join(position.holders)} closes by its own orders" if position.holders else "By one market order"
    what = f"{position.symbol} in {picture.name}" if len(held) == 1 else f"{count(len(held), 'position')}"
    return Preview(
        action=Action.CLOSE_POSITION, account=picture.subject, mode=picture.mode,
        sentence=f"Closes {position.words}; {by[0].lower()}{by[1:]}.",
        will=(*_ends(orders), *_closes(held), f"{by}."),
        will_not=(_NEVER, "The kill switch is not set: strategies may enter again.", *_untouched(picture)[:1]),
        orders=len(orders), positions=len(held), notional=notional, typed=picture.name, button=f"Close {what}",
        blocked=picture.problem or _latched(picture) or _nobody(picture),
        seen={**picture.seen(), "position": position.id, "units": str(position.units.normalize())},
    )  # fmt: skip


def _nobody(picture: Picture) -> str | None:
    """Why nobody would carry it out: what is sent to a venue is sent by the session that trades the account."""
    if not picture.sessions and not picture.is_simulated:
        return f"No session trades {picture.subject} now: flatten the account, which needs none."
    return _not_running(picture)


def closed_together(picture: Picture, position: SeenPosition) -> list[SeenPosition]:
    """The position, and what its holders hold besides: a strategy closes all or nothing."""
    mine = set(position.holders)
    return [each for each in picture.positions if each.id == position.id or mine & set(each.holders)]


def _latched(picture: Picture) -> str | None:
    if picture.is_latched and not picture.is_simulated:
        return f"The kill switch of {picture.subject} is latched: flatten the account instead."
    return None


def cancel_order(picture: Picture, order: SeenOrder) -> Preview:
    """Ask for the end of one order."""
    protects = ("What it protects is not protected any more.",) if order.protects else ()
    already = ("Its end was asked for already.",) if order.is_cancelling else ()
    return Preview(
        action=Action.CANCEL_ORDER, account=picture.subject, mode=picture.mode,
        sentence=f"Asks for the end of: {order.words} ({order.state}).",
        will=(f"The venue is asked to end the order {order.id}.", *already, *protects),
        will_not=("No position is changed by it; what fills before the venue hears of it stays.",),
        orders=1, typed=picture.name, button=f"Cancel {order.words}",
        blocked=picture.problem or _no_single_cancel(picture),
        seen={**picture.seen(), "order": [order.id, order.state, str(order.quantity - order.filled)]},
    )  # fmt: skip


def _no_single_cancel(picture: Picture) -> str | None:
    if picture.is_simulated:
        return f"Orders on simulated fills are their strategy's: flatten {picture.name}, or let it be."
    return _nobody(picture)


def stop_session(picture: Picture, session: str) -> Preview:
    """End a session: its strategies are told, and everything at the venue stays."""
    orders = [each for each in picture.orders if each.decider.partition("/")[0] == session]
    held = [each for each in picture.positions if any(one.partition("/")[0] == session for one in each.holders)]
    words = [each.words for each in orders] + [each.words for each in held]
    stays = _listed([f"Stays open: {each}." for each in words], "orders and positions")
    runs = session in picture.sessions
    return Preview(
        action=Action.STOP_SESSION, account=picture.subject, mode=picture.mode,
        sentence=f"Ends {session}; {count(len(orders), 'order')} and {count(len(held), 'position')} stay as they are.",
        will=("The bars it was given are still worked, and its strategies are told that there are no more.",),
        will_not=("No order is ended and no position closed.", *stays),
        orders=len(orders), positions=len(held), typed=session, button=f"Stop {session}",
        blocked=None if runs else f"The session {session} does not run.",
        seen={"session": session, "runs": runs},
    )  # fmt: skip


def rearm(picture: Picture, limits: str | None) -> Preview:
    """Take the latch away."""
    named = limits or picture.limits or "none"
    return Preview(
        action=Action.REARM, account=picture.subject, mode=picture.mode,
        sentence=_armed_words(picture, named), will=_after_arming(picture, named),
        will_not=("No session is started, and no order sent.",),
        orders=len(picture.orders), positions=len(picture.positions), notional=picture.notional,
        typed=picture.name, button=f"Re-arm {picture.name}",
        blocked=_why_not_armed(picture) or _unlimited(picture, named),
        seen={**picture.seen(), "limits": named},
    )  # fmt: skip


def _armed_words(picture: Picture, named: str) -> str:
    """The limits of a session on simulated fills are those it began with."""
    if picture.is_simulated:
        return f"Lets the strategies of {picture.name} enter again."
    return f"Arms {picture.subject} again, with the limits '{named}'."


def _after_arming(picture: Picture, named: str) -> tuple[str, ...]:
    if picture.is_simulated:
        return (f"The strategies of {picture.name} may enter again.", "The drawdown counts from the equity of now.")
    return (
        f"Sessions may send orders from {picture.name} again.",
        f"The limits '{named}' hold, and the drawdown counts from the equity at the next start.",
    )


def _unlimited(picture: Picture, named: str) -> str | None:
    if named == "none" and not picture.is_simulated:
        return f"Nothing says what {picture.subject} may risk from now on: name the limits."
    return None


def _why_not_armed(picture: Picture) -> str | None:
    if picture.problem:
        return picture.problem
    if picture.is_simulated:
        return _not_running(picture) or _enters_already(picture)
    if not picture.is_latched and not picture.is_halted:
        return f"The kill switch of {picture.subject} is not latched."
    if picture.sessions:
        return f"{', '.join(picture.sessions)} runs: an account is armed while nobody trades it. Stop it first."
    if picture.is_latched and not picture.is_worked:
        return "What the kill switch ends has not ended yet. Flatten the account, or wait."
    return None


def _enters_already(picture: Picture) -> str | None:
    if picture.is_latched or picture.is_halted:
        return None
    return f"The strategies of {picture.name} may enter already."


def raise_limits(picture: Picture, now: str | None, wanted: str) -> Preview:
    """Let an account risk more, or less.

    Parameters
    ----------
    picture : Picture
    now : str or None
        The loosest limits that it may be traded with until now; None where nobody said.
    wanted : str
    """
    before = f"'{now}'" if now else "any"
    return Preview(
        action=Action.RAISE_LIMITS, account=picture.subject, mode=picture.mode,
        sentence=f"Lets {picture.subject} be traded with the limits '{wanted}' at most, instead of {before}.",
        will=(f"Sessions and re-arming may name the limits '{wanted}' for it, and no looser ones.",),
        will_not=("The limits of a session that runs stay as they are until it begins again.",),
        orders=len(picture.orders), positions=len(picture.positions), notional=picture.notional, typed=picture.name,
        button=f"Set the limits of {picture.name} to '{wanted}'", blocked=picture.problem,
        seen={"subject": picture.subject, "now": now, "wanted": wanted},
    )  # fmt: skip


def _ends(orders: Any) -> tuple[str, ...]:
    return _listed([f"Ends: {each.words} ({each.state})." for each in orders], "orders")


def _closes(positions: Any) -> tuple[str, ...]:
    return _listed([f"Closes at market: {each.words}." for each in positions], "positions")


def _listed(lines: list[str], what: str) -> tuple[str, ...]:
    """The lines, the last of which counts what is left out."""
    if len(lines) <= _LONGEST:
        return tuple(lines)
    return (*lines[:_LONGEST], f"And {len(lines) - _LONGEST} more {what}.")
