"""P10: a page of a hundred thousand, as the dashboard asks for it: out of a file and of a server, and over HTTP."""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from benchmarks import market
from benchmarks.workload import Engine, Kind, Target, Trial, Workload

if TYPE_CHECKING:
    from benchmarks.market import Market
    from tradewright.adapters.storage.sql.database import Database

ROUNDS = 3
TOLD = ("p50_ms", "p95_ms", "slowest_ms")


def _trial(database: Database, count: int) -> Trial:
    from benchmarks.run_lists import ask, figures, fill

    fill(database, count)
    return Trial(lambda: ask(database, count, ROUNDS), figures)


def in_file(made: Market) -> Trial:
    """As many runs as the market has bars, in a file."""
    from tradewright.adapters.storage.sql.database import Database

    # A file of its own: rounds of one workload share their folder.
    return _trial(Database(Path(mkdtemp(dir=Path.cwd())) / "runs.db"), made.units)


def on_server(made: Market) -> Trial:
    """The same on a PostgreSQL of its own on this machine."""
    from tests.postgres_server import a_server

    from tradewright.adapters.storage.sql.server import ServerDatabase

    ending = ExitStack()
    atexit.register(ending.close)
    server: Any = ending.enter_context(a_server())
    dsn = ending.enter_context(server.fresh())
    trial = _trial(ServerDatabase(dsn), made.units)
    # What the server does by itself within a minute.
    server.tell("VACUUM ANALYZE", dsn)
    return trial


def over_http_from_file(made: Market) -> Trial:
    """Runs, sessions, orders, jobs, alerts and the audit log, as many of each, through a server over a file."""
    from benchmarks.http_lists import fill_all
    from tradewright.adapters.storage.sql.database import Database

    folder = Path(mkdtemp(dir=Path.cwd()))
    fill_all(Database(folder / "runs" / "runs.db"), made.units)
    return _over_http(folder, None, made.units)


def over_http_from_server(made: Market) -> Trial:
    """The same over a PostgreSQL of its own."""
    from tests.postgres_server import a_server

    from benchmarks.http_lists import fill_all
    from tradewright.adapters.storage.sql.server import ServerDatabase

    ending = ExitStack()
    atexit.register(ending.close)
    server: Any = ending.enter_context(a_server())
    dsn = ending.enter_context(server.fresh())
    fill_all(ServerDatabase(dsn), made.units)
    server.tell("VACUUM ANALYZE", dsn)
    return _over_http(Path(mkdtemp(dir=Path.cwd())), dsn, made.units)


def _over_http(folder: Path, dsn: str | None, count: int) -> Trial:
    from benchmarks.http_lists import ask, served
    from benchmarks.run_lists import figures

    ending = ExitStack()
    atexit.register(ending.close)
    client = ending.enter_context(served(folder, dsn))
    return Trial(lambda: ask(client, count), figures)


def _engine(name: str, prepare: Any, *modules: str) -> Engine:
    return Engine(
        name=name, kind=Kind.TRADEWRIGHT, prepare=prepare, modules=modules, target=Target("p95_ms", at_most=50.0),
        told=TOLD,
    )  # fmt: skip


WORKLOAD = Workload(
    key="P10",
    title="a page of a long list",
    unit="runs",
    contenders=(
        _engine("SQLite", in_file), _engine("PostgreSQL", on_server, "psycopg"),
        _engine("HTTP, SQLite", over_http_from_file, "uvicorn"),
        _engine("HTTP, PostgreSQL", over_http_from_server, "uvicorn", "psycopg"),
    ),
    make=market.minutes,
    length=100_000,
    quick_length=10_000,
    warm_length=200,
)  # fmt: skip
