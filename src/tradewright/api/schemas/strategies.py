"""Strategies of the catalogue."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from .base import Instant, Schema

__all__ = ["LastRun", "ListedStrategy", "StrategyDetail", "StrategyParam"]


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
    stage: str = Field(description="draft, tested, paper or live: how far a person has approved it.")
    symbols: list[str]
    timeframe: str | None
    shipped: bool = Field(description="Whether it is an example that came with the package.")
    error: str | None = Field(description="Why it cannot be loaded.")
    last_run: LastRun | None


class StrategyDetail(ListedStrategy):
    """The whole of a strategy."""

    doc: str
    params: list[StrategyParam]
    params_schema: dict[str, Any] = Field(description="JSON schema of the parameters, for forms.")
    choices: dict[str, Any] = Field(description="What the catalogue says about its runs.")
    source: str | None = Field(description="The text of its file.")
    file: str = Field(description="The catalogue file.")
    line: int
