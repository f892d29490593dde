"""The one voice that tells what sessions do: it reads their records again and again, beside whoever writes them.

How far it has told stands in the log of events itself: every event of a session names the input that it tells of, and
which of that input's events it is. So in the topic of a session nothing is told twice and nothing left out, whoever
goes on, and after any crash; and an order has long left when it is told.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradewright.app.projections.books import settled
from tradewright.domain.control.events import topic_of
from tradewright.domain.errors import DataNotAvailableError, StorageError
from tradewright.domain.moments import instant_text

from .facts import OF_ALL, Fact, facts_of
from .standing import changes_of, measure_of, state_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.ports.clock import Clock
    from tradewright.ports.events import EventLog
    from tradewright.ports.session_watch import SessionWatch, WatchedSession

__all__ = ["SESSIONS", "SessionTeller"]

SESSIONS = "sessions"
_MOST_AT_FIRST = 1_000
"""Inputs of a session that was never told of: what was long before is read from its record."""
_WHOLE = -1
_OVER = frozenset({"ended", "failed"})
_LOG = logging.getLogger("tradewright.sessions")


@dataclass(slots=True)
class _Told:
    """A session, and how far it has been told.

    Parameters
    ----------
    view : WatchedSession
    read : int
        Inputs that were told in full.
    parts : int
        Events of the next one that were told already.
    before : mapping
        What was remembered of the last measure.
    """

    view: WatchedSession
    read: int
    parts: int = 0
    before: Mapping[str, Any] = field(default_factory=dict)
    measured: Mapping[str, Any] | None = None


class SessionTeller:
    """Tells what sessions do.

    Facts stand in the topic of the session, those that matter to an overview in ``sessions`` too. ``measure`` is a
    state: of several only the latest counts.

    Parameters
    ----------
    watch : SessionWatch
        Its own.
    events : EventLog
    clock : Clock
    """

    def __init__(self, watch: SessionWatch, events: EventLog, clock: Clock) -> None:
        self._watch, self._events, self._clock = watch, events, clock
        self._told: dict[str, _Told] = {}
        self._begun = False

    def run_once(self) -> int:
        """One look at all sessions; how many were told of.

        Raises
        ------
        StorageError
            When events cannot be kept; the next look goes on there. A record that cannot be read is said in the log.
        """
        if not self._begun:
            self._watch.begin({})
            self._begun = True
        count = 0
        for session, mark in self._watch.changed():
            count += self._tell(session)
            self._watch.done(session, mark)
        return count

    def forget(self) -> None:
        """Somebody else tells from now on: where this one was is read anew when its turn comes again."""
        self._told.clear()
        self._begun = False

    def _tell(self, session: str) -> int:
        told = self._told.get(session) or self._begin(session)
        found = None if told is None else self._news(session, told)
        if told is None or found is None:
            return 0
        entries, standing = found
        sends = told.view.about.get("fills") == "venue" and not told.view.about.get("is_dry")
        for number, given, outputs in entries:
            for part, fact in enumerate(facts_of(given, outputs, sends=bool(sends))):
                if part >= told.parts:
                    self._say(session, told, fact, number, part)
                    told.parts = part + 1
            told.read, told.parts = number, 0
        self._measure(session, told, standing)
        if state_words(standing) in _OVER:
            # Begun again under its name, it is found again by its last event.
            del self._told[session]
        return 1

    def _news(self, session: str, told: _Told) -> tuple[list[Any], Mapping[str, Any] | None] | None:
        """What is not told yet, and how the session stands; None where its record cannot be read."""
        try:
            standing = told.view.standing
            return settled(list(told.view.entries(told.read)), standing), standing
        except (DataNotAvailableError, StorageError) as error:
            _LOG.warning("the session '%s' is not told of: %s", session, error)
            del self._told[session]
            return None

    def _begin(self, session: str) -> _Told | None:
        """Where it was told up to; None of one that is over and was never told of, which is history."""
        try:
            view = self._watch.read(session)
            standing = view.standing
        except (DataNotAvailableError, StorageError) as error:
            _LOG.warning("the session '%s' is not told of: %s", session, error)
            return None
        topic = topic_of(SESSIONS, session)
        head = self._events.head(topic)
        if not head and state_words(standing) in _OVER:
            return None
        told = self._told[session] = self._found(view, topic, head) if head else _never_told(view, standing)
        if not head:
            began = Fact("began", self._clock.now_ns(), _began(view.about))
            self._say(session, told, began, told.read, _WHOLE)
        return told

    def _found(self, view: WatchedSession, topic: str, head: int) -> _Told:
        (last,) = self._events.after(topic, head - 1, 1)
        number, part = int(last.body["number"]), int(last.body["part"])
        before = last.body.get("before") or {}
        return _Told(view, number, 0, before) if part == _WHOLE else _Told(view, number - 1, part + 1, before)

    def _measure(self, session: str, told: _Told, standing: Mapping[str, Any] | None) -> None:
        if standing is None:
            return
        now_ns = self._clock.now_ns()
        for fact, remembered in changes_of(told.before, standing, now_ns):
            told.before = {**told.before, **remembered}
            self._say(session, told, fact, told.read, _WHOLE)
        measured = measure_of(standing)
        if measured != told.measured:
            told.measured = measured
            self._say(session, told, Fact("measure", now_ns, measured), told.read, _WHOLE)

    def _say(self, session: str, told: _Told, fact: Fact, number: int, part: int) -> None:
        body = {"id": session, "at": instant_text(fact.at_ns), **fact.body}
        place = {"number": number, "part": part, "before": dict(told.before)}
        # By the clock of this host: a session may live in another time, and events are forgotten by their age.
        now_ns = self._clock.now_ns()
        if fact.kind in OF_ALL:
            self._events.append(SESSIONS, fact.kind, body, now_ns)
        # Last, for by this one it is known that it was told.
        self._events.append(topic_of(SESSIONS, session), fact.kind, {**body, **place}, now_ns)


def _never_told(view: WatchedSession, standing: Mapping[str, Any] | None) -> _Told:
    return _Told(view, max(0, int((standing or {}).get("inputs") or 0) - _MOST_AT_FIRST))


def _began(about: Mapping[str, Any]) -> dict[str, Any]:
    names = ("mode", "fills", "broker", "account", "timeframe")
    return {
        **{name: str(about.get(name) or "") for name in names},
        "strategies": [str(each["name"]) for each in about.get("strategies", ())],
        "symbols": [str(each["symbol"]) for each in about.get("instruments", ())],
    }
