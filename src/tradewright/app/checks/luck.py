"""Decisions that are too good: what no replay shows may still be known from somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.leaks import Gravity, LeakFinding, LeakKind
from tradewright.research.leak_foresight import foresight

from .wording import number_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from tradewright.engine.rehearsal import Intent

    from .subject import Subject

__all__ = ["foretelling_orders"]

_LEAST_T = 10.0
_LEAST_SHARE = 0.3
"""Correlation of what is wanted with the next return that skill does not reach: a Sharpe ratio above four."""


def foretelling_orders(subject: Subject) -> Iterator[LeakFinding]:
    """One where decisions foretell the next bar far beyond what skill can."""
    for number, track in enumerate(subject.market.tracks):
        wanted = _wanted(subject, number)
        own = wanted if track.present is None else wanted[np.flatnonzero(track.present)]
        known = foresight(own, track.bars.close)
        if known is not None and known.t > _LEAST_T and known.correlation > _LEAST_SHARE:
            name = subject.market.symbols[number]
            row = known.row if track.present is None else int(np.flatnonzero(track.present)[known.row])
            asked = [i for i, each in enumerate(subject.whole.intents) if _symbol(subject, each) == number]
            place = next((i for i in reversed(asked) if subject.whole.intents[i].row <= row), asked[0])
            yield LeakFinding(
                kind=LeakKind.LOOK_AHEAD,
                gravity=Gravity.FAIL,
                compared="orders",
                sentence=(
                    f"What the strategy wants of {name} foretells its next bar: correlation {known.correlation:+.2f} "
                    f"with the return over {known.rows} bars (t {known.t:+.0f}). No replay shows from where it knows."
                ),
                hint="Look for data that comes from outside the run: a database, a socket, another process.",
                symbol=name,
                bar=subject.label(row),
                before=f"{number_text(known.expected)} by the bars up to then",
                after=f"{number_text(known.value)} wanted",
                spot=subject.whole.spots[place],
            )


def _symbol(subject: Subject, intent: Intent) -> int:
    return intent.book % len(subject.market.symbols)


def _wanted(subject: Subject, symbol: int) -> NDArray[np.float64]:
    """The exposure that was last asked for in a symbol, by row: a weight, or a direction."""
    wanted = np.zeros(len(subject.market))
    for intent in subject.whole.intents:
        if _symbol(subject, intent) == symbol:
            wanted[intent.row :] = _exposure(intent, float(wanted[intent.row]))
    return wanted


def _exposure(intent: Intent, before: float) -> float:
    if intent.call == "target_percent":
        return float(intent.said[0])
    if intent.call == "target_quantity":
        return float(np.sign(intent.said[0]))
    if intent.call == "close_position":
        return 0.0
    if intent.call == "market":
        return float(intent.said[0])
    return float(intent.said[0]["side"]) if intent.call == "submit" else before
