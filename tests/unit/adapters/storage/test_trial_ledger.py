"""The trial ledger on disk: whole trials whatever happens, one count for several processes, sentences for the rest."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from tradewright.adapters.storage.sql import database as module
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.trial_ledger import SqlTrialLedger, _tried
from tradewright.domain.errors import ResourceError, StorageError
from tradewright.testing import sample_header, sample_trial

BATCH = 7
LONG_S = 60

PROGRAM = """
import sys
from pathlib import Path
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.trial_ledger import SqlTrialLedger
from tradewright.testing import sample_header, sample_trial
path, name, end = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
ledger, header = SqlTrialLedger(Database(path)), sample_header(name)
first = len(ledger.open(header))
print("ready", flush=True)
sys.stdin.readline()
for number in range(first, end, 7):
    ledger.record(header, [sample_trial(each) for each in range(number, min(number + 7, end))])
    print(number, flush=True)
ledger.finish(header)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs" / "runs.db"


def ledger(path: Path) -> SqlTrialLedger:
    return SqlTrialLedger(Database(path, busy_timeout_s=0.05))


def kept(path: Path, count: int = 3) -> SqlTrialLedger:
    made = ledger(path)
    made.open(sample_header())
    made.record(sample_header(), [sample_trial(number) for number in range(count)])
    return made


def writer(path: Path, name: str = "search", end: int = 100_000) -> subprocess.Popen[str]:
    """A process that records batches once it is told to."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(path), name, str(end)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


# ---------------------------------------------------------------- processes that die, and several


@pytest.mark.slow
def test_a_process_killed_at_any_moment_leaves_whole_batches_and_goes_on(path: Path) -> None:
    chance = random.Random(5)  # noqa: S311 - moments, not secrets
    told = 0
    for _ in range(3):
        process = writer(path)
        go(process)
        assert process.stdout is not None
        for _ in range(chance.randrange(1, 12)):
            told = int(process.stdout.readline())
        process.kill()
        process.communicate(timeout=LONG_S)
        found = ledger(path).open(sample_header())
        assert [each.trial.number for each in found] == list(range(len(found)))
        assert len(found) % BATCH == 0
        assert len(found) >= told + BATCH
        for each in found:
            expected = sample_trial(each.trial.number)
            assert (each.trial, each.returns.tobytes()) == (expected.trial, expected.returns.tobytes())
    done = writer(path, end=len(found) + 20)
    done.communicate("go\n", timeout=LONG_S)
    assert ledger(path).count("family", sample_header().span).configurations == len(found) + 20


@pytest.mark.slow
def test_two_processes_write_at_once(path: Path) -> None:
    processes = [writer(path, name, 150) for name in ("shared", "shared")]
    for process in processes:
        go(process)
    for process in processes:
        process.communicate(timeout=LONG_S)
    assert [process.returncode for process in processes] == [0, 0]
    with Database(path).reading() as connection:
        assert connection is not None
        found = connection.execute(text("SELECT search_key, count(*) FROM trials GROUP BY search_key")).all()
    assert [count for _, count in found] == [150]
    assert ledger(path).count("family", sample_header().span).configurations == 150


# ---------------------------------------------------------------- what is kept


def test_nothing_is_made_by_counting(path: Path) -> None:
    assert ledger(path).count("family", sample_header().span).configurations == 0
    assert not path.parent.exists()


def test_another_process_finds_what_was_kept(path: Path) -> None:
    kept(path)
    found = ledger(path).open(sample_header())
    assert [each.trial.number for each in found] == [0, 1, 2]
    assert np.array_equal(found[2].returns, sample_trial(2).returns)


def test_all_trials_of_a_batch_are_kept_or_none(path: Path) -> None:
    made = kept(path)
    with made._database.writing() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER refuse BEFORE INSERT ON trials WHEN NEW.number = 5"
                " BEGIN SELECT RAISE(ABORT, 'planted'); END"
            )
        )
    with pytest.raises(StorageError, match="planted"):
        made.record(sample_header(), [sample_trial(number) for number in range(3, 8)])
    assert len(made.open(sample_header())) == 3


def test_counting_reads_nothing_but_an_index(path: Path) -> None:
    made = kept(path)
    with made._database.reading() as connection:
        assert connection is not None
        asked = _tried("family", sample_header().span)
        statement = asked.compile(connection.engine, compile_kwargs={"literal_binds": True})
        plan = [row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {statement}"))]
    assert any("trials USING COVERING INDEX" in step for step in plan)


# ---------------------------------------------------------------- what it says


def test_a_full_disk_is_a_sentence_and_loses_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(path)
    connected = module._connected

    def small(*given: object) -> object:
        connection = connected(*given)  # type: ignore[arg-type]
        connection.execute("PRAGMA max_page_count = 50")
        return connection

    with monkeypatch.context() as patch:
        patch.setattr(module, "_connected", small)
        with pytest.raises(ResourceError, match="The disk is full"):
            ledger(path).record(sample_header(), [sample_trial(number) for number in range(3, 900)])
    assert len(ledger(path).open(sample_header())) == 3


def test_a_locked_ledger_is_a_sentence(path: Path) -> None:
    made = kept(path)
    with made._database.writing(), pytest.raises(StorageError, match="is locked by another process"):
        ledger(path).record(sample_header(), [sample_trial(9)])


def test_a_damaged_ledger_is_a_sentence(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database at all, but long enough to look like one" * 40)
    for use in (ledger(path).open, ledger(path).finish):
        with pytest.raises(StorageError, match="is damaged or no database"):
            use(sample_header())
    with pytest.raises(StorageError, match="is damaged or no database"):
        ledger(path).count("family", sample_header().span)


def test_damaged_returns_are_a_sentence(path: Path) -> None:
    made = kept(path)
    with made._database.writing() as connection:
        connection.execute(text("UPDATE trials SET returns = x'00ff' WHERE number = 1"))
    with pytest.raises(StorageError, match=r"The returns of trial 1 of search 'search' are damaged"):
        made.open(sample_header())


def test_a_ledger_of_a_newer_version_is_refused(path: Path) -> None:
    with kept(path)._database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="is at revision 9999"):
        ledger(path).count("family", sample_header().span)
