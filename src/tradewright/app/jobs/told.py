"""What a job's process told, read with suspicion: the text of a strategy may write to its pipe, too."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from tradewright.domain.control.jobs import JobProgress

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Told"]

_ID = re.compile(r"[0-9a-f]{8,64}")
_LONGEST, _LONGEST_UNIT = 4_000, 40


class Told:
    """The last progress, the kept run and the failure of one process.

    Parameters
    ----------
    begun_ns : int
        On a clock that never runs backwards; rates count from the first progress after it.
    """

    def __init__(self, begun_ns: int) -> None:
        self.run_id: str | None = None
        self._search: str | None = None
        self.error: dict[str, Any] | None = None
        self._begun_ns, self._before = begun_ns, 0.0
        self._now: tuple[float, float | None, str] | None = None
        self._is_new = False

    def take(self, message: Mapping[str, Any], monotonic_ns: int) -> None:
        """Take in one message; what is none of the four is passed over."""
        if "done" in message:
            self._take_progress(message, monotonic_ns)
        elif isinstance(message.get("run"), str) and _ID.fullmatch(message["run"]):
            self.run_id = message["run"]
        elif isinstance(message.get("search"), str) and _ID.fullmatch(message["search"]):
            self._search = message["search"]
        elif isinstance(message.get("error"), dict):
            self.error = _error(message["error"])

    def progress(self, now_ns: int, monotonic_ns: int) -> JobProgress | None:
        """How far it is, where that is other than when last asked.

        Parameters
        ----------
        now_ns : int
            UTC nanoseconds.
        monotonic_ns : int
        """
        if self._now is None or not self._is_new:
            return None
        self._is_new = False
        done, total, unit = self._now
        seconds = (monotonic_ns - self._begun_ns) / 1e9
        rate = (done - self._before) / seconds if seconds > 0.0 and done > self._before else None
        left = max(total - done, 0.0) / rate if rate is not None and total is not None else None
        return JobProgress(done, total, unit, rate, left, now_ns, self._search)

    def _take_progress(self, message: Mapping[str, Any], monotonic_ns: int) -> None:
        done, total = _number(message["done"]), _number(message.get("total"))
        unit = str(message.get("unit", ""))[:_LONGEST_UNIT]
        if done is None:
            return
        if self._now is None or unit != self._now[2] or done < self._now[0]:
            # Another stage of the work, such as reading before running: what it begins with took no time of it.
            self._begun_ns, self._before = monotonic_ns, done
        self._now, self._is_new = (done, total, unit), True


def _number(value: Any) -> float | None:
    fits = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value) and value >= 0
    return value if fits else None


def _error(said: Mapping[str, Any]) -> dict[str, Any]:
    line = said.get("line")
    return {
        "type": _text(said.get("type")) or "Error",
        "sentence": _text(said.get("sentence")) or "The command failed without a word.",
        "hint": _text(said.get("hint")),
        "file": _text(said.get("file")),
        "line": line if isinstance(line, int) and not isinstance(line, bool) else None,
    }


def _text(value: Any) -> str | None:
    return value[:_LONGEST] if isinstance(value, str) and value else None
