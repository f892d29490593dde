"""Two programs, one account, real processes: one sends, and when it falls silent the other goes on where it was."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.test_kill import PROGRAM, SEARCHED, minutes_ahead
from tests.sandboxes import KEY, SECRET, Sandbox, sandbox_over

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")]

DEADLINE_S = 120.0


class Host:
    """A program on a host of its own, which is a folder of stores of its own."""

    def __init__(self, project: Path, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.failover.host"], cwd=project, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.lines: queue.Queue[str] = queue.Queue()
        self.said: list[str] = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line.strip())
        self.lines.put("ENDED")

    def heard(self, word: str) -> str:
        """The next line that begins so."""
        until = time.monotonic() + DEADLINE_S
        while True:
            try:
                self.said.append(self.lines.get(timeout=max(until - time.monotonic(), 0.01)))
            except queue.Empty:
                raise AssertionError(f"It never said {word}, but {self.said}") from None
            if self.said[-1].startswith(word):
                return self.said[-1]
            assert self.said[-1] != "ENDED", f"It never said {word}, but {self.said}"

    def told(self, label: str, quantity: int) -> None:
        """Tell it to buy."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"buy {label} {quantity}\n")
        self.process.stdin.flush()

    def close(self) -> None:
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()
        self.reader.join()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


class Account:
    """One account at a local venue, and the programs that want it."""

    def __init__(self, folder: Path, venue: Sandbox) -> None:
        self.folder = folder
        self.venue = venue
        self.hosts: list[Host] = []
        self.settings: dict[str, str] = {}
        socket = venue.url.replace("http", "ws")
        (folder / "tradewright.yaml").write_text(
            "brokers:\n  alpaca:\n    account: desk\n"
            '    paper: {key: "${ALPACA_KEY}", secret: "${ALPACA_SECRET}"}\n'
            f'    addresses: {{trading: "{venue.url}", data: "{venue.url}", stream: "{socket}/stream", '
            f'data_stream: "{socket}/v2"}}\n'
        )

    def host(self, name: str) -> Host:
        """A program that begins on a host."""
        self.hosts.append(Host(self.folder, self.environment(name)))
        return self.hosts[-1]

    def environment(self, name: str) -> dict[str, str]:
        """What a program on a host is told."""
        return {
            **os.environ, **self.settings, "PYTHONPATH": SEARCHED, "ALPACA_KEY": KEY, "ALPACA_SECRET": SECRET,
            "TRADEWRIGHT_STORAGE__FOLDER": str(self.folder / name),
        }  # fmt: skip

    def command(self, name: str, *words: str) -> subprocess.CompletedProcess[str]:
        """The program as it is typed on a host."""
        return subprocess.run(
            [sys.executable, "-c", PROGRAM, *words], cwd=self.folder, env=self.environment(name), text=True,
            capture_output=True, timeout=DEADLINE_S, check=False,
        )  # fmt: skip

    def killed(self, name: str, *words: str) -> dict[str, Any]:
        """The report of a kill."""
        said = self.command(name, "kill", "--json", "--wait", "0.5", *words)
        return dict(json.loads(said.stdout)["accounts"][0])

    def working(self) -> list[str]:
        """What rests at the venue."""
        return sorted(each["qty"] for each in self.venue.ask("GET", "/v2/orders?status=open&limit=50").json())

    def quantities(self) -> list[str]:
        """What the venue was ever sent."""
        orders: list[dict[str, Any]] = self.venue.ask("GET", "/v2/orders?status=all&limit=50").json()
        return sorted(each["qty"] for each in orders)


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    with sandbox_over(minutes_ahead()) as venue:
        found = Account(tmp_path, venue)
        yield found
        for host in found.hosts:
            host.close()


def test_on_one_host_a_second_program_is_refused_until_the_first_has_died(account: Account) -> None:
    first = account.host("here")
    first.heard("HELD")
    first.told("one", 1)
    first.heard("SENT one")
    assert "The account is held by another process. Stop that one first." in account.host("here").heard("REFUSED")
    first.process.send_signal(signal.SIGKILL)
    first.process.wait()
    second = account.host("here")
    second.heard("HELD")
    second.told("one", 1)
    second.heard("SENT one")
    second.told("two", 2)
    second.heard("SENT two")
    assert not [line for line in second.said if line.startswith("STANDBY")], "a free lock is waited for by nobody"
    assert account.quantities() == ["1", "2"]


def test_a_standby_takes_over_from_a_sleeper_that_sends_nothing_when_it_wakes(
    account: Account, postgres_dsn: str
) -> None:
    account.settings = {"TRADEWRIGHT_LIVE__JOURNAL": postgres_dsn}
    first = account.host("a")
    first.heard("HELD")
    first.told("one", 1)
    first.heard("SENT one")
    second = account.host("b")
    second.heard("STANDBY")
    first.process.send_signal(signal.SIGSTOP)
    asleep = time.monotonic()
    for label, quantity in (("two", 2), ("three", 3)):
        first.told(label, quantity)
    second.heard("HELD")
    assert time.monotonic() - asleep < 30.0
    second.told("one", 1)
    second.heard("SENT one")
    first.process.send_signal(signal.SIGCONT)
    for label in ("two", "three"):
        first.heard(f"REFUSED {label}")
    second.told("two", 2)
    second.heard("SENT two")
    assert account.quantities() == ["1", "2"]


def test_the_kill_switch_works_over_a_database_and_while_it_is_away(account: Account, own_postgres: Any) -> None:
    with own_postgres.fresh() as dsn:
        account.settings = {"TRADEWRIGHT_LIVE__JOURNAL": dsn}
        first = account.host("a")
        first.heard("HELD")
        first.told("one", 1)
        first.heard("SENT one")
        seen = json.loads(account.command("a", "reconcile", "--json").stdout)
        assert (seen["process"], seen["differences"], len(seen["orders"])) == (first.process.pid, [], 1)

        first.process.send_signal(signal.SIGSTOP)
        report = account.killed("a", "--reason", "drill")
        assert (report["evicted"], report["by"], report["left"]) == (first.process.pid, "the kill switch", [])
        assert account.working() == []
        assert account.command("a", "rearm", "--reason", "looked at", "--risk", "bold").returncode == 0

        second = account.host("a")
        second.heard("HELD")
        second.told("two", 2)
        second.heard("SENT two")
        refused = account.command("a", "rearm", "--reason", "looked at", "--risk", "bold")
        assert "The account is held by another process" in refused.stderr
        second.process.send_signal(signal.SIGSTOP)
        own_postgres.stop()
        try:
            report = account.killed("a")
            assert "cannot be used" in report["left"][0]
            assert [name.split(" (")[0] for name in report["ended"]] == ["order buy 2 ACME"]
            assert account.working() == []
            assert "No account is taken up while its journal is away" in account.host("a").heard("REFUSED")
        finally:
            own_postgres.start()
