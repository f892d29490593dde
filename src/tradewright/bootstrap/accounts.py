"""From the name of an account to what its orders need: the folder of its journal, its latch, whose ids they carry."""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.bootstrap.brokers import PROCESS, venue_door
from tradewright.bootstrap.home import ACCOUNTS, JOURNAL_FOLDER, LATCH_FILE, storage_folder
from tradewright.bootstrap.journals import HostJournals, journals_here
from tradewright.domain.errors import ConfigError
from tradewright.domain.live.ids import IdScope, install_tag
from tradewright.domain.live.journal import JournalIdentity
from tradewright.domain.live.modes import Mode

if TYPE_CHECKING:
    from pathlib import Path

    from tradewright.app.live.door import BrokerDoor
    from tradewright.app.live.door_way import DoorWay
    from tradewright.app.orders.office import Watcher
    from tradewright.bootstrap.brokers import VenueDoor
    from tradewright.bootstrap.journals import Journals
    from tradewright.bootstrap.settings import Settings
    from tradewright.domain.live.modes import ProcessMode
    from tradewright.ports.broker_kind import VenueParts
    from tradewright.ports.journal import Journal
    from tradewright.ports.latch import LatchFile
    from tradewright.ports.lease import Lease
    from tradewright.risk.collars import Collars
    from tradewright.risk.limits import LimitsChange

__all__ = [
    "AccountPlaces",
    "account_door",
    "account_places",
    "account_way",
    "install_name",
    "journal_of",
    "latch_of",
    "lease_of",
]

BY_HAND = "by hand"
"""Who decides at a door: a person, or a program of theirs."""

_SAFE = re.compile(r"[^A-Za-z0-9_.-]")
_LOG = logging.getLogger("tradewright.live")


@dataclass(frozen=True, slots=True)
class AccountPlaces:
    """Where what belongs to one account and mode lies on this host.

    Parameters
    ----------
    account : str
        As its kind of broker names it.
    mode : Mode
    folder : Path
    """

    account: str
    mode: Mode
    folder: Path

    @property
    def journal(self) -> Path:
        """The folder of the journal, with its lock."""
        return self.folder / JOURNAL_FOLDER

    @property
    def latch(self) -> Path:
        """The file of the kill switch."""
        return self.folder / LATCH_FILE

    @property
    def identity(self) -> JournalIdentity:
        """Whose journal it is."""
        return JournalIdentity(self.account, self.mode.value)


def account_places(account: str, mode: Mode, folder: Path | None = None) -> AccountPlaces:
    """Where an account's things lie; nothing is made.

    Parameters
    ----------
    account : str
        What `BrokerKind.account_of` says; not empty.
    mode : Mode
    folder : Path, optional
        The folder of all stores.
    """
    home = storage_folder() if folder is None else folder
    name = _SAFE.sub("_", account)
    if name != account:
        name = f"{name}-{hashlib.sha256(account.encode()).hexdigest()[:8]}"
    return AccountPlaces(account, mode, home / ACCOUNTS / mode.value / name)


def install_name(folder: Path | None = None) -> str:
    """The name of this installation, drawn once and kept: orders that carry its tag are ours.

    Raises
    ------
    StorageError
        When it cannot be kept.
    """
    return HostJournals(folder).install()


def journal_of(account: str, mode: Mode, kept: Journals | None = None) -> Journal:
    """The journal of an account; one in memory where the account is gone with its process (`account` is empty)."""
    if not account:
        from tradewright.adapters.storage.memory.journal import MemoryJournal

        return MemoryJournal()
    places = account_places(account, mode)
    return (kept or journals_here()).journal(places.folder, places.identity)


def lease_of(account: str, mode: Mode, kept: Journals | None = None) -> Lease | None:
    """The right to send of an account; None where the account is gone with its process."""
    if not account:
        return None
    places = account_places(account, mode)
    return (kept or journals_here()).lease(places.folder, places.identity)


def latch_of(account: str, mode: Mode) -> LatchFile:
    """The latch of an account; one in memory where the account is gone with its process."""
    if not account:
        from tradewright.adapters.storage.memory.latch import MemoryLatch

        return MemoryLatch()
    from tradewright.adapters.storage.journal.latch_file import FileLatch

    return FileLatch(account_places(account, mode).latch)


def account_door(
    name: str,
    mode: Mode,
    limits: LimitsChange | str,
    settings: Settings,
    *,
    collars: Collars | None = None,
    process: ProcessMode = PROCESS,
) -> BrokerDoor:
    """The door to the account that the settings name for a broker and a mode; nothing is opened yet.

    Parameters
    ----------
    name : str
        The broker.
    mode : Mode
    limits : LimitsChange or str
        ``"cautious"``, ``"standard"``, ``"bold"``, or numbers that a person stands for.
    settings : Settings
    collars : Collars, optional
        How often, how large and how far from the market an order may be.
    process : ProcessMode

    Raises
    ------
    ConfigError
        When the broker is not known, or the process trades in the other mode; for limits that are none.
    """
    from tradewright.adapters.system_clock import SystemClock
    from tradewright.app.live.alarms import AlarmWatcher
    from tradewright.app.live.door import BrokerDoor
    from tradewright.risk.limits import account_limits

    account_limits(limits)
    clock = SystemClock()
    door = venue_door(name, mode, settings, process, clock)
    watcher = AlarmWatcher(lambda alarm, subject, detail: _LOG.warning("%s %s: %s", alarm, subject, detail))
    return BrokerDoor(account_way(door, door.open(), limits, watcher, collars))


def account_way(
    door: VenueDoor, parts: VenueParts, limits: LimitsChange | str, watcher: Watcher, collars: Collars | None = None
) -> DoorWay:
    """What an account is taken up with: its journal and lease where the settings keep them, its latch and its ids.

    Parameters
    ----------
    door : VenueDoor
    parts : VenueParts
        As the door opened them.
    limits : LimitsChange or str
    watcher : Watcher
        Who listens to its road.
    collars : Collars, optional

    Raises
    ------
    JournalError
        When the journal's database cannot be reached, or the account has a journal elsewhere.
    """
    from tradewright.adapters.system_clock import SystemClock
    from tradewright.app.live.door_way import DoorWay

    account, kept = _account(door), journals_here()
    return DoorWay(
        parts=parts,
        offer=door.offer,
        journal=journal_of(account, door.mode, kept),
        lease=lease_of(account, door.mode, kept),
        lease_wait_s=kept.lease_wait_s,
        pause_is_bounded=kept.pause_is_bounded,
        lease_clock=SystemClock(),
        latch=latch_of(account, door.mode),
        clock=door.access.clock,
        scope=IdScope(account or door.name, BY_HAND, install_tag(kept.install() if account else install_name())),
        limits=limits,
        watcher=watcher,
        collars=collars,
        trade=getattr(parts.broker, "trade", None),
    )


def _account(door: VenueDoor) -> str:
    account = door.account
    if not account and door.mode is Mode.LIVE:
        raise ConfigError(f"The broker '{door.name}' does not say which live account it opens.")
    return account
