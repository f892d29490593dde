"""Changing a file that persons write by hand: one at a time, and in one stroke."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.domain.errors import ConfigError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["ChangesRefusedError", "changing", "write_whole"]

_LOCK = threading.Lock()


@dataclass
class ChangesRefusedError(ConfigError):
    """Some of the changes cannot be made; none was.

    Parameters
    ----------
    mistakes : mapping of str to str
        A sentence for each key.
    """

    mistakes: Mapping[str, str]

    def __post_init__(self) -> None:
        ConfigError.__init__(self, " ".join(self.mistakes.values()))


@contextlib.contextmanager
def changing(folder: Path) -> Iterator[None]:
    """Alone with the files of a folder, among all servers of this host; where the system has no such lock, in this one.

    Raises
    ------
    StorageError
        When the folder cannot be opened.
    """
    with _LOCK, contextlib.ExitStack() as stack:
        if sys.platform != "win32":
            import fcntl

            try:
                handle = os.open(folder, os.O_RDONLY)
                stack.callback(os.close, handle)
                fcntl.flock(handle, fcntl.LOCK_EX)
            except OSError as error:
                raise StorageError(f"{folder.name} cannot be opened: {error.strerror or error}.") from error
        yield


def write_whole(file: Path, text: str) -> None:
    """In one stroke, with the rights that it had; where it is a link, what that leads to.

    Raises
    ------
    StorageError
        When it cannot be written; the file is as it was.
    """
    file = file.resolve()
    aside = file.with_name(f".{file.name}.aside")
    try:
        mode = file.stat().st_mode & 0o777 if file.exists() else 0o644
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(file)
    except OSError as error:
        with contextlib.suppress(OSError):
            aside.unlink()
        raise StorageError(f"{file.name} cannot be written: {error.strerror or error}.") from error
