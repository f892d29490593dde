"""The synthetic markets over which the corpus runs, and what a case of it is."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np

import tradewright as tw


class Case(NamedTuple):
    """A strategy with what a check must find in it."""

    name: str
    kind: str | None
    make: Callable[[Any], Any]
    market: str
    policies: dict[str, Any]

    @property
    def bars(self) -> Any:
        return MARKETS[self.market]()

    @property
    def lines(self) -> set[int]:
        """Numbers of the lines that are marked as the leak."""
        text, first = inspect.getsourcelines(self.make)
        return {first + place for place, line in enumerate(text) if "# leak" in line}


@cache
def days() -> tw.Bars:
    return tw.synthetic_bars("AAA", bars=420, seed=11)


@cache
def basket() -> dict[str, tw.Bars]:
    return tw.synthetic_bars(["AAA", "BBB", "CCC"], bars=260, seed=12)


@cache
def uneven() -> dict[str, tw.Bars]:
    """One symbol begins late, one has holes, one ends early."""
    whole = tw.synthetic_bars(["AAA", "BBB", "CCC"], bars=300, seed=13)
    return {"AAA": whole["AAA"], "BBB": whole["BBB"].rows(120, 300), "CCC": whole["CCC"].rows(0, 220)}


@cache
def quarters() -> tw.Bars:
    return tw.synthetic_bars("AAA", timeframe="15m", bars=520, seed=14)


@cache
def coins() -> tw.Bars:
    return tw.synthetic_bars("BTC", timeframe="1h", bars=600, seed=15, calendar="24/7")


MARKETS = {f.__name__: f for f in (days, basket, uneven, quarters, coins)}


def corpus() -> tuple[list[Case], Callable[..., Any]]:
    """A list of cases and the decorator that adds to it."""
    cases: list[Case] = []

    def case(kind: str | None = None, market: str = "days", **policies: Any) -> Any:
        def add(make: Any) -> Any:
            cases.append(Case(make.__name__, kind, make, market, policies))
            return make

        return add

    return cases, case


@cache
def raw_with_actions() -> tw.Bars:
    """Unadjusted bars with a split and dividends."""
    bars = days()
    labels = bars.sessions.labels
    split = 210
    factor = np.where(np.arange(len(bars)) < split, 1.0, 0.5)
    prices = {name: np.round(getattr(bars, name) * factor, 2) for name in ("open", "high", "low", "close")}
    prices["high"] = np.maximum.reduce(list(prices.values()))
    prices["low"] = np.minimum.reduce(list(prices.values()))
    actions = tw.Actions(labels[[split]], np.array([2.0]), labels[[60, 150, 300]], np.array([0.5, 0.5, 0.25]))
    return dataclasses.replace(bars, actions=actions, **prices)


MARKETS["raw_with_actions"] = raw_with_actions


@cache
def halves() -> dict[str, tw.Bars]:
    """Two markets whose sessions differ."""
    here = tw.synthetic_bars("AAA", bars=260, seed=21)
    there = tw.synthetic_bars("LLL", bars=260, seed=22, calendar="XLON")
    return {"AAA": here, "LLL": there}


MARKETS["halves"] = halves
