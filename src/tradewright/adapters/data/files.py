"""Opening a file: what may be wrong before its format is even looked at, in one sentence each."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from tradewright.domain.errors import DataError, DataNotAvailableError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_bytes", "require_file"]


def require_file(file: Path) -> None:
    """Refuse what is not a file.

    Raises
    ------
    DataNotAvailableError
        When nothing is there; names the nearest neighbour.
    DataError
        When it is a folder.
    """
    if file.is_dir():
        raise DataError(f"{file} is a folder, not a file.", hint="Name one of the files in it.")
    if not file.exists():
        raise DataNotAvailableError(f"There is no file {file}.", hint=_neighbour(file))


def read_bytes(file: Path) -> bytes:
    """The whole file.

    Raises
    ------
    DataError
        When it is no file, or may not be read.
    """
    require_file(file)
    try:
        return file.read_bytes()
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror or error}.") from error


def _neighbour(file: Path) -> str:
    try:
        names = [entry.name for entry in file.parent.iterdir()]
    except OSError:
        return f"There is no folder {file.parent} either."
    near = difflib.get_close_matches(file.name, names, n=1)
    return f"Did you mean {near[0]}?" if near else f"Look into {file.parent.absolute()}."
