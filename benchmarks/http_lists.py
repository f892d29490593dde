"""The long lists as the dashboard gets them: a real server on this machine, asked over its port."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from benchmarks.run_lists import SYMBOLS, fill
from tradewright.adapters.storage.sql.schema import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

    from tradewright.adapters.storage.sql.database import Database

ROUNDS = 4
_AT_ONCE = 5_000
_S = 10**9
_PROGRAM = (sys.executable, "-c", "from tradewright.cli import main; raise SystemExit(main())")
_PHRASE = "a horse of another colour"
_STRATEGIES = ("sma_cross", "momentum", "mean_reversion", "breakout", "pairs", "carry", "fade", "trend")


def fill_all(database: Database, count: int) -> None:
    """Put as many runs, sessions, orders, jobs, alerts and audit entries into a database."""
    fill(database, count)
    chance = random.Random(11)  # noqa: S311 - rows of a benchmark, not a secret
    makers = {"sessions": _session, "orders": _order, "jobs": _job, "alerts": _alert, "audit": _entry}
    with database.writing() as connection:
        for table, make in makers.items():
            for first in range(0, count, _AT_ONCE):
                rows = [make(number, chance) for number in range(first, min(first + _AT_ONCE, count))]
                connection.execute(METADATA.tables[table].insert(), rows)


def _session(number: int, chance: random.Random) -> dict[str, Any]:
    name = chance.choice(_STRATEGIES)
    about = {"mode": "paper", "fills": "simulated", "strategies": [{"name": name, "params": {}}],
             "instruments": [{"symbol": f"S{number % SYMBOLS:03d}", "multiplier": 1.0}], "timeframe": "1m"}  # fmt: skip
    at_ns = number * _S
    return {
        "id": f"s{number:07d}", "number": number, "mode": "live" if number % 10 == 0 else "paper", "fills": "simulated",
        "broker": "sandbox", "account": f"DU{number % 20}", "timeframe": "1m", "currency": "USD", "is_dry": False,
        "is_over": number % 1000 != 0, "why_ended": "End of the day" if number % 1000 else "", "strategies": [name],
        "symbols": [f"S{number % SYMBOLS:03d}"], "about": about, "read": 100, "mark": "",
        "standing": {"equity": 1e5, "cash": 5e4, "measured_ns": at_ns, "positions": [], "orders": []},
        "seen_ns": at_ns, "measured_ns": at_ns,
    }  # fmt: skip


def _order(number: int, chance: random.Random) -> dict[str, Any]:
    return {
        "session": f"s{number // 10:07d}", "id": number % 10, "mode": "live" if number % 100 < 10 else "paper",
        "strategy": chance.choice(_STRATEGIES), "symbol": f"S{number % SYMBOLS:03d}", "side": 1, "type": "market",
        "time_in_force": "day", "quantity": 10.0, "status": chance.choice(("filled", "cancelled", "rejected")),
        "is_open": False, "placed_ns": number * _S, "filled": 10.0, "average_price": 10.0, "fees": 1.0, "reason": "",
        "ended_ns": number * _S,
    }  # fmt: skip


def _job(number: int, chance: random.Random) -> dict[str, Any]:
    return {
        "id": f"{chance.getrandbits(64):016x}", "kind": chance.choice(("backtest", "optimize", "import")),
        "state": chance.choice(("done", "done", "failed", "cancelled")), "owner": chance.choice(("ada", "bob")),
        "request": {"strategy": "sma_cross", "symbols": ["ACME"]}, "created_ns": number * _S, "attempts_most": 1,
        "attempt": 1, "started_ns": number * _S, "ended_ns": number * _S, "worker": "w", "run_id": None,
    }  # fmt: skip


def _alert(number: int, chance: random.Random) -> dict[str, Any]:
    return {
        "id": f"a{number:07d}", "rule": "job_failed", "subject": f"j{number}", "sentence": "A job failed.",
        "severity": chance.choice(("info", "warning", "critical")), "hint": None, "first_ns": number * _S,
        "last_ns": number * _S, "count": 1, "acknowledged_ns": number * _S if number % 3 else None,
        "acknowledged_by": "ada" if number % 3 else None, "resolved_ns": number * _S,
    }  # fmt: skip


def _entry(number: int, chance: random.Random) -> dict[str, Any]:
    return {
        "number": number + 1, "at_ns": number * _S, "who": chance.choice(("ada", "bob", "eve")),
        "action": chance.choice(("run.start", "sign_in", "job.cancel")), "subject": f"j{number % 500}",
        "outcome": "done", "request_id": None, "address": "127.0.0.1", "details": {},
    }  # fmt: skip


def questions(count: int) -> list[tuple[str, dict[str, Any]]]:
    """What pages ask: first, middle and last ones, and the filters."""
    half, last = max(count // 100, 1), max(count // 50, 1)
    pages = [{}, {"page": 5}, {"page": half}, {"page": last}]
    asked: list[tuple[str, dict[str, Any]]] = []
    for path in ("runs", "sessions", "jobs", "alerts", "audit"):
        asked += [(f"/v1/{path}", dict(page)) for page in pages]
    asked += [("/v1/orders", {"status": "all", **page}) for page in pages]
    asked += [
        ("/v1/runs", {"strategy": "momentum"}), ("/v1/runs", {"sort": "sharpe"}),
        ("/v1/sessions", {"mode": "live"}), ("/v1/sessions", {"state": "ended"}), ("/v1/sessions", {"state": "silent"}),
        ("/v1/orders", {"status": "filled"}), ("/v1/orders", {"status": "all", "strategy_id": "momentum"}),
        ("/v1/orders", {"status": "all", "symbol": "S007"}), ("/v1/orders", {"status": "all", "mode": "live"}),
        ("/v1/orders", {"status": "all", "from_date": "1970-01-01T12:00:00Z", "to_date": "1970-01-02"}),
        ("/v1/jobs", {"state": "failed"}), ("/v1/alerts", {"severity": "critical"}),
        ("/v1/alerts", {"acknowledged": False}), ("/v1/audit", {"who": "ada"}), ("/v1/audit", {"action": "sign_in"}),
    ]  # fmt: skip
    return asked


@contextmanager
def served(folder: Path, dsn: str | None = None) -> Iterator[httpx.Client]:
    """A server over a folder of stores, and a client that is signed in."""
    import httpx

    environment = {**os.environ, "TRADEWRIGHT_STORAGE__FOLDER": str(folder)}
    if dsn is not None:
        environment["TRADEWRIGHT_STORAGE__DATABASE"] = dsn
    words = [*_PROGRAM, "serve", "--no-worker", "--port", "0", "--json"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, cwd=folder, env=environment, text=True)
    try:
        assert process.stdout
        said = json.loads(process.stdout.readline())
        with httpx.Client(base_url=said["address"], timeout=120) as client:
            _enter(client, said)
            yield client
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _enter(client: httpx.Client, said: dict[str, Any]) -> None:
    given = client.post("/v1/auth/login", json={"name": said["user"], "password": said["password"]}).json()
    shown = {"Authorization": f"Bearer {given['access_token']}"}
    changed = client.post("/v1/auth/password", json={"old": said["password"], "new": _PHRASE}, headers=shown)
    client.headers["Authorization"] = f"Bearer {changed.json()['access_token']}"


def ask(client: httpx.Client, count: int) -> dict[str, list[float]]:
    """Ask everything in turn; milliseconds of each answer by question. Who asks too often waits, outside of it."""
    found: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for path, params in questions(count):
            words = " ".join([path, *(f"{name}={value}" for name, value in params.items())])
            found.setdefault(words, []).append(_asked(client, path, params))
    return found


def _asked(client: httpx.Client, path: str, params: dict[str, Any]) -> float:
    while True:
        began = time.perf_counter()
        answer = client.get(path, params=params)
        took = (time.perf_counter() - began) * 1e3
        if answer.status_code == 200:
            return took
        assert answer.status_code == 429, answer.text
        time.sleep(float(answer.headers.get("Retry-After", "1")))
