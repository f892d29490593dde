"""Segments: the files of a journal, read in their order, with one chain through all of them."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from tradewright.domain.errors import JournalError

from .frames import Scan, SegmentHeader, scan, shows_valid_frame

if TYPE_CHECKING:
    from pathlib import Path

    from tradewright.domain.live.journal import Entry, JournalIdentity

    from .frames import Frame

__all__ = ["Contents", "Ending", "read_all", "segment_name", "sync_folder"]

SUFFIX = ".journal"


class Ending(NamedTuple):
    """Where a journal ends: its last record, the checksum of it, and the segment it lies in."""

    sequence: int = 0
    checksum: int = 0
    length: int = 0
    segment: int = 0


class Contents(NamedTuple):
    """Everything a journal holds."""

    entries: tuple[Entry, ...]
    end: Ending
    tail_cut: int


def segment_name(number: int) -> str:
    """The file of the n-th segment."""
    return f"{number:08d}{SUFFIX}"


def sync_folder(folder: Path) -> None:
    """Force the names in a folder onto the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_all(folder: Path, identity: JournalIdentity) -> Contents:
    """Read every segment, and cut a torn tail off the last one.

    Raises
    ------
    JournalError
        When a segment is missing, damaged, or of another account or mode.
    """
    paths = sorted(folder.glob(f"*{SUFFIX}"))
    entries: list[Entry] = []
    end, cut = Ending(), 0
    for number, path in enumerate(paths, start=1):
        if path.name != segment_name(number):
            raise JournalError(f"The journal in {folder} has no segment {segment_name(number)}.")
        content = path.read_bytes()
        found = scan(content, end.checksum)
        cut = _require_whole(path, content, found, is_last=number == len(paths), sequence=end.sequence)
        if not found.frames:
            return Contents(tuple(entries), end, cut)
        _require_header(path, found.frames[0], identity, end)
        entries += _entries(path, found, end.sequence)
        last = found.frames[-1]
        end = Ending(last.sequence, last.checksum, found.end, number)
    return Contents(tuple(entries), end, cut)


def _require_whole(path: Path, content: bytes, found: Scan, *, is_last: bool, sequence: int) -> int:
    """The number of bytes that were cut off: only at the very end, and only where nothing valid stands behind."""
    torn = content[found.end :]
    if not torn and found.frames:
        return 0
    last = found.frames[-1].sequence if found.frames else sequence - 1
    if not is_last or shows_valid_frame(torn, last):
        raise JournalError(
            f"The journal {path} is damaged at byte {found.end}, with records behind it.",
            hint="Restore it from a copy; nothing is sent from a journal with a hole.",
        )
    _cut(path, found, torn)
    return len(torn)


def _cut(path: Path, found: Scan, torn: bytes) -> None:
    """Copy a torn tail aside, then cut it; a segment without a header goes as a whole."""
    aside = path.with_name(f"{path.name}.tail-at-{found.end}")
    with aside.open("wb") as stream:
        stream.write(torn)
        stream.flush()
        os.fsync(stream.fileno())
    if not found.frames:
        path.unlink()
    else:
        with path.open("r+b") as stream:
            stream.truncate(found.end)
            os.fsync(stream.fileno())
    with suppress(OSError):
        sync_folder(path.parent)


def _require_header(path: Path, frame: Frame, identity: JournalIdentity, end: Ending) -> None:
    try:
        header = SegmentHeader.of(frame)
    except (KeyError, ValueError) as error:
        raise JournalError(f"The journal {path} begins with no header that this version reads: {error}.") from None
    if header.identity != identity:
        raise JournalError(
            f"The journal {path} is of account '{header.identity.account}' ({header.identity.mode}), "
            f"not of '{identity.account}' ({identity.mode})."
        )
    if (header.last_sequence, header.last_checksum) != (end.sequence, end.checksum):
        raise JournalError(f"The journal {path} does not continue the segment before it.")


def _entries(path: Path, found: Scan, before: int) -> list[Entry]:
    entries = [frame.entry for frame in found.frames[1:]]
    if [entry.sequence for entry in entries] != list(range(before + 1, before + 1 + len(entries))):
        raise JournalError(f"The journal {path} has a gap in its numbers.")
    return entries
