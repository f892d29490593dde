"""Commands over a database on a server: its connection string is in nothing that they print."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.command_line import Tw

CANARY = "canary-7f3a"


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A project whose database is on a server that does not run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRADEWRIGHT_STORAGE__DATABASE", f"postgresql://me:{CANARY}@127.0.0.1:1/state")


@pytest.mark.usefixtures("away")
@pytest.mark.parametrize(
    "words", [("runs", "list"), ("trials",), ("approvals", "list"), ("doctor", "--json"), ("db", "check")]
)
def test_a_server_that_is_away_is_a_sentence_without_secrets(tw: Tw, words: tuple[str, ...]) -> None:
    run = tw(*words)
    assert "The database 'state' on 127.0.0.1 cannot be reached" in run.out + run.err
    assert (run.code, CANARY in run.out + run.err) == (1, False)


@pytest.mark.usefixtures("away")
def test_the_settings_show_the_place_of_the_secret(tw: Tw) -> None:
    run = tw("config", "check")
    assert "environment TRADEWRIGHT_STORAGE__DATABASE" in run.out
    assert CANARY not in run.out + run.err
