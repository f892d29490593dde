"""What is only hinted at: universes that look chosen by their end, and policies nobody could trade by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.leaks import Gravity, LeakFinding, LeakKind
from tradewright.domain.timeframe import NS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .subject import Subject

__all__ = ["optimism", "survivorship"]

_LEAST_SYMBOLS = 2
_LEAST_YEARS = 2.0
_LATE_SHARE = 0.1
_OPTIMISTIC = {
    ("fill_at", "close"): "Orders fill at the close they are decided on, which nobody can do.",
    ("size_at", "fill"): "Quantities are fixed at the fill price, which nobody knows when deciding.",
    ("limit_fill", "touch"): "Limits fill when they are touched, without being traded through.",
}


def survivorship(subject: Subject) -> Iterator[LeakFinding]:
    """A hint where every symbol of a universe lives to its end, and one for those that begin late."""
    market = subject.market
    years = int(market.close_time[-1] - market.open_time[0]) / (365.25 * NS_PER_DAY)
    if len(market.symbols) < _LEAST_SYMBOLS or years < _LEAST_YEARS:
        return
    last = market.sessions.labels[-1]
    if all(bars.sessions.labels[-1] == last for bars in subject.series.values()):
        yield LeakFinding(
            kind=LeakKind.SURVIVORSHIP,
            gravity=Gravity.NOTICE,
            compared="universe",
            sentence=f"All {len(market.symbols)} symbols live to the end of {years:.1f} years.",
            hint="Were they chosen at the end? Give those too that were listed then and are gone now.",
        )
    late = [
        name for name, bars in subject.series.items() if _share_before(subject, int(bars.open_time[0])) > _LATE_SHARE
    ]
    if late:
        names = ", ".join(late[:5]) + (f" and {len(late) - 5} more" if len(late) > 5 else "")
        yield LeakFinding(
            kind=LeakKind.SURVIVORSHIP,
            gravity=Gravity.NOTICE,
            compared="universe",
            sentence=f"{names} begin{'s' if len(late) == 1 else ''} late: who lists them knew that they would come.",
            hint="Let the strategy choose among ctx.symbols, which are those that have bars.",
            symbol=late[0],
            bar=str(np.datetime64(int(subject.series[late[0]].sessions.labels[0]), "D")),
        )


def _share_before(subject: Subject, instant: int) -> float:
    opens = subject.market.open_time
    return float(np.searchsorted(opens, instant)) / len(opens)


def optimism(subject: Subject) -> Iterator[LeakFinding]:
    """A notice for every optimistic policy of the run: a choice, and no leak of the strategy's."""
    for (name, value), sentence in _OPTIMISTIC.items():
        if getattr(subject.plan, name) == value:
            yield LeakFinding(
                kind=LeakKind.OPTIMISM,
                gravity=Gravity.NOTICE,
                compared=f"{name}={value}",
                sentence=sentence,
                hint=f"Compare with the run without {name}='{value}'.",
            )
