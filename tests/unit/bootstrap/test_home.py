"""Where the stores lie."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest

from tradewright.bootstrap.home import FOLDER_VARIABLE, storage_folder


def test_the_environment_names_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert storage_folder() == tmp_path


def test_without_a_word_it_is_the_users_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FOLDER_VARIABLE)
    assert storage_folder() == Path(platformdirs.user_data_dir("tradewright"))
