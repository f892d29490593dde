"""An artifact store in a folder: ``ab/abcdef…``, written aside and moved into place when whole."""

from __future__ import annotations

import errno
import hashlib
import os
import uuid
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from tradewright.domain.errors import DataError, DataNotAvailableError, ResourceError, StorageError

from ..parquet.durable import sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

__all__ = ["FolderArtifacts"]

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_ASIDE = ".partial"


class FolderArtifacts:
    """Bytes as files; see `tradewright.ports.artifacts.ArtifactStore`.

    Parameters
    ----------
    folder : Path or callable
        Made at the first writing; or what finds it, asked when it is first needed.
    """

    def __init__(self, folder: Path | Callable[[], Path]) -> None:
        self._said = folder

    @cached_property
    def _folder(self) -> Path:
        return self._said() if callable(self._said) else self._said

    @property
    def place(self) -> str:
        """``"folder"``."""
        return "folder"

    def put(self, content: bytes) -> str:
        """Keep bytes under their digest; what is there and whole already is not written again."""
        digest = hashlib.sha256(content).hexdigest()
        target = self._path(digest)
        with _explained(self._folder):
            if target.is_file() and target.stat().st_size == len(content):
                return digest
            target.parent.mkdir(parents=True, exist_ok=True)
            aside = target.with_name(f"{uuid.uuid4().hex}{_ASIDE}")
            try:
                _write(aside, content)
                aside.replace(target)
                # What is put aside here may be let go elsewhere: the name must be on the disk as well.
                sync_folder(target.parent)
            except BaseException:
                aside.unlink(missing_ok=True)
                raise
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes of a digest, held to it."""
        path = self._path(digest)
        try:
            with _explained(self._folder):
                content = path.read_bytes()
        except StorageError as error:
            if not isinstance(error.__cause__, FileNotFoundError):
                raise
            raise DataNotAvailableError(
                f"{path} is gone, and a kept run needs it.", hint="Restore it from a copy, or delete the run."
            ) from None
        if hashlib.sha256(content).hexdigest() != digest:
            raise DataError(f"{path} is not what was written.", hint="Restore it from a copy, or delete the run.")
        return content

    def retain(self, digests: Collection[str]) -> int:
        """Free every file but those."""
        freed = 0
        with _explained(self._folder):
            for path in self._files():
                if path.name not in digests:
                    path.unlink(missing_ok=True)
                    freed += 1
        return freed

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("??/*")) if self._folder.is_dir() else []

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest


def _write(path: Path, content: bytes) -> None:
    # The bytes must be on the disk before the rename, else a crash leaves an empty file under the right name.
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise ResourceError(f"The disk is full: {folder} takes nothing more.", hint="Free some space.") from error
        raise StorageError(
            f"{error.filename or folder} cannot be used: {error.strerror or error}.",
            hint="Look at the rights of its folder.",
        ) from error
