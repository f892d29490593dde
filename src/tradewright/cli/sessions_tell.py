"""`tradewright sessions tell`: what people ask of a running session."""

from __future__ import annotations

import getpass
import time
from typing import TYPE_CHECKING, Any

import click

from .lazy import Command
from .outcome import FAILED

if TYPE_CHECKING:
    from tradewright.ports.request_box import Reply

    from .outcome import Outcome

__all__ = ["tell_session"]

_PATIENCE_S = 30.0
_LOOK_S = 0.1
_OF_STRATEGIES = {"pause": "pause", "resume": "resume", "stop": "stop", "cancel-all": "cancel_all"}
_OF_STRATEGIES |= {"close-all": "close_all", "end": "end", "rearm": "rearm"}
_OF_ACCOUNTS = {
    "cancel": ("CancelOrder", "order"), "close": ("ClosePosition", "symbol"), "flatten": ("Flatten", None),
    "adopt-order": ("AdoptOrder", "vid"), "adopt-position": ("AdoptPosition", "symbol"),
    "release-position": ("ReleasePosition", "symbol"), "accept-difference": ("AcceptDifference", "symbol"),
    "thaw": ("Thaw", "symbol"),
}  # fmt: skip
_WITH_UNITS = frozenset({"adopt-position", "release-position", "accept-difference"})


@click.command(
    cls=Command,
    epilog="Of strategies: pause, resume, stop, cancel-all, close-all; of the session: end, and rearm where no account "
    "was latched. Of the account: cancel ORDER, close SYMBOL, flatten, adopt-order ID, adopt-position, "
    "release-position and accept-difference SYMBOL, thaw SYMBOL.",
)
@click.argument("session")
@click.argument("command", type=click.Choice([*_OF_STRATEGIES, *_OF_ACCOUNTS]))
@click.argument("subject", required=False)
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is kept with your name.")
@click.option("--strategy", type=click.IntRange(min=0), metavar="N", help="One strategy by its number. [all]")
@click.option("--units", metavar="NUMBER", help="How many, of positions and differences.")
@click.pass_obj
def tell_session(outcome: Outcome, /, session: str, command: str, subject: str | None, **options: Any) -> None:
    """Ask the running SESSION something; what was done, or why it was not, is printed.

    Orders that follow pass the gate and the journal as every order does. 'tradewright kill' needs no session that
    answers.
    """
    from tradewright.bootstrap.session_logs import request_box, session_logs

    session_logs().read(session)
    asked = {**_words(command, subject, options), "who": getpass.getuser(), "reason": options["reason"]}
    box = request_box(session)
    request = box.post(asked)
    reply = _waited(box, request)
    if reply is None:
        outcome.code = FAILED
        click.echo(_unanswered(session, is_withdrawn=box.withdraw(request)), err=True)
        return
    click.echo(reply.sentence)
    if not reply.is_done:
        outcome.code = FAILED


def _unanswered(session: str, *, is_withdrawn: bool) -> str:
    if is_withdrawn:
        return f"The session {session} does not run, or hangs: the request was taken back, and nothing was done."
    return f"The session {session} has taken the request and not answered yet: look with 'sessions show {session}'."


def _words(command: str, subject: str | None, options: dict[str, Any]) -> dict[str, Any]:
    if command in _OF_STRATEGIES:
        if subject is not None:
            raise click.UsageError(f"'{command}' takes no {subject}; name a strategy with --strategy N.")
        number = options["strategy"]
        return {"command": _OF_STRATEGIES[command], "strategy": -1 if number is None else number}
    kind, field = _OF_ACCOUNTS[command]
    if (field is None) != (subject is None):
        raise click.UsageError(f"Write: sessions tell SESSION {command} {field.upper() if field else ''}".rstrip())
    words: dict[str, Any] = {"command": kind} if field is None else {"command": kind, field: subject}
    if options["units"] is not None:
        if command not in _WITH_UNITS:
            raise click.UsageError(f"'{command}' takes no --units.")
        words["units"] = options["units"]
    return words


def _waited(box: Any, request: str) -> Reply | None:
    ends = time.monotonic() + _PATIENCE_S
    while time.monotonic() < ends:
        reply: Reply | None = box.answer(request)
        if reply is not None:
            return reply
        time.sleep(_LOOK_S)
    return None
