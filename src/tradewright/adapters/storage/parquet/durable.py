"""Files that are on the disk, whole, before anything names them."""

from __future__ import annotations

import errno
import os
import uuid
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from tradewright.domain.errors import ResourceError, StorageError, TradewrightError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["ASIDE", "explained", "full_disk", "make_folder", "sync_folder", "write_aside", "write_durably"]

ASIDE = ".partial"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def write_durably(target: Path, content: bytes | memoryview) -> None:
    """Write a file aside, force it onto the disk, and move it into place.

    Raises
    ------
    ResourceError
        When the disk is full; nothing half-written is left.
    StorageError
        When the folder cannot be written.
    """
    aside = target.with_name(f"{target.name}.{uuid.uuid4().hex}{ASIDE}")
    with explained(target):
        make_folder(target.parent)
        try:
            write_aside(aside, content)
            aside.replace(target)
        except BaseException:
            with suppress(OSError):
                aside.unlink(missing_ok=True)
            raise
        sync_folder(target.parent)


def write_aside(path: Path, content: bytes | memoryview) -> None:
    """The bytes of a file, on the disk when this returns."""
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def make_folder(folder: Path) -> None:
    """A folder with those above it, each of them on the disk."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Force the names in a folder onto the disk, where the system lets folders be opened."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def explained(target: Path) -> Iterator[None]:
    """Turn what the operating system says into one sentence of ours."""
    try:
        yield
    except OSError as error:
        raise _sentence(target, error) from error


def _sentence(target: Path, error: OSError) -> TradewrightError:
    if error.errno in _FULL:
        return full_disk(target)
    return StorageError(
        f"The store cannot write {target}: {error.strerror or error}.", hint="Choose a folder that you may write to."
    )


def full_disk(target: Path) -> ResourceError:
    """The sentence for a disk with no room left."""
    return ResourceError(
        f"The disk is full: {target} was not written, and the store is as it was.", hint="Free some space."
    )
