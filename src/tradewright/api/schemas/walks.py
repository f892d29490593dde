"""Walk-forwards as they are looked at: what stands at their head, and their folds."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from .base import Schema
from .runs import RunWarning, TrustState

__all__ = ["FoldRow", "WalkSteadiness", "WalkTile", "WalkVerdict", "WalkView"]


class WalkTile(Schema):
    """One number of the row that a walk is introduced with."""

    key: str = Field(examples=["efficiency"])
    label: str
    text: str
    value: float | None
    aside: str | None = Field(description="Small print.")
    reason: str | None = Field(description="Why there is no value, as a clause that reads after 'because'.")


class WalkVerdict(Schema):
    """Whether what was chosen in training held out of sample."""

    state: TrustState
    word: str = Field(examples=["holds"])
    sentence: str


class WalkSteadiness(Schema):
    """How the choice of one parameter moved over the folds."""

    name: str
    values: list[Any] = Field(description="The choice of each fold; null where nothing was chosen.")
    usual: str = Field(examples=["20 (60 %)"])
    changes: str = Field(description="Share of the steps at which it changed.")
    dispersion: str = Field(description="With the range searched as 1: 0 never moved, 0.29 is what chance would do.")
    reason: str = Field(description="Why there is no dispersion; empty where there is.")


class WalkView(Schema):
    """What stands at the head of a walk-forward."""

    work: str = Field(examples=["6 folds, train 252d, test 63d · chosen by Sharpe ratio"])
    tiles: list[WalkTile]
    verdict: WalkVerdict
    stability: list[WalkSteadiness]
    warnings: list[RunWarning]
    folds: int


class FoldRow(Schema):
    """One fold: what was chosen in training, and what came of it in the test."""

    number: int = Field(description="Counted from 1, in the order of time.")
    values: dict[str, Any] = Field(description="As docs/reference/walk-forward-json.md names them.")
    texts: dict[str, str] = Field(description="How its dates, parameters and numbers are written, by name.")
