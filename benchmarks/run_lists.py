"""Lists of kept runs: a hundred thousand of them, asked as a page of the dashboard asks."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.adapters.storage.sql.run_store import SqlRunStore
from tradewright.adapters.storage.sql.schema import tables
from tradewright.domain.control.paging import Slice
from tradewright.domain.kept_run import RunQuery, RunSort

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tradewright.adapters.storage.sql.database import Database

METRICS = ("total_return", "sharpe", "max_drawdown", "trades", "win_rate", "volatility", "turnover", "sortino")
SYMBOLS = 200
STRATEGIES = ("sma_cross", "momentum", "mean_reversion", "breakout", "pairs", "carry", "SMA fast", "trend")
_AT_ONCE = 5_000
_DAY_NS = 86_400 * 10**9


def fill(database: Database, count: int) -> None:
    """Put runs into a database, as after years of work: few strategies, some tags, a value for most metrics."""
    chance = random.Random(7)  # noqa: S311 - a market of runs, not a secret
    with database.writing() as connection:
        for first in range(0, count, _AT_ONCE):
            numbers = range(first, min(first + _AT_ONCE, count))
            for table, rows in _rows(numbers, chance).items():
                connection.execute(tables.METADATA.tables[table].insert(), rows)


def _rows(numbers: range, chance: random.Random) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {"runs": [], "run_symbols": [], "run_tags": [], "run_metrics": []}
    for number in numbers:
        run_id = f"{chance.getrandbits(128):032x}"
        found["runs"].append(_run(run_id, number, chance))
        for position, symbol in enumerate(chance.sample(range(SYMBOLS), chance.choice((1, 1, 1, 4)))):
            found["run_symbols"].append({"run_id": run_id, "position": position, "symbol": f"S{symbol:03d}"})
        if chance.random() < 0.3:
            found["run_tags"].append({"run_id": run_id, "position": 0, "tag": chance.choice(("keep", "try", "paper"))})
        for key in METRICS:
            value = None if chance.random() < 0.05 else chance.gauss(0, 1)
            found["run_metrics"].append({"run_id": run_id, "key": key, "value": value, "reason": None})
    return found


def _run(run_id: str, number: int, chance: random.Random) -> dict[str, Any]:
    plain = {f"choice_{at}": f"value {at}" for at in range(30)}
    return {
        "id": run_id, "kind": chance.choice(("backtest", "backtest", "optimize", "walk_forward")),
        "name": f"run {number}" if chance.random() < 0.5 else None, "note": "", "star": chance.random() < 0.01,
        "created_ns": number * _DAY_NS // 400, "status": "done", "strategy": chance.choice(STRATEGIES),
        "timeframe": "1d", "first": "2015-01-02", "last": "2024-12-31", "record_hash": run_id * 2,
        "config_hash": run_id * 2, "code_version": "0.1.0", "config": plain, "recipe": plain, "evidence": plain,
    }  # fmt: skip


def questions(count: int) -> Iterator[tuple[str, RunQuery, RunSort, Slice]]:
    """What a page asks: the first pages mostly, every filter, every order, and the very last page."""
    last = Slice(50, max(count - 50, 0))
    for piece in (Slice(50), Slice(50, 200), Slice(50, count // 2), last):
        yield "all", RunQuery(), RunSort(), piece
    for query in (
        RunQuery(strategy="sma"), RunQuery(strategy="momentum"), RunQuery(symbol="S007"), RunQuery(tag="keep"),
        RunQuery(kind="optimize"), RunQuery(star=True), RunQuery(since_ns=count * _DAY_NS // 800),
        RunQuery(strategy="sma", symbol="S007", kind="backtest"),
    ):  # fmt: skip
        yield f"{query}", query, RunSort(), Slice(50)
    for by in ("name", "strategy", "sharpe", "total_return"):
        for is_descending in (True, False):
            yield f"by {by} {is_descending}", RunQuery(), RunSort(by, is_descending), Slice(50)
    yield "by sharpe, last", RunQuery(), RunSort("sharpe"), last
    yield "by sharpe of one strategy", RunQuery(strategy="momentum"), RunSort("sharpe"), Slice(50)


def ask(
    database: Database, count: int, rounds: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, list[float]]:
    """Ask everything in turn; milliseconds of each answer by question."""
    store = SqlRunStore(database)
    found: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, query, sort, piece in questions(count):
            began = clock()
            page = store.page(query, sort, piece)
            assert len(page.items) == min(piece.limit, max(page.total - piece.offset, 0))
            found.setdefault(f"{name} @{piece.offset}", []).append((clock() - began) * 1e3)
    return found


def figures(answers: dict[str, list[float]]) -> dict[str, float]:
    """Percentiles over all answers, and the slowest question."""
    every = np.concatenate([np.array(each) for each in answers.values()])
    slowest = max(float(np.median(each)) for each in answers.values())
    return {"p50_ms": float(np.percentile(every, 50)), "p95_ms": float(np.percentile(every, 95)), "slowest_ms": slowest}
