"""What accounts may risk at most, beside their journals in a database: one word for every host that trades over it."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from .driver import live_connection, place_of, translated
from .tables import bring_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection

    from tradewright.ports.ceilings import CeilingShelf

__all__ = ["ServerCeiling"]

_READ = "SELECT body FROM live_ceilings WHERE account = %s AND mode = %s"
_WRITE = (
    "INSERT INTO live_ceilings (account, mode, body) VALUES (%s, %s, %s)"
    " ON CONFLICT (account, mode) DO UPDATE SET body = excluded.body"
)


class ServerCeiling:
    """See `tradewright.ports.ceilings.CeilingShelf`.

    Parameters
    ----------
    dsn : str
    account, mode : str
        As the folder of the account is called, which is the same on every host.
    before : CeilingShelf
        What was said on this host while its journals were files; it holds here until something is said anew.

    Raises
    ------
    StorageError
        From every method, when the server cannot be reached, or refuses.
    """

    def __init__(self, dsn: str, account: str, mode: str, before: CeilingShelf) -> None:
        self._dsn, self._key, self._before = dsn, (account, mode), before

    def read(self) -> str | None:
        """The text that every host reads."""
        with self._connected() as server:
            found = server.execute(_READ, self._key).fetchall()
        return found[0][0] if found else self._before.read()

    def write(self, text: str) -> None:
        """Put it there for every host."""
        with self._connected() as server:
            server.execute(_WRITE, (*self._key, text))

    @contextmanager
    def _connected(self) -> Iterator[Connection[Any]]:
        with translated(place_of(self._dsn)), closing(live_connection(self._dsn)) as server:
            bring_up(server)
            yield server
