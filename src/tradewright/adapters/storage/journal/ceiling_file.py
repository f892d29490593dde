"""What an account may risk at most, as a file of this host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FileCeiling"]


class FileCeiling:
    """See `tradewright.ports.ceilings.CeilingShelf`.

    Parameters
    ----------
    path : Path
        In the folder of the account, which is there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> str | None:
        """The text of the file."""
        try:
            return self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise StorageError(f"{self._path} cannot be read: {error}.") from error

    def write(self, text: str) -> None:
        """Put it there in one stroke."""
        aside = self._path.with_name(f"{self._path.name}.aside")
        try:
            aside.write_text(text, encoding="utf-8")
            aside.replace(self._path)
        except OSError as error:
            raise StorageError(f"{self._path} cannot be written: {error}.") from error
