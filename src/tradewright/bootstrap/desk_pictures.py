"""How accounts and sessions stand, by their folders: journals and records are read beside whoever writes them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradewright.app.desk.picture import Picture, picture_of_book, picture_of_standing
from tradewright.app.live.kill import is_worked, told_by_book
from tradewright.bootstrap.kill import AccountFolder, account_folders, glanced
from tradewright.bootstrap.session_readings import SessionReadings
from tradewright.bootstrap.session_restarts import account_folder_of
from tradewright.domain.errors import ConfigError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from tradewright.app.desk.picture import SeenOrder, SeenPosition
    from tradewright.app.orders.book import LiveBook
    from tradewright.domain.control.readings import SessionReading

__all__ = ["DeskPictures", "is_running"]

_ZERO = Decimal(0)


def is_running(session: SessionReading) -> bool:
    """Whether a session has begun, has not ended, and its process is not known to be gone."""
    has_ended = session.state in {"ended", "failed"} or bool((session.standing or {}).get("why_ended"))
    return not has_ended and session.is_alive is not False


@dataclass(frozen=True, slots=True)
class DeskPictures:
    """Looks at everything that can be acted on.

    Parameters
    ----------
    home : Path
        The folder of all stores.
    """

    home: Path

    def account(self, asked: str) -> Picture:
        """An account by ``mode/name``, its name, or its broker where that is one.

        Raises
        ------
        NotFoundError
            When nothing of that name has traded here.
        ConfigError
            When several are meant.
        """
        return self._of_folder(self.folder(asked), self._sessions())

    def folder(self, asked: str) -> AccountFolder:
        """Where an account keeps its things; errors as of `account`."""
        found = account_folders(asked, home=self.home)
        exact = [each for each in found if str(each) == asked]
        if not found:
            raise NotFoundError(f"There is no account '{asked:.200}' that traded here.")
        if len(exact or found) > 1:
            raise ConfigError(f"'{asked:.200}' may be {', '.join(map(str, found))}.", hint="Name one as mode/name.")
        return (exact or found)[0]

    def session(self, name: str) -> Picture:
        """What a session trades: its account, or itself where its fills are simulated.

        Raises
        ------
        NotFoundError
            When there is no such session.
        """
        sessions = self._sessions()
        found = next((each for each in sessions if each.name == name), None)
        if found is None:
            raise NotFoundError(f"There is no session '{name:.200}'.")
        folder = self._account_of(found)
        return self._of_session(found) if folder is None else self._of_folder(folder, sessions)

    def all(self) -> list[Picture]:
        """Every account that traded here, then every session on simulated fills that runs."""
        sessions = self._sessions()
        accounts = [self._of_folder(folder, sessions) for folder in account_folders(home=self.home)]
        simulated = [each for each in sessions if is_running(each) and account_folder_of(each.about, self.home) is None]
        return accounts + [self._of_session(each) for each in simulated]

    def order(self, order_id: str) -> tuple[Picture, SeenOrder]:
        """An open order, and where it is.

        Raises
        ------
        NotFoundError
            When no open order has that id.
        """
        for picture in self.all():
            for order in picture.orders:
                if order.id == order_id:
                    return picture, order
        raise NotFoundError(f"There is no open order '{order_id:.200}'.", hint="It may have ended: look at the orders.")

    def position(self, identity: str) -> tuple[Picture, SeenPosition]:
        """A position of ours, and where it is.

        Raises
        ------
        NotFoundError
            When none has that id.
        """
        for picture in self.all():
            for position in picture.positions:
                if position.id == identity:
                    return picture, position
        raise NotFoundError(f"There is no position '{identity:.200}'.", hint="It may be closed: look at the positions.")

    def book(self, subject: str) -> LiveBook:
        """The journal of an account, as it is now; errors as of `account`."""
        book, _, _ = glanced(self.folder(subject))
        return book

    def _sessions(self) -> list[SessionReading]:
        return SessionReadings(self.home).all()

    def _account_of(self, session: SessionReading) -> AccountFolder | None:
        path = account_folder_of(session.about, self.home)
        return None if path is None or not path.is_dir() else AccountFolder(session.mode, path.name, path)

    def _of_session(self, session: SessionReading) -> Picture:
        about = {**session.about, "standing": session.standing}
        return picture_of_standing(session.name, about, is_running=is_running(session))

    def _of_folder(self, folder: AccountFolder, sessions: Iterable[SessionReading]) -> Picture:
        from tradewright.adapters.storage.journal.latch_file import FileLatch

        mine = [each for each in sessions if account_folder_of(each.about, self.home) == folder.path]
        running = [each for each in mine if is_running(each)]
        book, _, problem = glanced(folder)
        in_file, in_journal = FileLatch(folder.latch).read(), told_by_book(book)
        told = in_file or in_journal
        return picture_of_book(
            str(folder), book, _marks(mine), _holders(running, book),
            sessions=tuple(each.name for each in running), is_latched=told is not None,
            is_halted=bool(book.risk.get("halted", 0)), reason="" if told is None else told.reason, problem=problem,
            is_worked=told is not None and in_journal is not None and is_worked(book, told),
        )  # fmt: skip


def _positions(session: SessionReading) -> Iterable[Mapping[str, Any]]:
    found: Iterable[Mapping[str, Any]] = (session.standing or {}).get("positions", ())
    return found


def _marks(sessions: Iterable[SessionReading]) -> dict[str, float]:
    """The last prices, those of the latest session first."""
    found: dict[str, float] = {}
    for session in sessions:
        for each in _positions(session):
            if each.get("mark") is not None:
                found.setdefault(str(each["symbol"]), float(each["mark"]))
    return found


def _holders(sessions: Iterable[SessionReading], book: LiveBook) -> dict[str, tuple[str, ...]]:
    """Who holds what: as sessions said last, and as the journal knows sooner."""
    said = [
        (str(each["symbol"]), f"{session.name}/{each.get('strategy', 0)}")
        for session in sessions for each in _positions(session) if each["quantity"]
    ]  # fmt: skip
    found: dict[str, tuple[str, ...]] = {}
    for symbol, holder in dict.fromkeys([*said, *_makers(book, {each.name for each in sessions})]):
        found[symbol] = (*found.get(symbol, ()), holder)
    return found


def _makers(book: LiveBook, sessions: Collection[str]) -> list[tuple[str, str]]:
    """Strategies of these sessions whose orders made units that none of their orders has closed."""
    made: dict[tuple[str, str], Decimal] = {}
    for order in book.orders.values():
        if order.instance.rpartition("/")[0] in sessions:
            made[order.symbol, order.instance] = made.get((order.symbol, order.instance), _ZERO) + (
                order.lots * order.wire.side.value
            )
    return [held for held, units in made.items() if units]
