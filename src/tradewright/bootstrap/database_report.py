"""How the database of the platform stands, and bringing it to the present revision."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tradewright.bootstrap.bar_store import bars_server
from tradewright.bootstrap.databases import state_database
from tradewright.bootstrap.projections import open_projector

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.adapters.storage.market_data.schema import BarsStanding

__all__ = ["DatabaseReport", "check_database", "database_line", "rebuild_trading", "upgrade_database"]


@dataclass(frozen=True, slots=True)
class DatabaseReport:
    """What was found.

    Parameters
    ----------
    kind : {"sqlite", "postgresql"}
    place : str
        In words; without secrets.
    revision : str or None
        None where nothing was ever kept.
    head : str
        The revision of this version of the program.
    problems : tuple of str
        Sentences; none where all is well.
    size_bytes : int
    rows : mapping of str to int
    behind : tuple of str
        Sessions whose rows lack something of their records, as sentences; no fault, for they can be made again.
    bars : str or None
        How the tables of bars stand, in words; None where bars are kept as files.
    """

    kind: str
    place: str
    revision: str | None
    head: str
    problems: tuple[str, ...] = ()
    size_bytes: int = 0
    rows: Mapping[str, int] = field(default_factory=dict)
    behind: tuple[str, ...] = ()
    bars: str | None = None

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.problems


def check_database() -> DatabaseReport:
    """Read the whole database and say how it stands; nothing is changed.

    Raises
    ------
    ConfigError, StorageError, MissingExtraError
        When it cannot be reached or opened, or the settings cannot be used.
    """
    report = _report(is_thorough=True)
    if report.revision != report.head:
        return report
    behind = tuple(
        f"The rows of the session '{each.session}' contain {each.read:,} of {each.inputs:,} inputs of its record."
        for each in open_projector().behind()
    )
    return replace(report, behind=behind)


def rebuild_trading() -> tuple[str, int]:
    """Make the rows of what sessions did anew: where they are, and of how many; errors as `check_database`."""
    database = state_database()
    return database.place, open_projector(database=database).rebuild()


def database_line() -> str:
    """Where the database is and its revision, in words; errors as `check_database`."""
    found = _report(is_thorough=False)
    where = f"{found.place[0].lower()}{found.place[1:]}"
    said = f"revision {found.revision}" if found.revision else "nothing kept yet"
    return f"{where}: {said}" if found.bars is None else f"{where}: {said}, {found.bars}"


def upgrade_database() -> tuple[DatabaseReport, str | None]:
    """Bring the tables to the present revision: how it stands then, and where it was; errors as `check_database`."""
    before = state_database().upgrade()
    dsn = bars_server()
    if dsn is not None:
        from tradewright.adapters.storage.market_data.schema import bring_up

        bring_up(dsn)
    return _report(is_thorough=False), before


def _report(*, is_thorough: bool) -> DatabaseReport:
    from tradewright.adapters.storage.sql.server import ServerDatabase
    from tradewright.adapters.storage.sql.standing import standing

    database = state_database()
    found = standing(database, is_thorough=is_thorough)
    problems = found.problems
    if not found.is_current:
        problems = (f"It is at revision {found.revision}, and this version of the program at {found.head}.", *problems)
    kind = "postgresql" if isinstance(database, ServerDatabase) else "sqlite"
    bars = _bars()
    if bars is not None and not bars.is_current:
        problems = (*problems, f"It holds {bars}, and this version of the program knows another.")
    report = DatabaseReport(kind, found.place, found.revision, found.head, problems, found.size_bytes, found.rows)
    return report if bars is None else replace(report, bars=str(bars))


def _bars() -> BarsStanding | None:
    """How the tables of bars stand, where bars are kept in the database."""
    dsn = bars_server()
    if dsn is None:
        return None
    from tradewright.adapters.storage.market_data.schema import standing

    return standing(dsn)
