"""Searches as programs: without a guard, stopped at any moment, with workers that die."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from tests.command_line import SAY, SMA, csv_of

PROGRAM = Path(__file__).with_name("search_program.py")
STRATEGY = PROGRAM.read_text(encoding="utf-8").partition("def tell")[0]
SEARCH = """
search = tw.optimize(Cross, tw.synthetic_bars(["ACME"], bars=200, seed=3), params={"fast": [2, 3], "slow": [8, 9]},
                     ledger=False, engine="python", executor=EXECUTOR, workers=2)
print(search.record.meta["executor"], len(search.record.trials), search.best.number)
"""


def started(folder: Path, *args: str) -> subprocess.Popen[str]:
    """The program, searching."""
    return subprocess.Popen(
        [sys.executable, str(PROGRAM), str(folder / "ledger"), *args], stdout=subprocess.PIPE, text=True, cwd=folder
    )


def killed(folder: Path, chance: random.Random, *args: str) -> bool:
    """Start the program and kill it at a random moment; whether it was still searching."""
    program = started(folder, *args)
    assert program.stdout is not None
    wait = chance.randrange(1, 25)
    for line in program.stdout:
        wait -= 1
        if wait == 0 or line.startswith("resumed"):
            break
    program.kill()
    program.communicate()
    return program.returncode == -signal.SIGKILL


def rows(folder: Path) -> list[tuple[int, int]]:
    """Numbers of the trials that are kept, each with how many configurations it is."""
    with contextlib.closing(sqlite3.connect(next((folder / "ledger").rglob("runs.db")))) as connection:
        return connection.execute("select number, count(*) from trials group by number order by number").fetchall()


@pytest.mark.slow
@pytest.mark.parametrize(("method", "trials"), [("grid", 60), ("random", 40), ("tpe", 40)])
def test_killed_at_random_moments_a_search_goes_on_and_comes_to_the_same(
    tmp_path: Path, method: str, trials: int
) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    for folder in (whole, broken):
        folder.mkdir()
    started(whole, "out.json", method, "threads").communicate()
    chance = random.Random(method)  # noqa: S311 - moments, not secrets
    for _ in range(3):
        killed(broken, chance, "out.json", method, "threads")
    said, _ = started(broken, "out.json", method, "threads").communicate()
    assert int(said.split()[-1]) > 0
    assert (broken / "out.json").read_bytes() == (whole / "out.json").read_bytes()
    assert rows(broken) == rows(whole) == [(number, 1) for number in range(trials)]


@pytest.mark.slow
def test_ctrl_c_ends_the_program_and_its_workers_and_the_same_command_goes_on(tmp_path: Path) -> None:
    loud = SMA.replace(
        "    def on_bar", "        import sys\n        print('trial', file=sys.stderr, flush=True)\n\n    def on_bar"
    )
    (tmp_path / "sma.py").write_text(loud)
    (tmp_path / "ACME.csv").write_text(csv_of())
    command = [
        sys.executable, "-c", "import sys; from tradewright.cli import main; sys.exit(main())", "optimize", "sma.py",
        "ACME.csv", *SAY, "--param", "fast=2:30", "--param", "slow=32:45",
        "--engine", "python", "--executor", "threads",
        "--workers", "1", "--out", "found",
    ]  # fmt: skip
    environment = {**os.environ, "TRADEWRIGHT_STORAGE__FOLDER": str(tmp_path / "store")}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as program:
        assert program.stderr is not None
        # Every combination is set up once for the warm-up, and again for its trial; trials come in groups.
        left = 29 * 14 + 150
        while left:
            left -= program.stderr.readline() == "trial\n"
        program.send_signal(signal.SIGINT)
        said = program.stderr.read()
    last = said.splitlines()[-1]
    assert (program.returncode, last.split(" ")[0]) == (130, "Stopped."), said
    assert last.endswith("trials, and the same command goes on from there.")
    kept = int(last.removeprefix("Stopped. Kept: ").split(" ")[0])
    assert 0 < kept < 406
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stderr.count("trial\n") == 406 + (406 - kept) + 1
    assert len(json.loads((tmp_path / "found" / "search.json").read_text())["trials"]["number"]) == 406


@pytest.mark.slow
@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_a_plain_program_without_a_guard_searches_in_processes(tmp_path: Path, executor: str) -> None:
    (tmp_path / "plain.py").write_text(STRATEGY + SEARCH.replace("EXECUTOR", repr(executor)))
    done = subprocess.run([sys.executable, "plain.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split()[:2]) == (0, [executor, "4"]), done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("given", ["-c", "-"])
def test_what_is_in_no_file_searches_in_threads_and_says_why_not_in_processes(tmp_path: Path, given: str) -> None:
    for executor, said in (("auto", "threads 4"), ("processes", "")):
        text = STRATEGY + SEARCH.replace("EXECUTOR", repr(executor))
        command = [sys.executable, given] + ([text] if given == "-c" else [])
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=False, input=text if given == "-" else None
        )
        assert done.stdout.startswith(said), done.stderr
        if executor == "processes":
            assert "so it cannot travel to other processes" in done.stderr


@pytest.mark.slow
def test_a_parameter_that_takes_its_worker_down_fails_alone(tmp_path: Path) -> None:
    dies = "        if self.fast == 3:\n            import os\n            os._exit(9)\n"
    dying = STRATEGY.replace("        if self.fast_ma", f"{dies}        if self.fast_ma", 1)
    tell = "print([(t.state.value, t.params['fast']) for t in search.record.trials], search.record.trials[2].reason)\n"
    (tmp_path / "plain.py").write_text(dying + SEARCH.replace("EXECUTOR", "'processes'") + tell)
    done = subprocess.run([sys.executable, "plain.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    states = "[('done', 2), ('done', 2), ('failed', 3), ('failed', 3)]"
    assert done.stdout.splitlines()[-1].startswith(states), done.stdout
    assert "9" in done.stdout.splitlines()[-1].removeprefix(states)


@pytest.mark.slow
def test_a_failure_names_file_and_line_whoever_carries_trials_out(tmp_path: Path) -> None:
    failing = STRATEGY.replace("        if self.fast_ma", "        1 / 0\n        if self.fast_ma", 1)
    tell = "print(search.record.trials[0].reason)\n"
    text = SEARCH.replace("EXECUTOR", "executor").partition("print(")[0] + tell
    loop = "for executor in ('threads', 'processes'):\n" + "".join(f"    {line}\n" for line in text.splitlines())
    (tmp_path / "plain.py").write_text(failing + loop)
    done = subprocess.run([sys.executable, "plain.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    one, other = done.stdout.splitlines()
    assert one == other
    assert f"{tmp_path / 'plain.py'}:" in one


@pytest.mark.slow
def test_threads_processes_and_ray_come_to_the_same_record_with_an_objective_of_ones_own(tmp_path: Path) -> None:
    own = "\n\ndef own(result):\n    return result.metrics['total_return'] - Cross.fast.default\n"
    (tmp_path / "mine.py").write_text(STRATEGY + own)
    text = (
        "import tradewright as tw\nfrom mine import Cross, own\n"
        "bars = tw.synthetic_bars(['ACME'], bars=200, seed=3)\n"
        "hands = [('threads', 1), ('threads', 3), ('processes', 2), ('ray', 2)]\n"
        "for number, (executor, workers) in enumerate(hands):\n"
        "    search = tw.optimize(Cross, bars, params={'fast': [2, 3, 4], 'slow': [8, 9]}, objective=[own, 'sharpe'],\n"
        "        ledger=False, engine='python', executor=executor, workers=workers)\n"
        "    search.to_json(f'{number}.json')\n"
        "    open(f'{number}.returns', 'wb').write(search.record.returns.tobytes())\n"
    )
    (tmp_path / "main.py").write_text(text)
    subprocess.run([sys.executable, "main.py"], cwd=tmp_path, env={**os.environ, "HOME": str(tmp_path)}, check=True)
    for kind in ("json", "returns"):
        assert len({(tmp_path / f"{number}.{kind}").read_bytes() for number in range(4)}) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "change", ["LEVEL = 2\nLEVEL += 1\n", "LEVEL = int('2')\n", "LEVEL = 2\nCross.level = 0.5\n"],
    ids=["changed", "made by a call", "put into the class"],
)  # fmt: skip
def test_what_another_process_would_run_otherwise_is_refused_there(tmp_path: Path, change: str) -> None:
    body = STRATEGY.replace("        if self.fast_ma", "        self.weight = LEVEL * 0.3\n        if self.fast_ma", 1)
    (tmp_path / "plain.py").write_text(body + change + SEARCH.replace("EXECUTOR", "'processes'"))
    done = subprocess.run([sys.executable, "plain.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Cross would do something else in another process" in done.stderr.splitlines()[-1]
