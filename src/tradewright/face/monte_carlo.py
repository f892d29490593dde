"""`tw.monte_carlo`: how else a run could have gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError, DataError, DataNotAvailableError
from tradewright.face.arguments import amount, of_kind, seed_number, yes_or_no
from tradewright.face.search import chooser
from tradewright.face.version import __version__
from tradewright.quant.undefined import Undefined

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.app.monte_carlo.drawn import Draw
    from tradewright.engine.plan import RunPlan
    from tradewright.reporting.monte_carlo.result import MonteCarloResult
    from tradewright.reporting.result import Result
    from tradewright.reporting.walk.result import WalkForwardResult

__all__ = ["monte_carlo"]

METHODS = ("trades", "returns", "bars")


def monte_carlo(  # noqa: PLR0913 - a public call with keyword options
    result: Result | WalkForwardResult,
    *,
    method: str = "trades",
    runs: int = 1000,
    seed: int = 0,
    replace: bool = True,
    compound: bool = True,
    block: float | None = None,
    fixed: bool = False,
    strategy: Any = None,
    executor: str = "auto",
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> MonteCarloResult:
    """Draw other ways a run could have gone, and set the run beside them.

    ========== =========================================================================================================
    method     what is drawn, and what it tells
    ========== =========================================================================================================
    trades     the closed trades, each as often as it comes up: how much hangs on a few of them; with ``replace=False``
               the same trades in other orders: how deep the drawdown could have been on the way to the same end
    returns    the returns between session closes, in blocks that keep what hangs together in time
    bars       the moves of the bars, in blocks of sessions, all symbols alike; the strategy runs anew over each history
    ========== =========================================================================================================

    None of the paths tells of a market that was not in the data. What other costs would have left is in the report of
    every result, under "Costs".

    Parameters
    ----------
    result : Result or WalkForwardResult
        Of a walk, the out-of-sample run.
    method : {"trades", "returns", "bars"}
    runs : int
        How many paths.
    seed : int
        The same seed gives the same paths, whoever carries them out.
    replace : bool
        For trades: whether each may come up several times.
    compound : bool
        For trades: whether each earns its share of the equity before it, as where sizes follow the equity; otherwise
        its money, as where sizes stay.
    block : float, optional
        For returns and bars: sessions of a block on average; by default from the autocorrelation.
    fixed : bool
        For returns: whether all blocks have that length.
    strategy : Strategy class or function, optional
        For bars: what to run again, where its text is in no file.
    executor, workers
        For bars: who carries the runs out, as in ``tw.optimize``.
    progress : callable, optional
        For bars: called with (histories done, histories in all).

    Returns
    -------
    MonteCarloResult

    Raises
    ------
    TradewrightError
        One sentence on what is wrong and what to do: no such method, too few trades, bars that cannot be drawn again.
    """
    from tradewright.app.monte_carlo.drawn import Draw, of_returns, of_trades

    run, draw = _run_of(result), Draw(runs, seed_number(seed))
    length = None if block is None else amount("block", block)
    again, as_share = yes_or_no("replace", replace), yes_or_no("compound", compound)
    try:
        if method == "trades":
            return of_trades(run, draw, replace=again, compound=as_share)
        if method == "returns":
            return of_returns(run, draw, block_length=length, fixed=yes_or_no("fixed", fixed))
        if method == "bars":
            return _over_bars(run, draw, strategy, (chooser(executor, workers), progress), length)
    except Undefined as undefined:
        raise DataNotAvailableError(f"The run gives nothing to draw from: {undefined.reason}.") from undefined
    raise ConfigError(f"method={method!r} is no way to draw.", hint=f"Use {' or '.join(map(repr, METHODS))}.")


def _run_of(result: Any) -> Result:
    """The run that paths are drawn from."""
    from tradewright.reporting.result import Result
    from tradewright.reporting.walk.result import WalkForwardResult

    run = result.result if isinstance(result, WalkForwardResult) else result
    found: Result = of_kind("result", run, Result, "Pass what tw.backtest or tw.walk_forward returned.")
    return found


def _over_bars(run: Result, draw: Draw, strategy: Any, by: tuple[Any, Any], block: float | None) -> MonteCarloResult:
    """The strategy of a run over redrawn bars; `by` chooses the executor and is told the progress."""
    from tradewright.app.monte_carlo.rerun import Again, of_bars

    plan = _plan_of(run, strategy)
    source = plan.strategies[0].source() if strategy is None else strategy
    return of_bars(run, draw, Again(source, plan, *by), block)


def _plan_of(run: Result, strategy: Any) -> RunPlan:
    """How a run is run again over other bars."""
    from tradewright.app.recipes import plan_over
    from tradewright.strategy.adapt import as_strategy

    record, recipe = run.record, run.recipe
    if recipe is None:
        raise ConfigError(
            "Nothing is known of how this result was run, so the strategy cannot be run again over other bars.",
            hint="Pass what tw.backtest returned, or use method='trades' or 'returns'.",
        )
    if len(record.strategies) != 1:
        raise ConfigError("The run had several strategies; one is run again over other bars at a time.")
    if len(record.bars) != len(record.instruments):
        raise DataError("The bars of the run are not at hand.", hint="Run it again with tw.rerun.")
    own = None if strategy is None else as_strategy(strategy, dict(record.strategies[0].params))
    return plan_over(recipe, record.config, record.bars, __version__, own)
