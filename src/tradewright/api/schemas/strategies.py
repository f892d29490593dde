"""Strategies of the catalogue."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from .base import Instant, Paging, Request, Schema

__all__ = [
    "ChangedStrategy",
    "ChangedValue",
    "Compiled",
    "EntryField",
    "IdentityChange",
    "LastRun",
    "ListedStrategy",
    "StrategyChange",
    "StrategyChangePreview",
    "StrategyDetail",
    "StrategyFilter",
    "StrategyParam",
]

Text = Annotated[str, Field(max_length=500)]


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
    status: Literal["active", "inactive"] = Field(description="What is inactive begins no session.")
    mode: Literal["backtest", "paper", "live"] = Field(
        description="The furthest mode in which it may begin now: by the approvals in force, and by its entry."
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


class EntryField(Schema):
    """A key of the catalogue entry that may be changed; parameters stand under ``params``."""

    key: str = Field(examples=["costs.slippage_bps"])
    value: Any = Field(description="What the entry says; null where it leaves it open.")
    kind: Literal["text", "texts", "whole", "number", "truth", "choice"]
    choices: list[str] = Field(description="The words that can be chosen; empty for another kind.")


class StrategyFilter(Paging):
    """Which strategies of the catalogue."""

    status: Literal["active", "inactive", "all"] = "all"
    mode: Literal["backtest", "paper", "live", "all"] = Field(
        default="all", description="The furthest mode in which they may begin now."
    )


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
    fields: list[EntryField]
    changeable: bool = Field(description="Whether its entry can be changed here: examples that ship cannot.")
    digest: str = Field(description="Names what its entry says as it is now.")


class StrategyChange(Request):
    """Values to put into the catalogue entry of a strategy."""

    changes: dict[str, str | bool | int | float | list[Text] | None] = Field(
        min_length=1,
        max_length=100,
        description="By key of the catalogue, parameters as params.NAME; null takes a key out.",
        examples=[{"params.fast": 12, "costs.slippage_bps": 5, "limits": "standard", "status": "inactive"}],
    )
    digest: str | None = Field(
        default=None, max_length=64, description="Of the entry as it was seen: 409 where it was changed meanwhile."
    )


class ChangedValue(Schema):
    """A key that says something else; null where it says nothing."""

    key: str
    before: Any
    after: Any


class IdentityChange(Schema):
    """Whether approvals see another strategy: by its text, every parameter, its symbols and its timeframe."""

    changed: bool
    lost: list[int] = Field(description="Approvals in force that held for it and hold no longer, by number.")
    found: list[int] = Field(description="Approvals in force that hold only now, by number.")
    sentence: str


class StrategyChangePreview(Schema):
    """What a change would do; nothing has been done."""

    changes: list[ChangedValue]
    identity: IdentityChange


class ChangedStrategy(StrategyDetail):
    """The strategy as it has become, and what the change did."""

    changes: list[ChangedValue]
    identity: IdentityChange
