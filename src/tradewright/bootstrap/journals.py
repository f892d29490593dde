"""Where the journals and leases of accounts live: in files of this host, or in a database that two hosts share.

One setting says which: ``live.journal``. Either way an account has a folder on this host, with its latch.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tradewright.bootstrap.home import ACCOUNTS, JOURNAL_FOLDER, storage_folder
from tradewright.bootstrap.settings import load_settings
from tradewright.bootstrap.settings_values import JOURNAL
from tradewright.domain.errors import JournalError, StorageError
from tradewright.domain.live.journal import JournalIdentity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.bootstrap.secrets import Secret
    from tradewright.bootstrap.settings import Settings
    from tradewright.ports.ceilings import CeilingShelf
    from tradewright.ports.journal import Journal
    from tradewright.ports.lease import Lease
    from tradewright.ports.seat import Seat

__all__ = ["HostJournals", "Journals", "SharedJournals", "journals", "journals_here"]

CEILING = "ceiling.json"
INSTALL = "install"
SHARED_INSTALL = "install.shared"
NAMED = "account"
"""File in the folder of an account whose journal is elsewhere: whose it is."""

_HOST_LEASE_S = 3600.0
"""A lock of the host is lost to nobody while its process lives, however long that sleeps; so its lease does not
run out over a pause of the program."""


class Journals(Protocol):
    """The journals of all accounts, and who may write them.

    Every method takes the folder of the account on this host, and whose it is.
    """

    @property
    def lease_wait_s(self) -> float:
        """How long a session waits for an account that another process holds; then it is refused."""
        ...

    @property
    def takeover_wait_s(self) -> float:
        """How long who takes an account over from a process that has ended waits for its lease."""
        ...

    @property
    def pause_is_bounded(self) -> bool:
        """Whether who lost the lease is certain to send nothing any more, however long it slept."""
        ...

    def journal(self, folder: Path, identity: JournalIdentity) -> Journal:
        """The journal, not opened.

        Raises
        ------
        JournalError
            When the account has one elsewhere, or the database cannot be reached.
        """
        ...

    def lease(self, folder: Path, identity: JournalIdentity) -> Lease:
        """The right to send, not asked for."""
        ...

    def seat(self, folder: Path, identity: JournalIdentity) -> Seat:
        """Who holds the account."""
        ...

    def ceiling(self, folder: Path) -> CeilingShelf:
        """What the account may risk at most; the folder need not be there."""
        ...

    def identity(self, folder: Path) -> JournalIdentity | None:
        """Whose folder it is; None where no journal was ever begun from here."""
        ...

    def install(self) -> str:
        """The name by which orders are known to be ours."""
        ...

    def known_install(self) -> str:
        """The same as this host last knew it: to end orders, not to send any."""
        ...


@dataclass(frozen=True, slots=True)
class HostJournals:
    """Journals in files of this host, under locks of its system.

    Parameters
    ----------
    home : Path, optional
        The folder of all stores.
    """

    home: Path | None = None
    lease_wait_s: float = field(default=0.0, init=False)
    takeover_wait_s: float = field(default=0.0, init=False)
    pause_is_bounded: bool = field(default=True, init=False)

    def journal(self, folder: Path, identity: JournalIdentity) -> Journal:
        """The journal in the folder, not opened."""
        from tradewright.adapters.storage.journal.file_journal import FileJournal

        if (folder / NAMED).exists():
            raise JournalError(
                f"The journal of '{identity.account}' ({identity.mode}) is in a database, and the settings name none.",
                hint=f"Set '{JOURNAL}'; or, where that database is given up, take {folder / NAMED} away.",
            )
        return FileJournal(folder / JOURNAL_FOLDER, identity)

    def lease(self, folder: Path, identity: JournalIdentity) -> Lease:  # noqa: ARG002 - the folder says whose it is
        """A lock of the system, beside the journal."""
        from tradewright.adapters.storage.journal.file_lease import FileLease

        return FileLease(folder / JOURNAL_FOLDER, _HOST_LEASE_S)

    def seat(self, folder: Path, identity: JournalIdentity) -> Seat:  # noqa: ARG002 - the folder says whose it is
        """Who holds the lock."""
        from tradewright.adapters.storage.journal.seat import FolderSeat

        return FolderSeat(folder / JOURNAL_FOLDER)

    def ceiling(self, folder: Path) -> CeilingShelf:
        """A file beside the journal."""
        from tradewright.adapters.storage.journal.ceiling_file import FileCeiling

        return FileCeiling(folder / CEILING)

    def identity(self, folder: Path) -> JournalIdentity | None:
        """As the first segment says."""
        from tradewright.adapters.storage.journal.seat import FolderSeat

        return FolderSeat(folder / JOURNAL_FOLDER).identity()

    def install(self) -> str:
        """Drawn once and kept on this host."""
        from tradewright.adapters.storage.folder.drawn_name import drawn_name

        return drawn_name((storage_folder() if self.home is None else self.home) / ACCOUNTS / INSTALL)

    def known_install(self) -> str:
        """As `install`."""
        return self.install()


@dataclass(frozen=True, slots=True)
class SharedJournals:
    """Journals and leases in a PostgreSQL database, with a log on this host for when it is away.

    Parameters
    ----------
    dsn : Secret
        Its connection string; it may hold a password.
    """

    dsn: Secret
    lease_wait_s: float = field(default=float("inf"), init=False)
    takeover_wait_s: float = field(default=20.0, init=False)
    pause_is_bounded: bool = field(default=False, init=False)

    def journal(self, folder: Path, identity: JournalIdentity) -> Journal:
        """The journal in the database, with a folder here for what the database cannot be told."""
        from tradewright.adapters.storage.emergency.journal import EmergencyJournal
        from tradewright.adapters.storage.postgres.journal import PostgresJournal

        self._require_no_files(folder, identity)
        _keep_name(folder, identity)
        return EmergencyJournal(PostgresJournal(self.dsn.reveal(), identity, is_patient=True), folder / "emergency")

    def lease(self, folder: Path, identity: JournalIdentity) -> Lease:  # noqa: ARG002 - it is in the database alone
        """A row of the database, renewed every five seconds."""
        from tradewright.adapters.storage.postgres.lease import PostgresLease

        return PostgresLease(self.dsn.reveal(), identity)

    def seat(self, folder: Path, identity: JournalIdentity) -> Seat:  # noqa: ARG002 - it is in the database alone
        """Who holds that row."""
        from tradewright.adapters.storage.postgres.seat import ServerSeat

        return ServerSeat(self.dsn.reveal(), identity)

    def ceiling(self, folder: Path) -> CeilingShelf:
        """A row of the database, under the names of the folder: they are the same on every host."""
        from tradewright.adapters.storage.postgres.ceilings import ServerCeiling

        here = HostJournals().ceiling(folder)
        return ServerCeiling(self.dsn.reveal(), folder.name, folder.parent.name, here)

    def identity(self, folder: Path) -> JournalIdentity | None:
        """As the folder says: it is known while the database is away."""
        try:
            plain = json.loads((folder / NAMED).read_bytes())
            return JournalIdentity(plain["account"], plain["mode"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StorageError(f"{folder / NAMED} does not say whose account it is: {error}.") from error

    def install(self) -> str:
        """Kept in the database, for every host over it: that of the first of them.

        Raises
        ------
        JournalError
            When the database cannot be reached: then nothing can be begun.
        """
        from tradewright.adapters.storage.postgres.server import shared_name

        mine = HostJournals().install()
        try:
            name = shared_name(self.dsn.reveal(), mine)
        except StorageError as error:
            raise JournalError(
                f"No account is taken up while its journal is away: what it holds is not known. {error.message}",
                hint=(
                    "Bring the database back and start again; orders at the venue stand as they are, and a session that"
                    " runs goes on ending and protecting them."
                ),
            ) from error
        _keep(storage_folder() / ACCOUNTS / SHARED_INSTALL, name)
        return name

    def known_install(self) -> str:
        """That of the database, else as it was when this host last began a session over one; errors as `install`."""
        try:
            return self.install()
        except JournalError:
            path = storage_folder() / ACCOUNTS / SHARED_INSTALL
            if not path.exists():
                raise
            return path.read_text(encoding="utf-8")

    def _require_no_files(self, folder: Path, identity: JournalIdentity) -> None:
        """An account that was traded over files here is not begun anew elsewhere: its orders would be strangers."""
        if any((folder / JOURNAL_FOLDER).glob("*.journal")) and not (folder / NAMED).exists():
            raise JournalError(
                f"The journal of '{identity.account}' ({identity.mode}) is in {folder / 'journal'}, and '{JOURNAL}'"
                " names a database.",
                hint="End its orders first (tradewright kill --flatten), then move that folder away.",
            )


def _keep_name(folder: Path, identity: JournalIdentity) -> None:
    """Say on this host whose folder it is, before the first order: the kill switch finds accounts by their folders."""
    if not (folder / NAMED).exists():
        _keep(folder / NAMED, json.dumps({"account": identity.account, "mode": identity.mode}))


def _keep(path: Path, text: str) -> None:
    """Put a text into a file, whole or not at all."""
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error}.") from error


def journals(settings: Settings, environment: Mapping[str, str]) -> Journals:
    """Where the settings say that journals live.

    Raises
    ------
    ConfigError
        When the secret is not where they say, or is no connection string; without quoting it.
    MissingExtraError
        When the driver of PostgreSQL is not installed.
    """
    reference = settings.references.get(JOURNAL)
    if reference is None:
        return HostJournals()
    from tradewright.adapters.storage.postgres.driver import require_sound

    dsn = reference.read(environment)
    require_sound(dsn.reveal(), JOURNAL)
    return SharedJournals(dsn)


def journals_here() -> Journals:
    """Those of the settings of the working folder; errors as `journals`."""
    return journals(load_settings(Path.cwd(), os.environ), os.environ)
