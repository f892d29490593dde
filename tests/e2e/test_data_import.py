"""The store through the program: real files in and out, and processes that are stopped, killed or out of disk."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.command_line import SAY, Tw, csv_of, rows_of
from tests.stores import orphans

from tradewright.adapters.storage.parquet.store import ParquetBarStore

PROGRAM = [sys.executable, "-c", "import sys; from tradewright.cli import main; sys.exit(main())"]
DJIA = ("--symbol-from", "{symbol}_1d_*", "--calendar", "XNYS", "--timeframe", "1d", "--bad-rows", "drop")

# ---------------------------------------------------------------- real files


@pytest.mark.slow
def test_a_universe_trades_from_the_store_as_from_its_files(tw: Tw, shared_data: Path) -> None:
    folder = str(shared_data / "universe_djia")
    brought = tw("data", "import", folder, *DJIA, "--json")
    assert (brought.code, len(json.loads(brought.out)["files"])) == (0, 20)
    symbols = ",".join(sorted(each["instrument"].partition(":")[2] for each in json.loads(brought.out)["files"]))
    filed = json.loads(tw("backtest", "momentum_rotation", folder, *DJIA, "--json").out)
    stored = json.loads(tw("backtest", "momentum_rotation", "--symbols", symbols, "--json").out)
    assert stored["metrics"] == filed["metrics"]
    assert [key["fingerprint"] for key in stored["data"]] == [key["fingerprint"] for key in filed["data"]]


# file, symbol, timeframe, calendar, what else the file does not say, what its export does not say
REAL = [
    ("daily/AAPL_1d_2011_2012_wiki_actions.csv", "AAPL", "1d", "XNAS", (), ()),
    ("daily/ORCL_1d_2000_wiki_actions.csv", "ORCL", "1d", "XNAS", (), ()),
    ("intraday/IBM_1m_20131004_20131011_trades.csv", "IBM", "1m", "XNYS", ("--sessions", "extended"),
     ("--sessions", "extended")),
    ("intraday/ESTX50_5m_200601.csv.gz", "ESTX50", "5m", "XFRA", ("--stamp", "end", "--volume", "none"), ()),
    ("fx/EURUSD_1h_2017_2018.csv.gz", "EURUSD", "1h", "24/5", (), ()),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("case", REAL, ids=[case[0].partition("/")[0] + "-" + case[1] for case in REAL])
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_importing_the_export_of_a_real_file_gives_the_same_bars(
    tw: Tw, shared_data: Path, case: tuple[str, str, str, str, tuple[str, ...], tuple[str, ...]], kind: str
) -> None:
    file, symbol, timeframe, calendar, said, again = case
    what = ("--symbol", symbol, "--timeframe", timeframe, "--calendar", calendar)
    brought = tw("data", "import", str(shared_data / file), *what, *said, "--json")
    assert brought.code == 0, brought.err
    version = json.loads(brought.out)["files"][0]["version"]
    assert tw("data", "export", symbol, "--timeframe", timeframe, "--out", f"out.{kind}").code == 0
    assert tw("data", "remove", symbol, "--yes").code == 0
    back = tw("data", "import", f"out.{kind}", *what, *again, "--json")
    assert back.code == 0, back.err
    assert json.loads(back.out)["files"][0]["version"] == version


# ---------------------------------------------------------------- stopped, killed, out of disk


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="only some systems have files that wait for a writer")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_import_that_is_stopped_or_killed_leaves_nothing(
    tw: Tw, desk: Path, storage: Path, number: signal.Signals
) -> None:
    os.mkfifo(desk / "NEVER.csv")
    process = subprocess.Popen(
        [*PROGRAM, "data", "import", "ACME.csv", "NEVER.csv", *SAY], stderr=subprocess.PIPE, text=True
    )
    # This open waits until the program reads the file; by then the one before it is in place.
    never = os.open(desk / "NEVER.csv", os.O_WRONLY)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    os.close(never)
    store = ParquetBarStore(storage / "bars")
    if number == signal.SIGINT:
        assert (process.returncode, err.splitlines()[-1]) == (130, "Stopped. Nothing was written.")
        assert orphans(store) == []
    else:
        assert (process.returncode, len(orphans(store))) == (-signal.SIGKILL, 1)
    assert tw("data", "list").out.startswith("The store is empty")
    (desk / "OTHER.csv").write_text(csv_of())
    assert tw("data", "import", "OTHER.csv", *SAY).code == 0
    assert orphans(store) == []


@pytest.mark.skipif(not Path("/bin/sh").exists(), reason="only some systems have a shell that limits files")
def test_a_store_that_the_system_refuses_to_let_grow_is_as_it_was(tw: Tw, desk: Path, storage: Path) -> None:
    """The file of the series is more than a hundred kilobytes, the catalogue less."""
    assert tw("data", "import", "ACME.csv", *SAY).code == 0
    (desk / "LONG.csv").write_text(csv_of(rows_of(6000)))
    words = " ".join(SAY)
    limited = f"ulimit -f 220; exec '{sys.executable}' -c '{PROGRAM[2]}' data import LONG.csv {words}"
    done = subprocess.run(["/bin/sh", "-c", limited], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("The disk is full: ")
    assert "and the store is as it was." in done.stderr
    assert [str(each.key) for each in ParquetBarStore(storage / "bars").series()] == ["CRYPTO:ACME 1d raw"]
    assert orphans(ParquetBarStore(storage / "bars")) == []
    assert tw("data", "check").code == 0
