"""From a plan to the recipe of its run, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.bars import Bars
from tradewright.domain.errors import ConfigError, DataError, StrategyError, TradewrightError
from tradewright.domain.instrument import Instrument, InstrumentKind
from tradewright.domain.recipe import BarsRecipe, Recipe
from tradewright.engine.plan import RunPlan
from tradewright.engine.recording import source_hash
from tradewright.risk.limits import Limits
from tradewright.simulation.costs import Costs, Margin
from tradewright.strategy.adapt import as_strategy
from tradewright.strategy.source_text import obstacle, strategy_again, strategy_recipe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tradewright.domain.recipe import StrategyRecipe
    from tradewright.domain.record import RunConfig
    from tradewright.strategy.base import Strategy

    BarsAgain = Callable[[Mapping[str, Any]], Bars]

__all__ = ["bars_again", "plan_again", "plan_over", "recipe_of"]

_ABOUT_BARS = "The bars of "
_ABOUT_STRATEGIES = ("The strategy ", "The parameter ")
"""With these words begin the obstacles that are about bars, and about strategies."""

_SHOWN = 12
"""Digits of a fingerprint in a sentence."""

_CHOICES = (
    "start", "end", "cash", "currency", "seed", "fill_at", "size_at", "intrabar", "limit_fill", "insufficient",
    "finalize", "metrics_from",
)  # fmt: skip
_MORE_CHOICES = ("lots", "raise_on_reject", "latency_bars", "latency_ms")


def recipe_of(plan: RunPlan, *, risk_free: float = 0.0, benchmark: Bars | None = None) -> Recipe:
    """How to carry out a plan again; what cannot be said is an obstacle."""
    return Recipe(
        strategies=tuple(strategy_recipe(each) for each in plan.strategies),
        series={name: _bars_recipe(bars) for name, bars in plan.series.items()},
        detail={name: _bars_recipe(bars) for name, bars in plan.detail.items()},
        fx={name: _bars_recipe(rate) if isinstance(rate, Bars) else rate for name, rate in plan.fx.items()},
        benchmark=None if benchmark is None else _bars_recipe(benchmark),
        risk_free=risk_free,
        obstacles=tuple(_obstacles(plan, benchmark)),
    )


def plan_again(recipe: Recipe, config: RunConfig, load: BarsAgain, code_version: str) -> RunPlan:
    """The plan of a kept run.

    Parameters
    ----------
    recipe : Recipe
    config : RunConfig
        Of its record.
    load : callable
        Gives the bars of an origin.
    code_version : str
        Of the code that runs now.

    Raises
    ------
    ConfigError
        When there is an obstacle; the first is the sentence.
    DataError
        When bars are gone or changed; names the series and both fingerprints.
    StrategyError
        When a strategy's text cannot be run, or is not what ran.
    """
    if recipe.obstacles:
        raise ConfigError(recipe.obstacles[0], hint="The run cannot be run again; its results stay as they are.")
    return _planned(
        config,
        code_version,
        strategies=[_strategy(each) for each in recipe.strategies],
        series={name: bars_again(name, bars, load) for name, bars in recipe.series.items()},
        detail={name: bars_again(name, bars, load) for name, bars in recipe.detail.items()},
        fx={
            name: bars_again(name, rate, load) if isinstance(rate, BarsRecipe) else rate
            for name, rate in recipe.fx.items()
        },
    )


def _planned(config: RunConfig, code_version: str, **parts: Any) -> RunPlan:
    """The plan of a record's choices."""
    return RunPlan(
        costs=Costs.of_description(config.costs),
        margin=Margin.of_description(config.margin),
        limits=Limits.of_description(config.limits),
        code_version=code_version,
        **{name: getattr(config, name) for name in _CHOICES},
        **{name: config.extra[name] for name in _MORE_CHOICES},
        **parts,
    )


def plan_over(
    recipe: Recipe, config: RunConfig, series: Mapping[str, Bars], code_version: str, strategy: Strategy | None = None
) -> RunPlan:
    """The plan of a run over bars that are at hand: where those of the recipe are, and whether they still are, is left.

    Parameters
    ----------
    recipe : Recipe
    config : RunConfig
        Of its record.
    series : mapping of symbol to Bars
    code_version : str
        Of the code that runs now.
    strategy : Strategy, optional
        In place of the one that the recipe has a text of.

    Raises
    ------
    ConfigError
        When anything but bars, or a strategy that is given, is in the way; the first obstacle is the sentence. When the
        run had finer bars or rates, which these bars would not go with.
    StrategyError
        When a strategy's text cannot be run, or is not what ran.
    """
    at_hand = _ABOUT_BARS if strategy is None else (_ABOUT_BARS, *_ABOUT_STRATEGIES)
    in_the_way = [each for each in recipe.obstacles if not each.startswith(at_hand)]
    if in_the_way:
        raise ConfigError(in_the_way[0], hint="The run cannot be run again; its results stay as they are.")
    if recipe.detail or recipe.fx:
        beside = "finer bars" if recipe.detail else "exchange rates"
        raise ConfigError(f"The run had {beside} beside its bars, which other bars would not go with.")
    strategies = [_strategy(each) for each in recipe.strategies] if strategy is None else [strategy]
    return _planned(config, code_version, strategies=strategies, series=series)


def bars_again(name: str, kept: BarsRecipe, load: BarsAgain) -> Bars:
    """The bars of a run, held to their fingerprint.

    Raises
    ------
    DataError
        When they are gone, or are others now.
    """
    seen = kept.fingerprint[:_SHOWN]
    try:
        found = load(kept.origin)
    except TradewrightError as error:
        raise DataError(
            f"The bars of {name} (fingerprint {seen}) cannot be had again: {error.message}", hint=error.hint
        ) from error
    instrument = Instrument(**{**kept.instrument, "kind": InstrumentKind(kept.instrument["kind"])})
    found = found if found.instrument == instrument else found.with_instrument(instrument)
    if found.fingerprint != kept.fingerprint:
        raise DataError(
            f"The bars of {name} in {_place(kept.origin)} are not those of the run: fingerprint "
            f"{found.fingerprint[:_SHOWN]} now, {seen} then.",
            hint="Put the data back as it was, or run on what is there now with backtest.",
        )
    return found


def _bars_recipe(bars: Bars) -> BarsRecipe:
    return BarsRecipe(dict(bars.origin), bars.instrument.to_dict(), bars.fingerprint)


def _place(origin: Mapping[str, Any]) -> str:
    return str(origin.get("path") or f"the {origin.get('kind')}")


def _strategy(kept: StrategyRecipe) -> Strategy:
    strategy = as_strategy(strategy_again(kept), kept.params)
    if source_hash(strategy) != kept.source_hash:
        raise StrategyError(
            f"The kept text of {kept.reference} is not the one that ran: hash {str(source_hash(strategy))[:_SHOWN]} "
            f"instead of {str(kept.source_hash)[:_SHOWN]}.",
            hint="Its file was changed while it was in use.",
        )
    return strategy


def _obstacles(plan: RunPlan, benchmark: Bars | None) -> Iterator[str]:
    for strategy in plan.strategies:
        why = obstacle(strategy)
        if why:
            yield why
    for name, bars in _all_bars(plan, benchmark):
        why = _bars_obstacle(name, bars)
        if why:
            yield why
    yield from _model_obstacles(plan)


def _all_bars(plan: RunPlan, benchmark: Bars | None) -> Iterator[tuple[str, Bars]]:
    yield from plan.series.items()
    yield from ((f"{name} (detail)", bars) for name, bars in plan.detail.items())
    yield from ((f"{name} (rate)", rate) for name, rate in plan.fx.items() if isinstance(rate, Bars))
    if benchmark is not None:
        yield f"{benchmark.symbol} (benchmark)", benchmark


def _bars_obstacle(name: str, bars: Bars) -> str | None:
    """Why bars cannot be had again; a cut of what was read is told here, where it can still be helped."""
    if not bars.origin:
        return f"{_ABOUT_BARS}{name} lived in memory only, and are in no file or store."
    read = bars.origin.get("fingerprint")
    if read is None or bars.origin.get("then") or read == bars.fingerprint:
        return None
    instrument = bars.origin.get("instrument")
    if instrument and bars.with_instrument(_named(bars.instrument, instrument)).fingerprint == read:
        return None
    return f"{_ABOUT_BARS}{name} were changed after they were read from {_place(bars.origin)}."


def _named(instrument: Instrument, name: str) -> Instrument:
    from dataclasses import replace

    exchange, _, symbol = name.partition(":")
    return replace(instrument, exchange=exchange, symbol=symbol)


def _model_obstacles(plan: RunPlan) -> Iterator[str]:
    """What the descriptions in the record do not give back as it was."""
    venues = [bars.instrument.venue for bars in plan.series.values()]
    try:
        again = Costs.of_description(plan.costs.describe(venues))
    except TradewrightError as error:
        yield f"The costs cannot be built again from what they say of themselves: {error.message}"
        return
    for venue in venues:
        if again.commission_model(venue) != plan.costs.commission_model(venue):
            yield "The commission is not what its description would give again."
    if again.slippage_model != plan.costs.slippage_model:
        yield "The slippage is not what its description would give again."
    if plan.margin is not None and Margin.of_description(plan.margin.describe()) != plan.margin:
        yield "The margin account is not what its description would give again."
