"""P6: bars into a PostgreSQL and out of it again, beside bare COPY; and memory where there are very many.

The server works in a process of its own, so that wall time is what counts: `m_rows_per_s`, million rows a second.
"""

from __future__ import annotations

import atexit
import resource
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from benchmarks import market, stored_market
from benchmarks.workload import Engine, Kind, Outcome, Target, Trial, Workload

if TYPE_CHECKING:
    from collections.abc import Callable

    from psycopg import Connection

    from benchmarks.market import Market

RATE = "m_rows_per_s"
SERIES = 100
PIECE = 1 << 22
PLAIN = (
    "CREATE TABLE plain (open_time bigint, close_time bigint, open float8, high float8, low float8, close float8,"
    " volume float8, session integer)"
)


def server() -> str:
    """A PostgreSQL of its own on this machine with an empty database; gone with the process."""
    from tests.postgres_server import a_server

    ending = ExitStack()
    atexit.register(ending.close)
    return str(ending.enter_context(ending.enter_context(a_server()).fresh()))


def _timed(rows: int, work: Callable[[], Any], outcome: Callable[[Any], Outcome]) -> Trial:
    """A trial whose rate is taken by the wall clock."""

    def run() -> tuple[float, Any]:
        began = time.perf_counter()
        found = work()
        return time.perf_counter() - began, found

    return Trial(run, lambda told: {RATE: rows / told[0] / 1e6, **outcome(told[1])})


def store_in(made: Market) -> Trial:
    """One series into a store, until it is committed."""
    from tradewright.adapters.storage.market_data.store import DatabaseBarStore

    store = DatabaseBarStore(server())
    _write(store, made, 1)
    return _timed(made.units, lambda: _write(store, made, 2), lambda _: {"rows": store.series("S001")[0].rows})


def copy_in(made: Market) -> Trial:
    """The same columns into a plain table without index, by the driver's COPY of rows that were encoded beforehand."""
    connection, content = _plain(), _encoded(made)
    return _timed(made.units, lambda: _fill(connection, content), lambda _: {"rows": _rows(connection)})


def store_out(made: Market) -> Trial:
    """The bars of one series."""
    from tradewright.adapters.storage.market_data.store import DatabaseBarStore

    store = DatabaseBarStore(server())
    _write(store, made, 1)
    key = store.series()[0].key
    return _timed(made.units, lambda: store.read(key), lambda bars: {"rows": len(bars)})


def copy_out(made: Market) -> Trial:
    """The bytes of a plain table, by the driver's lower floor; nothing is made of them."""
    from tradewright.adapters.storage.market_data.rows import copied

    connection = _filled(made)
    return _timed(
        made.units, lambda: copied(connection, b"COPY plain TO STDOUT (FORMAT BINARY)"), lambda _: {"rows": made.units}
    )


def cursor_out(made: Market) -> Trial:
    """The same by the driver's cursor, which hands rows over one by one."""
    connection = _filled(made)

    def work() -> bytes:
        with connection.cursor().copy("COPY plain TO STDOUT (FORMAT BINARY)") as copy:
            return b"".join(copy)

    return _timed(made.units, work, lambda _: {"rows": made.units})


def many(made: Market) -> Trial:
    """A hundred series in, one after the other, and out again: how far the memory of the process grows on the way."""
    from tradewright.adapters.storage.market_data.store import DatabaseBarStore

    store = DatabaseBarStore(server())

    def run() -> Outcome:
        _write(store, made, 1)
        store.read(store.series()[0].key)
        first = _peak()
        began = time.perf_counter()
        _write(store, made, SERIES, after=1)
        written, ended = _peak(), time.perf_counter()
        rows = sum(len(store.read(each.key)) for each in store.series())
        return {
            "rows": rows, "in_m_per_s": (rows - made.units) / (ended - began) / 1e6,
            "out_m_per_s": rows / (time.perf_counter() - ended) / 1e6,
            "growth_in": written / first, "growth": _peak() / first,
        }  # fmt: skip

    return Trial(run, lambda told: told)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _write(store: Any, made: Market, count: int, *, after: int = 0) -> None:
    """Write the series of a hundred from number `after` up to `count`."""
    with store.writing() as writer:
        for bars in stored_market.series(made, count, after):
            writer.add(bars)


# ---------------------------------------------------------------- a plain table


def _plain() -> Connection[Any]:
    import psycopg

    connection = psycopg.connect(server(), autocommit=True)
    connection.execute(PLAIN)
    return connection


def _encoded(made: Market) -> bytes:
    """The rows as binary COPY has them, without our number of the segment."""
    from tradewright.adapters.storage.market_data.wire import encoded
    from tradewright.adapters.storage.segmented.segments import COLUMNS, columns_of

    (bars,) = stored_market.series(made, 1)
    return b"".join(encoded(columns_of(bars), COLUMNS))


def _fill(connection: Connection[Any], content: bytes) -> None:
    with connection.cursor().copy("COPY plain FROM STDIN (FORMAT BINARY)") as copy:
        for first in range(0, len(content), PIECE):
            copy.write(content[first : first + PIECE])


def _filled(made: Market) -> Connection[Any]:
    connection = _plain()
    _fill(connection, _encoded(made))
    return connection


def _rows(connection: Connection[Any]) -> int:
    return int(connection.execute("SELECT count(*) FROM plain").fetchall()[0][0])


def _engine(name: str, prepare: Callable[[Market], Trial], target: Target | None = None) -> Engine:
    kind = Kind.REFERENCE if target is None else Kind.TRADEWRIGHT
    return Engine(name=name, kind=kind, prepare=prepare, modules=("psycopg",), target=target, told=(RATE,))


_LEAST = Target(RATE, at_least=1.0)
_SIZES: dict[str, Any] = {"unit": "bars", "make": market.minutes, "length": 1_000_000, "quick_length": 200_000}

WORKLOADS = (
    Workload(
        key="P6 in", title="one series into PostgreSQL",
        contenders=(_engine("tradewright", store_in, _LEAST), _engine("bare COPY", copy_in)), **_SIZES,
    ),
    Workload(
        key="P6 out", title="one series out of PostgreSQL",
        contenders=(
            _engine("tradewright", store_out, _LEAST), _engine("bare COPY", copy_out),
            _engine("COPY by the cursor", cursor_out),
        ),
        **_SIZES,
    ),
    Workload(
        key="P6 large", title=f"{SERIES} series into PostgreSQL and out again",
        contenders=(
            Engine(
                name="tradewright", kind=Kind.TRADEWRIGHT, prepare=many, modules=("psycopg",),
                target=Target("growth", at_most=1.1), told=("rows", "in_m_per_s", "out_m_per_s", "growth_in", "growth"),
            ),
        ),
        **{**_SIZES, "quick_length": 20_000},
    ),
)  # fmt: skip
