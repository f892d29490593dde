"""Which journal is in force, and whether its server can be reached; the connection string is in no sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.bootstrap.home import ACCOUNTS, storage_folder
from tradewright.bootstrap.journals import SharedJournals, journals
from tradewright.bootstrap.settings_values import JOURNAL
from tradewright.domain.errors import TradewrightError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.bootstrap.settings import Settings

__all__ = ["JournalRow", "journal_row"]


@dataclass(frozen=True, slots=True)
class JournalRow:
    """Where journals live.

    Parameters
    ----------
    kind : {"files", "postgresql"}
    state : str
        In words: the folder; or the database, without user and password, and its version.
    problem : str or None
        Why it cannot be used.
    hint : str or None
        What to do about it.
    """

    kind: str
    state: str
    problem: str | None = None
    hint: str | None = None


def journal_row(settings: Settings, environment: Mapping[str, str]) -> JournalRow:
    """Look where journals live, and ask the server if there is one; nothing is made."""
    kind = "postgresql" if JOURNAL in settings.references else "files"
    try:
        kept = journals(settings, environment)
        if not isinstance(kept, SharedJournals):
            return JournalRow(kind, f"files of this host, in {storage_folder() / ACCOUNTS}")
        from tradewright.adapters.storage.postgres.server import standing

        found = standing(kept.dsn.reveal())
    except TradewrightError as error:
        return JournalRow(kind, error.message, error.message, error.hint)
    where = f"{found.place[0].lower()}{found.place[1:]}"
    said = f"{where} answers: PostgreSQL {found.version}, {found.accounts} accounts"
    return JournalRow(kind, said)
