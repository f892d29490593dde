"""What the settings say of schedules: work that begins by itself, beside all else that a project says of itself."""

from __future__ import annotations

import datetime as dt
import difflib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.settings_values import SCHEDULES_KEY, Problem
from tradewright.domain.control.schedules import MissedRuns, Wish
from tradewright.domain.control.timetable import read_when
from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradewright.bootstrap.settings_values import Document
    from tradewright.domain.errors import TradewrightError

__all__ = ["DeclaredSchedule", "refuse_variables", "take_schedules"]

_NEEDED = ("when", "kind")


@dataclass(frozen=True, slots=True)
class DeclaredSchedule:
    """A schedule as the settings say it.

    Parameters
    ----------
    wish : Wish
    where : callable
        From one of its fields to the words for its place and the line; ``name`` is where it begins.
    """

    wish: Wish
    where: Callable[[str], tuple[str, int]]

    def problem(self, field: str, error: TradewrightError) -> Problem:
        """Why one of its fields cannot be used; no sentence quotes a value."""
        words, line = self.where(field)
        if field == "name":
            return Problem(words, f"a name under '{SCHEDULES_KEY}' does not fit.", error.hint, line)
        # What jobs refuse reads as name='value': behind the sign stands what was written.
        name, is_quoted, _ = error.message.partition("=")
        why = f"{name} does not fit." if is_quoted else error.message
        return Problem(words, f"'{SCHEDULES_KEY}.{self.wish.name}.{field}' cannot be used: {why}", error.hint, line)


def take_schedules(document: Document) -> dict[str, DeclaredSchedule]:
    """The schedules of a document by name; its mistakes go to its problems.

    What can be told from the text alone is looked at here; what a job needs and what a calendar knows, only by who
    looks after schedules and by ``config check``.
    """
    taker = _Taker(document)
    if not isinstance(document.schedules, dict):
        taker.refuse((), f"'{SCHEDULES_KEY}' should be a mapping", "Write the name of each schedule below it.")
        return {}
    found = {str(name): taker.schedule(str(name), said) for name, said in document.schedules.items()}
    return {name: each for name, each in found.items() if each is not None}


def refuse_variables(document: Document) -> None:
    """Refuse schedules of the environment: a variable has neither their depth nor a line."""
    for key in document.values.pop(SCHEDULES_KEY, {}):
        where = document.where((SCHEDULES_KEY, key))
        hint = f"Write them under '{SCHEDULES_KEY}' of tradewright.yaml; a value there may be ${{NAME}}."
        document.problems.append(Problem(where, "schedules stand in the file alone.", hint))


class _Taker:
    """Reads one document; no sentence quotes a value."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def refuse(self, place: tuple[str, ...], what: str, hint: str) -> None:
        at = (SCHEDULES_KEY, *place)
        self.document.problems.append(Problem(self.document.where(at), f"{what}.", hint, self.document.line(at)))

    def schedule(self, name: str, said: Any) -> DeclaredSchedule | None:
        shown = f"{SCHEDULES_KEY}.{name}"
        if not isinstance(said, dict):
            self.refuse((name,), f"'{shown}' should be a mapping", "Write 'when:' and 'kind:' below it.")
            return None
        before = len(self.document.problems)
        values = {key: self._value(name, key, value) for key, value in said.items()}
        for key in _NEEDED:
            if key not in said:
                self.refuse((name,), f"'{shown}' says no '{key}'", _FIELDS[key].hint)
        if len(self.document.problems) > before:
            return None
        return DeclaredSchedule(Wish(**{"request": {}, **values}, name=name), lambda field: self._where(name, field))

    def _value(self, name: str, key: str, said: Any) -> Any:
        shown = f"{SCHEDULES_KEY}.{name}"
        if key not in _FIELDS:
            near = difflib.get_close_matches(key, _FIELDS, n=1)
            hint = f"Did you mean '{near[0]}'?" if near else f"The keys are {', '.join(_FIELDS)}."
            self.refuse((name, key), f"'{shown}' has no such key", hint)
            return None
        try:
            return _FIELDS[key].read(said)
        except (ConfigError, ValueError, TypeError):
            self.refuse((name, key), f"'{shown}.{key}' cannot be used", _FIELDS[key].hint)
            return None

    def _where(self, name: str, field: str) -> tuple[str, int]:
        place = (SCHEDULES_KEY, name, *([] if field == "name" else [field]))
        return self.document.where(place), self.document.line(place)


@dataclass(frozen=True, slots=True)
class _Field:
    """How a key is read, and what to write where it cannot be."""

    read: Callable[[Any], Any]
    hint: str


def _text(said: Any) -> str:
    if not isinstance(said, str) or not said.strip():
        raise ValueError("no text")
    return said


def _when(said: Any) -> str:
    read_when(_text(said))
    return str(said)


def _zone(said: Any) -> str:
    read_when("0 0 * * *", _text(said))
    return str(said)


def _number(low: float, high: float) -> Callable[[Any], float]:
    def read(said: Any) -> float:
        found = float(said)
        if isinstance(said, bool) or not low <= found <= high:
            raise ValueError("no such number")
        return found

    return read


def _count(said: Any) -> int:
    found = _number(1, 100)(said)
    if not found.is_integer():
        raise ValueError("no whole number")
    return int(found)


def _request(said: Any) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise TypeError("no mapping")
    found: dict[str, Any] = _plain(said)
    return found


def _plain(said: Any) -> Any:
    """Plain values; dates, which YAML reads where a request has text, as text."""
    if isinstance(said, dict):
        return {str(key): _plain(each) for key, each in said.items()}
    if isinstance(said, list):
        return [_plain(each) for each in said]
    if isinstance(said, dt.date):
        return said.isoformat()
    if not (math.isfinite(said) if isinstance(said, float) else said is None or isinstance(said, (str, int))):
        raise TypeError("nothing that a request can hold")
    return said


_FIELDS: Mapping[str, _Field] = {
    "when": _Field(
        _when, "Write five fields of cron ('30 18 * * mon-fri') or a session of a calendar ('XNYS close + 15 m')."
    ),
    "kind": _Field(_text, "Write a kind of job, such as check."),
    "request": _Field(_request, "Write what the job takes below it."),
    "zone": _Field(_zone, "Write one such as Europe/Berlin or UTC."),
    "missed": _Field(MissedRuns, f"It is {', '.join(MissedRuns)}."),
    "most": _Field(_count, "It is a whole number from 1 to 100."),
    "grace_s": _Field(_number(0, 604_800), "It is a number of seconds from 0 to 604,800."),
}
