"""The Tradewright contenders: the only module that builds bars, costs and runs through the public face."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measure import resident_bytes
from benchmarks.workload import Outcome, Trial

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.market import Market

CASH = 10_000_000.0
QUANTITY = 100.0
COMMISSION = 0.001
INTERPRETED = "python"
COMPILED = "compiled"
SETTLING_RUNS = 5
STRATEGIES = Path(__file__).parent / "strategies"


def bars(market: Market, row: int, timeframe: str) -> Any:
    """Return one symbol of the market as Bars of a market without sessions."""
    import tradewright as tw

    columns = {name: getattr(market, name)[row] for name in ("open", "high", "low", "close", "volume")}
    return tw.bars_from(
        {"open_time": market.open_time, **columns},
        symbol=market.symbols[row],
        calendar="24/7",
        timeframe=timeframe,
        stamp="start",
        epoch="ns",
    )


def single(strategy: str, *, engine: str, **options: Any) -> Callable[[Market], Trial]:
    """Return the preparation of a run over the first symbol; `strategy` names a class in `benchmarks.strategies`."""

    def prepare(market: Market) -> Trial:
        return _trial(strategy, bars(market, 0, "1m"), engine=engine, **options)

    return prepare


def portfolio(strategy: str, *, engine: str) -> Callable[[Market], Trial]:
    """Return the preparation of a run over all symbols of a daily market."""

    def prepare(market: Market) -> Trial:
        many = {symbol: bars(market, row, "1d") for row, symbol in enumerate(market.symbols)}
        return _trial(strategy, many, engine=engine)

    return prepare


def loop_alone(strategy: str, timeframe: str) -> Callable[[Market], Trial]:
    """Return the preparation of the compiled loop by itself: records made, every row visited, rings emptied.

    What a whole run has around it (indicators, tables, trades, equity, metrics) is left out.
    """

    def prepare(market: Market) -> Trial:
        many = {symbol: bars(market, row, timeframe) for row, symbol in enumerate(market.symbols)}
        return Trial(visits(strategy, many), lambda fills: {"fills": fills})

    return prepare


def visits(strategy: str, data: dict[str, Any]) -> Callable[[], int]:
    """Return a call that drives the compiled loop of a strategy over bars and returns the number of fills."""
    import tradewright as tw
    from benchmarks import strategies
    from tradewright.engine.compiled import cache, loop_text, records, runner, twin
    from tradewright.engine.plan import RunPlan
    from tradewright.engine.staging import stage

    costs = tw.Costs(slippage_bps=0, commission=tw.Percent(COMMISSION))
    loop = stage(RunPlan([getattr(strategies, strategy)()], data, cash=CASH, costs=costs)).loop
    prepared, rules, board = runner.prepare(loop), twin.rules_text(), loop.board
    text = loop_text.loop_text(prepared.translator, cache.module_name("rules", rules))
    cache.load("rules", rules)
    visit, rows, spare = cache.load("loop", text).run, len(board.market), 16 * len(board.books) + 64
    most = records.EVENT_RING - 4 * spare, records.ORDER_RING - spare

    def drive() -> int:
        exchange, books = records.new_exchange(board.exchange, loop.desk.gate.guard), records.new_books(board.books, 16)
        row, fills = prepared.first, 0
        while row < rows:
            row = visit(exchange, books, row, rows, *most, *prepared.arguments)
            happened = exchange["log"][0, : int(exchange["n_log"][0])]
            fills += int((happened["kind"] == 1.0).sum())
            exchange["n_log"] = exchange["n_placed"] = 0
        return fills

    return drive


def run(strategy: str, data: Any, **options: Any) -> Any:
    """Run one backtest with the costs all contenders share and its metrics computed; no frame is built."""
    import tradewright as tw
    from benchmarks import strategies

    costs = tw.Costs(slippage_bps=0, commission=tw.Percent(COMMISSION))
    result = tw.backtest(getattr(strategies, strategy), data, cash=CASH, costs=costs, **options)
    result.metrics["sharpe"]
    return result


def outcome(result: Any) -> Outcome:
    """Return what shows that the same work was done."""
    return {"equity": float(result.equity["equity"].iloc[-1]), "fills": len(result.fills)}


def _trial(strategy: str, data: Any, **options: Any) -> Trial:
    return Trial(lambda: run(strategy, data, **options), outcome)


def indicator(name: str, columns: tuple[str, ...], *numbers: float) -> Callable[[Market], Trial]:
    """Return the preparation of an indicator called on columns of the first symbol as often as its rivals are."""

    def prepare(market: Market) -> Trial:
        from benchmarks.peers.indicators import CALLS
        from tradewright import indicators as ta

        function, arrays = getattr(ta, name), [getattr(market, column)[0] for column in columns]

        def evaluate() -> None:
            for _ in range(CALLS):
                function(*arrays, *numbers)

        return Trial(evaluate, lambda _: {})

    return prepare


def in_a_row(strategy: str, runs: int, *, engine: str) -> Callable[[Market], Trial]:
    """Return the preparation of many equal runs in one process.

    The outcome is how much the resident size grew over the runs after the first few, which still load and size things,
    as a fraction.
    """

    def prepare(market: Market) -> Trial:
        data = bars(market, 0, "1m")

        def repeat() -> float:
            for _ in range(SETTLING_RUNS):
                run(strategy, data, engine=engine)
            gc.collect()
            first = resident_bytes()
            for _ in range(runs):
                run(strategy, data, engine=engine)
            gc.collect()
            return resident_bytes() / first - 1.0

        return Trial(repeat, lambda growth: {"growth": growth})

    return prepare


def search(strategy: str, *, workers: int) -> Callable[[Market], Trial]:
    """Return the preparation of a whole search over the pairs of P2, its trials counted nowhere."""

    def prepare(market: Market) -> Trial:
        import tradewright as tw
        from benchmarks import strategies
        from benchmarks.peers.pairs import FASTS, SLOWS

        data, costs = bars(market, 0, "1m"), tw.Costs(slippage_bps=0, commission=tw.Percent(COMMISSION))

        def run() -> Any:
            return tw.optimize(
                getattr(strategies, strategy), data, params={"fast": FASTS, "slow": SLOWS}, cash=CASH, costs=costs,
                engine=COMPILED, executor="threads", workers=workers, ledger=False,
            )  # fmt: skip

        return Trial(
            run, lambda found: {"returns": sum(trial.metrics["total_return"] for trial in found.record.trials)}
        )

    return prepare


def sweep(strategy: str) -> Callable[[Market], Trial]:
    """Return the preparation of the trials of such a search alone, on one thread: no sampler, ledger or record."""

    def prepare(market: Market) -> Trial:
        import tradewright as tw
        from benchmarks import strategies
        from benchmarks.peers.pairs import FASTS, SLOWS
        from tradewright.app.search.evaluator import Evaluator, Task
        from tradewright.face.search import Wish, job_of

        costs = tw.Costs(slippage_bps=0, commission=tw.Percent(COMMISSION))
        data, space = bars(market, 0, "1m"), {"fast": FASTS, "slow": SLOWS}
        job = job_of(
            getattr(strategies, strategy),
            data,
            space,
            Wish(),
            cash=CASH,
            costs=costs,
            engine=COMPILED,
            start="2015-01-02",
        )
        evaluator = Evaluator(job, len(FASTS) * len(SLOWS))
        task = Task(tuple({"fast": fast, "slow": slow} for fast in FASTS for slow in SLOWS))
        evaluator(Task(task.trials[:1]))
        return Trial(
            lambda: evaluator(task), lambda found: {"returns": sum(each.metrics["total_return"] for each in found)}
        )

    return prepare
