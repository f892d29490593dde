"""Corporate actions that neither the prices of a series nor a run over them contain: each is said in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.actions import ActionKind, unapplied
from tradewright.domain.bars import Adjustment
from tradewright.domain.quality import Gravity, Problem, QualityFinding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradewright.domain.actions import CorporateAction
    from tradewright.marketdata.findings import Site

__all__ = ["unapplied_findings"]

_LONGEST_PAUSE = 10
"""Days between the last bar and the first day without trading of a series that goes to its end."""


def unapplied_findings(site: Site) -> Iterator[QualityFinding]:
    """Spin-offs, the terms of mergers, and what is known by name alone, of the days that the bars span."""
    labels = site.bars.sessions.labels
    for action in unapplied(site.bars.actions):
        is_end = action.kind is ActionKind.DELISTING
        last = labels[-1] + _LONGEST_PAUSE if is_end else labels[-1]
        if labels[0] < action.day <= last:
            row = _row(site, action.day)
            gravity = Gravity.NOTICE if is_end else Gravity.WARN
            yield site.finding(Problem.UNAPPLIED, gravity, (row, row), _sentence(site, action))


def _row(site: Site, day: int) -> int:
    """The first row of the first session on or after a day; the last row where none is."""
    sessions = site.bars.sessions
    place = int(np.searchsorted(sessions.labels, day))
    return int(sessions.first_rows[place]) if place < len(sessions.labels) else len(site.bars) - 1


def _sentence(site: Site, action: CorporateAction) -> str:
    symbol, date = site.bars.symbol, str(np.datetime64(action.day, "D"))
    if action.kind is ActionKind.DELISTING:
        return (
            f"Each share of {symbol} became {action.terms} before {date} by a merger; "
            "a run settles what is held at the last close instead."
        )
    if action.kind is ActionKind.OTHER:
        return f"{action.source} tells of {action.note} of {symbol} on {date}: neither the prices nor a run contain it."
    brought = f"On {date} each share of {symbol} brought {action.ratio:g} of {action.to}"
    if site.bars.adjustment is Adjustment.FULL:
        return f"{brought}, whose value is not known: the fully adjusted prices fall by it."
    return f"{brought}: a run over these prices receives none of them, and its positions lose what they were worth."
