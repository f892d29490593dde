"""The numbers every contender uses."""

from __future__ import annotations

CASH = 10_000_000.0
QUANTITY = 100.0
COMMISSION = 0.001
FAST = 10
SLOW = 30
STOP = 0.995
TARGET = 1.01
LOOKBACK = 126
TOP = 50
INVESTED = 0.95
