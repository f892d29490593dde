"""Where journals live: what the settings may say, what is refused, and that no connection string shows itself."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tradewright.adapters.storage.emergency.journal import EmergencyJournal
from tradewright.adapters.storage.journal.file_journal import FileJournal
from tradewright.adapters.storage.journal.file_lease import FileLease
from tradewright.adapters.storage.postgres.lease import PostgresLease
from tradewright.bootstrap.journal_report import journal_row
from tradewright.bootstrap.journals import HostJournals, SharedJournals, journals
from tradewright.bootstrap.secrets import Secret
from tradewright.bootstrap.settings import load_settings
from tradewright.domain.errors import ConfigError, JournalError, StorageError
from tradewright.domain.live.journal import JournalIdentity

IDENTITY = JournalIdentity("alpaca-desk", "paper")
CANARY = "canary-7f3a"
AWAY = f"postgresql://me:{CANARY}@127.0.0.1:1/live"


def kept(folder: Path, **environment: str) -> HostJournals | SharedJournals:
    found = journals(load_settings(folder, environment), environment)
    assert isinstance(found, (HostJournals, SharedJournals))
    return found


def test_without_a_word_they_are_files_of_this_host(tmp_path: Path) -> None:
    found = kept(tmp_path)
    assert isinstance(found.journal(tmp_path / "a", IDENTITY), FileJournal)
    assert isinstance(found.lease(tmp_path / "a", IDENTITY), FileLease)
    assert (found.lease_wait_s, found.pause_is_bounded) == (0.0, True)


@pytest.mark.parametrize("said", ["${THERE}", "{file: dsn}"])
def test_a_reference_leads_to_a_database(tmp_path: Path, said: str) -> None:
    (tmp_path / "dsn").write_text(AWAY)
    (tmp_path / "dsn").chmod(0o600)
    (tmp_path / "tradewright.yaml").write_text(f"live:\n  journal: {said}\n")
    found = kept(tmp_path, THERE=AWAY)
    assert isinstance(found.journal(tmp_path / "a", IDENTITY), EmergencyJournal)
    assert isinstance(found.lease(tmp_path / "a", IDENTITY), PostgresLease)
    assert not found.pause_is_bounded, "a process on another host may sleep for any time before it sends"
    assert found.identity(tmp_path / "a") == IDENTITY, "the folder says whose it is while the database is away"


def test_the_environment_says_it_itself(tmp_path: Path) -> None:
    assert isinstance(kept(tmp_path, TRADEWRIGHT_LIVE__JOURNAL=AWAY), SharedJournals)


@pytest.mark.parametrize("said", [AWAY, "[1]", "{value: x}", f"${{NAME:{AWAY}}}", "3"])
def test_the_string_itself_does_not_stand_in_the_file(tmp_path: Path, said: str) -> None:
    (tmp_path / "tradewright.yaml").write_text(f"live:\n  journal: '{said}'\n")
    with pytest.raises(ConfigError, match=r"line 2: 'live.journal' does not say where the connection string") as caught:
        load_settings(tmp_path, {})
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    "dsn",
    [
        CANARY, f"postgresql://me:{CANARY}@@host/live", f"postgresql://me:a/{CANARY}@host/live",
        f"postgresql://me:%zz{CANARY}@host/live", f"host=x {CANARY}",
        f"postgresql://me:{CANARY}:x@host:y/live", f"postgresql://host:{CANARY}/live",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_and_not_quoted(tmp_path: Path, dsn: str) -> None:
    with pytest.raises(ConfigError, match=r"What 'live.journal' names cannot be read") as caught:
        kept(tmp_path, TRADEWRIGHT_LIVE__JOURNAL=dsn)
    assert CANARY not in f"{caught.value} {caught.value.__cause__} {caught.value.hint}"


def test_a_database_that_is_away_begins_nothing_and_says_what_to_do(tmp_path: Path) -> None:
    found = kept(tmp_path, TRADEWRIGHT_LIVE__JOURNAL=AWAY)
    with pytest.raises(
        JournalError, match=r"No account is taken up while its journal is away: .*'live' on 127"
    ) as caught:
        found.install()
    assert "Bring the database back and start again" in str(caught.value.hint)
    assert CANARY not in str(caught.value)


def test_the_report_says_that_it_is_away_without_the_password(tmp_path: Path) -> None:
    environment = {"TRADEWRIGHT_LIVE__JOURNAL": AWAY}
    row = journal_row(load_settings(tmp_path, environment), environment)
    assert row.kind == "postgresql"
    assert str(row.problem).startswith("The database 'live' on 127.0.0.1 cannot be used")
    assert CANARY not in repr(row)


def test_the_report_says_which_server_answers(tmp_path: Path, postgres_dsn: str) -> None:
    environment = {"TRADEWRIGHT_LIVE__JOURNAL": postgres_dsn}
    settings = load_settings(tmp_path, environment)
    row = journal_row(settings, environment)
    assert row.problem is None
    assert "answers: PostgreSQL" in row.state
    assert row.state.endswith("0 accounts"), "to look makes no tables"
    lease = kept(tmp_path, **environment).lease(tmp_path, IDENTITY)
    assert asyncio.run(lease.acquire()) is not None
    asyncio.run(lease.release(1))
    assert journal_row(settings, environment).state.endswith("1 accounts")


def test_the_hosts_of_a_database_carry_the_name_of_the_first(
    tmp_path: Path, postgres_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = kept(tmp_path, TRADEWRIGHT_LIVE__JOURNAL=postgres_dsn)
    names = []
    for host in ("a", "b"):
        monkeypatch.setenv("TRADEWRIGHT_STORAGE__FOLDER", str(tmp_path / host))
        names.append((found.install(), HostJournals().install()))
    (first, mine), (second, other) = names
    assert first == second == mine != other


def test_an_account_does_not_change_its_journal_without_a_word(tmp_path: Path) -> None:
    in_files = HostJournals().journal(tmp_path / "a", IDENTITY)
    in_files.open()
    in_files.begin_epoch(1)
    in_files.close()
    with pytest.raises(JournalError, match=r"is in .*journal, and 'live.journal' names a database"):
        SharedJournals(Secret(AWAY)).journal(tmp_path / "a", IDENTITY)
    SharedJournals(Secret(AWAY)).journal(tmp_path / "b", IDENTITY)
    with pytest.raises(JournalError, match="is in a database, and the settings name none"):
        HostJournals().journal(tmp_path / "b", IDENTITY)


def test_a_folder_that_does_not_say_whose_it_is_is_said(tmp_path: Path) -> None:
    (tmp_path / "account").write_text("{")
    with pytest.raises(StorageError, match="does not say whose account it is"):
        SharedJournals(Secret(AWAY)).identity(tmp_path)
    assert SharedJournals(Secret(AWAY)).identity(tmp_path / "none") is None
