"""Frames: length, checksum chained over the frame before, sequence, epoch, and a record in canonical JSON."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any, NamedTuple

from tradewright.domain.live.journal import FORMAT, Entry, JournalIdentity, Record, RecordKind
from tradewright.domain.live.wire import canonical_json

from .crc32c import crc32c

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["HEAD", "Frame", "Scan", "SegmentHeader", "encode", "encode_header", "frame_at", "scan", "shows_valid_frame"]

HEAD = struct.Struct("<IIQQ")
"""Length of the body, checksum, sequence, epoch; the checksum covers the other three and the body."""

_COVERED = struct.Struct("<IQQ")
LONGEST = 16 << 20
"""No body is longer, so that a damaged length is told from a long record."""


class Frame(NamedTuple):
    """A frame that was read: what it holds, its checksum, and where it ends."""

    sequence: int
    epoch: int
    body: bytes
    checksum: int
    end: int

    @property
    def entry(self) -> Entry:
        """The record in its place."""
        plain = json.loads(self.body)
        return Entry(self.sequence, self.epoch, Record(RecordKind(plain["kind"]), plain["body"]))


class SegmentHeader(NamedTuple):
    """The first frame of a segment: whose journal, and what the segment before ended with."""

    identity: JournalIdentity
    epoch: int
    last_sequence: int
    last_checksum: int

    @classmethod
    def of(cls, frame: Frame) -> SegmentHeader:
        """The header that a frame holds.

        Raises
        ------
        KeyError, ValueError
            When it holds none.
        """
        plain = json.loads(frame.body)
        if plain["format"] != FORMAT:
            raise ValueError(f"format {plain['format']}")
        identity = JournalIdentity(plain["account"], plain["mode"])
        return cls(identity, frame.epoch, plain["last_sequence"], plain["last_checksum"])


class Scan(NamedTuple):
    """What the bytes of a segment hold: its good frames, and where they end."""

    frames: tuple[Frame, ...]
    end: int


def encode(sequence: int, epoch: int, record: Record, before: int) -> tuple[bytes, int]:
    """A record as a frame, and its checksum."""
    return _framed(sequence, epoch, canonical_json({"kind": record.kind.value, "body": dict(record.body)}), before)


def encode_header(header: SegmentHeader) -> tuple[bytes, int]:
    """A segment's header as a frame, chained to the segment before, and its checksum."""
    plain: dict[str, Any] = {
        "format": FORMAT, "account": header.identity.account, "mode": header.identity.mode,
        "last_sequence": header.last_sequence, "last_checksum": header.last_checksum,
    }  # fmt: skip
    return _framed(header.last_sequence, header.epoch, canonical_json(plain), header.last_checksum)


def _framed(sequence: int, epoch: int, body: bytes, before: int) -> tuple[bytes, int]:
    checksum = _checksum(sequence, epoch, body, before)
    return HEAD.pack(len(body), checksum, sequence, epoch) + body, checksum


def _checksum(sequence: int, epoch: int, body: bytes, before: int) -> int:
    return crc32c(body, crc32c(_COVERED.pack(len(body), sequence, epoch), before))


def scan(content: bytes, before: int) -> Scan:
    """The frames of a segment up to the first that is not whole or does not continue the chain.

    The first frame is the header, chained to `before`, the checksum with which the segment before ended.
    """
    frames = tuple(_frames(content, before))
    return Scan(frames, frames[-1].end if frames else 0)


def _frames(content: bytes, before: int) -> Iterator[Frame]:
    at = 0
    while (frame := frame_at(content, at)) is not None:
        if _checksum(frame.sequence, frame.epoch, frame.body, before) != frame.checksum:
            return
        yield frame
        before, at = frame.checksum, frame.end


def frame_at(content: bytes, at: int) -> Frame | None:
    """The frame at a place, unchecked; None where it is not whole."""
    if at + HEAD.size > len(content):
        return None
    length, checksum, sequence, epoch = HEAD.unpack_from(content, at)
    end = at + HEAD.size + length
    if length > LONGEST or end > len(content):
        return None
    return Frame(sequence, epoch, bytes(content[at + HEAD.size : end]), checksum, end)


def shows_valid_frame(content: bytes, sequence: int) -> bool:
    """Whether a frame with a later sequence stands whole somewhere in bytes that could not be read as one.

    The chain cannot be checked, for the checksum before is what is missing; a body that is a record, under a sequence
    of its time, is what no torn write leaves behind.
    """
    for at in range(1, len(content) - HEAD.size):
        if content[at + HEAD.size : at + HEAD.size + 1] != b"{":
            continue
        frame = frame_at(content, at)
        if frame is not None and 0 < frame.sequence - sequence < 1 << 32 and _is_record(frame):
            return True
    return False


def _is_record(frame: Frame) -> bool:
    try:
        plain = json.loads(frame.body)
    except ValueError:
        return False
    return isinstance(plain, dict) and ("kind" in plain or "format" in plain)
