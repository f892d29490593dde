"""The one hand that writes the rows of sessions: it looks at their records again and again, after the fact.

It writes what changed in one transaction with how far it has read, and only where the rows still stood there: of two
that do the same at once the second finds nothing to do. Who is stopped anywhere begins again there.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from tradewright.domain.control.trading import SessionFact, StrategyFact
from tradewright.domain.errors import DataNotAvailableError, StorageError

from .books import SessionBooks, settled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tradewright.ports.session_watch import SessionWatch, WatchedSession
    from tradewright.ports.trading_rows import TradingRows

__all__ = ["Behind", "Projector", "session_fact"]

PIECE = 2_000
"""Inputs that are taken in at once."""
PATIENCE_S = 1.0
"""How long a list waits for what sessions did just now."""
_LOG = logging.getLogger("tradewright.projections")


class Behind(NamedTuple):
    """A session whose rows lack something: inputs that they could contain, and those that they do."""

    session: str
    inputs: int
    read: int


@dataclass(slots=True)
class _Followed:
    """A session that is read on."""

    view: WatchedSession
    books: SessionBooks
    written: int | None


@dataclass
class Projector:
    """Makes rows of records.

    Parameters
    ----------
    watch : SessionWatch
    rows : TradingRows
    """

    watch: SessionWatch
    rows: TradingRows
    _followed: dict[str, _Followed] = field(default_factory=dict)
    _begun: bool = False
    _looks: int = 0
    """Looks that began."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def catch_up(self, patience_s: float = PATIENCE_S) -> None:
        """Have a look that begins after this was called, of whoever takes it; errors as `run_once`.

        Many that want one at once share it. Where somebody looks for long, as at the first time, it is not waited for.
        """
        begun = self._looks
        if not self._lock.acquire(timeout=patience_s):
            return
        try:
            # Whoever looked meanwhile has ended, and began after this was called.
            if self._looks == begun:
                self._look()
        finally:
            self._lock.release()

    def run_once(self) -> int:
        """One look at all sessions; how many changed.

        Raises
        ------
        StorageError
            When the rows cannot be written; the next look takes up what this one left. A record that cannot be read
            is said in the log, and the others go on.
        """
        with self._lock:
            return self._look()

    def _look(self) -> int:
        self._looks += 1
        if not self._begun:
            self.watch.begin(self.rows.marks())
            self._begun = True
        count = 0
        for session, mark in self.watch.changed():
            self._project(session, mark)
            count += 1
        return count

    def behind(self) -> Iterator[Behind]:
        """Sessions whose rows lack something; nothing is written."""
        for session in self.watch.names():
            read = self.rows.read(session)
            due = _due(self.watch.read(session))
            if read is None or read < due:
                yield Behind(session, due, read or 0)

    def rebuild(self) -> int:
        """Throw all rows away and make them again; how many sessions there are."""
        with self._lock:
            self.rows.forget()
            self._followed.clear()
            self._begun = False
            return self._look()

    def _project(self, session: str, mark: str) -> None:
        try:
            followed = self._follow(session)
            while self._write_piece(followed, session, mark):
                pass
        except (DataNotAvailableError, StorageError) as error:
            if self._is_of_rows(session):
                raise
            _LOG.warning("the session '%s' is not listed as it stands: %s", session, error)
            self._followed.pop(session, None)
            self.watch.done(session, mark)

    def _is_of_rows(self, session: str) -> bool:
        """Whether it is the rows that cannot be used, and not the record; raises as they do."""
        self.rows.read(session)
        return False

    def _follow(self, session: str) -> _Followed:
        """The books of a session as its rows stand."""
        found = self._followed.get(session)
        if found is not None and found.written == self.rows.read(session):
            return found
        view = self.watch.read(session)
        found = _Followed(view, SessionBooks(session, view.about), self.rows.read(session))
        if found.written:
            found.books.advance(islice(view.entries(), found.written))
        self._followed[session] = found
        return found

    def _write_piece(self, followed: _Followed, session: str, mark: str) -> bool:
        """Take the next inputs in and write what changed by them; whether there are more."""
        # Read before the record: what is said to be measured there was answered there.
        standing = followed.view.standing
        entries = list(islice(followed.view.entries(followed.books.read), PIECE))
        changes = followed.books.advance(settled(entries, standing))
        fact = session_fact(session, followed.view, standing, followed.books.read)
        strategies = _strategies(session, followed.view.about) if followed.written is None else []
        if not self.rows.write(fact, mark, strategies, changes, followed.written):
            del self._followed[session]
            return False
        followed.written = followed.books.read
        if len(entries) == PIECE:
            return True
        self.watch.done(session, mark)
        if fact.is_over:
            del self._followed[session]
        return False


def session_fact(session: str, view: WatchedSession, standing: Mapping[str, Any] | None, read: int) -> SessionFact:
    """A session as it is listed."""
    about, said = view.about, standing or {}
    measured = said.get("measured_ns")
    seen = [each for each in (measured, said.get("pulse_ns")) if each is not None]
    words = {name: str(about.get(name) or "") for name in ("mode", "fills", "broker", "account", "timeframe")}
    return SessionFact(
        id=session,
        number=view.number,
        **words,
        currency=str((about.get("policies") or {}).get("currency") or about.get("currency") or ""),
        is_dry=bool(about.get("is_dry", False)),
        strategies=tuple(str(each["name"]) for each in about.get("strategies", ())),
        symbols=tuple(str(each["symbol"]) for each in about.get("instruments", ())),
        about={key: value for key, value in about.items() if key not in {"recipes", "standing"}},
        standing=standing,
        read=read,
        seen_ns=max(seen, default=None),
        measured_ns=measured,
        why_ended=str(said.get("why_ended") or ""),
    )


def _strategies(session: str, about: Mapping[str, Any]) -> list[StrategyFact]:
    return [
        StrategyFact(session, number, str(each["name"]), each.get("params") or {}, each.get("source_hash"))
        for number, each in enumerate(about.get("strategies", ()))
    ]


def _due(view: WatchedSession) -> int:
    """Inputs that its rows can contain until now."""
    standing = view.standing
    return len(settled(list(view.entries()), standing))
