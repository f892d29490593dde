"""What a session was started with, in JSON words: enough to open its engine again, here or in another process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError
from tradewright.domain.instrument import Instrument, InstrumentKind
from tradewright.domain.plain_values import from_plain, to_plain
from tradewright.domain.recipe import StrategyRecipe
from tradewright.domain.timeframe import Timeframe
from tradewright.risk.limits import Limits
from tradewright.simulation.costs import CASH_ACCOUNT, Costs, Margin
from tradewright.strategy.adapt import as_strategy
from tradewright.strategy.source_text import obstacle, strategy_again, strategy_recipe

from .opening import Opening

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tradewright.strategy.base import Strategy

__all__ = ["Policies", "engine_words", "opening_again"]

_PLAIN = ("cash", "currency", "seed", "intrabar", "limit_fill", "insufficient", "lots")


@dataclass(frozen=True, kw_only=True)
class Policies:
    """How a session's account works; names and meanings are those of `tradewright.backtest`."""

    cash: float = 100_000.0
    currency: str = "USD"
    costs: Costs
    margin: Margin | None = None
    limits: Limits
    seed: int = 0
    intrabar: str = "worst"
    limit_fill: str = "through"
    insufficient: str = "reject"
    lots: str = "fifo"

    def plain(self, venues: Sequence[str | None]) -> dict[str, Any]:
        """The policies as they describe themselves."""
        return {
            **{name: getattr(self, name) for name in _PLAIN},
            "costs": self.costs.describe(venues),
            "margin": CASH_ACCOUNT if self.margin is None else self.margin.describe(),
            "limits": self.limits.describe(),
        }


def engine_words(
    strategies: Sequence[Strategy], instruments: Sequence[Instrument], timeframe: Timeframe, policies: Policies,
    *, at_broker: bool, source: str,
) -> dict[str, Any]:  # fmt: skip
    """What an engine is opened with, as JSON words.

    Raises
    ------
    ConfigError
        When a strategy has no text from which it could be made again: then nobody could tell later what it did.
    """
    why = next((found for found in map(obstacle, strategies) if found), None)
    if why is not None:
        raise ConfigError(why, hint="Put the strategy into a file of its own.")
    recipes = [strategy_recipe(each) for each in strategies]
    return {
        "recipes": [{name: to_plain(getattr(each, name)) for name in each.__dataclass_fields__} for each in recipes],
        "instruments": [each.to_dict() for each in instruments],
        "timeframe": str(timeframe),
        "policies": to_plain(policies.plain([each.venue for each in instruments])),
        "at_broker": at_broker,
        "source": source,
    }


def opening_again(words: Mapping[str, Any], make: Callable[[], Sequence[Strategy]] | None = None) -> Opening:
    """The opening that was written so.

    Parameters
    ----------
    words : mapping
    make : callable, optional
        Gives other strategies in the place of the recorded ones.

    Raises
    ------
    StrategyError
        When a recorded text cannot be run.
    """
    policies = from_plain(words["policies"])
    return Opening(
        make=make or (lambda: [_strategy(each) for each in words["recipes"]]),
        instruments=tuple(
            Instrument(**{**each, "kind": InstrumentKind(each["kind"])}) for each in words["instruments"]
        ),
        timeframe=Timeframe.parse(words["timeframe"]),
        policies={
            **{name: policies[name] for name in _PLAIN},
            "costs": Costs.of_description(policies["costs"]),
            "margin": Margin.of_description(policies["margin"]),
            "limits": Limits.of_description(policies["limits"]),
        },
        at_broker=words["at_broker"],
        source=words["source"],
    )


def _strategy(plain: Mapping[str, Any]) -> Strategy:
    recipe = StrategyRecipe(**{name: from_plain(value) for name, value in plain.items()})
    return as_strategy(strategy_again(recipe), recipe.params)
