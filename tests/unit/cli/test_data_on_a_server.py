"""The commands of data over bars that are kept on a server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.command_line import Tw

DAYS = [day for day in range(1, 30) if (day + 3) % 7 not in {6, 0} and day != 19]
ROWS = [f"2024-02-{day:02},10,{10 + day},9,{9 + day},100" for day in DAYS]


def test_the_commands_work_as_with_files(
    tw: Tw, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, postgres_dsn: str
) -> None:
    """Import, list, check and a backtest, with the tables made beforehand."""
    monkeypatch.setenv("TRADEWRIGHT_STORAGE__DATABASE", postgres_dsn)
    monkeypatch.setenv("TRADEWRIGHT_STORAGE__BARS", "database")
    file = tmp_path / "ACME.csv"
    file.write_text("\n".join(["date,open,high,low,close,volume", *ROWS, ""]))
    assert tw("db", "upgrade").code == 0
    done = tw("data", "import", str(file), "--timeframe", "1d", "--exchange", "XNYS")
    assert done.code == 0, done.err
    assert "ACME" in tw("data", "list").out
    assert tw("data", "check").code == 0
    checked = tw("db", "check")
    assert (checked.code, "bars at revision 0002, 1 series" in checked.out) == (0, True)
    run = tw("backtest", "sma.py", "--symbols", "ACME", "--timeframe", "1d", "--json")
    assert run.code == 0, run.err
    moved = tw("data", "archive", "--older-than", "30d", "--timeframe", "1d")
    assert (moved.code, "XNYS:ACME" in moved.out) == (0, True), moved.err
    assert tw("backtest", "sma.py", "--symbols", "ACME", "--timeframe", "1d", "--json").out == run.out
    assert "Nothing was archived" in tw("data", "archive", "--older-than", "30d").out
    back = tw("data", "restore", "ACME", "--json")
    assert json.loads(back.out)["restored"][0]["rows"] == len(ROWS)
    assert tw("data", "check").code == 0


def test_an_age_that_is_none_is_said(tw: Tw) -> None:
    run = tw("data", "archive", "--older-than", "long")
    assert (run.code, "'long' is no age" in run.err) == (2, True)


def test_files_are_not_archived(tw: Tw) -> None:
    run = tw("data", "archive", "--older-than", "2y")
    assert (run.code, "storage.bars: database" in run.err) == (2, True)


def test_ages_of_the_settings_say_what_is_archived(
    tw: Tw, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, postgres_dsn: str
) -> None:
    monkeypatch.setenv("TRADEWRIGHT_STORAGE__DATABASE", postgres_dsn)
    Path("tradewright.yaml").write_text("storage:\n  bars: database\n  retention: {1m: 2y, 1d: 30d}\n")
    file = tmp_path / "ACME.csv"
    file.write_text("\n".join(["date,open,high,low,close,volume", *ROWS, ""]))
    assert tw("data", "import", str(file), "--timeframe", "1d", "--exchange", "XNYS").code == 0
    assert "Nothing was archived" in tw("data", "archive", "--timeframe", "1m").out
    moved = json.loads(tw("data", "archive", "--json").out)["archived"]
    assert [(each["instrument"], each["timeframe"], each["rows"]) for each in moved] == [("XNYS:ACME", "1d", len(ROWS))]
    refused = tw("data", "archive", "--timeframe", "5m")
    assert (refused.code, "Nothing says how old bars may become." in refused.err) == (2, True)
