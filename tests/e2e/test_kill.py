"""The kill switch over real processes: a venue, a session in every state of health, and the command."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.kill.short import SHORT
from tests.markets import share
from tests.sandboxes import KEY, SECRET, Sandbox, sandbox_over

from tradewright.domain.bars import Bars, SessionIndex
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_MINUTE, Timeframe

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")]

PROJECT = Path(__file__).resolve().parents[2]
SEARCHED = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))
PROGRAM = "import tests.kill.short; from tradewright.cli import main; raise SystemExit(main())"
DEADLINE_S = 120.0
BARS = 400


def minutes_ahead() -> Bars:
    """A quiet market whose minutes begin after the present one: what the venue says happened after what we decided."""
    first = (time.time_ns() // NS_PER_MINUTE + 2) * NS_PER_MINUTE
    start = first + np.arange(BARS, dtype=np.int64) * NS_PER_MINUTE
    flat = np.full(BARS, 100.0)
    return Bars(
        instrument=share(), timeframe=Timeframe.parse("1m"), open_time=start, close_time=start + NS_PER_MINUTE,
        sessions=SessionIndex.of_labels(start // NS_PER_DAY), open=flat, high=flat.copy(), low=flat.copy(),
        close=flat.copy(), volume=np.full(BARS, 1e9),
    )  # fmt: skip


class Desk:
    """A project that trades on a local venue, and its processes."""

    def __init__(self, folder: Path, venue: Sandbox) -> None:
        self.folder = folder
        self.venue = venue
        self.environment = {
            **os.environ, "PYTHONPATH": SEARCHED, "TRADEWRIGHT_STORAGE__FOLDER": str(folder / "store"),
            "ALPACA_KEY": KEY, "ALPACA_SECRET": SECRET,
        }  # fmt: skip
        socket = venue.url.replace("http", "ws")
        (folder / "tradewright.yaml").write_text(
            "brokers:\n  alpaca:\n    account: desk\n"
            '    paper: {key: "${ALPACA_KEY}", secret: "${ALPACA_SECRET}"}\n'
            f'    addresses: {{trading: "{venue.url}", data: "{venue.url}", stream: "{socket}/stream", '
            f'data_stream: "{socket}/v2"}}\n'
        )
        self.running: list[subprocess.Popen[str]] = []

    def start(self, *words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, *words], cwd=self.folder, env=self.environment, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.running.append(process)
        return process

    def session(self, how: str) -> subprocess.Popen[str]:
        """A session whose entry rests, and whose position has its stop."""
        process = self.start("-m", "tests.kill.session", how)
        self.heard(process, "ASKED")
        self.until(lambda: len(self.open()) >= 1 and self.filled_or_waiting())
        while not self.positions():
            self.venue.advance()
        self.heard(process, "READY")
        return process

    def filled_or_waiting(self) -> bool:
        return len(self.venue.ask("GET", "/v2/orders?status=all&limit=50").json()) >= 2

    def heard(self, process: subprocess.Popen[str], word: str) -> None:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith(word):
                return
        raise AssertionError(f"It never said {word}:\n{''.join(said)}")

    def kill(self, *words: str) -> subprocess.Popen[str]:
        return self.start("-c", PROGRAM, "kill", *words)

    def killed(self, *words: str, code: int = 0) -> dict[str, Any]:
        """The report of one kill, with the market going on meanwhile."""
        return self.report(self.kill("--json", "--wait", "0.7", *words), code)

    def report(self, process: subprocess.Popen[str], code: int = 0) -> dict[str, Any]:
        until = time.monotonic() + DEADLINE_S
        while process.poll() is None:
            assert time.monotonic() < until, "the kill switch does not come to its end"
            self.venue.advance()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.2)
        assert process.stdout is not None
        said = process.stdout.read()
        assert process.returncode == code, said
        found = json.loads(said[said.index("{") :])["accounts"]
        assert len(found) == 1
        return dict(found[0])

    def until(self, holds: Callable[[], bool]) -> None:
        until = time.monotonic() + DEADLINE_S
        while not holds():
            assert time.monotonic() < until, "it never came to that"
            threading.Event().wait(0.05)

    # What the venue shows.

    def open(self) -> list[tuple[str, str]]:
        return sorted(
            (each["side"], each["type"]) for each in self.venue.ask("GET", "/v2/orders?status=open&limit=50").json()
        )

    def place_by_hand(self) -> None:
        """An order that nobody here placed."""
        body = {
            "symbol": "ACME",
            "qty": "3",
            "side": "buy",
            "type": "limit",
            "limit_price": "30",
            "time_in_force": "gtc",
        }
        assert self.venue.ask("POST", "/v2/orders", body).ok

    def positions(self) -> dict[str, str]:
        return {each["symbol"]: each["qty"] for each in self.venue.ask("GET", "/v2/positions").json()}

    def compared(self, code: int = 0) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, "reconcile", "--json"], cwd=self.folder, env=self.environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return dict(json.loads(done.stdout))

    def status(self) -> dict[str, Any]:
        said = subprocess.run(
            [sys.executable, "-c", PROGRAM, "kill", "--status", "--json"], cwd=self.folder, env=self.environment,
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        return dict(json.loads(said)["accounts"][0])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with sandbox_over(minutes_ahead()) as venue:
        found = Desk(tmp_path, venue)
        yield found
        for process in found.running:
            if process.poll() is None:
                process.kill()
            process.communicate()


STOP = ("sell", "stop")
ARM = ("-c", PROGRAM, "rearm")


def test_a_healthy_session_does_it_and_lives_on_latched(desk: Desk) -> None:
    session = desk.session("serve")
    desk.place_by_hand()
    seen = desk.compared()
    assert (seen["process"], seen["differences"], len(seen["foreign"])) == (session.pid, [], 1)
    report = desk.killed("--reason", "drill")
    assert (report["evicted"], report["left"], report["by"]) == (None, [], f"process {session.pid}")
    assert desk.open() == [("buy", "limit"), STOP], "the protecting stop stays, and what others placed; entries do not"
    assert sorted(line.split(" (")[0] for line in report["stays"]) == [
        "order of others buy 3 ACME", "position 10 ACME", "protecting order sell 10 ACME",
    ]  # fmt: skip
    assert session.poll() is None
    standing = desk.status()
    assert (standing["latched"], standing["worked"], standing["reason"]) == (True, True, "drill")
    assert standing["process"] == session.pid
    assert desk.start(*ARM, "--reason", "fixed", "--risk", "bold").wait(20) == 1, "the session is to be stopped first"


def test_a_session_in_a_busy_loop_is_ended_and_no_database_is_asked(desk: Desk) -> None:
    session = desk.session("busy")
    database = desk.folder / "store" / "runs" / "runs.db"
    database.parent.mkdir(parents=True)
    database.write_bytes(b"not a database" * 100)
    report = desk.killed()
    assert (report["evicted"], report["by"], report["left"]) == (session.pid, "the kill switch", [])
    assert [line.split(" (")[0] for line in report["ended"]] == ["buy 5 ACME"]
    assert session.wait(60) == -signal.SIGKILL
    assert desk.open() == [STOP]


def test_a_stopped_process_is_ended_and_everything_closed_where_told(desk: Desk) -> None:
    session = desk.session("serve")
    session.send_signal(signal.SIGSTOP)
    report = desk.killed("--flatten")
    assert (report["evicted"], report["left"]) == (session.pid, [])
    assert (desk.open(), desk.positions()) == ([], {})


def test_all_and_foreign_end_every_order_and_keep_positions_until_a_person_re_arms(desk: Desk) -> None:
    desk.session("busy")
    desk.place_by_hand()
    report = desk.killed("--all", "--foreign")
    assert (report["left"], desk.open(), desk.positions()) == ([], [], {"ACME": "10"})
    assert report["stays"] == ["position 10 ACME"]
    assert desk.start(*ARM, "--reason", " ", "--risk", "cautious").wait(20) == 2
    assert desk.start(*ARM, "--reason", "fixed", "--risk", "none").wait(20) == 2
    assert desk.status()["latched"]
    assert desk.start(*ARM, "--reason", "fixed", "--risk", "cautious").wait(20) == 0
    assert not desk.status()["latched"]
    desk.venue.ask("DELETE", "/v2/positions/ACME")
    desk.venue.advance()
    assert desk.compared(code=1)["differences"] == ["The journal holds 10 ACME and the venue 0."]


def test_a_session_that_does_not_take_the_latch_down_sends_nothing_all_the_same(desk: Desk) -> None:
    session = desk.session("deaf")
    desk.kill("--wait", "60")
    desk.heard(session, "REFUSED Nothing new is sent for ACME: The kill switch is latched.")


def test_a_second_kill_while_the_first_works_adds_to_it_and_neither_sends_twice(desk: Desk) -> None:
    desk.session("busy")
    first = desk.kill("--json", "--wait", "0.7")
    desk.until(lambda: desk.status()["latched"])
    second = desk.kill("--json", "--wait", "0.7", "--flatten")
    reports = [desk.report(first), desk.report(second)]
    assert [report["left"] for report in reports] == [[], []]
    assert (desk.open(), desk.positions()) == ([], {})
    sells = [
        order for order in desk.venue.ask("GET", "/v2/orders?status=all&limit=100").json()
        if order["side"] == "sell" and order["filled_qty"] != "0"
    ]  # fmt: skip
    assert [order["filled_qty"] for order in sells] == ["10"]


def test_without_the_venue_the_latch_stands_and_what_is_left_is_named(desk: Desk) -> None:
    desk.session("busy").kill()
    (desk.folder / "tradewright.yaml").write_text("{}\n")
    report = desk.killed(code=1)
    assert "No broker of the settings opens the account" in report["left"][0]
    assert desk.status()["latched"]


def test_nothing_heavy_is_loaded_before_the_latch_stands(tmp_path: Path) -> None:
    (tmp_path / "store" / "accounts" / "paper" / "alpaca-paper-desk").mkdir(parents=True)
    code = (
        "import os, sys\n"
        "from tradewright.adapters.storage.journal import latch_file\n"
        "real = latch_file.FileLatch.set\n"
        "def set(self, order):\n"
        "    real(self, order)\n"
        "    heavy = ('numpy', 'pydantic', 'yaml', 'asyncio', 'httpx', 'sqlalchemy', 'sqlite3', 'rich', 'pandas')\n"
        "    print([name for name in heavy if name in sys.modules], flush=True)\n"
        "    os._exit(0)\n"
        "latch_file.FileLatch.set = set\n"
        "from tradewright.cli import main\n"
        "main(['kill'])\n"
    )
    environment = {**os.environ, "TRADEWRIGHT_STORAGE__FOLDER": str(tmp_path / "store")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
    latch = tmp_path / "store" / "accounts" / "paper" / "alpaca-paper-desk" / "latch"
    assert json.loads(latch.read_text())["reason"] == "asked for at the command line"


def test_the_windows_are_short() -> None:
    assert SHORT.capabilities.window_s < 1.0
