"""Whose line it is: the place in the author's text that read what it could not have known."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.engine.steps import assigned_by, first_other_step
from tradewright.research.leak_compare import changed_rows, same
from tradewright.strategy.lines import Line
from tradewright.strategy.places import spot

from .subject import OURS

if TYPE_CHECKING:
    from tradewright.domain.leaks import Spot

    from .subject import History, Preparation, Subject

__all__ = ["Blame", "Blamed"]


@dataclass(frozen=True)
class Blamed:
    """A line, and the attribute of ``self`` that carried the knowledge there, where it was one."""

    spot: Spot | None
    attribute: str | None = None


@dataclass
class Blame:
    """Finds the lines of one subject."""

    subject: Subject
    _known: dict[History, set[str]] = field(default_factory=dict)

    @cached_property
    def _prepared(self) -> Preparation:
        return self.subject.preparation()

    def of(self, history: History, row: int, asked: Spot | None) -> Blamed:
        """The line that read something else in a row on another history.

        Parameters
        ----------
        asked : Spot or None
            The line of the decision, for where no reading line shows.
        """
        here, there = self.subject.steps(row), self.subject.steps(row, history)
        step = first_other_step(here, there)
        # What differs inside of one line leaves no other trace: the last line of the row is the one that decided.
        last = [] if asked is not None else (there or here)[-1:]
        step = step or next(iter(last), None)
        line = asked if step is None else spot(step.file, step.line)
        if line is None:
            return Blamed(None)
        for name in sorted(self._precomputed(history), key=len, reverse=True):
            if re.search(rf"\b{re.escape(name)}\b", line.code):
                made = assigned_by(self._prepared.steps, name)
                return Blamed(line if made is None else spot(made.file, made.line), name)
        return Blamed(line)

    def _precomputed(self, history: History) -> set[str]:
        """Attributes that hold something else of the known bars once the strategies are prepared on that history."""
        if history not in self._known:
            other = self.subject.preparation(history)
            names: set[str] = set()
            for here, there in zip(self._prepared.held, other.held, strict=False):
                names |= {
                    name
                    for name in here.keys() & there.keys() - OURS
                    if _differ(here[name], there[name], history.row + 1)
                }
            self._known[history] = names
        return self._known[history]


def _differ(whole: Any, other: Any, known: int) -> bool:
    """Whether two values differ in what they say of the first bars."""
    one, two = _column(whole), _column(other)
    if one is not None and two is not None:
        return bool(len(changed_rows(two[:known], one[:known])))
    if isinstance(whole, (int, float, str, bool, np.generic)):
        return not same(whole, other)
    if isinstance(whole, dict) and isinstance(other, dict):
        return any(_differ(whole[key], other[key], known) for key in whole.keys() & other.keys())
    return False


def _column(value: Any) -> Any:
    """A value as one column of numbers, where it is that."""
    if isinstance(value, (Line, str, bytes)):
        return None
    if hasattr(type(value), "to_numpy"):
        value = value.to_numpy()
    if isinstance(value, (list, tuple, deque)) and value and all(isinstance(each, (int, float)) for each in value):
        value = np.array(value, np.float64)
    if isinstance(value, np.ndarray) and value.ndim >= 1 and value.dtype.kind in "fibu":
        return value.reshape(len(value), -1)[:, 0].astype(np.float64)
    return None
