"""P5: one symbol's bars out of a store of ten million rows; and memory where the store has a hundred million."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import stored_market
from benchmarks.peers import stores
from benchmarks.stored_market import ONE, STORE
from benchmarks.workload import Engine, Kind, Outcome, Target, Trial, Workload

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.market import Market

SAME = ("rows", "close")
DAY = "2015-01-10"
RESET_PEAK = Path("/proc/self/clear_refs")


def load(*dates: str) -> Callable[[Market], Trial]:
    """Return the preparation of `tw.load_bars` of one symbol, whole or between dates."""

    def prepare(_: Market) -> Trial:
        import tradewright as tw

        folder = Path.cwd() / STORE
        return Trial(lambda: tw.load_bars(ONE, *dates, timeframe="1m", folder=folder), _outcome)

    return prepare


def listing(_: Market) -> Trial:
    """Return the list of what is stored."""
    from tradewright.bootstrap.bar_store import bar_store

    store = bar_store(Path.cwd() / STORE)
    return Trial(store.series, lambda found: {"series": len(found), "rows": sum(each.rows for each in found)})


def fresh_peak(prepare: Callable[[Market], Trial]) -> Callable[[Market], Trial]:
    """Return the same preparation with the peak counted from the run on, without the arrays of the market."""

    def prepared(market: Market) -> Trial:
        trial = prepare(market)

        def run() -> Any:
            with suppress(OSError):
                RESET_PEAK.write_text("5")
            return trial.run()

        return Trial(run, trial.outcome)

    return prepared


def _outcome(bars: Any) -> Outcome:
    return {"rows": len(bars), "close": float(bars.close.sum())}


def _peer(name: str, kind: Kind, prepare: Callable[[Market], Trial], *modules: str) -> Engine:
    return Engine(name=name, kind=kind, prepare=prepare, modules=modules, against="tradewright", same=SAME)


def _own(name: str, prepare: Callable[[Market], Trial], target: Target) -> Engine:
    return Engine(name=name, kind=Kind.TRADEWRIGHT, prepare=prepare, target=target)


WORKLOADS = (
    Workload(
        key="P5",
        title="one of 100 symbols out of a store of ten million rows",
        unit="bars",
        make=stored_market.with_peers,
        length=100_000,
        quick_length=100_000,
        anchor="tradewright",
        contenders=(
            _own("tradewright", load(), Target("cpu_s", at_most=0.005)),
            _peer("polars", Kind.VECTORISED, stores.polars_hive, "polars"),
            _peer("pyarrow", Kind.VECTORISED, stores.pyarrow_hive, "pyarrow"),
            _peer("numpy memmap", Kind.BARE, stores.memory_map, "numpy"),
        ),
    ),
    Workload(
        key="P5 large",
        title="a store of 100 symbols with a million bars each",
        unit="bars",
        make=stored_market.alone,
        length=1_000_000,
        quick_length=200_000,
        contenders=(
            _own("list", fresh_peak(listing), Target("rss_bytes", at_most=32e6)),
            _own("one symbol", fresh_peak(load()), Target("rss_bytes", at_most=160e6)),
            _own("one day", fresh_peak(load(DAY, DAY)), Target("rss_bytes", at_most=32e6)),
        ),
    ),
)
