"""What a server says of itself, and the name that all hosts which trade over it share."""

from __future__ import annotations

from contextlib import closing
from typing import NamedTuple

from tradewright.domain.errors import StorageError

from .driver import connected, live_connection, place_of, translated
from .tables import STEPS, bring_up

__all__ = ["ServerStanding", "shared_name", "standing"]

_ABOUT = (
    "SELECT current_setting('server_version'), pg_is_in_recovery(), to_regclass('tradewright_live') IS NOT NULL,"
    " to_regclass('live_accounts') IS NOT NULL"
)
_NAME = "INSERT INTO live_install (name) VALUES (%s) ON CONFLICT DO NOTHING"


class ServerStanding(NamedTuple):
    """A server that answers: its database, its version, and how many accounts have a journal there."""

    place: str
    version: str
    accounts: int


def standing(dsn: str) -> ServerStanding:
    """Ask a server how it is; nothing is made or changed.

    Raises
    ------
    StorageError
        When it cannot be reached, can only be read, or its tables are of a newer version.
    MissingExtraError
        When the driver is not installed.
    """
    place = place_of(dsn)
    with translated(place), closing(connected(dsn, autocommit=True)) as server:
        version, is_copy, is_used, has_accounts = server.execute(_ABOUT).fetchall()[0]
        if is_copy:
            raise StorageError(f"{place} is a copy that can only be read.", hint="Name the server that it copies.")
        found = server.execute("SELECT max(version) FROM tradewright_live").fetchall()[0][0] if is_used else 0
        if found > len(STEPS):
            raise StorageError(
                f"{place} is of version {found}, and this program knows up to {len(STEPS)}.",
                hint="Use the version of the package that made its tables.",
            )
        accounts = server.execute("SELECT count(*) FROM live_accounts").fetchall()[0][0] if has_accounts else 0
    return ServerStanding(place, str(version), int(accounts))


def shared_name(dsn: str, own: str) -> str:
    """The name by which every host over this database marks its orders: that of the first of them.

    Parameters
    ----------
    dsn : str
    own : str
        Of this host, if it is the first.

    Raises
    ------
    StorageError
        When the server cannot be reached, or refuses.
    """
    with translated(place_of(dsn)), closing(live_connection(dsn)) as server:
        bring_up(server)
        server.execute(_NAME, (own,))
        return str(server.execute("SELECT name FROM live_install").fetchall()[0][0])
