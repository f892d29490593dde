"""What starting a session with money, and taking one into another mode, would do at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .preview import Action, Preview, count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .picture import Picture

__all__ = ["Start", "mode_transition", "start_session"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A session that could begin.

    Parameters
    ----------
    mode : str
    account : str
        Its name, as a person knows it.
    request : mapping
        What the job would be asked.
    source_hash : str
        Of the text of the strategy.
    approvals : tuple of str
        Those it stands on, each in words.
    refused : str or None
        Why it may not begin.
    """

    mode: str
    account: str
    request: Mapping[str, Any]
    source_hash: str
    approvals: tuple[str, ...] = ()
    refused: str | None = None

    def seen(self) -> dict[str, Any]:
        """What it depends on, in plain words; its name may be drawn anew each time."""
        said = {name: _plain(value) for name, value in self.request.items() if name != "session"}
        return {"mode": self.mode, "account": self.account, "source": self.source_hash, "request": said,
                "approvals": list(self.approvals)}  # fmt: skip

    @property
    def words(self) -> str:
        """As in a sentence: ``sma_cross on AAPL, 1m``."""
        symbols = ", ".join(self.request["symbols"][:10])
        return f"{self.request['strategy']} on {symbols}, {self.request.get('timeframe') or '1m'}"


def start_session(start: Start, account: Picture | None) -> Preview:
    """Begin a session.

    Parameters
    ----------
    start : Start
    account : Picture or None
        How its account stands; None where it never traded from here.
    """
    held = () if account is None else account.positions
    orders = () if account is None else account.orders
    return Preview(
        action=Action.START_LIVE, account=f"{start.mode}/{start.account}", mode=start.mode,
        sentence=f"Begins {start.words}, with {_money(start)}, on the account {start.account}.",
        will=(*_will(start), *start.approvals), will_not=_will_not(start, held, orders),
        orders=len(orders), positions=len(held), notional=None if account is None else account.notional,
        typed=start.account, button=f"Start {start.mode} on {start.account}",
        blocked=start.refused or _latched(account),
        seen={**start.seen(), "standing": None if account is None else account.seen()},
    )  # fmt: skip


def mode_transition(session: str, begun: Picture, start: Start, account: Picture | None) -> Preview:
    """Stop a session and begin the same one in another mode; what was held before stays where it is.

    Parameters
    ----------
    session : str
    begun : Picture
        What it trades now.
    start : Start
        What would begin.
    account : Picture or None
        How the account of that stands.
    """
    after = start_session(start, account)
    left = [each.words for each in begun.positions if any(one.partition("/")[0] == session for one in each.holders)]
    stays = f"Stays open in {begun.subject}: {', '.join(left)}." if left else f"Nothing is closed in {begun.subject}."
    runs = session in begun.sessions
    return Preview(
        action=Action.MODE_TRANSITION, account=after.account, mode=start.mode,
        sentence=f"Ends {session} ({begun.mode}) and begins {start.words} in mode {start.mode} on {start.account}.",
        will=(f"{session} is ended first; only when it has ended the new session begins.", *after.will),
        will_not=(stays, *after.will_not), orders=after.orders, positions=after.positions, notional=after.notional,
        typed=start.account, button=f"Take {session} to {start.mode}",
        blocked=after.blocked if runs else f"The session {session} does not run.",
        seen={**after.seen, "session": session, "runs": runs},
    )  # fmt: skip


def _money(start: Start) -> str:
    if start.request.get("dry_run"):
        return "orders that are decided and not sent"
    return "money" if start.mode == "live" else "no money"


def _will(start: Start) -> tuple[str, ...]:
    limits = start.request.get("limits")
    named = (f"The limits '{limits}' hold for the whole account.",) if limits else ()
    sends = "Decides and gates orders, and sends none." if start.request.get("dry_run") else (
        "Sends orders by itself from the first bar on that it decides on, without asking again."
    )  # fmt: skip
    return (sends, *named)


def _will_not(start: Start, held: Any, orders: Any) -> tuple[str, ...]:
    beside = f"{count(len(held), 'position')} and {count(len(orders), 'order')} of the account"
    there = (f"{beside} are not this session's, and stay as they are.",) if held or orders else ()
    return (*there, f"Nothing is traded but {', '.join(start.request['symbols'][:10])}.")


def _latched(account: Picture | None) -> str | None:
    if account is not None and (account.is_latched or account.is_halted):
        return f"The kill switch of {account.subject} is set. Re-arm it first."
    return None


def _plain(value: Any) -> Any:
    return {str(key): _plain(each) for key, each in value.items()} if isinstance(value, dict) else value
