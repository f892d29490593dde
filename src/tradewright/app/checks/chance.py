"""Chance and time from outside a strategy, held still or moved while a run is watched, and put back afterwards.

The generators of a run are its own. What draws from shared ones, or asks the clock, decides otherwise the next time;
shared generators are given the same state before every run, so that this does not hide behind another finding.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import random as chance
import time as clock
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FunctionType

__all__ = ["other_day", "same_chance"]

_SHIFT = dt.timedelta(days=403, hours=5, minutes=17, seconds=11)
_CLOCKS = ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns")


@contextlib.contextmanager
def same_chance(seed: int) -> Iterator[None]:
    """Give the shared generators of Python and NumPy a state for a while; unseeded new ones get the same seed."""
    shared, legacy = chance.getstate(), np.random
    state, fresh = legacy.get_state(), legacy.default_rng
    chance.seed(seed)
    legacy.seed(seed)
    vars(legacy)["default_rng"] = _seeded(fresh, seed)
    try:
        yield
    finally:
        vars(legacy)["default_rng"] = fresh
        legacy.set_state(state)
        chance.setstate(shared)


def _seeded(fresh: Callable[..., Any], seed: int) -> Callable[..., Any]:
    def default_rng(given: Any = None) -> Any:
        return fresh(seed if given is None else given)

    return default_rng


@contextlib.contextmanager
def other_day(functions: list[FunctionType]) -> Iterator[None]:
    """Let the clock of a while be another: for whoever asks `time`, and for the given functions' ``datetime``."""
    before = {name: getattr(clock, name) for name in _CLOCKS}
    changed = [change for function in functions for change in _dates_of(function)]
    for name, ask in before.items():
        vars(clock)[name] = _later(ask, name)
    for names, name, _, other in changed:
        names[name] = other
    try:
        yield
    finally:
        for name, ask in before.items():
            vars(clock)[name] = ask
        for names, name, value, _ in changed:
            names[name] = value


def _later(ask: Callable[[], Any], name: str) -> Callable[[], Any]:
    shift = _SHIFT.total_seconds()
    amount = int(shift * 1e9) if name.endswith("_ns") else shift
    return lambda: ask() + amount


class _OtherMoment(dt.datetime):
    """`datetime.datetime` on another day."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Any:
        """Now, later."""
        return super().now(tz) + _SHIFT

    @classmethod
    def utcnow(cls) -> Any:
        """Now, later, naive."""
        return super().now(dt.UTC).replace(tzinfo=None) + _SHIFT

    @classmethod
    def today(cls) -> Any:
        """Now, later."""
        return super().now() + _SHIFT


class _OtherDate(dt.date):
    """`datetime.date` on another day."""

    @classmethod
    def today(cls) -> Any:
        """Today, later."""
        return super().today() + _SHIFT


def _dates_of(function: FunctionType) -> Iterator[tuple[dict[str, Any], str, Any, Any]]:
    """Names of a function's module that mean the real dates, with what stands in for them."""
    stands_in: dict[int, Any] = {id(dt): _other_module(), id(dt.datetime): _OtherMoment, id(dt.date): _OtherDate}
    names = function.__globals__
    for name in function.__code__.co_names:
        if name in names and id(names[name]) in stands_in:
            yield names, name, names[name], stands_in[id(names[name])]


def _other_module() -> ModuleType:
    module = ModuleType("datetime")
    vars(module).update(vars(dt))
    vars(module).update(datetime=_OtherMoment, date=_OtherDate)
    return module
