"""What persons said of evidence."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from .base import Instant, Paging, Request, Schema

__all__ = ["ApprovalFilter", "ApprovalRequest", "ApprovedStrategy", "GivenApproval", "Reason"]


class ApprovedStrategy(Schema):
    """Which strategy an approval binds: its text, every parameter, its symbols and its timeframe."""

    name: str
    source_hash: str
    params: dict[str, Any]
    symbols: list[str]
    timeframe: str


class GivenApproval(Schema):
    """One verdict of a person; a later one on the same strategy and stage takes its place."""

    number: int
    stage: Literal["backtest", "paper", "live"] = Field(description="Whose evidence was looked at.")
    verdict: Literal["approved", "rejected", "revoked"]
    in_force: bool
    strategy: ApprovedStrategy
    evidence: str = Field(description="Id of the run or session that was looked at.")
    who: str
    reason: str
    at: Instant


class ApprovalFilter(Paging):
    """Which verdicts."""

    strategy: str | None = Field(default=None, max_length=200, description="Any part of the strategy's name.")
    in_force: bool | None = None


class ApprovalRequest(Request):
    """What a person says of evidence."""

    evidence: str = Field(
        min_length=1, max_length=128, description="Id of a kept run, its first digits, or of a paper session."
    )
    verdict: Literal["approved", "rejected"]
    reason: str = Field(min_length=1, max_length=2000)


class Reason(Request):
    """Why something is done; it is kept."""

    reason: str = Field(min_length=1, max_length=2000)
