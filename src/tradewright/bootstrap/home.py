"""Where the embedded stores lie."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["FOLDER_VARIABLE", "storage_folder"]

FOLDER_VARIABLE = "TRADEWRIGHT_STORAGE__FOLDER"


def storage_folder() -> Path:
    """The folder of bars and runs: what the environment says, else the user's data folder. It need not exist yet."""
    said = os.environ.get(FOLDER_VARIABLE)
    if said:
        return Path(said).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("tradewright"))
