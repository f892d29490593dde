"""What sessions do is told as events, each once and in order, whoever tells and whatever dies in between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tradewright.adapters.storage.sessions.logs import FileSessionLogs
from tradewright.adapters.storage.sessions.watch import FolderWatch
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.events import SqlEvents
from tradewright.app.session_events.teller import SessionTeller
from tradewright.domain.bars import Bar
from tradewright.domain.errors import StorageError
from tradewright.domain.live.session import (
    Command,
    Ended,
    Filled,
    Happened,
    Logged,
    Placed,
    Row,
    Standing,
    StrategyFailed,
    Tripped,
)

S = 1_000_000_000
NOON = 1_790_000_000 * S
ABOUT = {
    "mode": "paper", "fills": "venue", "broker": "alpaca", "account": "DU1", "timeframe": "1m", "is_dry": False,
    "strategies": [{"name": "Cross"}], "instruments": [{"symbol": "ACME"}],
}  # fmt: skip
FEED = {"is_connected": True, "is_behind": False, "is_market_open": True, "last_bar_age_s": 1.0}
RUNS = {
    "state": "running", "equity": 1000.5, "cash": 900.0, "rows": 1, "inputs": 1, "measured_ns": NOON, "feed": FEED,
    "positions": [], "orders": [], "why_ended": "",
}  # fmt: skip


class Noon:
    """A clock that stands."""

    def now_ns(self) -> int:
        return NOON

    def monotonic_ns(self) -> int:
        return 0


class Failing:
    """A log that takes so many events, and then cannot be written."""

    def __init__(self, events: SqlEvents, left: int) -> None:
        self._events, self._left = events, left

    def __getattr__(self, name: str) -> Any:
        return getattr(self._events, name)

    def append(self, *words: Any) -> Any:
        if not self._left:
            raise StorageError("The disk is full.")
        self._left -= 1
        return self._events.append(*words)


@pytest.fixture
def logs(tmp_path: Path) -> FileSessionLogs:
    return FileSessionLogs(tmp_path / "sessions")


@pytest.fixture
def events(tmp_path: Path) -> SqlEvents:
    return SqlEvents(Database(tmp_path / "runs.db"))


def teller(logs: FileSessionLogs, events: Any) -> SessionTeller:
    return SessionTeller(FolderWatch(logs.folder), events, Noon())


def row(at: int) -> Row:
    bar = Bar("ACME", (at - 60) * S, at * S, 10.0, 10.0, 10.0, 10.0, 1.0)
    return Row(bar.open_time, bar.close_time, (bar,), 20_000, (20_000,))


def written(logs: FileSessionLogs, name: str = "one") -> None:
    """A session that bought, in full."""
    log = logs.create(name, ABOUT)
    steps: list[tuple[Any, list[Any]]] = [
        (row(60), [Logged(0, "cross", {}), Placed(1, 0, "ACME", 1, 10.0, "market", "day")]),
        (Standing(1, "submitted", 61 * S), []),
        (Filled(1, 10.0, 10.5, 0.1, 62 * S, "f1"), [Happened("fill", 1, 0, "ACME", 10.0, 10.5, 0.1)]),
        (row(120), [Tripped("drawdown", 900.0), StrategyFailed(0, "It raised.")]),
        (Command("pause", "ann", "lunch", 130 * S), []),
        (Ended(2, "rejected", "No money.", 140 * S), [Happened("rejected", 2, 0, "ACME", 5.0, 0.0, 0.0, "No money.")]),
    ]
    for given, outputs in steps:
        log.note(log.take(given), outputs)
    log.measure({**RUNS, "at_ns": 140 * S, "inputs": len(steps)})
    log.close()


def told(events: SqlEvents, topic: str = "sessions/one") -> list[tuple[str, Any]]:
    return [
        (each.kind, each.body.get("state") or each.body.get("what") or each.body.get("quantity"))
        for each in events.after(topic, 0, 1000)
    ]


WHOLE = [
    ("began", None), ("log", None), ("decision", "Placed"), ("order", "sent"), ("order", "acknowledged"),
    ("fill", "10"), ("halt", "drawdown"), ("strategy_failed", None), ("command", "pause"), ("order", "rejected"),
    ("state", "running"), ("measure", "running"),
]  # fmt: skip


def test_a_session_is_told_from_its_beginning_in_the_order_in_which_it_happened(
    logs: FileSessionLogs, events: SqlEvents
) -> None:
    written(logs)
    assert teller(logs, events).run_once() == 1
    assert told(events) == WHOLE
    assert [kind for kind, _ in told(events, "sessions")] == [
        "began", "order", "order", "fill", "halt", "strategy_failed", "order", "state", "measure",
    ]  # fmt: skip
    fill = next(each.body for each in events.after("sessions/one", 0, 100) if each.kind == "fill")
    assert (fill["id"], fill["price"], fill["at"]) == ("one", "10.5", "1970-01-01T00:01:02Z")


def test_nothing_is_told_twice_or_left_out_wherever_the_teller_dies(logs: FileSessionLogs, events: SqlEvents) -> None:
    """Each takes one event further than the one before: it dies behind every single one of them."""
    written(logs)
    for _ in range(60):
        try:
            teller(logs, Failing(events, 2)).run_once()
        except StorageError:
            continue
        break
    told_once = [each for each in told(events) if each[0] != "measure"]
    assert told_once == WHOLE[:-1]


def test_what_is_new_is_told_and_what_stands_is_not_told_again(logs: FileSessionLogs, events: SqlEvents) -> None:
    written(logs)
    voice = teller(logs, events)
    voice.run_once()
    voice.run_once()
    assert told(events) == WHOLE
    log = logs.open("one")
    log.note(log.take(row(180)), [Logged(0, "again", {})])
    log.measure({**RUNS, "at_ns": 180 * S, "equity": 1001.0})
    log.close()
    voice.run_once()
    assert told(events) == [*WHOLE, ("log", None), ("measure", "running")]


def test_a_feed_that_goes_and_comes_and_a_latch_are_told_once_each(logs: FileSessionLogs, events: SqlEvents) -> None:
    written(logs)
    account = {"is_latched": True, "is_paused": False, "is_halted": False, "open_orders": 0, "unknown_orders": 0}
    stale = {**FEED, "is_connected": False}
    for standing in ({"feed": stale}, {"feed": stale, "account": account}, {"account": account}, {"account": account}):
        log = logs.open("one")
        log.measure({**RUNS, "at_ns": 140 * S, "inputs": 6, **standing})
        log.close()
        teller(logs, events).run_once()
    assert [each for each in told(events) if each[0] in ("feed", "halt")][1:] == [
        ("feed", "stale"), ("halt", "latched"), ("feed", "recovered"),
    ]  # fmt: skip


def test_its_end_is_told_and_what_had_ended_before_anybody_listened_is_history(
    logs: FileSessionLogs, events: SqlEvents
) -> None:
    written(logs)
    teller(logs, events).run_once()
    for name in ("one", "old"):
        if name == "old":
            written(logs, name)
        log = logs.open(name)
        log.measure({**RUNS, "state": "ended", "at_ns": 140 * S, "inputs": 6, "why_ended": "ann: lunch"})
        log.close()
    teller(logs, events).run_once()
    assert ("state", "ended") in told(events)
    assert events.head("sessions/old") == 0


def test_an_order_of_a_dry_run_or_of_simulated_fills_is_decided_and_not_sent(
    logs: FileSessionLogs, events: SqlEvents
) -> None:
    log = logs.create("one", {**ABOUT, "fills": "simulated"})
    log.note(log.take(row(60)), [Placed(1, 0, "ACME", 1, 10.0, "market", "day")])
    log.close()
    teller(logs, events).run_once()
    assert ("order", "decided") in told(events)
