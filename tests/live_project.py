"""A user's project that trades on a local venue: its folder, its settings, and the program as it is typed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from tests.sandboxes import Sandbox

from tradewright.adapters.storage.sessions.logs import FileSessionLogs
from tradewright.app.approve import identity_of
from tradewright.bootstrap.approvals import approval_store
from tradewright.domain.stage import Approval, Stage, Verdict
from tradewright.strategy.adapt import as_strategy
from tradewright.strategy.registry import load_strategy

PROGRAM = "from tradewright.cli import main; raise SystemExit(main())"
DEADLINE_S = 120.0
UNHURRIED = ("--deadline", "120")
"""No strategy is stopped for how long a crowded machine lets it wait."""
QUICK = "time: venue, accept_delay_s: '0.2', index_lag_s: '0.2', heartbeat_s: '5'"


def until(holds: Callable[[], Any], what: str, deadline_s: float = DEADLINE_S) -> None:
    """Look until something holds; the wait is for other processes and sockets."""
    end, pause = time.monotonic() + deadline_s, threading.Event()
    while not holds():
        assert time.monotonic() < end, f"Waited {deadline_s} s for: {what}"
        pause.wait(0.01)


class Project:
    """A folder with strategies and settings.

    Parameters
    ----------
    folder : Path
    venue : Sandbox
        Where Alpaca's addresses lead to, for paper and for live.
    """

    def __init__(self, folder: Path, venue: Sandbox) -> None:
        self.folder = folder
        self.venue = venue
        self.environment = {
            **os.environ, "TRADEWRIGHT_STORAGE__FOLDER": str(folder / "store"), "PAPER_KEY": "PKPAPER",
            "LIVE_KEY": "AKLIVE", "SECRET": "secret",
        }  # fmt: skip
        socket = venue.url.replace("http", "ws")
        (folder / "tradewright.yaml").write_text(
            f"""brokers:
  alpaca:
    options: {{{QUICK}}}
    addresses: {{trading: '{venue.url}', data: '{venue.url}', stream: '{socket}/stream', data_stream: '{socket}/v2'}}
    paper: {{key: '${{PAPER_KEY}}', secret: '${{SECRET}}'}}
    live: {{key: '${{LIVE_KEY}}', secret: '${{SECRET}}'}}
"""
        )
        self.logs = FileSessionLogs(folder / "store" / "sessions")

    def allow(self, strategy: str, *symbols: str, timeframe: str = "1m", **params: Any) -> None:
        """Let a person have approved every stage of a strategy (``file.py:Class``), as after the evidence of it."""
        made = as_strategy(load_strategy(str(self.folder / strategy)), params or None)
        identity = identity_of(made, [f"XNYS:{symbol}" for symbol in symbols], timeframe)
        store = approval_store(self.folder / "store")
        for stage in (Stage.BACKTEST, Stage.PAPER):
            store.add(Approval(0, stage, Verdict.APPROVED, identity, "seen", "ann", "It holds.", 0))

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command that ends by itself."""
        return subprocess.run(
            [sys.executable, "-c", PROGRAM, *words], cwd=self.folder, env=self.environment, capture_output=True,
            text=True, timeout=DEADLINE_S, check=False,
        )  # fmt: skip

    def said(self, *words: str) -> Any:
        """What a command prints as JSON."""
        found = self.run(*words, "--json")
        assert found.returncode == 0, found.stderr
        return json.loads(found.stdout)

    def begin(self, name: str, *words: str) -> Trading:
        """A session, once it trades."""
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *words, *UNHURRIED, "--session", name, "--json"], cwd=self.folder,
            env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        trading = Trading(self, name, process)
        trading.until_it_hears()
        return trading


class Trading:
    """A session in a process of its own, and what it says: each input with its outputs, once they are carried out."""

    def __init__(self, project: Project, name: str, process: subprocess.Popen[str]) -> None:
        self.project = project
        self.name = name
        self.process = process
        self.said: list[dict[str, Any]] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(json.loads(line))

    def until_it_hears(self) -> None:
        """Wait until the session listens to bars."""
        until(
            lambda: self.is_over() or self.project.venue.control("GET", "")["listeners"]["bars"] > 0, "its bar stream"
        )
        self.require_alive()

    def is_over(self) -> bool:
        return self.process.poll() is not None

    def require_alive(self) -> None:
        assert not self.is_over(), self.process.stderr.read() if self.process.stderr else ""

    def inputs(self, *kinds: str) -> list[dict[str, Any]]:
        """Inputs of some kinds so far."""
        return [each["input"] for each in list(self.said) if each.get("input", {}).get("kind") in kinds]

    def outputs(self, *kinds: str) -> list[dict[str, Any]]:
        """Outputs of some kinds so far."""
        return [said for each in list(self.said) for said in each.get("outputs", ()) if said["kind"] in kinds]

    def rows(self) -> int:
        return sum(each["acts"] for each in self.inputs("Row"))

    def advance(self, bars: int) -> None:
        """Let bars pass one by one, each when what was decided on the one before it has reached the venue."""
        for _ in range(bars):
            closed = str(self.project.venue.advance()["now"]).removesuffix("Z")
            close_ns = int(np.datetime64(closed, "ns").astype(np.int64))
            until(lambda at_ns=close_ns: self.is_over() or self._has_worked(at_ns), "the next row")  # type: ignore[misc]
            self.require_alive()
            until(self._is_settled, "what was decided to reach the venue")

    def advance_to(self, close: str) -> None:
        """Let bars pass up to the one that closes at this minute, as "2024-11-29T18:00" in UTC."""
        close_ns = int(np.datetime64(close, "ns").astype(np.int64))
        while not self._has_worked(close_ns):
            self.advance(1)

    def _has_worked(self, close_ns: int) -> bool:
        """Whether the row that closes then has been given to the strategies and carried out."""
        return any(each["close_ns"] >= close_ns for each in self.inputs("Row"))

    def _is_settled(self) -> bool:
        """Whether every order that was placed is known at the venue or has ended."""
        placed = {each["order_id"] for each in self.outputs("Placed")}
        known = {each["order_id"] for each in self.inputs("Standing", "Filled", "Ended")}
        return placed <= known or self.project.logs.read(self.name).about["fills"] == "simulated"

    def stop(self) -> str:
        """Ctrl-C; what the program said beside its lines."""
        if not self.is_over():
            self.process.send_signal(signal.SIGINT)
        self.process.wait(DEADLINE_S)
        self._reader.join(DEADLINE_S)
        return self._closed()

    def _closed(self) -> str:
        said = self.process.stderr.read() if self.process.stderr else ""
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()
        return said

    def kill(self) -> None:
        """End it in the middle of anything."""
        self.process.kill()
        self.process.wait(DEADLINE_S)
        self._reader.join(DEADLINE_S)
        self._closed()


def orders_of(project: Project) -> list[Any]:
    """Every order that the venue was ever given by the paper account, oldest first."""
    headers = {"APCA-API-KEY-ID": "PKPAPER", "APCA-API-SECRET-KEY": "secret"}
    answer = project.venue.session.get(
        f"{project.venue.url}/v2/orders", params={"status": "all", "limit": 500, "direction": "asc"}, headers=headers,
        timeout=60,
    )  # fmt: skip
    assert answer.ok, answer.text
    return list(answer.json())
