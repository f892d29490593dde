"""What a strategy needs and how it runs, found before any run: its warm-up, and whether machine code is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.domain.errors import TradewrightError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from tradewright.bootstrap.catalogue import CatalogueEntry
    from tradewright.domain.bars import Bars

__all__ = ["StrategyStanding", "standing_of"]

_BARS, _DAY = 600, 16_436
"""Bars of the made-up market, and the day on which it begins, counted from 1970-01-01."""
_NAMES = ("ONE", "TWO")


@dataclass(frozen=True, slots=True)
class StrategyStanding:
    """How a strategy stands with the parameters of its entry.

    Parameters
    ----------
    warmup_bars : int or None
        Bars it needs before its first decision; None where it could not be set up.
    is_compiled : bool or None
        Whether long runs of it are machine code; None where it could not be set up.
    why : str or None
        Why it runs interpreted, or could not be set up.
    """

    warmup_bars: int | None
    is_compiled: bool | None
    why: str | None


def standing_of(entry: CatalogueEntry) -> StrategyStanding:
    """Set a strategy up over a few made-up bars, of one symbol or else of two; none of them is run."""
    from tradewright.strategy.registry import load_strategy

    try:
        strategy = load_strategy(entry.reference)
        market = _market(entry.settings.timeframe or "1d")
    except TradewrightError as error:
        return StrategyStanding(None, None, error.message)
    first = _stood(strategy, entry, {_NAMES[0]: market[_NAMES[0]]})
    return first if first.warmup_bars is not None else _stood(strategy, entry, market)


def _stood(strategy: Any, entry: CatalogueEntry, series: Mapping[str, Bars]) -> StrategyStanding:
    from tradewright.engine.compiled.ahead import compiles
    from tradewright.engine.plan import RunPlan
    from tradewright.engine.staging import stage
    from tradewright.strategy.adapt import as_strategy

    params = dict(entry.settings.params)
    try:
        warmup = stage(RunPlan(strategies=[as_strategy(strategy, params)], series=dict(series))).warmup[0]
        why = compiles(strategy, series, params)
    except TradewrightError as error:
        return StrategyStanding(None, None, error.message)
    return StrategyStanding(warmup, why is None, why)


def _market(timeframe: str) -> dict[str, Bars]:
    import numpy as np

    from tradewright.domain.instrument import Crypto
    from tradewright.domain.timeframe import Timeframe
    from tradewright.marketdata.synthetic import synthetic_market

    # Without a calendar of an exchange, whose library takes seconds to come up.
    instruments = [Crypto(name, "SYNTHETIC", tick=0.01) for name in _NAMES]
    span = (_DAY, None, _BARS)
    return synthetic_market(instruments, Timeframe.parse(timeframe), span, rng=np.random.default_rng(0))
