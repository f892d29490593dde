"""What a person does to accounts and sessions from outside, on the roads that there are.

The process that trades an account carries out what is asked of it; where none does, the kill switch works in a process
of its own, which alone speaks with the venue. This one never does: it reads journals, and writes latches and requests.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.app.desk.outcome import ActOutcome, outcomes_in_book, outcomes_of_session
from tradewright.bootstrap.desk_pictures import DeskPictures
from tradewright.bootstrap.kill import latch_accounts, rearm_account
from tradewright.bootstrap.session_logs import request_box, session_logs
from tradewright.domain.errors import ConflictError, StorageError
from tradewright.domain.live.latch import LatchOrder
from tradewright.domain.live.operator import CancelOrder, ClosePosition, Flatten, plain_command
from tradewright.domain.live.order import Lifecycle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from tradewright.app.desk.picture import Picture, SeenOrder, SeenPosition
    from tradewright.app.orders.book import LiveBook
    from tradewright.ports.request_box import Reply

__all__ = ["DeskActs"]

_PROGRAM = (sys.executable, "-P", "-c", "from tradewright.cli import main; raise SystemExit(main())")
_LOOK_S = 0.1
_REPORT_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class DeskActs:
    """Acts on accounts and sessions.

    Parameters
    ----------
    home : Path
        The folder of all stores.
    project : Path
        Where the kill switch finds the settings of the brokers.
    answer_s : float
        Seconds for a session to take a request.
    wait_s : float
        Seconds for orders to come to their end before what is known is answered.
    """

    home: Path
    project: Path
    answer_s: float = 10.0
    wait_s: float = 25.0

    @property
    def pictures(self) -> DeskPictures:
        """How everything stands."""
        return DeskPictures(self.home)

    def flatten(self, picture: Picture, who: str, reason: str) -> ActOutcome:
        """Close all that is ours, and let nothing new be sent until a person re-arms it.

        Raises
        ------
        StorageError
            When the latch cannot be written: then nothing was done.
        ConflictError
            When a session on simulated fills does not answer.
        """
        if picture.is_simulated:
            (session,) = picture.sessions
            return self._in_session(picture, session, [("pause", -1), ("close_all", -1)], who, reason)
        folder = self.pictures.folder(picture.subject)
        before = self.pictures.book(picture.subject)
        faults = latch_accounts([folder], LatchOrder(reason, who, flatten=True))
        if faults:
            raise StorageError(faults[0], hint="Type at the host: tradewright kill --flatten")
        report, notes = self._killed(picture.subject, who, reason)
        after = self.pictures.book(picture.subject)
        left = tuple(report["left"]) if report else ()
        return ActOutcome(
            is_done=report is not None and not left,
            sentence=_flattened(picture, report),
            orders=outcomes_in_book(after, {each.id for each in picture.orders}, set(before.orders)),
            left=left,
            notes=(*(report["notes"] if report else ()), *notes),
        )

    def _killed(self, subject: str, who: str, reason: str) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
        """The kill switch in a process of its own; its report, or None where it is still at it."""
        words = ("kill", "--account", subject, "--flatten", "--reason", reason, "--who", who, "--json")
        environment = {**os.environ, "TRADEWRIGHT_STORAGE__FOLDER": str(self.home)}
        process = subprocess.Popen(  # noqa: S603 - this very program, with words of its own
            [*_PROGRAM, *words], cwd=self.project, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        try:
            said, faults = process.communicate(timeout=self.wait_s)
        except subprocess.TimeoutExpired:
            return None, ("The kill switch goes on in a process of its own.",)
        try:
            found: dict[str, Any] = json.loads(said[:_REPORT_BYTES])["accounts"][0]
        except (ValueError, LookupError):
            return {"left": [f"The kill switch did not say what it did. {_last(faults)}".strip()], "notes": []}, ()
        return found, ()

    def cancel(self, picture: Picture, order: SeenOrder, who: str, reason: str) -> ActOutcome:
        """Ask for the end of an order of ours.

        Raises
        ------
        ConflictError
            When nobody takes the request: then nothing was done.
        """
        command = plain_command(CancelOrder(order=order.id, who=who, reason=reason))
        return self._at_account(picture, [command], {order.id})

    def close(self, picture: Picture, position: SeenPosition, who: str, reason: str) -> ActOutcome:
        """Close a position; errors as of `cancel`."""
        if picture.is_simulated:
            (session,) = picture.sessions
            asked = [("close_all", int(each.rpartition("/")[2])) for each in position.holders]
            return self._in_session(picture, session, asked, who, reason)
        commands = [
            plain_command(Flatten(instance=holder, who=who, reason=reason)) for holder in position.holders
        ] or [plain_command(ClosePosition(symbol=position.symbol, who=who, reason=reason))]  # fmt: skip
        touched = {each.id for each in picture.orders if each.symbol == position.symbol}
        return self._at_account(picture, commands, touched, symbol=position.symbol)

    def rearm(self, picture: Picture, who: str, reason: str, limits: str) -> ActOutcome:
        """Take the latch away.

        Raises
        ------
        OrderError
            When what it ends has not ended.
        JournalError
            When a process holds the account.
        """
        if picture.is_simulated:
            (session,) = picture.sessions
            return self._in_session(picture, session, [("rearm", -1)], who, reason)
        rearm_account(self.pictures.folder(picture.subject), who, reason, limits)
        return ActOutcome(is_done=True, sentence=f"{picture.subject} is armed again, with the limits '{limits}'.")

    def end(self, session: str, who: str, reason: str) -> str:
        """Ask a session to end, and go on; the id of the request."""
        return request_box(session, self.home).post({"command": "end", "who": who, "reason": reason})

    def ended(self, session: str, who: str, reason: str) -> bool:
        """Ask a session to end, and wait for it; whether it has."""
        self.end(session, who, reason)
        return _waited(lambda: session not in self.pictures.session(session).sessions or None, self.wait_s) is not None

    def ask(self, session: str, words: Mapping[str, Any]) -> Reply:
        """Ask a running session something.

        Raises
        ------
        ConflictError
            When it does not answer, and whether anything was done.
        """
        box = request_box(session, self.home)
        request = box.post(words)
        reply: Reply | None = _waited(lambda: box.answer(request), self.answer_s)
        if reply is not None:
            return reply
        if box.withdraw(request):
            raise ConflictError(
                f"The session {session} does not answer: the request was taken back, and nothing was done.",
                hint="Flatten the account, which needs no session that answers.",
            )
        raise ConflictError(
            f"Outcome unknown: the session {session} has taken the request and not answered yet.",
            hint="Look at its orders; nothing is asked twice by itself.",
        )

    def _at_account(
        self, picture: Picture, commands: Iterable[Mapping[str, Any]], touched: set[str], symbol: str | None = None
    ) -> ActOutcome:
        """Let a session that trades the account carry commands out, and wait for what comes of them."""
        known = set(self.pictures.book(picture.subject).orders)
        said = [_required(self.ask(picture.sessions[0], command)).sentence for command in commands]
        is_over = _waited(lambda: self._is_over(picture.subject, touched, known, symbol) or None, self.wait_s)
        return ActOutcome(
            is_done=is_over is not None,
            sentence=" ".join(said),
            orders=outcomes_in_book(self.pictures.book(picture.subject), touched, known),
        )

    def _is_over(self, subject: str, touched: set[str], known: set[str], symbol: str | None) -> bool:
        book = self.pictures.book(subject)
        orders = [order for cid, order in book.orders.items() if cid in touched or cid not in known]
        if any(order.is_open for order in orders):
            return False
        return symbol is None or not _ours(book, symbol)

    def _in_session(
        self, picture: Picture, session: str, asked: Iterable[tuple[str, int]], who: str, reason: str
    ) -> ActOutcome:
        log = session_logs(self.home).read(session)
        before = max((number for number, _, _ in log.entries()), default=0)
        said = [
            _required(self.ask(session, {"command": what, "strategy": number, "who": who, "reason": reason})).sentence
            for what, number in asked
        ]
        is_flat = _waited(lambda: self._is_flat(session) or None, min(self.wait_s, 5.0))
        outputs = [output for _, _, outputs in log.entries(before) for output in outputs]
        return ActOutcome(
            is_done=is_flat is not None,
            sentence=" ".join(said),
            orders=outcomes_of_session(session, {each.id for each in picture.orders}, outputs),
        )

    def _is_flat(self, session: str) -> bool:
        picture = self.pictures.session(session)
        return not picture.positions and not picture.orders


def _ours(book: LiveBook, symbol: str) -> bool:
    held = book.positions.get(symbol, 0) - book.strange.get(symbol, 0)
    return bool(held) and not any(o.state is Lifecycle.UNKNOWN for o in book.orders.values() if o.symbol == symbol)


def _required(reply: Reply) -> Reply:
    if not reply.is_done:
        raise ConflictError(reply.sentence)
    return reply


def _waited(look: Callable[[], Any], seconds: float) -> Any:
    """What a look gives, once it gives anything; None where it does not in time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if (found := look()) is not None:
            return found
        time.sleep(_LOOK_S)
    return None


def _flattened(picture: Picture, report: Mapping[str, Any] | None) -> str:
    if report is None:
        return f"The kill switch of {picture.subject} is latched, and closing goes on."
    if report["left"]:
        return f"The kill switch of {picture.subject} is latched; not everything has ended."
    return f"Everything of ours in {picture.subject} has ended and is closed; the venue was asked twice."


def _last(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else ""
