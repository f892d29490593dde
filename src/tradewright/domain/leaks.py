"""What a check for bias found: information that a strategy could not have had, or decisions that will not come again.

The values only: how leaks are looked for is `app.checks`, how bars are changed for it `research`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .quality import Gravity

__all__ = ["Gravity", "LeakFinding", "LeakKind", "Spot"]


class LeakKind(StrEnum):
    """What is wrong."""

    LOOK_AHEAD = "look-ahead"  # something decided at a bar depends on what came after it
    REPAINTING = "repainting"  # a value that was known at a bar is another one when later bars have arrived
    WARM_UP = "warm-up"  # decisions come earlier than the history that they need
    UNSTABLE = "unstable"  # the same run twice decides differently
    SURVIVORSHIP = "survivorship"  # the universe may have been chosen by who was left at the end
    OPTIMISM = "optimism"  # a policy of the run that nobody could trade by


@dataclass(frozen=True, slots=True)
class Spot:
    """A line of the author's text.

    Parameters
    ----------
    file : str
        Path, or the name under which a notebook or a prompt compiled it.
    line : int
        From 1.
    code : str
        What is written there, stripped; empty where the text is not to be had.
    """

    file: str
    line: int
    code: str = ""


@dataclass(frozen=True, slots=True)
class LeakFinding:
    """One thing that was found.

    Parameters
    ----------
    kind : LeakKind
    gravity : Gravity
        A NOTICE is worth a thought; WARN and FAIL are failures of the check.
    compared : str
        What was compared: ``"orders"``, ``"log"``, the name of an indicator, or what else it was.
    symbol : str or None
        None where no single one is concerned.
    bar : str or None
        Label of the bar: its session date, or its open in UTC for bars shorter than a day.
    before : str or None
        The value as it was known at the bar, in words; None where nothing was compared.
    after : str or None
        The value with the later bars of the run, or in the other run.
    spot : Spot or None
        The line that read it, as far as it could be established.
    count : int
        How many times it was seen.
    sentence : str
        What it is; complete in itself.
    hint : str
        What to do about it.
    """

    kind: LeakKind
    gravity: Gravity
    compared: str
    sentence: str
    hint: str = ""
    symbol: str | None = None
    bar: str | None = None
    before: str | None = None
    after: str | None = None
    spot: Spot | None = None
    count: int = 1

    @property
    def file(self) -> str | None:
        """File of the line that read it."""
        return None if self.spot is None else self.spot.file

    @property
    def line(self) -> int | None:
        """Number of the line that read it."""
        return None if self.spot is None else self.spot.line

    @property
    def is_failure(self) -> bool:
        """Whether the check has failed with it."""
        return self.gravity is not Gravity.NOTICE

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as written to JSON."""
        words = ("compared", "sentence", "hint", "symbol", "bar", "before", "after", "count")
        return {
            "kind": str(self.kind),
            "gravity": str(self.gravity),
            **{name: getattr(self, name) for name in words},
            "file": self.file,
            "line": self.line,
            "code": None if self.spot is None else self.spot.code,
        }
