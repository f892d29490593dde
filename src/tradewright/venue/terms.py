"""The terms of a sandbox: what its accounts begin with, how it trades, and what it does with ids used before."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tradewright.engine.plan import RunPlan
from tradewright.strategy.base import Strategy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.bars import Bars

__all__ = ["Client", "Dedupe", "Terms", "plan_of"]


class Client(Strategy):
    """Stands for the program at the other end of the wire: its decisions come from there, so it makes none itself."""

    def on_bar(self, ctx: Any) -> None:
        """Nothing: orders reach the desk between the bars."""


class Dedupe(StrEnum):
    """Against which earlier orders a client order id is refused."""

    FOR_EVER = "for-ever"
    OPEN_ONLY = "open-only"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for every account.

    Parameters
    ----------
    seed : int
        Of identifiers and faults.
    dedupe : Dedupe
        A venue that refuses used ids for ever, only while their order works, or not at all.
    replaces_gross : bool
        Whether the quantity of a replacement comes on top of what the replaced order had filled.
    keys : mapping of str to str
        Secrets by key id; empty lets every key in, each to an account of its own.
    policies : mapping
        Of the exchange, by the names of `engine.plan.RunPlan`: cash, costs, margin, start, intrabar …
    """

    seed: int = 0
    dedupe: Dedupe = Dedupe.FOR_EVER
    replaces_gross: bool = False
    keys: Mapping[str, str] = field(default_factory=dict)
    policies: Mapping[str, Any] = field(default_factory=dict)


def plan_of(series: Mapping[str, Bars], terms: Terms) -> RunPlan:
    """The plan of one account: a run whose strategy is the client."""
    return RunPlan(strategies=[Client()], series=series, **{"seed": terms.seed, **terms.policies})
