"""What keeps a session from being begun again by itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.session_logs import session_logs
from tradewright.domain.errors import ApprovalError, DataNotAvailableError
from tradewright.domain.live.modes import Mode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

__all__ = ["account_folder_of", "refuse_halted"]


def refuse_halted(session: str, folder: str | PathLike[str] | None = None) -> None:
    """Refuse to begin a session again whose account is halted; one that has no record yet is not in question.

    Parameters
    ----------
    session : str
    folder : path, optional
        The folder of all stores.

    Raises
    ------
    ApprovalError
        When the kill switch of its account is latched: a person re-arms it, and starts the session.
    """
    try:
        about = session_logs(folder).read(session).about
    except DataNotAvailableError:
        return
    place = account_folder_of(about, None if folder is None else Path(folder).expanduser())
    if place is None:
        return
    from tradewright.adapters.storage.journal.latch_file import FileLatch
    from tradewright.bootstrap.home import LATCH_FILE

    told = FileLatch(place / LATCH_FILE).read()
    if told is not None:
        raise ApprovalError(
            f"The session {session} is not begun again: the kill switch of its account is latched ({told.reason}).",
            hint="Look at the account, re-arm it, and start the session under its name.",
        )


def account_folder_of(about: Mapping[str, Any], home: Path | None = None) -> Path | None:
    """Where the account of a session keeps its things; None where its fills are simulated."""
    from tradewright.bootstrap.accounts import account_places

    if about.get("fills") != "venue" or not about.get("account"):
        return None
    return account_places(str(about["account"]), Mode(about["mode"]), home).folder
