"""The kill switch over the folders of this installation; its first step needs nothing but the file system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.home import ACCOUNTS, JOURNAL_FOLDER, LATCH_FILE, storage_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tradewright.app.live.compare import AccountComparison
    from tradewright.app.live.kill_way import KillReport, Patience
    from tradewright.app.orders.book import LiveBook
    from tradewright.domain.live.latch import LatchOrder
    from tradewright.ports.broker import Broker
    from tradewright.ports.clock import Clock
    from tradewright.ports.seat import Holder
    from tradewright.risk.limits import LimitsChange

__all__ = [
    "AccountFolder",
    "account_folders",
    "compare_account",
    "glanced",
    "kill_account",
    "latch_accounts",
    "latch_status",
    "rearm_account",
]

_MODES = ("paper", "live")


@dataclass(frozen=True, slots=True)
class AccountFolder:
    """What of an account can be known from the disk.

    Parameters
    ----------
    mode, name : str
    path : Path
    """

    mode: str
    name: str
    path: Path

    def __str__(self) -> str:
        return f"{self.mode}/{self.name}"

    def is_meant(self, asked: str) -> bool:
        """Whether somebody who says so means it: by name, by mode and name, or by the broker."""
        return asked in {self.name, str(self)} or self.name.startswith(f"{asked}-")

    @property
    def journal(self) -> Path:
        """The folder of the journal."""
        return self.path / JOURNAL_FOLDER

    @property
    def latch(self) -> Path:
        """The file of the latch."""
        return self.path / LATCH_FILE


def account_folders(asked: str | None = None, home: Path | None = None) -> list[AccountFolder]:
    """The accounts that ever traded here, all of them or those that are meant; `home` is the folder of all stores."""
    home = (storage_folder() if home is None else home) / ACCOUNTS
    found = [
        AccountFolder(mode, path.name, path)
        for mode in _MODES
        for path in sorted((home / mode).glob("*"))
        if path.is_dir()
    ]
    return found if asked is None else [each for each in found if each.is_meant(asked)]


def latch_accounts(folders: list[AccountFolder], order: LatchOrder) -> list[str]:
    """Write every latch file, durable: one sentence for each that could not be written.

    What an earlier latch was told holds on.
    """
    from tradewright.adapters.storage.journal.latch_file import FileLatch
    from tradewright.domain.errors import StorageError

    faults = []
    for folder in folders:
        latch = FileLatch(folder.latch)
        told = latch.read()
        try:
            latch.set(order if told is None else order.and_also(told))
        except StorageError as error:
            faults.append(error.message)
    return faults


def kill_account(folder: AccountFolder, tell: Callable[[str], object], patience: Patience | None = None) -> KillReport:
    """Carry out what stands in the latch file of an account.

    Raises
    ------
    ConfigError
        When no broker of the settings opens this account; the latch stands all the same.
    """
    import asyncio

    from tradewright.adapters.storage.journal.latch_file import FileLatch
    from tradewright.adapters.system_clock import SystemClock
    from tradewright.app.live.kill import carry_out
    from tradewright.app.live.kill_way import KillWay, Patience
    from tradewright.bootstrap.journals import journals_here
    from tradewright.domain.errors import ConfigError
    from tradewright.domain.live.ids import IdScope, install_tag

    clock, latch, kept = SystemClock(), FileLatch(folder.latch), journals_here()
    identity, told = kept.identity(folder.path), latch.read()
    if identity is None or told is None:
        raise ConfigError(f"The account {folder} has no {'journal' if told else 'latch'}.")
    way = KillWay(
        account=str(folder),
        seat=kept.seat(folder.path, identity),
        latch=latch,
        journal=lambda: kept.journal(folder.path, identity),
        lease=lambda: kept.lease(folder.path, identity),
        lease_wait_s=kept.takeover_wait_s,
        pause_is_bounded=kept.pause_is_bounded,
        broker=_broker(identity.account, identity.mode, clock),
        clock=clock,
        scope=IdScope(identity.account, "kill switch", install_tag(kept.known_install())),
        tell=tell,
        patience=patience or Patience(),
    )
    return asyncio.run(carry_out(way, told))


def _broker(account: str, mode: str, clock: Clock) -> Broker:
    """A connection to the venue that knows an account, by whichever broker of the settings opens it."""
    import os
    from pathlib import Path

    from tradewright.bootstrap.brokers import PROCESS, venue_door
    from tradewright.bootstrap.settings import load_settings
    from tradewright.domain.errors import ConfigError, TradewrightError
    from tradewright.domain.live.modes import Mode

    settings, faults = load_settings(Path.cwd(), os.environ), []
    for name in settings.brokers:
        try:
            door = venue_door(name, Mode(mode), settings, PROCESS, clock)
            if door.account == account:
                return door.open().broker
        except TradewrightError as error:
            faults.append(error.message)
    because = f" {faults[0]}" if faults else ""
    raise ConfigError(
        f"No broker of the settings opens the account {account} ({mode}).{because}",
        hint="Run this in the folder of the project that trades it, with its credentials.",
    )


def latch_status(folder: AccountFolder) -> dict[str, Any]:
    """How the kill switch of an account stands, by its latch on this host and its journal; no venue is asked."""
    from tradewright.adapters.storage.journal.latch_file import FileLatch
    from tradewright.app.live.kill import is_worked, told_by_book

    book, holder, problem = glanced(folder)
    in_file, in_journal = FileLatch(folder.latch).read(), told_by_book(book)
    told = in_file or in_journal
    return {
        "account": str(folder),
        "latched": told is not None,
        "acknowledged": in_journal is not None,
        "worked": told is not None and in_journal is not None and is_worked(book, told),
        "reason": "" if told is None else told.reason,
        "who": "" if in_file is None else in_file.who,
        "flatten": told is not None and told.flatten,
        "all": told is not None and told.cancel_all,
        "foreign": told is not None and told.foreign,
        "halted": bool(book.risk.get("halted", 0)),
        "paused": bool(book.risk.get("paused", 0)),
        "process": None if holder is None else holder.pid,
        "problem": problem,
    }


def glanced(folder: AccountFolder) -> tuple[LiveBook, Holder | None, str | None]:
    """The book and the process of an account; why they are not known where the journal is away: the latch is, then."""
    from tradewright.app.orders.book import LiveBook
    from tradewright.bootstrap.journals import journals_here
    from tradewright.domain.errors import TradewrightError

    try:
        kept = journals_here()
        identity, book = kept.identity(folder.path), LiveBook()
        if identity is None:
            return book, None, None
        seat = kept.seat(folder.path, identity)
        book.replay(seat.glance().entries)
        return book, seat.holder(), None
    except TradewrightError as error:
        return LiveBook(), None, error.message


def compare_account(folder: AccountFolder) -> AccountComparison:
    """Hold the journal of an account against its venue, by questions alone.

    Raises
    ------
    ConfigError
        When it never traded, or no broker of the settings opens it.
    BrokerError, JournalError
        When venue or journal cannot be read completely.
    """
    import asyncio

    from tradewright.adapters.system_clock import SystemClock
    from tradewright.app.live.compare import compare
    from tradewright.bootstrap.journals import journals_here
    from tradewright.domain.errors import ConfigError
    from tradewright.domain.live.ids import IdScope, install_tag

    kept = journals_here()
    identity = kept.identity(folder.path)
    if identity is None:
        raise ConfigError(f"The account {folder} has no journal.")
    broker = _broker(identity.account, identity.mode, SystemClock())
    scope = IdScope(identity.account, "reconcile", install_tag(kept.install()))
    return asyncio.run(compare(str(folder), kept.seat(folder.path, identity), broker, scope))


def rearm_account(folder: AccountFolder, who: str, reason: str, limits: LimitsChange | str) -> None:
    """Take the latch of an account away; errors as of `app.live.rearm.rearm`."""
    import asyncio

    from tradewright.adapters.storage.journal.latch_file import FileLatch
    from tradewright.adapters.system_clock import SystemClock
    from tradewright.app.live.rearm import AccountHold, rearm
    from tradewright.bootstrap.ceilings import require_below_ceiling
    from tradewright.bootstrap.journals import journals_here
    from tradewright.domain.errors import OrderError

    kept = journals_here()
    identity = kept.identity(folder.path)
    if identity is None:
        raise OrderError(f"The account {folder} has never traded.")
    if isinstance(limits, str):
        require_below_ceiling(folder.path, limits)
    hold = AccountHold(
        kept.journal(folder.path, identity), FileLatch(folder.latch), kept.lease(folder.path, identity),
        kept.takeover_wait_s,
    )  # fmt: skip
    asyncio.run(rearm(hold, SystemClock(), who=who, reason=reason, limits=limits))
