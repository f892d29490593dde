"""Step by step: which lines of the author's code run in one row, and what its names hold before each of them.

Two runs that are compared in this way show the line that first read something else.
"""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tradewright.strategy.places import is_authors_code

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

__all__ = ["Footprints", "Step", "Steps", "assigned_by", "first_other_step"]

_MOST_STEPS = 20_000
_PLAIN = (int, float, str, bool, type(None), np.generic)


class Step(NamedTuple):
    """A line about to run, or a function about to return.

    Parameters
    ----------
    frame : int
        Which call of which function it belongs to, by order of calls.
    file : str
    line : int
    names : dict
        Local names, and attributes of ``self``, that hold plain values or short arrays; ``return`` is what is returned.
    """

    frame: int
    file: str
    line: int
    names: dict[str, Any]


class Steps:
    """Collects the steps of what runs inside `watching`.

    Parameters
    ----------
    longest : int
        How long an array may be to be noted: one that is longer than the history up to now holds more than was known.
    with_identities : bool
        Note under ``@name`` which object each attribute of ``self`` is, to see it being assigned.
    """

    def __init__(self, longest: int = 0, *, with_identities: bool = False) -> None:
        self.steps: list[Step] = []
        self.longest = longest
        self._with_identities = with_identities
        self._frames: dict[int, int] = {}

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Note the steps of everything that runs meanwhile."""
        before = sys.gettrace()
        sys.settrace(self._called)
        try:
            yield
        finally:
            sys.settrace(before)

    def _called(self, frame: FrameType, event: str, _: Any) -> Any:
        if event != "call" or not is_authors_code(frame.f_code):
            return None
        self._frames[id(frame)] = len(self._frames) + 1
        return self._stepped

    def _stepped(self, frame: FrameType, event: str, value: Any) -> Any:
        if event in ("line", "return") and len(self.steps) < _MOST_STEPS:
            names = self._names(frame)
            if event == "return":
                self._note(names, "return", value)
            self.steps.append(Step(self._frames.get(id(frame), 0), frame.f_code.co_filename, frame.f_lineno, names))
        return self._stepped

    def _names(self, frame: FrameType) -> dict[str, Any]:
        names: dict[str, Any] = {}
        for name, value in frame.f_locals.items():
            self._note(names, name, value)
            if name == "self" and hasattr(value, "__dict__"):
                for attribute, held in vars(value).items():
                    self._note(names, f"self.{attribute}", held)
                    if self._with_identities:
                        names[f"@{attribute}"] = id(held)
        return names

    def _note(self, names: dict[str, Any], name: str, value: Any) -> None:
        if isinstance(value, _PLAIN):
            names[name] = value
        elif isinstance(value, (list, tuple)) and len(value) <= self.longest:
            names[name] = tuple(each if isinstance(each, _PLAIN) else None for each in value)
        elif isinstance(value, np.ndarray) or hasattr(type(value), "to_numpy"):
            names.update(self._array(name, value))

    def _array(self, name: str, value: Any) -> dict[str, Any]:
        values = np.asarray(value if isinstance(value, np.ndarray) else value.to_numpy())
        if values.ndim == 0 or len(values) > self.longest or values.dtype.kind not in "fibu":
            return {}
        return {name: tuple(values.ravel().tolist())}


class Footprints:
    """Collects for every line of an author's code the rows in which it runs."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, int], list[int]] = {}
        self._row = -1

    @contextlib.contextmanager
    def watching(self, row: int) -> Iterator[None]:
        """Note what runs meanwhile, as of a row."""
        before = sys.gettrace()
        self._row = row
        sys.settrace(self._called)
        try:
            yield
        finally:
            sys.settrace(before)

    def _called(self, frame: FrameType, event: str, _: Any) -> Any:
        return self._stepped if event == "call" and is_authors_code(frame.f_code) else None

    def _stepped(self, frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            rows = self.rows.setdefault((frame.f_code.co_filename, frame.f_lineno), [])
            if not rows or rows[-1] != self._row:
                rows.append(self._row)
        return self._stepped


def first_other_step(one: list[Step], other: list[Step]) -> Step | None:
    """The step of the first run after which the two are no longer the same: the line that read something else.

    Names that differ before the first step say nothing about what was read in this row and are left out. None where
    both do the same.
    """
    if not one or not other:
        return None
    ignored = _differing(one[0].names, other[0].names)
    for place, (here, there) in enumerate(zip(one, other, strict=False)):
        if (here.file, here.line) != (there.file, there.line):
            return _cause(one, place)
        if _differing(here.names, there.names) - ignored:
            return here if "return" in _differing(here.names, there.names) else _cause(one, place)
    if len(one) != len(other):
        return _cause(one, min(len(one), len(other)))
    return None


def assigned_by(steps: list[Step], attribute: str) -> Step | None:
    """The step that gave an attribute of ``self`` its last value, from steps with identities."""
    found, held = None, None
    for place, step in enumerate(steps):
        now = step.names.get(f"@{attribute}", held)
        if now != held and place:
            found = _cause(steps, place)
        held = now
    return found


def _cause(steps: list[Step], place: int) -> Step:
    """The line that ran before a step in the same call, or that made the call."""
    own = steps[place].frame if place < len(steps) else steps[-1].frame
    before = steps[:place]
    return next((step for step in reversed(before) if step.frame == own), before[-1] if before else steps[0])


def _differing(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
    return {name for name in one.keys() | other.keys() if not _same(one.get(name), other.get(name))}


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    both_missing = isinstance(one, float) and isinstance(other, float) and one != one and other != other  # noqa: PLR0124
    return both_missing or bool(one == other)
