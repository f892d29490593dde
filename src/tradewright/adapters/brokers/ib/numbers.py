"""Numbers for orders: each is used once, whatever crashes and whatever the gateway hands out again."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tradewright.domain.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["OrderNumbers"]

_BLOCK = 256
_LARGEST = 1_900_000_000


class OrderNumbers:
    """A counter that only rises.

    With a file it rises over crashes, too: the file holds a bound that is on the disk before a number below it is used,
    and the next process begins at the bound. Without one it rises from what the venue shows.

    Parameters
    ----------
    path : Path, optional

    Raises
    ------
    StorageError
        When the file is there and does not hold a number.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._bound = self._read()
        self._next = max(1, self._bound)

    def at_least(self, number: int) -> None:
        """Never use a number below this one."""
        if number < _LARGEST:
            self._next = max(self._next, number)

    def take(self) -> int:
        """A number that was never used.

        Raises
        ------
        StorageError
            When the bound cannot be put on the disk, or there are no numbers left.
        """
        if self._next >= _LARGEST:
            raise StorageError("There are no numbers for orders left.", hint="Reset the order ids in TWS.")
        if self._next >= self._bound:
            self._keep(self._next + _BLOCK)
        self._next += 1
        return self._next - 1

    def _read(self) -> int:
        if self._path is None or not self._path.exists():
            return 0
        text = self._path.read_text("ascii", errors="replace").strip()
        if not text.isdigit():
            raise StorageError(
                f"{self._path} does not hold the bound of the order numbers.",
                hint="Write a number above every order id of this client.",
            )
        return int(text)

    def _keep(self, bound: int) -> None:
        """Put a bound on the disk: a whole new file in the place of the old one, and the folder that names it."""
        if self._path is not None:
            fresh = self._path.with_suffix(".new")
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                with fresh.open("w", encoding="ascii") as file:
                    file.write(f"{bound}\n")
                    file.flush()
                    os.fsync(file.fileno())
                fresh.replace(self._path)
                folder = os.open(self._path.parent, os.O_RDONLY)
                try:
                    os.fsync(folder)
                finally:
                    os.close(folder)
            except OSError as error:
                raise StorageError(f"The bound of the order numbers cannot be kept in {self._path}: {error}") from error
        self._bound = bound
