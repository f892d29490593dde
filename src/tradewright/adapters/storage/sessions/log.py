"""One session's record: as one looks at it, and as its own process writes it."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO

from tradewright.domain.errors import StorageError
from tradewright.domain.live.wire import canonical_json
from tradewright.domain.plain_values import from_plain, to_plain

from .record import End, framed, header
from .words import answers_of, bytes_of, bytes_of_answers, input_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from tradewright.domain.live.session import Input, Output

    from ..journal.lock import HostLock
    from .record import Place, Record

__all__ = ["FileSessionLog", "SessionView"]


class SessionView:
    """A session that is looked at; see `tradewright.ports.session_log.SessionLog`.

    Parameters
    ----------
    session : str
    about : mapping
    record : Record
    standing : Path
        The file that says how it stands.
    number : int
        Sessions are numbered as they are made.
    """

    def __init__(self, session: str, about: Mapping[str, Any], record: Record, standing: Path, number: int = 0) -> None:
        self.session = session
        self.number = number
        self._about = about
        self._record = record
        self._standing = standing

    @property
    def about(self) -> Mapping[str, Any]:
        """What the session was started with."""
        return self._about

    @property
    def standing(self) -> Mapping[str, Any] | None:
        """What was last measured, or None before the first time.

        Raises
        ------
        StorageError
            When it cannot be read.
        """
        try:
            found: Mapping[str, Any] = from_plain(json.loads(self._standing.read_bytes()))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise StorageError(f"{self._standing} cannot be read: {error}.") from error
        return found

    def take(self, given: Input) -> int:
        """Refused.

        Raises
        ------
        StorageError
            Always: who looks does not write.
        """
        raise self._only_looked_at(type(given).__name__)

    def note(self, sequence: int, outputs: Sequence[Output]) -> None:
        """Refused; as `take`."""
        raise self._only_looked_at(f"answer {sequence} ({len(outputs)} outputs)")

    def measure(self, values: Mapping[str, Any]) -> None:
        """Refused; as `take`."""
        raise self._only_looked_at(f"standing ({len(values)} values)")

    def _only_looked_at(self, what: str) -> StorageError:
        return StorageError(f"Session '{self.session}' is only looked at: {what} was not written.", hint="Open it.")

    def entries(self, after: int = 0) -> Iterator[tuple[int, Input, tuple[Output, ...]]]:
        """Every input behind a number in its order, with its outputs; of a running session as far as it has come.

        Raises
        ------
        StorageError
            When the record is damaged, or was written by a newer version.
        """
        self._record.advance()
        places = self._record.inputs[after:]
        with self._record.path.open("rb") as stream:
            for number, place in enumerate(places, start=after + 1):
                yield self._entry(stream, number, place)

    def _entry(self, stream: BinaryIO, number: int, place: Place) -> tuple[int, Input, tuple[Output, ...]]:
        answers = self._record.answers.get(number)
        try:
            given = input_of(place.body(stream))
            return number, given, () if answers is None else answers_of(answers.body(stream))
        except (KeyError, TypeError, ValueError) as error:
            raise StorageError(
                f"Input {number} of session '{self.session}' says what this version does not know: {error}.",
                hint="Use the version of the package that wrote it.",
            ) from error

    def close(self) -> None:
        """Let go of it."""


class FileSessionLog(SessionView):
    """A session that is being written.

    Parameters
    ----------
    session, about, record, standing
        As of `SessionView`; the record was read to its end.
    lock : HostLock
        Held.
    tail_cut : int
        Bytes of a torn last record that were kept aside and cut.
    """

    def __init__(
        self,
        session: str,
        about: Mapping[str, Any],
        record: Record,
        standing: Path,
        lock: HostLock,
        tail_cut: int = 0,
    ) -> None:
        super().__init__(session, about, record, standing)
        self.tail_cut = tail_cut
        self._lock = lock
        self._taken = len(record.inputs)
        self._noted = max(record.answers, default=0)
        self._handle: int | None = os.open(record.path, os.O_WRONLY | os.O_APPEND)
        self._fault = f"Session '{session}' is closed."
        self._end = record.end
        if not self._end.frame:
            content, end = header(session)
            self._write(content, end)

    def take(self, given: Input) -> int:
        """Write an input and give its number."""
        self._append(self._taken + 1, bytes_of(given))
        self._taken += 1
        return self._taken

    def note(self, sequence: int, outputs: Sequence[Output]) -> None:
        """Write what the engine answered to an input; that it answered nothing takes no room.

        Raises
        ------
        StorageError
            When that input was not taken, or it or a later one was answered before.
        """
        if not self._noted < sequence <= self._taken:
            raise StorageError(
                f"Answers to input {sequence} of session '{self.session}' come out of their order: {self._taken} inputs"
                f" were taken, and {self._noted} was the last that was answered."
            )
        if outputs:
            self._append(sequence, bytes_of_answers(outputs))
            self._noted = sequence

    def measure(self, values: Mapping[str, Any]) -> None:
        """Write how the session stands, in one stroke."""
        aside = self._standing.with_name(f"{self._standing.name}.aside")
        try:
            aside.write_bytes(canonical_json(to_plain(dict(values))))
            aside.replace(self._standing)
        except OSError as error:
            raise StorageError(f"{self._standing} cannot be written: {error.strerror or error}.") from error

    def close(self) -> None:
        """Let go of the file and the lock."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
        self._lock.release()

    def _append(self, number: int, body: bytes) -> None:
        content, checksum = framed(self._end.frame + 1, number, body, self._end.checksum)
        self._write(content, End(self._end.frame + 1, checksum, self._end.length + len(content)))

    def _write(self, content: bytes, end: End) -> None:
        if self._handle is None:
            raise StorageError(self._fault)
        try:
            if os.write(self._handle, content) != len(content):
                raise OSError(28, "No space left on device")  # noqa: TRY301 - a short write is that error, said late
        except OSError as error:
            raise self._failed(error, self._handle) from error
        self._end = end

    def _failed(self, error: OSError, handle: int) -> StorageError:
        """Nothing is ever written behind a record that may stand there by half: it would be lost with it."""
        self._fault = f"Session '{self.session}' cannot be written: {error.strerror or error}."
        with suppress(OSError):
            os.ftruncate(handle, self._end.length)
        os.close(handle)
        self._handle = None
        return StorageError(self._fault, hint="Free some space, and go on with the session.")
