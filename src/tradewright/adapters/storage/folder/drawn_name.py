"""A name that is drawn once and kept in a file."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import TYPE_CHECKING

from tradewright.domain.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["drawn_name"]


def drawn_name(path: Path) -> str:
    """The name in a file; where there is none, one is drawn and kept. Of several that begin at once all read the same.

    Raises
    ------
    StorageError
        When it cannot be kept, or there is nothing in the file.
    """
    try:
        if not path.exists():
            _draw(path)
        name = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise StorageError(f"The name in {path} cannot be kept or read: {error}.") from error
    if not name:
        raise StorageError(f"There is no name in {path}.", hint="Take the file away to have one drawn.")
    return name


def _draw(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    name = uuid.uuid4().hex
    aside = path.with_name(f"{path.name}.{name}")
    aside.write_text(f"{name}\n", encoding="ascii")
    with suppress(FileExistsError):
        path.hardlink_to(aside)
    aside.unlink()
