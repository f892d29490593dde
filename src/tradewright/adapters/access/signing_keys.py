"""The keys that sign access tokens, in a file that nobody else may read."""

from __future__ import annotations

import base64
import json
import os
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["SigningKey", "SigningKeys"]

_BYTES, _ID_BYTES = 32, 8
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One key.

    Parameters
    ----------
    id : str
        Named in every token that it signed.
    secret : bytes
    until_ns : int or None
        What it signed is read before that instant, UTC nanoseconds; None for the one that signs.
    """

    id: str
    secret: bytes = field(repr=False)
    until_ns: int | None = None


class SigningKeys:
    """Keys in a file, made at the first use and read again when it changes: a server that runs sees a new one at once.

    Parameters
    ----------
    path : Path
        Made with mode 0600, in a folder with mode 0700.
    draw : callable
        That many bytes that nobody can foresee.

    Raises
    ------
    StorageError
        From every method, when the file cannot be made or read, is damaged, or may be read by others.
    """

    def __init__(self, path: Path, draw: Callable[[int], bytes]) -> None:
        self._path, self._draw = path, draw
        self._seen: tuple[tuple[int, int], list[SigningKey]] | None = None

    def signing(self) -> SigningKey:
        """The one that signs."""
        return next(key for key in self._keys() if key.until_ns is None)

    def reading(self, key_id: str, now_ns: int) -> SigningKey | None:
        """The one of that id, where what it signed is still read."""
        found = next((key for key in self._keys() if key.id == key_id), None)
        return found if found is not None and (found.until_ns is None or now_ns < found.until_ns) else None

    def rotate(self, now_ns: int, until_ns: int) -> None:
        """Sign with a new key; what the old one signed is read until then, and what is read no more is taken away."""
        kept = [key for key in self._keys() if key.until_ns is None or key.until_ns > now_ns]
        old = [SigningKey(key.id, key.secret, until_ns if key.until_ns is None else key.until_ns) for key in kept]
        self._write([self._drawn(), *old], is_first=False)

    def _drawn(self) -> SigningKey:
        return SigningKey(self._draw(_ID_BYTES).hex(), self._draw(_BYTES))

    def _keys(self) -> list[SigningKey]:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            # Of several that begin at once one puts its file there, and all read that.
            self._write([self._drawn()], is_first=True)
            found = self._path.stat()
        except OSError as error:
            raise StorageError(f"{self._path} cannot be read: {error.strerror}.") from error
        version = (found.st_ino, found.st_mtime_ns)
        if self._seen is None or self._seen[0] != version:
            self._seen = version, self._read(found.st_mode)
        return self._seen[1]

    def _read(self, mode: int) -> list[SigningKey]:
        if mode & _OTHERS:
            raise StorageError(
                f"{self._path} holds the keys of every sign-in, and others than its owner may use it.",
                hint=f"chmod 600 {self._path}, and then: tradewright token rotate-key",
            )
        try:
            return _keys_of(json.loads(self._path.read_bytes()))
        except (OSError, ValueError, KeyError, TypeError, StopIteration) as error:
            raise StorageError(
                f"{self._path} does not hold the keys of sign-ins.",
                hint="Take it away: another is made, and everybody signs in again.",
            ) from error

    def _write(self, keys: list[SigningKey], *, is_first: bool) -> None:
        plain = [{"id": key.id, "key": base64.b64encode(key.secret).decode(), "until_ns": key.until_ns} for key in keys]
        aside = self._path.with_name(f"{self._path.name}.{self._draw(_ID_BYTES).hex()}")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                stream.write(json.dumps({"keys": plain}).encode())
                stream.flush()
                os.fsync(stream.fileno())
            if not is_first:
                aside.replace(self._path)
                return
            with suppress(FileExistsError):
                self._path.hardlink_to(aside)
            aside.unlink()
        except OSError as error:
            raise StorageError(f"The keys of sign-ins cannot be kept in {self._path}: {error.strerror}.") from error


def _keys_of(plain: Any) -> list[SigningKey]:
    keys = [
        SigningKey(each["id"], base64.b64decode(each["key"], validate=True), each["until_ns"]) for each in plain["keys"]
    ]
    next(key for key in keys if key.until_ns is None and len(key.secret) >= _BYTES)
    return keys
