"""The strategies of the workloads, written as a user would write them, one file each."""

from __future__ import annotations

from benchmarks.strategies.bracketed_cross import BracketedCross
from benchmarks.strategies.idle import Idle
from benchmarks.strategies.momentum import Momentum
from benchmarks.strategies.sma_cross import SmaCross
from benchmarks.strategies.weighted_cross import WeightedCross

__all__ = ["BracketedCross", "Idle", "Momentum", "SmaCross", "WeightedCross"]
