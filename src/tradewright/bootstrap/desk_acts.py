"""What a person does to accounts and sessions from outside, on the roads that there are.

The process that trades an account carries out what is asked of it; where none does, the kill switch works in a process
of its own, which alone speaks with the venue. This one never does: it reads journals, and writes latches and requests.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from tradewright.app.desk.outcome import ActOutcome, outcomes_in_book, outcomes_of_session
from tradewright.app.desk.preview import closed_together
from tradewright.bootstrap.desk_pictures import DeskPictures
from tradewright.bootstrap.kill import latch_accounts, rearm_account
from tradewright.bootstrap.session_logs import request_box, session_logs
from tradewright.domain.errors import ConflictError, StorageError
from tradewright.domain.live.latch import LatchOrder
from tradewright.domain.live.operator import CancelOrder, ClosePosition, Flatten, plain_command

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

    from tradewright.app.desk.picture import Picture, SeenOrder, SeenPosition
    from tradewright.app.orders.book import LiveBook
    from tradewright.ports.request_box import Reply

__all__ = ["DeskActs"]

_PROGRAM = (sys.executable, "-P", "-c", "from tradewright.cli import main; raise SystemExit(main())")
_LOOK_S = 0.1
_REPORT_BYTES = 1 << 20
_SIMULATED_S = 5.0
"""Simulated orders fill with the next bar, which may be an hour away: so long is waited for one that is near."""


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
        Seconds for what was taken to be answered, and for orders to come to their end before what is known is said.
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
            asked = _plain([("pause", -1), ("close_all", -1)], who, reason)
            return self._in_session(picture, asked, lambda now: now.is_latched and not (now.positions or now.orders))
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
        # Files, not pipes: one that goes on when nobody listens any more must not fail at what it says.
        with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as faults:
            process = subprocess.Popen(  # noqa: S603 - this very program, with words of its own
                [*_PROGRAM, *words], cwd=self.project, env=environment, stdin=subprocess.DEVNULL, stdout=said,
                stderr=faults, start_new_session=True,
            )  # fmt: skip
            try:
                process.wait(timeout=self.wait_s)
            except subprocess.TimeoutExpired:
                threading.Thread(target=process.wait, daemon=True).start()
                return None, ("The kill switch goes on in a process of its own.",)
            return _report(_text(said), _text(faults)), ()

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
        """Close a position, and what its holders hold besides; errors as of `cancel`."""
        symbols = {each.symbol for each in closed_together(picture, position)}
        if picture.is_simulated:
            asked = _plain([("close_all", int(each.rpartition("/")[2])) for each in position.holders], who, reason)
            return self._in_session(picture, asked, lambda now: not symbols & {each.symbol for each in now.positions})
        commands = [
            plain_command(Flatten(instance=holder, who=who, reason=reason)) for holder in position.holders
        ] or [plain_command(ClosePosition(symbol=position.symbol, who=who, reason=reason))]  # fmt: skip
        touched = {each.id for each in picture.orders if each.symbol in symbols}
        return self._at_account(picture, commands, touched, symbols)

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
            asked = _plain([("rearm", -1), ("resume", -1)], who, reason)
            return self._in_session(picture, asked, lambda now: not (now.is_latched or now.is_halted))
        rearm_account(self.pictures.folder(picture.subject), who, reason, limits)
        return ActOutcome(is_done=True, sentence=f"{picture.subject} is armed again, with the limits '{limits}'.")

    def end(self, session: str, who: str, reason: str) -> str:
        """Ask a session to end, and go on; the id of the request."""
        return request_box(session, self.home).post({"command": "end", "who": who, "reason": reason})

    def ended(self, session: str) -> bool:
        """Wait for the end of a session that was asked for; whether it has come."""
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
        if not box.withdraw(request):
            # It is being carried out, or was: orders that end before a position is closed take their time.
            reply = _waited(lambda: box.answer(request), self.wait_s)
        else:
            raise ConflictError(
                f"The session {session} does not answer: the request was taken back, and nothing was done.",
                hint="Flatten the account, which needs no session that answers.",
            )
        if reply is not None:
            return reply
        raise ConflictError(
            f"Outcome unknown: the session {session} has taken the request and not answered yet.",
            hint="Look at its orders; nothing is asked twice by itself.",
        )

    def _asked(self, session: str, commands: Iterable[Mapping[str, Any]]) -> str:
        """Ask a session one thing after the other; what was done before one that is refused is said with it."""
        said: list[str] = []
        for command in commands:
            try:
                said.append(_required(self.ask(session, command)).sentence)
            except ConflictError as error:
                if not said:
                    raise
                raise ConflictError(f"Done: {' '.join(said)} Then: {error.message}", hint=error.hint) from error
        return " ".join(said)

    def _at_account(
        self, picture: Picture, commands: Iterable[Mapping[str, Any]], touched: set[str],
        symbols: Collection[str] = frozenset(),
    ) -> ActOutcome:  # fmt: skip
        """Let a session that trades the account carry commands out, and wait for what comes of them."""
        known = set(self.pictures.book(picture.subject).orders)
        said = self._asked(picture.sessions[0], commands)
        is_over = _waited(lambda: self._is_over(picture.subject, touched, known, symbols) or None, self.wait_s)
        return ActOutcome(
            is_done=is_over is not None,
            sentence=said,
            orders=outcomes_in_book(self.pictures.book(picture.subject), touched, known),
        )

    def _is_over(self, subject: str, touched: set[str], known: set[str], symbols: Collection[str]) -> bool:
        book = self.pictures.book(subject)
        orders = [order for cid, order in book.orders.items() if cid in touched or cid not in known]
        return not any(order.is_open for order in orders) and not any(_ours(book, symbol) for symbol in symbols)

    def _in_session(
        self, picture: Picture, asked: Iterable[Mapping[str, Any]], holds: Callable[[Picture], bool]
    ) -> ActOutcome:
        """Let a session on simulated fills carry commands out, and wait until it stands so."""
        (session,) = picture.sessions
        log = session_logs(self.home).read(session)
        before = max((number for number, _, _ in log.entries()), default=0)
        said = self._asked(session, asked)
        came = _waited(lambda: holds(self.pictures.session(session)) or None, min(self.wait_s, _SIMULATED_S))
        outputs = [output for _, _, outputs in log.entries(before) for output in outputs]
        return ActOutcome(
            is_done=came is not None,
            sentence=said,
            orders=outcomes_of_session(session, {each.id for each in picture.orders}, outputs),
        )


def _plain(asked: Iterable[tuple[str, int]], who: str, reason: str) -> list[dict[str, Any]]:
    """Commands for strategies, by number; -1 is all of them."""
    return [{"command": what, "strategy": number, "who": who, "reason": reason} for what, number in asked]


def _ours(book: LiveBook, symbol: str) -> bool:
    return bool(book.positions.get(symbol, 0) - book.strange.get(symbol, 0))


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(_REPORT_BYTES).decode("utf-8", "replace")


def _report(said: str, faults: str) -> dict[str, Any]:
    """What the kill switch says that it did."""
    try:
        found: dict[str, Any] = json.loads(said)["accounts"][0]
    except (ValueError, LookupError):
        return {"left": [f"The kill switch did not say what it did. {_last(faults)}".strip()], "notes": []}
    return found


def _required(reply: Reply) -> Reply:
    if not reply.is_done:
        raise ConflictError(reply.sentence)
    return reply


def _waited(look: Callable[[], Any], seconds: float) -> Any:
    """What a look gives, once it gives anything; None where it does not in time."""
    ends = time.monotonic() + seconds
    while (found := look()) is None and time.monotonic() < ends:
        time.sleep(_LOOK_S)
    return found


def _flattened(picture: Picture, report: Mapping[str, Any] | None) -> str:
    if report is None:
        return f"The kill switch of {picture.subject} is latched, and closing goes on."
    if report["left"]:
        return f"The kill switch of {picture.subject} is latched; not everything has ended."
    return f"Everything of ours in {picture.subject} has ended and is closed; the venue was asked twice."


def _last(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else ""
