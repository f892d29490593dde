"""Stages that a strategy goes through, and what a person said before the next one."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Approval", "Stage", "StrategyIdentity", "Verdict"]


class Stage(StrEnum):
    """Where a strategy is on its way. The approval of a stage says that the evidence of that stage suffices."""

    BACKTEST = "backtest"
    PAPER = "paper"
    LIVE = "live"

    @property
    def before(self) -> Stage | None:
        """The stage whose approval this one needs."""
        return {Stage.PAPER: Stage.BACKTEST, Stage.LIVE: Stage.PAPER}.get(self)


class Verdict(StrEnum):
    """What was said."""

    APPROVED = "approved"
    REJECTED = "rejected"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class StrategyIdentity:
    """Which strategy an approval binds: another text, other parameters or other symbols are another strategy.

    Parameters
    ----------
    name : str
    source_hash : str
        SHA-256 of its text.
    params : mapping
        Every parameter with its value.
    symbols : tuple of str
        ``EXCHANGE:SYMBOL``, in order.
    timeframe : str
    """

    name: str
    source_hash: str
    params: Mapping[str, Any] = field(default_factory=dict)
    symbols: tuple[str, ...] = ()
    timeframe: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """One verdict of a person, kept for ever; a later one on the same strategy and stage takes its place.

    Parameters
    ----------
    number : int
        From 1, in the order in which they were given.
    stage : Stage
        Whose evidence was looked at.
    verdict : Verdict
    strategy : StrategyIdentity
    evidence : str
        Id of the run or session that was looked at.
    who, reason : str
    at_ns : int
        UTC nanoseconds.
    """

    number: int
    stage: Stage
    verdict: Verdict
    strategy: StrategyIdentity
    evidence: str
    who: str
    reason: str
    at_ns: int
