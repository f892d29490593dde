"""Strategies of the catalogue."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from .base import Instant, Schema

__all__ = ["Compiled", "LastRun", "ListedStrategy", "StrategyDetail", "StrategyParam"]


class StrategyParam(Schema):
    """A number that a user may set and a search may vary."""

    name: str
    type: str = Field(description="int, float, bool or str.")
    default: Any
    value: Any = Field(description="What the catalogue entry says, else the default.")
    low: float | None
    high: float | None
    step: float | None
    choices: list[Any] | None
    doc: str


class LastRun(Schema):
    """The latest kept run of a strategy."""

    id: str
    created_at: Instant


class ListedStrategy(Schema):
    """A strategy as a list shows it."""

    id: str = Field(description="The name in the catalogue.", examples=["sma_cross"])
    name: str
    class_name: str | None = Field(description="What runs of it are called; null where it cannot be loaded.")
    description: str
    stage: str = Field(
        description="draft, tested, searched or walked: which kinds of runs are kept; paper or live: approved for it."
    )
    symbols: list[str]
    timeframe: str | None
    shipped: bool = Field(description="Whether it is an example that came with the package.")
    error: str | None = Field(description="Why it cannot be loaded.")
    last_run: LastRun | None


class Compiled(Schema):
    """Whether long runs of it are machine code."""

    is_: bool | None = Field(alias="is", description="Null where it could not be set up.")
    why: str | None = Field(description="Why it runs interpreted, or could not be set up.")


class StrategyDetail(ListedStrategy):
    """The whole of a strategy."""

    doc: str
    warmup_bars: int | None = Field(
        description="Bars it needs before its first decision, with the parameters of its entry."
    )
    compiled: Compiled
    params: list[StrategyParam]
    params_schema: dict[str, Any] = Field(description="JSON schema of the parameters, for forms.")
    choices: dict[str, Any] = Field(description="What the catalogue says about its runs.")
    source: str | None = Field(description="The text of its file.")
    file: str = Field(description="The catalogue file.")
    line: int
