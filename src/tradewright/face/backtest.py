"""`tw.backtest` and `tw.backtest_many`: the main job, from Python."""

from __future__ import annotations

import difflib
import inspect
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tradewright.app.backtest import backtest as run_backtest
from tradewright.domain.bars import Bars
from tradewright.domain.errors import ConfigError, DataError
from tradewright.engine.plan import RunPlan
from tradewright.face.arguments import (
    amount,
    benchmark_bars,
    exchange_rates,
    finer_bars,
    iso_date,
    of_kind,
    seed_number,
)
from tradewright.face.version import __version__
from tradewright.risk.limits import Limits
from tradewright.simulation.costs import Costs, Margin
from tradewright.strategy.adapt import as_strategy

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from tradewright.reporting.result import Result

__all__ = ["backtest", "backtest_many", "plan_of"]

_BESIDE_THE_PLAN = frozenset({"risk_free", "benchmark", "quality"})
"""Arguments that are about the result, not about the run."""


def backtest(  # noqa: PLR0913 - a public call with keyword options
    strategy: Any,
    bars: Bars | Mapping[str, Bars] | Sequence[Bars],
    *,
    params: Mapping[str, Any] | None = None,
    start: str | dt.date | None = None,
    end: str | dt.date | None = None,
    cash: float = 100_000.0,
    currency: str = "USD",
    costs: Costs | None = None,
    limits: Limits | str | None = None,
    margin: Margin | None = None,
    shorts: bool = False,
    fill_at: str = "open",
    size_at: str = "decision",
    intrabar: str = "worst",
    limit_fill: str = "through",
    insufficient: str = "reject",
    metrics_from: str = "start",
    lots: str = "fifo",
    finalize: bool = False,
    raise_on_reject: bool = False,
    engine: str = "auto",
    seed: int = 0,
    fx: Mapping[str, Bars | float] | None = None,
    detail: Mapping[str, Bars] | Bars | None = None,
    latency_bars: int = 0,
    latency_ms: int = 0,
    risk_free: float = 0.0,
    benchmark: Bars | None = None,
    quality: str = "keep",
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Run a strategy, or several on one account, over stored bars.

    Decisions are taken on closed bars and filled on later ones; costs are on unless written off.

    Parameters
    ----------
    strategy : Strategy class, function, or a list of them
        Several share the account and decide in the order of the list.
    bars : Bars, or mapping of symbol to Bars, or a sequence of Bars
    params : mapping, optional
        Parameters in place of the defaults; with several strategies a list of mappings.
    start, end : str or date, optional
        Dates (ISO), both included. Bars before `start` warm up and are not traded on.
    cash, currency
        What the account begins with.
    costs : Costs, optional
        10 bps slippage, 1.00 per order and 10 % of a bar's volume by default; `Costs.none()` for none.
    limits : str or Limits, optional
        ``"none"`` (default), ``"cautious"``, ``"standard"``, ``"bold"``, or numbers of your own.
    margin : Margin, optional
        A margin account; without it positions are paid in full and shorts are off.
    shorts : bool
        Short form of ``margin=Margin(initial=1.0, maintenance=0.25)``: shorts without leverage.
    fill_at : {"open", "close"}
        Market orders fill at the next open, or (optimistic) at the close they were decided on.
    size_at : {"decision", "fill"}
        Quantities are fixed at the last close, or (optimistic) at the fill price.
    intrabar : {"worst", "ohlc"}
        Where a bar reaches several orders: the worst for the holder, or a walk over open, extremes and close.
    limit_fill : {"through", "touch"}
        Limits fill when traded through, or (optimistic) when touched.
    insufficient : {"reject", "clip"}
        What cannot be paid is refused, or cut down.
    metrics_from : {"start", "ready"}
        Metrics begin at `start`, or when the strategy is warmed up.
    lots : {"fifo", "lifo", "highest_cost"}
        Which units a closing trade closes first, for the trades and their tax; equity does not depend on it.
    finalize : bool
        Close open positions at the last close, with costs; else they are reported open and marked.
    raise_on_reject : bool
        Raise when an order is refused; else it comes back REJECTED with the reason.
    engine : {"auto", "python", "compiled"}
        The tier in which bars are run: interpreted, or as machine code where the strategy's text allows it
        (``docs/guides/compiled-strategies.md``). The result is the same to the last bit; ``result.meta`` says which it
        was, and under ``"compiled_in"`` how many seconds machine code took to make, where it had to be made. ``"auto"``
        compiles long runs.
    seed : int
        Of the strategies' generators.
    fx : mapping of currency to Bars or float, optional
        Account currency per unit of another currency.
    detail : Bars or mapping of symbol to Bars, optional
        Finer bars, replayed inside the trading bars where they exist.
    latency_bars, latency_ms : int
        Delay of orders; milliseconds need `detail`.
    risk_free : float
        Yearly rate for the metrics, a fraction.
    benchmark : Bars, optional
        For the relative metrics; the single symbol itself by default.
    quality : {"keep", "refuse"}
        Run over bars as they are, which the result then says, or refuse those in which the quality check finds anything
        worse than a notice between `start` and `end`.
    progress : callable, optional
        Called with (rows done, rows). Where it has a method ``announce``, that is called with a sentence before machine
        code is made, which takes seconds.

    Returns
    -------
    Result

    Raises
    ------
    TradewrightError
        One sentence on what is wrong and what to do.
    """
    said = {name: value for name, value in locals().items() if name not in _BESIDE_THE_PLAN}
    plan = replace(planned(**said), announce=getattr(progress, "announce", None), clock=time.perf_counter)
    return run_backtest(
        plan, risk_free=amount("risk_free", risk_free), benchmark=benchmark_bars(benchmark), quality=quality
    )


def backtest_many(runs: Sequence[Mapping[str, Any]], **shared: Any) -> list[Result]:
    """Independent runs side by side: each mapping holds the arguments of one `backtest`, over the shared ones.

    Examples
    --------
    ``tw.backtest_many([{"strategy": A}, {"strategy": B, "cash": 50_000}], bars=bars, seed=7)``
    """
    return [backtest(**{**shared, **arguments}) for arguments in runs]


def plan_of(strategy: Any, bars: Any, **policies: Any) -> RunPlan:
    """The plan of a run, for what is more than one run; policies are named as in `backtest`, with its defaults.

    Raises
    ------
    ConfigError
        For a policy that `backtest` does not know, or that is not about the run itself.
    """
    known = inspect.signature(backtest).parameters
    defaults = {name: each.default for name, each in known.items() if each.kind is each.KEYWORD_ONLY}
    unknown = next((name for name in policies if name not in defaults or name in _BESIDE_THE_PLAN), None)
    if unknown is not None:
        near = difflib.get_close_matches(unknown, defaults, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else "Policies are named as in tw.backtest."
        raise ConfigError(f"'{unknown}' is no policy of a run.", hint=hint)
    said = {name: value for name, value in {**defaults, **policies}.items() if name not in _BESIDE_THE_PLAN}
    return planned(strategy=strategy, bars=bars, **said)


def planned(*, strategy: Any, bars: Any, params: Any, margin: Margin | None, shorts: bool, **said: Any) -> RunPlan:
    """The plan from the arguments of `backtest`, each checked."""
    if shorts and margin is None:
        margin = Margin(initial=1.0, maintenance=0.25)
    series, costs, detail = series_of(bars), said["costs"], said["detail"]
    checked = {
        "strategies": strategies_of(strategy, params),
        "start": iso_date("start", said["start"]),
        "end": iso_date("end", said["end"]),
        "cash": amount("cash", said["cash"]),
        "currency": of_kind("currency", said["currency"], str, "Write it as 'USD'."),
        "costs": Costs() if costs is None else of_kind("costs", costs, Costs, "Pass tw.Costs(…), or tw.Costs.none()."),
        "margin": None if margin is None else of_kind("margin", margin, Margin, "Pass tw.Margin(…), or shorts=True."),
        "limits": limits_of(said["limits"]),
        "seed": seed_number(said["seed"]),
        "fx": exchange_rates(said["fx"]),
        "detail": {} if detail is None else finer_bars(series_of(detail), series),
    }
    return RunPlan(series=series, **{**said, **checked}, code_version=__version__)


def limits_of(given: Any) -> Limits:
    """Limits, by preset or by number."""
    if isinstance(given, Limits) or given is None:
        return Limits.of(given)
    return Limits.of(of_kind("limits", given, str, "Pass the name of a preset, or tw.Limits(…)."))


def strategies_of(source: Any, params: Any) -> list[Any]:
    """One strategy per source, each with its parameters."""
    sources = list(source) if isinstance(source, (list, tuple)) else [source]
    given = list(params) if isinstance(params, (list, tuple)) else [params] * len(sources)
    if len(given) != len(sources):
        raise ConfigError(f"There are {len(sources)} strategies and {len(given)} sets of parameters.")
    return [as_strategy(one, values) for one, values in zip(sources, given, strict=True)]


def series_of(bars: Any) -> dict[str, Bars]:
    """Bars by symbol, whichever way they were given."""
    if isinstance(bars, Bars):
        return {bars.symbol: bars}
    if isinstance(bars, (list, tuple)):
        return series_of({each.instrument.id if isinstance(each, Bars) else str(each): each for each in bars})
    if isinstance(bars, Mapping) and all(isinstance(each, Bars) for each in bars.values()):
        return named_series({str(name): each for name, each in bars.items()})
    raise DataError(
        f"{type(bars).__name__} is not bars.",
        hint="Pass what tw.read_bars or tw.bars_from returned, or a mapping of them.",
    )


def named_series(bars: dict[str, Bars]) -> dict[str, Bars]:
    """Bars under their short names where those are unique, else under ``EXCHANGE:SYMBOL``.

    Bars under a name that is neither become those of an instrument of that name.
    """
    own = {name: name in (each.symbol, each.instrument.id) for name, each in bars.items()}
    called = [each if own[name] else renamed(each, name) for name, each in bars.items()]
    count = Counter(each.symbol for each in called)
    named = {each.symbol if count[each.symbol] == 1 else each.instrument.id: each for each in called}
    if len(named) != len(called):
        raise DataError("Two of the bars are of the same instrument.", hint="Pass each instrument once.")
    return named


def renamed(bars: Bars, symbol: str) -> Bars:
    """The bars under another symbol."""
    return bars.with_instrument(replace(bars.instrument, symbol=symbol))
