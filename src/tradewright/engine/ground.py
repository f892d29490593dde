"""The ground that runs over the same bars share: the bars up to the end, their timeline, and computed indicators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.domain.errors import DataNotAvailableError
from tradewright.marketdata.market import Market
from tradewright.strategy.computed import Computed

from .dates import iso_day, until

if TYPE_CHECKING:
    from tradewright.domain.bars import Bars

    from .plan import RunPlan

__all__ = ["Ground"]


@dataclass(frozen=True, slots=True)
class Ground:
    """Bars, their timeline and what indicators gave over them; runs read it and never change what it says.

    Parameters
    ----------
    series : mapping of symbol to Bars
        Up to the plan's end, without symbols that have none.
    market : Market
    computed : Computed
    """

    series: dict[str, Bars]
    market: Market
    computed: Computed

    @classmethod
    def of(cls, plan: RunPlan, most_bytes: int | None = None) -> Ground:
        """The ground of a plan.

        Parameters
        ----------
        most_bytes : int, optional
            How much of the computed indicators is kept.

        Raises
        ------
        DataNotAvailableError
            When there are no bars in the range.
        """
        cut = {name: until(bars, plan.end, plan.start) for name, bars in plan.series.items()}
        left = {name: bars for name, bars in cut.items() if bars is not None}
        if not left:
            first = min(bars.labels()[0] for bars in plan.series.values())
            raise DataNotAvailableError(
                f"There are no bars up to {plan.end}.", hint=f"The first one is of {iso_day(int(first))}."
            )
        return cls(left, Market(left), Computed(most_bytes))
