"""`config check` and `doctor` say which journal is in force; its connection string is in nothing that they print."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.command_line import Tw

CANARY = "canary-7f3a"


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A project whose journal is on a server that does not run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DSN", f"postgresql://me:{CANARY}@127.0.0.1:1/live")
    (tmp_path / "tradewright.yaml").write_text("live:\n  journal: ${DSN}\n")


def test_files_of_this_host_are_named(tw: Tw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, storage: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert f"journal: files of this host, in {storage / 'accounts'}" in tw("config", "check").out
    assert json.loads(tw("config", "check", "--json").out)["journal"]["kind"] == "files"


@pytest.mark.usefixtures("away")
@pytest.mark.parametrize("words", [("config", "check"), ("config", "check", "--json"), ("doctor", "--json")])
def test_a_server_that_is_away_is_wrong_and_the_secret_is_not_told(tw: Tw, words: tuple[str, ...]) -> None:
    run = tw(*words)
    assert run.code != 0
    assert "The database 'live' on 127.0.0.1 cannot be used" in run.out
    assert CANARY not in run.out + run.err


@pytest.mark.usefixtures("away")
def test_the_value_of_the_key_is_the_place_of_the_secret(tw: Tw) -> None:
    rows = json.loads(tw("config", "check", "--json").out)["settings"]
    assert [row["value"] for row in rows if row["key"] == "live.journal"] == ["environment DSN"]


def test_a_server_that_answers_is_said(
    tw: Tw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_dsn: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRADEWRIGHT_LIVE__JOURNAL", postgres_dsn)
    run = tw("config", "check", "--json")
    assert (run.code, json.loads(run.out)["journal"]["problem"]) == (0, None)
    assert "answers: PostgreSQL" in json.loads(run.out)["journal"]["state"]


@pytest.mark.usefixtures("away")
def test_how_the_kill_switch_stands_is_known_by_its_latch_while_the_database_is_away(tw: Tw, storage: Path) -> None:
    folder = storage / "accounts" / "paper" / "alpaca-paper-desk"
    folder.mkdir(parents=True)
    (folder / "account").write_text('{"account": "alpaca-paper-desk", "mode": "paper"}')
    run = tw("kill", "--status")
    assert "paper/alpaca-paper-desk: armed; The database 'live' on 127.0.0.1 cannot be used" in run.out
    assert tw("kill", "--reason", "drill").code == 1
    assert "LATCHED" in tw("kill", "--status").out
