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


def test_a_settings_file_upward_names_it_from_where_it_lies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(FOLDER_VARIABLE)
    (tmp_path / "tradewright.yaml").write_text("storage: {folder: store}\n")
    (tmp_path / "notes").mkdir()
    monkeypatch.chdir(tmp_path / "notes")
    assert storage_folder() == tmp_path / "store"


def test_the_environment_stands_over_the_settings_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "tradewright.yaml").write_text("storage: {folder: store}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(FOLDER_VARIABLE, "/elsewhere")
    assert storage_folder() == Path("/elsewhere")


def test_a_settings_file_that_names_none_leaves_the_users_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(FOLDER_VARIABLE)
    (tmp_path / "tradewright.yaml").write_text("")
    monkeypatch.chdir(tmp_path)
    assert storage_folder() == Path(platformdirs.user_data_dir("tradewright"))
