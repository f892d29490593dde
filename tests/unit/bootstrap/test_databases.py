"""Which database is used: a file unless the settings name a server, whose connection string shows itself nowhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import tradewright as tw
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.server import ServerDatabase
from tradewright.bootstrap.approvals import approval_store
from tradewright.bootstrap.databases import state_database
from tradewright.bootstrap.run_archive import run_archive
from tradewright.bootstrap.trial_ledger import trial_ledger
from tradewright.domain.errors import ConfigError, DataNotAvailableError, StorageError
from tradewright.testing import sample_approval, sample_header, sample_trial

CANARY = "canary-7f3a"
AWAY = f"postgresql://me:{CANARY}@127.0.0.1:1/state"
VARIABLE = "TRADEWRIGHT_STORAGE__DATABASE"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("here")
def test_without_a_word_it_is_a_file_in_the_folder_of_the_stores(storage: Path) -> None:
    found = state_database()
    assert type(found) is Database
    assert found.path == storage / "runs" / "runs.db"


@pytest.mark.parametrize("said", ["${THERE}", "{file: dsn}"])
def test_a_reference_leads_to_a_server(here: Path, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    (here / "dsn").write_text(AWAY)
    (here / "dsn").chmod(0o600)
    (here / "tradewright.yaml").write_text(f"storage:\n  database: {said}\n")
    monkeypatch.setenv("THERE", AWAY)
    assert isinstance(state_database(), ServerDatabase)


def test_a_folder_that_is_named_is_stronger(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, AWAY)
    assert isinstance(state_database(), ServerDatabase)
    assert state_database(here).path == here / "runs" / "runs.db"


def test_the_folder_of_the_settings_is_no_other(here: Path, storage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, AWAY)
    assert isinstance(state_database(storage), ServerDatabase)


@pytest.mark.parametrize("said", [AWAY, "[1]", "{value: x}", f"${{NAME:{AWAY}}}", "3"])
def test_the_string_itself_does_not_stand_in_the_file(here: Path, said: str) -> None:
    (here / "tradewright.yaml").write_text(f"storage:\n  database: '{said}'\n")
    with pytest.raises(ConfigError, match=r"line 2: 'storage.database' does not say where the connection") as caught:
        state_database()
    assert CANARY not in str(caught.value)


@pytest.mark.usefixtures("here")
def test_a_string_that_cannot_be_read_is_not_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, f"postgresql://me:{CANARY}@x@127.0.0.1/state")
    with pytest.raises(ConfigError, match=r"'storage.database' names cannot be read") as caught:
        state_database()
    assert CANARY not in str(caught.value)


@pytest.mark.usefixtures("here")
def test_a_secret_that_is_not_there_is_a_sentence(here: Path) -> None:
    (here / "tradewright.yaml").write_text("storage:\n  database: ${NOT_SET_AT_ALL}\n")
    with pytest.raises(ConfigError, match=r"'storage.database' is not set: environment NOT_SET_AT_ALL"):
        state_database()


@pytest.mark.usefixtures("here")
def test_everything_is_kept_on_the_server(monkeypatch: pytest.MonkeyPatch, postgres_dsn: str, storage: Path) -> None:
    monkeypatch.setenv(VARIABLE, postgres_dsn)
    approval_store().add(sample_approval())
    ledger, header = trial_ledger(), sample_header()
    ledger.open(header)
    ledger.record(header, [sample_trial(0)])
    result = tw.backtest(lambda ctx: None, tw.synthetic_bars(bars=30))
    run_id = tw.keep_run(result, "on the server")
    assert tw.load_run(run_id).hash == result.hash
    assert len(approval_store().all()) == len(trial_ledger().families()) == 1
    assert not (storage / "runs" / "runs.db").exists()
    monkeypatch.delenv(VARIABLE)
    assert os.environ.get(VARIABLE) is None
    with pytest.raises(DataNotAvailableError):
        tw.load_run(run_id)


@pytest.mark.usefixtures("here")
def test_deleting_runs_of_one_database_leaves_those_of_another_whole(
    monkeypatch: pytest.MonkeyPatch, postgres_dsn: str
) -> None:
    of_file = tw.backtest(lambda ctx: None, tw.synthetic_bars(bars=30, seed=1))
    kept = tw.keep_run(of_file)
    monkeypatch.setenv(VARIABLE, postgres_dsn)
    other = tw.keep_run(tw.backtest(lambda ctx: None, tw.synthetic_bars(bars=30, seed=2)))
    archive = run_archive()
    assert archive.delete([archive.found(other)]) > 0
    monkeypatch.delenv(VARIABLE)
    assert tw.load_run(kept).hash == of_file.hash


def test_a_database_has_a_name_of_its_own(tmp_path: Path) -> None:
    databases = [Database(tmp_path / name) for name in ("a.db", "b.db")]
    with pytest.raises(StorageError, match="has no name yet"):
        databases[0].installation()
    for each in databases:
        with each.writing():
            pass
    assert databases[0].installation() == Database(tmp_path / "a.db").installation() != databases[1].installation()
