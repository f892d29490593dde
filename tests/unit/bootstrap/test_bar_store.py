"""Bars are kept as files, or as rows of the server that the settings name."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.stores import days, key, write

from tradewright.adapters.storage.market_data.store import DatabaseBarStore
from tradewright.adapters.storage.parquet.store import ParquetBarStore
from tradewright.bootstrap.bar_store import bar_store
from tradewright.domain.errors import ConfigError


@pytest.fixture
def kept_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, postgres_dsn: str) -> str:
    """A project whose bars are kept on a server in which there is nothing yet; its connection string."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRADEWRIGHT_STORAGE__DATABASE", postgres_dsn)
    monkeypatch.setenv("TRADEWRIGHT_STORAGE__BARS", "database")
    return postgres_dsn


def test_without_a_word_they_are_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert isinstance(bar_store(), ParquetBarStore)


def test_a_server_for_the_rest_leaves_bars_as_files(kept_there: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRADEWRIGHT_STORAGE__BARS")
    assert isinstance(bar_store(), ParquetBarStore)


def test_one_setting_keeps_them_on_the_server(kept_there: str) -> None:
    write(bar_store(), days(5))  # type: ignore[arg-type]
    assert DatabaseBarStore(kept_there).read(key()).fingerprint == days(5).fingerprint


@pytest.mark.usefixtures("kept_there")
def test_another_folder_has_files_of_its_own(tmp_path: Path) -> None:
    assert isinstance(bar_store(tmp_path / "other"), ParquetBarStore)


def test_a_database_for_bars_and_none_for_anything_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRADEWRIGHT_STORAGE__BARS", "database")
    with pytest.raises(ConfigError, match=r"storage\.database names none") as caught:
        bar_store()
    assert "keep bars in files" in str(caught.value.hint)
