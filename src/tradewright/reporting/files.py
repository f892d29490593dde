"""Files that are there whole or not at all: everything is written aside first and moved into place last."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.domain.errors import ConfigError, ResourceError, TradewrightError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["write_file", "write_folder"]

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def write_file(path: str | Path, text: str) -> Path:
    """Write a text file in UTF-8; a failure leaves what was there before.

    Raises
    ------
    ResourceError
        When the disk is full.
    ConfigError
        When the path cannot be written.
    """
    target = Path(path).expanduser()
    aside = target.with_name(f".{target.name}.{os.getpid()}.partial")
    with _explained(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            _write(aside, text)
            aside.replace(target)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
    return target


def write_folder(path: str | Path, writers: Mapping[str, Callable[[Path], object]]) -> Path:
    """Write several files into a folder, all or none.

    Every file is written into a folder aside. A folder that does not exist yet appears in one step; into one that does,
    the finished files are moved one by one, and what else lies there stays.

    Parameters
    ----------
    path : str or Path
    writers : mapping of file name to function
        Each is called with the path at which to write its file.

    Raises
    ------
    ResourceError
        When the disk is full.
    ConfigError
        When the folder cannot be written.
    """
    target = Path(path).expanduser()
    aside = target.with_name(f".{target.name}.{os.getpid()}.partial")
    with _explained(target):
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        try:
            for name, writer in writers.items():
                writer(aside / name)
            _move(aside, target)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return target


def _write(path: Path, text: str) -> None:
    # The bytes must be on the disk before the rename, else a crash leaves an empty file under the right name.
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def _move(aside: Path, target: Path) -> None:
    if not target.exists():
        aside.rename(target)
        return
    for file in sorted(aside.iterdir()):
        file.replace(target / file.name)


@contextmanager
def _explained(target: Path) -> Iterator[None]:
    """Turn what the operating system says into one sentence of ours."""
    try:
        yield
    except OSError as error:
        raise _sentence(target, error) from error


def _sentence(target: Path, error: OSError) -> TradewrightError:
    if error.errno in _FULL:
        return ResourceError(
            f"The disk is full: '{target}' was not written, and nothing half-written was left.",
            hint="Free some space or choose another place.",
        )
    return ConfigError(
        f"'{target}' cannot be written: {error.strerror or error}.", hint="Choose a place that you may write to."
    )
