"""Where the embedded stores lie."""

from __future__ import annotations

import os
from pathlib import Path

from tradewright.bootstrap.settings import FOLDER_VARIABLE, load_settings, settings_file

__all__ = ["ACCOUNTS", "FOLDER_VARIABLE", "JOURNAL_FOLDER", "LATCH_FILE", "default_folder", "storage_folder"]

ACCOUNTS = "accounts"
"""Folder, in that of the stores, with one folder for each account."""
JOURNAL_FOLDER = "journal"
"""Folder, in that of an account, of its journal of orders."""
LATCH_FILE = "latch"
"""File, in the folder of an account, that says it was stopped."""


def storage_folder() -> Path:
    """The folder of bars and runs; it need not exist yet.

    What the environment says, else ``storage.folder`` of the nearest ``tradewright.yaml`` (relative to that file), else
    the user's data folder.

    Raises
    ------
    ConfigError
        When there are settings and they cannot be used.
    """
    said = os.environ.get(FOLDER_VARIABLE)
    if said:
        return Path(said).expanduser()
    folder = Path.cwd()
    if settings_file(folder) is not None:
        path = load_settings(folder, os.environ).path("storage.folder")
        if path is not None:
            return path
    return default_folder()


def default_folder() -> Path:
    """The user's data folder, as the operating system has it."""
    import platformdirs

    return Path(platformdirs.user_data_dir("tradewright"))
