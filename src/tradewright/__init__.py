"""Tradewright: a workshop for trading strategies.

One strategy source travels unchanged through backtest, search, walk-forward, paper and live. Everything a user types
is a name of this module, loaded when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradewright.app.checks.report import CheckReport
    from tradewright.domain.bars import Actions, Bar, Bars
    from tradewright.domain.errors import TradewrightError
    from tradewright.domain.instrument import Crypto, Equity, Future, FxPair, Instrument
    from tradewright.domain.live.response import BrokerAccount, OrderResponse
    from tradewright.domain.order import Order, OrderRequest, OrderSide, OrderStatus, OrderType, TimeInForce
    from tradewright.domain.portfolio import Account, Fill, Position
    from tradewright.domain.signal import Direction, Signal
    from tradewright.domain.space import Range
    from tradewright.domain.timeframe import Timeframe
    from tradewright.face.adjusting import adjust_bars, resample_bars
    from tradewright.face.backtest import backtest, backtest_many
    from tradewright.face.bars import bars_from, read_bars, synthetic_bars
    from tradewright.face.broker import broker
    from tradewright.face.checking import check
    from tradewright.face.live import Session, live, paper
    from tradewright.face.monte_carlo import monte_carlo
    from tradewright.face.replay import Replay, compare_fills, replay
    from tradewright.face.runs import compare, delete_run, keep_run, kept_runs, load_run, rerun
    from tradewright.face.search import optimize
    from tradewright.face.stored_bars import load_bars
    from tradewright.face.strategies import load_strategy
    from tradewright.face.version import __version__
    from tradewright.face.walk import walk_forward
    from tradewright.quant import indicators
    from tradewright.quant.indicators.contract import indicator
    from tradewright.quant.undefined import Undefined
    from tradewright.reporting.metric_registry import metric
    from tradewright.reporting.result import Result
    from tradewright.reporting.section_registry import report_section
    from tradewright.risk.limits import Limits
    from tradewright.simulation.costs import (
        Bps,
        Commission,
        Costs,
        EntryMarkup,
        FeeTerms,
        MakerTaker,
        Margin,
        NoCommission,
        NoSlippage,
        Percent,
        PerShare,
        PerTrade,
        Slippage,
        SlippageTerms,
        Spread,
        SquareRootImpact,
        Tiered,
        VolumeShareImpact,
        commission,
        slippage,
        venue_commission,
    )
    from tradewright.strategy.base import Strategy
    from tradewright.strategy.context import Context
    from tradewright.strategy.coroutine import AsyncContext
    from tradewright.strategy.desk import OrderRef
    from tradewright.strategy.forms import StrategyForm, strategy_form
    from tradewright.strategy.history import History
    from tradewright.strategy.params import Param
    from tradewright.strategy.registry import register
    from tradewright.strategy.signals import SignalStrategy

__all__ = [
    "Account",
    "Actions",
    "AsyncContext",
    "Bar",
    "Bars",
    "Bps",
    "BrokerAccount",
    "CheckReport",
    "Commission",
    "Context",
    "Costs",
    "Crypto",
    "Direction",
    "EntryMarkup",
    "Equity",
    "FeeTerms",
    "Fill",
    "Future",
    "FxPair",
    "History",
    "Instrument",
    "Limits",
    "MakerTaker",
    "Margin",
    "NoCommission",
    "NoSlippage",
    "Order",
    "OrderRef",
    "OrderRequest",
    "OrderResponse",
    "OrderSide",
    "OrderStatus",
    "OrderType",
    "Param",
    "PerShare",
    "PerTrade",
    "Percent",
    "Position",
    "Range",
    "Replay",
    "Result",
    "Session",
    "Signal",
    "SignalStrategy",
    "Slippage",
    "SlippageTerms",
    "Spread",
    "SquareRootImpact",
    "Strategy",
    "StrategyForm",
    "Tiered",
    "TimeInForce",
    "Timeframe",
    "TradewrightError",
    "Undefined",
    "VolumeShareImpact",
    "__version__",
    "adjust_bars",
    "backtest",
    "backtest_many",
    "bars_from",
    "broker",
    "check",
    "commission",
    "compare",
    "compare_fills",
    "delete_run",
    "indicator",
    "indicators",
    "keep_run",
    "kept_runs",
    "live",
    "load_bars",
    "load_run",
    "load_strategy",
    "metric",
    "monte_carlo",
    "optimize",
    "paper",
    "read_bars",
    "register",
    "replay",
    "report_section",
    "rerun",
    "resample_bars",
    "slippage",
    "strategy_form",
    "synthetic_bars",
    "venue_commission",
    "walk_forward",
]

_ROOMS = {
    "app.checks.report": ("CheckReport",),
    "domain.bars": ("Actions", "Bar", "Bars"),
    "domain.errors": ("TradewrightError",),
    "domain.instrument": ("Crypto", "Equity", "Future", "FxPair", "Instrument"),
    "domain.live.response": ("BrokerAccount", "OrderResponse"),
    "domain.order": ("Order", "OrderRequest", "OrderSide", "OrderStatus", "OrderType", "TimeInForce"),
    "domain.portfolio": ("Account", "Fill", "Position"),
    "domain.signal": ("Direction", "Signal"),
    "domain.space": ("Range",),
    "domain.timeframe": ("Timeframe",),
    "face.adjusting": ("adjust_bars", "resample_bars"),
    "face.backtest": ("backtest", "backtest_many"),
    "face.bars": ("bars_from", "read_bars", "synthetic_bars"),
    "face.broker": ("broker",),
    "face.checking": ("check",),
    "face.live": ("Session", "live", "paper"),
    "face.monte_carlo": ("monte_carlo",),
    "face.replay": ("Replay", "compare_fills", "replay"),
    "face.runs": ("compare", "delete_run", "keep_run", "kept_runs", "load_run", "rerun"),
    "face.search": ("optimize",),
    "face.stored_bars": ("load_bars",),
    "face.strategies": ("load_strategy",),
    "face.version": ("__version__",),
    "face.walk": ("walk_forward",),
    "quant.indicators.contract": ("indicator",),
    "quant.undefined": ("Undefined",),
    "reporting.metric_registry": ("metric",),
    "reporting.result": ("Result",),
    "reporting.section_registry": ("report_section",),
    "risk.limits": ("Limits",),
    "simulation.costs": (
        "Bps",
        "Commission",
        "Costs",
        "EntryMarkup",
        "FeeTerms",
        "MakerTaker",
        "Margin",
        "NoCommission",
        "NoSlippage",
        "PerShare",
        "PerTrade",
        "Percent",
        "Slippage",
        "SlippageTerms",
        "Spread",
        "SquareRootImpact",
        "Tiered",
        "VolumeShareImpact",
        "commission",
        "slippage",
        "venue_commission",
    ),
    "strategy.base": ("Strategy",),
    "strategy.context": ("Context",),
    "strategy.coroutine": ("AsyncContext",),
    "strategy.desk": ("OrderRef",),
    "strategy.forms": ("StrategyForm", "strategy_form"),
    "strategy.history": ("History",),
    "strategy.params": ("Param",),
    "strategy.registry": ("register",),
    "strategy.signals": ("SignalStrategy",),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "indicators":
            return importlib.import_module("tradewright.quant.indicators")
        if name not in _ROOM_OF:
            raise AttributeError(f"module 'tradewright' has no attribute '{name}'")
        value = getattr(importlib.import_module(f"tradewright.{_ROOM_OF[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
