"""JSON lines of a pipe, whole or not at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MessageLines"]

LONGEST = 64 * 1024
"""Bytes of one message; a longer one is passed over."""


class MessageLines:
    r"""Puts together what comes in pieces.

    Examples
    --------
    >>> lines = MessageLines()
    >>> lines.taken(b'{"done": 1}\\n{"do')
    ({'done': 1},)
    >>> lines.taken(b'ne": 2}\\nnonsense\\n')
    ({'done': 2},)
    """

    def __init__(self) -> None:
        self._rest = b""
        self._too_long = False

    def taken(self, piece: bytes) -> tuple[Mapping[str, Any], ...]:
        """The messages that this piece completes."""
        *whole, rest = (self._rest + piece).split(b"\n")
        found = [message for line in self._short(whole) if (message := _object(line)) is not None]
        self._rest = rest if len(rest) <= LONGEST else b""
        self._too_long = self._too_long or len(rest) > LONGEST
        return tuple(found)

    def _short(self, lines: list[bytes]) -> list[bytes]:
        if lines and self._too_long:
            # The end of a line whose beginning was thrown away.
            lines, self._too_long = lines[1:], False
        return [line for line in lines if len(line) <= LONGEST]


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _no_number(word: str) -> float:
    raise ValueError(word)
