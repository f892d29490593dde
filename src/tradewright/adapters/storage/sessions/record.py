"""The frames of a session's record: those of the journal, chained by a checksum that the interpreter has built in."""

from __future__ import annotations

import json
import struct
import zlib
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from tradewright.domain.errors import StorageError
from tradewright.domain.live.wire import canonical_json

from ..journal.frames import HEAD, frame_at, shows_valid_frame

if TYPE_CHECKING:
    from pathlib import Path

    from ..journal.frames import Frame

__all__ = ["FORMAT", "End", "Place", "Record", "framed", "header"]

FORMAT = 1
"""Version of what the records mean."""

_COVERED = struct.Struct("<IQQ")


class End(NamedTuple):
    """Where a record ends: number and checksum of its last frame, and its length in bytes."""

    frame: int = 0
    checksum: int = 0
    length: int = 0


class Place(NamedTuple):
    """Where the body of a frame stands in the file."""

    at: int
    length: int

    def body(self, stream: BinaryIO) -> bytes:
        """What the frame holds."""
        stream.seek(self.at)
        return stream.read(self.length)


def framed(frame: int, number: int, body: bytes, before: int) -> tuple[bytes, int]:
    """A body as the next frame of a record, for the input of a number; and its checksum."""
    checksum = _checksum(frame, number, body, before)
    return HEAD.pack(len(body), checksum, frame, number) + body, checksum


def header(session: str) -> tuple[bytes, End]:
    """The first frame of a record: whose it is."""
    content, checksum = framed(1, 0, canonical_json({"format": FORMAT, "session": session}), 0)
    return content, End(1, checksum, len(content))


def _checksum(frame: int, number: int, body: bytes, before: int) -> int:
    return zlib.crc32(body, zlib.crc32(_COVERED.pack(len(body), frame, number), before))


class Record:
    """What stands in the file of a session, read once and then only what has been added since.

    Parameters
    ----------
    path : Path
    session : str
        Whose it must be.

    Raises
    ------
    StorageError
        From `advance`, when the record is damaged, or of another session or a newer version.
    """

    def __init__(self, path: Path, session: str) -> None:
        self.path = path
        self.session = session
        self.end = End()
        self.inputs: list[Place] = []
        self.answers: dict[int, Place] = {}

    def advance(self) -> bytes:
        """Read on to the end; what is left there is no whole frame, because it is being written or was torn."""
        try:
            with self.path.open("rb") as stream:
                stream.seek(self.end.length)
                content = stream.read()
        except OSError as error:
            raise StorageError(f"The record {self.path} cannot be read: {error.strerror or error}.") from error
        at = 0
        while (frame := frame_at(content, at)) is not None and self._follows(frame):
            self._take(frame)
            at = frame.end
        self._require_torn(content[at:])
        return content[at:]

    def _follows(self, frame: Frame) -> bool:
        return _checksum(frame.sequence, frame.epoch, frame.body, self.end.checksum) == frame.checksum

    def _take(self, frame: Frame) -> None:
        place = Place(self.end.length + HEAD.size, len(frame.body))
        if self.end.frame == 0:
            self._require_own(frame.body)
        elif frame.epoch == len(self.inputs) + 1:
            self.inputs.append(place)
        else:
            self.answers[frame.epoch] = place
        self.end = End(frame.sequence, frame.checksum, place.at + place.length)

    def _require_own(self, body: bytes) -> None:
        plain = json.loads(body)
        if plain.get("format") != FORMAT:
            raise StorageError(
                f"The record {self.path} has format {plain.get('format')}, and this version reads {FORMAT}.",
                hint="Use the version of the package that wrote it.",
            )
        if plain["session"] != self.session:
            raise StorageError(f"The record {self.path} is of session '{plain['session']}', not '{self.session}'.")

    def _require_torn(self, rest: bytes) -> None:
        if shows_valid_frame(rest, self.end.frame):
            raise StorageError(
                f"The record {self.path} is damaged at byte {self.end.length}, with inputs behind it.",
                hint="Restore it from a copy; a session is not replayed over a hole.",
            )
