"""The thread that brings records to the server: what is appended meanwhile travels together."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from tradewright.domain.errors import JournalError, StorageError

from .records import DatabaseAwayError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .records import Last, RecordRows, Row

__all__ = ["Writer"]

MOST_ROWS = 500
RETRY_S = 1.0


class Writer:
    """Appends rows in their order.

    Parameters
    ----------
    rows : RecordRows
        Used by this thread alone from `start` to `close`.
    epoch : int
    last : Last
        The last record that the server has.
    linger_s : float
        How long a record waits for others while nobody waits for it.
    is_patient : bool
        Whether a server that is away is waited for, instead of ending all writing.
    told : callable
        ``told()`` is called after the server went away, after it came back, and after the end of all writing.
    """

    def __init__(
        self, rows: RecordRows, epoch: int, last: Last, linger_s: float, *, is_patient: bool, told: Callable[[], None]
    ) -> None:
        self.epoch = epoch
        self.away: DatabaseAwayError | None = None
        self.fault: StorageError | None = None
        self._rows = rows
        self._last = last
        self._linger_s = linger_s
        self._is_patient = is_patient
        self._told = told
        self._pending: deque[Row] = deque()
        self._waiting: list[tuple[int, asyncio.AbstractEventLoop, asyncio.Future[None]]] = []
        self._is_hurried = self._is_closing = False
        self._turn = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def durable(self) -> int:
        """Number of the last record that the server confirmed."""
        return self._last.sequence

    def put(self, row: Row) -> None:
        """A row behind all others."""
        with self._turn:
            self._pending.append(row)
            self._turn.notify_all()

    def unconfirmed(self, after: int) -> list[Row]:
        """Rows behind a number that the server has not confirmed."""
        with self._turn:
            return [row for row in self._pending if row.sequence > after]

    async def wait(self, sequence: int, within_s: float) -> None:
        """Return when a record is confirmed.

        Raises
        ------
        DatabaseAwayError
            When the server is away, or has not answered in time; where it is waited for, it may still come back.
        JournalError
            When nothing is ever written again.
        """
        loop = asyncio.get_running_loop()
        arrived: asyncio.Future[None] = loop.create_future()
        with self._turn:
            if (error := self.fault or self.away) is not None:
                raise error
            if sequence <= self.durable:
                return
            self._waiting.append((sequence, loop, arrived))
            self._is_hurried = True
            self._turn.notify_all()
        try:
            async with asyncio.timeout(within_s):
                await arrived
        except TimeoutError:
            raise self._went_away(DatabaseAwayError(f"{self._rows.place} did not answer in {within_s:g} s.")) from None

    def close(self) -> None:
        """Bring what is left to the server, if it is there, and end."""
        with self._turn:
            self._is_closing = True
            self._turn.notify_all()
        if self._thread.ident is not None:
            self._thread.join()
        self._rows.close()

    def _run(self) -> None:
        while (batch := self._next()) is not None:
            try:
                self._rows.add(batch, self.epoch, self._last)
            except DatabaseAwayError as error:
                self._went_away(error)
                with self._turn:
                    self._turn.wait_for(lambda: self._is_closing, RETRY_S)
                    if self._is_closing:
                        return
            except StorageError as error:
                self._failed(error)
            else:
                self._arrived(batch)

    def _next(self) -> list[Row] | None:
        """The rows that travel now; None at the end."""
        with self._turn:
            self._turn.wait_for(lambda: self._is_closing or (self._pending and self.fault is None))
            if not self._is_hurried and self.away is None:
                self._turn.wait_for(lambda: self._is_closing or self._is_hurried, self._linger_s)
            self._is_hurried = False
            batch = [row for row, _ in zip(self._pending, range(MOST_ROWS), strict=False)]
            return batch if batch and self.fault is None else None

    def _arrived(self, batch: list[Row]) -> None:
        with self._turn:
            for _ in batch:
                self._pending.popleft()
            self._last = batch[-1].last
            self._is_hurried = any(sequence > self.durable for sequence, _, _ in self._waiting)
            was_away, self.away = self.away, None
            self._answer(lambda sequence: sequence <= self.durable, None)
        if was_away is not None:
            self._told()

    def _went_away(self, error: DatabaseAwayError) -> StorageError:
        if not self._is_patient:
            return self._failed(JournalError(error.message, hint="Nothing more is sent; start again when it is back."))
        with self._turn:
            was_away, self.away = self.away, error
            self._answer(lambda _: True, error)
        if was_away is None:
            self._told()
        return error

    def _failed(self, error: StorageError) -> StorageError:
        """What the server took of the last rows is not known, or it was not for us to write them: never again."""
        with self._turn:
            self.fault, self.away = self.fault or error, None
            self._answer(lambda _: True, self.fault)
        self._told()
        return error

    def _answer(self, is_due: Callable[[int], bool], error: StorageError | None) -> None:
        due = [each for each in self._waiting if is_due(each[0])]
        self._waiting = [each for each in self._waiting if not is_due(each[0])]
        for _, loop, arrived in due:
            with suppress(RuntimeError):
                # A loop that was closed meanwhile has nobody who waits.
                loop.call_soon_threadsafe(_tell, arrived, error)


def _tell(arrived: asyncio.Future[None], error: StorageError | None) -> None:
    if arrived.done():
        return
    if error is None:
        arrived.set_result(None)
    else:
        arrived.set_exception(error)
