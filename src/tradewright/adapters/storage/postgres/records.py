"""The rows of one account's journal: what the server is asked, and what its answers mean."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from tradewright.domain.errors import JournalError, StaleEpochError
from tradewright.domain.live.journal import Entry, Record, RecordKind

from ..journal.frames import HEAD, SegmentHeader, encode, encode_header
from .driver import driver, live_connection, place_of
from .tables import bring_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import Connection

    from tradewright.domain.live.journal import JournalIdentity

__all__ = ["NEW_ACCOUNT", "DatabaseAwayError", "Held", "Last", "RecordRows", "Row", "first_of", "row_of"]

_READ = (
    "SELECT sequence, epoch, checksum, body FROM live_records"
    " WHERE account = %s AND mode = %s AND sequence > %s ORDER BY sequence"
)
_HELD = "SELECT holder, beat, ttl_ms FROM live_accounts WHERE account = %s AND mode = %s"
_ACCOUNT = "SELECT epoch, begun, sequence, checksum FROM live_accounts WHERE account = %s AND mode = %s"
NEW_ACCOUNT = "INSERT INTO live_accounts (account, mode, checksum) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
_BEGIN = (
    "UPDATE live_accounts SET epoch = %(epoch)s, begun = %(epoch)s WHERE account = %(account)s AND mode = %(mode)s"
    " AND begun < %(epoch)s AND epoch <= %(epoch)s AND sequence = %(sequence)s AND checksum = %(checksum)s"
)
_ADD = (
    "WITH held AS (UPDATE live_accounts SET sequence = %s, checksum = %s WHERE account = %s AND mode = %s"
    " AND epoch = %s AND begun = %s AND sequence = %s AND checksum = %s RETURNING account, mode)"
    " INSERT INTO live_records (account, mode, sequence, epoch, checksum, body)"
    " SELECT held.account, held.mode, each.* FROM held, (VALUES {rows}) AS each"
)


class DatabaseAwayError(JournalError):
    """The server cannot be reached; whether it took what it was last told is not known yet."""


class Last(NamedTuple):
    """Number and checksum of a record."""

    sequence: int
    checksum: int


class Held(NamedTuple):
    """Who holds the lease, how often it was renewed, and how long it lasts."""

    holder: str
    beat: int
    ttl_ms: int


class Row(NamedTuple):
    """A record as it lies in the table: the checksum is that of its frame in a file."""

    sequence: int
    epoch: int
    checksum: int
    body: str

    @property
    def last(self) -> Last:
        """Its number and checksum."""
        return Last(self.sequence, self.checksum)

    @property
    def entry(self) -> Entry:
        """The record in its place."""
        plain = json.loads(self.body)
        return Entry(self.sequence, self.epoch, Record(RecordKind(plain["kind"]), plain["body"]))


def row_of(epoch: int, record: Record, before: Last) -> Row:
    """A record as the row behind another."""
    frame, checksum = encode(before.sequence + 1, epoch, record, before.checksum)
    return Row(before.sequence + 1, epoch, checksum, frame[HEAD.size :].decode("ascii"))


def first_of(identity: JournalIdentity) -> Last:
    """What the first record is chained to: whose journal it is."""
    return Last(0, encode_header(SegmentHeader(identity, 0, 0, 0))[1])


class RecordRows:
    """The journal's part of the database.

    Parameters
    ----------
    dsn : str
    identity : JournalIdentity

    Raises
    ------
    DatabaseAwayError
        From every method, when the server cannot be reached; the next call connects anew.
    """

    def __init__(self, dsn: str, identity: JournalIdentity) -> None:
        self.identity = identity
        self.place = place_of(dsn)
        self._dsn = dsn
        self._first = first_of(identity)
        self._key = (identity.account, identity.mode)
        self._connection: Connection[Any] | None = None

    def read(self) -> list[Row]:
        """Every record, its chain checked.

        Raises
        ------
        JournalError
            When a record is missing or was changed.
        """
        rows = self.behind(self._first)
        end = rows[-1].last if rows else self._first
        if self.last() != end:
            raise JournalError(
                f"The journal of '{self.identity.account}' ({self.identity.mode}) ends at record {end.sequence},"
                f" and should end at {self.last().sequence}.",
                hint="Restore it from a copy; nothing is sent from a journal with a hole.",
            )
        return rows

    def behind(self, last: Last | None = None) -> list[Row]:
        """The records behind one, as far as there are any now, their chain checked; all of them behind None.

        Raises
        ------
        JournalError
            When a record is missing or was changed.
        """
        end = last or self._first
        rows = [Row(*each) for each in self._ask(_READ, (*self._key, end.sequence))]
        for number, row in enumerate(rows, start=end.sequence + 1):
            expected = row_of(row.epoch, row.entry.record, end)
            if row.sequence != number or row != expected:
                raise JournalError(
                    f"The journal of '{self.identity.account}' ({self.identity.mode}) is damaged at record {number}.",
                    hint="Restore it from a copy; nothing is sent from a journal with a hole.",
                )
            end = row.last
        return rows

    def held(self) -> Held:
        """Who holds the lease."""
        found = self._ask(_HELD, self._key)
        return Held(*found[0]) if found else Held("", 0, 0)

    def last(self) -> Last:
        """The last record that the server has."""
        found = self._ask(_ACCOUNT, self._key)
        return Last(found[0][2], found[0][3]) if found else self._first

    def begin(self, epoch: int, last: Last) -> None:
        """Write under an epoch from now on.

        Raises
        ------
        StaleEpochError
            When it, or a higher one, has written, or a process with a lease holds the account.
        JournalError
            When records were added since the journal was read.
        """
        self._ask(NEW_ACCOUNT, (*self._key, self._first.checksum))
        words = {"epoch": epoch, "account": self._key[0], "mode": self._key[1], **last._asdict()}
        if self._change(_BEGIN, words) == 1:
            return
        held, begun, sequence, _ = self._ask(_ACCOUNT, self._key)[0]
        if epoch <= begun or epoch < held:
            raise StaleEpochError(f"Epoch {epoch} is not above {max(held - 1, begun)}, which wrote the journal.")
        raise JournalError(f"The journal grew from {last.sequence} to {sequence} records while it was taken over.")

    def add(self, rows: Sequence[Row], epoch: int, before: Last) -> None:
        """Append rows, all or none of them, if the epoch is the present one; those that are there already are left.

        Raises
        ------
        StaleEpochError
            When another process has taken the account over; then nothing was appended.
        JournalError
            When the server holds other records than this process knows of.
        """
        words: list[Any] = [*rows[-1].last, *self._key, epoch, epoch, *before]
        for row in rows:
            words += row
        values = ", ".join(["(%s::bigint, %s::bigint, %s::bigint, %s)"] * len(rows))
        if self._change(_ADD.format(rows=values), words) == len(rows):
            return
        held, _, *last = self._ask(_ACCOUNT, self._key)[0]
        if held != epoch:
            raise StaleEpochError(f"Epoch {held} has taken over from {epoch}.")
        known = [row.last for row in rows]
        if Last(*last) not in known:
            raise JournalError(
                f"{self.place} holds {last[0]} records of the journal, which this process did not write."
            )
        left = rows[known.index(Last(*last)) + 1 :]
        if left:
            self.add(left, epoch, Last(*last))

    def close(self) -> None:
        """Let go of the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(driver().Error):
                connection.close()

    def _ask(self, statement: str, words: Any) -> list[tuple[Any, ...]]:
        found = self._execute(statement, words)
        return found.fetchall() if found.description else []

    def _change(self, statement: str, words: Any) -> int:
        return int(self._execute(statement, words).rowcount)

    def _execute(self, statement: str, words: Any) -> Any:
        psycopg = driver()
        try:
            if self._connection is None:
                self._connection = live_connection(self._dsn)
                bring_up(self._connection)
            return self._connection.execute(statement, words)
        except psycopg.Error as error:
            self.close()
            raise DatabaseAwayError(
                f"{self.place} cannot be used: {' '.join(str(error).split())}.", hint="Look whether its server runs."
            ) from error
