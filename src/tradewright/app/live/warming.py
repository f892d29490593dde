"""How much history a session asks for before its first decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.instrument import ALWAYS_OPEN, Instrument
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.ground import Ground
from tradewright.engine.staging import bind
from tradewright.marketdata.market import Market
from tradewright.marketdata.synthetic import synthetic_market
from tradewright.strategy.computed import Computed
from tradewright.strategy.lines import Cursor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.strategy.base import Strategy

__all__ = ["bars_needed"]

_TRIED = 2_000
_FIRST_DAY = 18_000
_LEAST = 100
_TIMES = 3
"""An average that remembers everything has forgotten what came before its history after a few of its lengths."""


def bars_needed(strategies: Sequence[Strategy], symbols: Sequence[str], timeframe: str) -> int:
    """Bars to warm up with: three times what the strategies wait for, and a hundred at least.

    The strategies are bound to a made-up market and are of no use afterwards.
    """
    pace = Timeframe.parse(timeframe)
    made = [Instrument(symbol, "MADE", calendar=ALWAYS_OPEN) for symbol in symbols]
    series = synthetic_market(made, pace, (_FIRST_DAY, None, _TRIED), rng=np.random.default_rng(1))
    market = Market(series)
    ground, cursor = Ground(series, market, Computed()), Cursor(market.close_time)
    for strategy in strategies:
        bind(strategy, ground, cursor)
    return max(_LEAST, _TIMES * max(strategy.required_warmup_bars() for strategy in strategies))
