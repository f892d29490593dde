"""`tradewright db`: rows of sessions that are behind their records are told, and made anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.command_line import Tw

from tradewright.bootstrap.databases import state_database
from tradewright.bootstrap.projections import trading_rows
from tradewright.bootstrap.session_logs import session_logs
from tradewright.domain.live.session import Command


@pytest.fixture
def alpha(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """A session of three inputs that no server has seen."""
    monkeypatch.setenv("TRADEWRIGHT_STORAGE__FOLDER", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)
    state_database().upgrade()
    record = session_logs().create("alpha", {"mode": "paper"})
    for _ in range(3):
        record.take(Command("pause", "ada", "lunch", 1))
    record.measure({"measured_ns": 1, "why_ended": "End of the day"})
    yield record
    record.close()


@pytest.mark.usefixtures("alpha")
def test_rows_that_are_behind_are_told_and_made_anew(tw: Tw) -> None:
    before = tw("db", "check")
    assert "The rows of the session 'alpha' contain 0 of 3 inputs of its record." in before.out
    assert (before.code, "tradewright db rebuild" in before.out) == (0, True)
    assert json.loads(tw("db", "check", "--json").out)["behind"] != []
    rebuilt = tw("db", "rebuild")
    assert (rebuilt.code, "the rows of 1 sessions were made anew" in rebuilt.out) == (0, True)
    assert trading_rows(state_database()).read("alpha") == 3
    assert json.loads(tw("db", "check", "--json").out)["behind"] == []
    assert json.loads(tw("db", "rebuild", "--json").out)["sessions"] == 1
