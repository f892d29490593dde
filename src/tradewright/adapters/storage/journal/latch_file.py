"""The kill switch's memory in one file: there or not there, written whole, needing no journal and no database."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from tradewright.domain.errors import StorageError
from tradewright.domain.live.latch import LatchOrder
from tradewright.domain.live.wire import canonical_json

from .segments import sync_folder

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FileLatch"]

_UNREADABLE = LatchOrder("The latch file cannot be read.", "latch file")


class FileLatch:
    """A `tradewright.ports.latch.LatchFile` in a folder.

    Parameters
    ----------
    path : Path
        The file; its folder is made where it is missing.

    Raises
    ------
    StorageError
        When it cannot be written or taken away.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def set(self, order: LatchOrder) -> None:
        """Latch; on the disk when this returns, and never half-written."""
        plain = {
            "reason": order.reason, "who": order.who, "flatten": order.flatten, "all": order.cancel_all,
            "foreign": order.foreign,
        }  # fmt: skip
        aside = self.path.with_name(f"{self.path.name}.aside")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with aside.open("wb") as stream:
                stream.write(canonical_json(plain))
                stream.flush()
                os.fsync(stream.fileno())
            aside.replace(self.path)
            sync_folder(self.path.parent)
        except OSError as error:
            raise StorageError(f"The latch file {self.path} cannot be written: {error.strerror or error}.") from error

    def read(self) -> LatchOrder | None:
        """What was told, or None; a file that is there and cannot be read is a latch."""
        try:
            # It is asked for before each order leaves, and is hardly ever there: nothing but the system is asked.
            handle = os.open(self.path, os.O_RDONLY)
        except FileNotFoundError:
            return None
        except OSError:
            return _UNREADABLE
        try:
            with os.fdopen(handle, "rb") as stream:
                plain = json.loads(stream.read())
            return LatchOrder(
                plain["reason"], plain["who"], plain["flatten"], plain["all"], plain.get("foreign", False)
            )
        except (OSError, ValueError, KeyError, TypeError):
            return _UNREADABLE

    def clear(self) -> None:
        """Take the latch away."""
        try:
            with suppress(FileNotFoundError):
                self.path.unlink()
                sync_folder(self.path.parent)
        except OSError as error:
            raise StorageError(f"The latch file {self.path} cannot be taken away: {error.strerror}.") from error
