"""The page on which the statements of the fused loop are written."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Page"]


class Page:
    """Rows of text, indented for the loop.

    Attributes
    ----------
    tags : list of str
        Labels of orders by their number.
    """

    def __init__(self) -> None:
        self.rows: list[str] = []
        self.depth = 3
        self.tags: list[str] = []
        self._counter = 0

    def say(self, text: str) -> None:
        """Write one line, or several."""
        self.rows += ["    " * self.depth + row for row in text.split("\n")]

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Write inside a block."""
        self.depth += 1
        yield
        self.depth -= 1

    @contextmanager
    def apart(self) -> Iterator[list[str]]:
        """Write to a page of its own, to see what would be written."""
        held, self.rows = self.rows, []
        try:
            yield self.rows
        finally:
            self.rows = held

    def tag(self, text: str) -> int:
        """Number of a label."""
        if text not in self.tags:
            self.tags.append(text)
        return self.tags.index(text)

    def require(self, condition: str) -> None:
        """Write a line that stops the visit where a condition does not hold; the interpreted run says what is wrong."""
        self.say(f"if not ({condition}):\n    raise ValueError")

    def fresh(self, stem: str) -> str:
        """A name of its own."""
        self._counter += 1
        return f"_{stem}{self._counter}"
