"""A `tradewright.ports.lease.Lease` on a PostgreSQL server: numbered, renewed by a thread of its own.

No clock is shared. The holder counts from before it asked for a renewal, on its own monotonic clock; who wants the
lease counts on its own from when it last saw the renewals go on, which was after that.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from tradewright.domain.errors import StorageError
from tradewright.ports.lease import Grant

from ...system_clock import SystemClock
from ..holders import Holder
from .driver import driver, live_connection, place_of, translated
from .records import NEW_ACCOUNT, first_of
from .tables import bring_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from psycopg import Connection

    from tradewright.domain.live.journal import JournalIdentity

__all__ = ["PostgresLease"]

NS = 1_000_000_000
TTL_S = 15.0
RENEW_EVERY_S = 5.0

_SEEN = "SELECT epoch, beat, ttl_ms, holder FROM live_accounts WHERE account = %s AND mode = %s"
_TAKE = (
    "UPDATE live_accounts SET epoch = epoch + 1, beat = beat + 1, ttl_ms = %s, holder = %s"
    " WHERE account = %s AND mode = %s AND epoch = %s AND beat = %s"
)
_RENEW = "UPDATE live_accounts SET beat = beat + 1 WHERE account = %s AND mode = %s AND epoch = %s AND holder = %s"
_GIVE_UP = (
    "UPDATE live_accounts SET beat = beat + 1, holder = '' WHERE account = %s AND mode = %s AND epoch = %s"
    " AND holder = %s"
)


class _Seen(NamedTuple):
    """The lease as the server shows it."""

    epoch: int
    beat: int
    ttl_ms: int
    holder: str


class PostgresLease:
    """The lease of an account in a database that two hosts share.

    Parameters
    ----------
    dsn : str
        A connection string of libpq.
    identity : JournalIdentity
    ttl_s, renew_every_s : float
    monotonic_ns : callable, optional
        The clock of this process that never runs backwards.

    Raises
    ------
    StorageError
        As the port says.
    """

    def __init__(
        self,
        dsn: str,
        identity: JournalIdentity,
        *,
        ttl_s: float = TTL_S,
        renew_every_s: float = RENEW_EVERY_S,
        monotonic_ns: Callable[[], int] | None = None,
    ) -> None:
        self.ttl_s = ttl_s
        self.renew_every_s = renew_every_s
        self.ends_ns = 0
        """Monotonic end of the lease as far as this process knows."""
        self._dsn = dsn
        self._identity = identity
        self._key = (identity.account, identity.mode)
        self._now = monotonic_ns or SystemClock().monotonic_ns
        self._holder = ""
        self._epoch = 0
        self._watched: tuple[_Seen, int] | None = None
        self._connection: Connection[Any] | None = None
        self._alone = threading.Lock()
        self._over = threading.Event()
        self._keeper: threading.Thread | None = None

    async def acquire(self) -> Grant | None:
        """The lease, or None while another process may still think that it holds it."""
        return await asyncio.to_thread(self._acquire)

    async def renew(self, epoch: int) -> bool:
        """Hold it for another TTL."""
        return await asyncio.to_thread(self._renew, epoch)

    async def release(self, epoch: int) -> None:
        """Give it up: whoever waits for it need not wait any longer."""
        await asyncio.to_thread(self._release, epoch)

    def close(self) -> None:
        """Renew no more and let go of the connection, as the end of the process does."""
        self._stop_keeping()
        with self._alone:
            self._epoch = 0
            self._disconnect()

    # Asked of the server; one at a time.

    def _acquire(self) -> Grant | None:
        with self._alone, translated(place_of(self._dsn)):
            if self._epoch:
                return None
            asked_ns = self._now()
            self._execute(NEW_ACCOUNT, (*self._key, first_of(self._identity).checksum))
            seen = _Seen(*self._execute(_SEEN, self._key).fetchall()[0])
            is_dead = self._is_gone(seen)
            if not (is_dead or self._has_run_out(seen)):
                return None
            self._holder = str(Holder.this_process())
            words = (int(self.ttl_s * 1000), self._holder, *self._key, seen.epoch, seen.beat)
            if self._execute(_TAKE, words).rowcount != 1:
                return None
            self._epoch, self.ends_ns = seen.epoch + 1, asked_ns + int(self.ttl_s * NS)
        self._keep()
        return Grant(self._epoch, self.ttl_s, former_is_dead=is_dead)

    def _is_gone(self, seen: _Seen) -> bool:
        """Whether the former holder gave it up, or is known to have died."""
        former = Holder.parse(seen.holder)
        return former is None or former.is_dead

    def _has_run_out(self, seen: _Seen) -> bool:
        """Whether nothing was heard of the holder for as long as its lease lasts, by our own clock."""
        now = self._now()
        if self._watched is None or self._watched[0] != seen:
            self._watched = (seen, now)
        return now - self._watched[1] >= seen.ttl_ms * 1_000_000

    def _renew(self, epoch: int) -> bool:
        with self._alone, translated(place_of(self._dsn)):
            if not epoch or epoch != self._epoch:
                return False
            asked_ns = self._now()
            if self._execute(_RENEW, (*self._key, epoch, self._holder)).rowcount == 1:
                self.ends_ns = asked_ns + int(self.ttl_s * NS)
                return True
            self._epoch = 0
        self._over.set()
        return False

    def _release(self, epoch: int) -> None:
        if not epoch or epoch != self._epoch:
            return
        self._stop_keeping()
        with self._alone, translated(place_of(self._dsn)):
            self._epoch = 0
            self._execute(_GIVE_UP, (*self._key, epoch, self._holder))
            self._disconnect()

    def _execute(self, statement: str, words: tuple[Any, ...]) -> Any:
        try:
            if self._connection is None:
                self._connection = live_connection(self._dsn)
                bring_up(self._connection)
            return self._connection.execute(statement, words)
        except driver().Error:
            self._disconnect()
            raise

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(driver().Error):
                connection.close()

    # The thread: a loop that is busy does not cost the lease.

    def _keep(self) -> None:
        self._over = threading.Event()
        self._keeper = threading.Thread(target=self._run, args=(self._epoch, self._over), name="lease", daemon=True)
        self._keeper.start()

    def _run(self, epoch: int, over: threading.Event) -> None:
        while not over.wait(self.renew_every_s):
            with suppress(StorageError):
                # No answer is not a loss: it is asked again, and who holds it knows when it ends.
                if not self._renew(epoch):
                    return

    def _stop_keeping(self) -> None:
        self._over.set()
        keeper, self._keeper = self._keeper, None
        if keeper is not None and keeper is not threading.current_thread():
            keeper.join()
