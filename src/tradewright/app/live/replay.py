"""A recorded session once more: with its fills, decision by decision; or with simulated ones, to see the difference."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.live.session import Command, Filled, Happened, Placed, Row, SessionClosed, in_effect

from .core import LocalCore
from .parity import first_difference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tradewright.domain.live.session import Input, Output
    from tradewright.domain.record import RunRecord
    from tradewright.ports.session_log import SessionLog

    from .opening import Opening

__all__ = ["Difference", "FillDrift", "ReplayReport", "compare_fills", "replay"]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a replay first came to something else.

    Parameters
    ----------
    number : int
        Of the input.
    at_ns : int
        Close of the last bar before it, or of the bar itself.
    given : str
        What kind of input it was.
    sentence : str
        Which output, which field, both values.
    """

    number: int
    at_ns: int
    given: str
    sentence: str

    def __str__(self) -> str:
        when = np.datetime64(self.at_ns, "ns").astype("datetime64[s]")
        what = "the bar" if self.given == "Row" else f"input {self.number} ({self.given}) after the bar"
        return f"At {what} closing {when}Z: {self.sentence}."


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """What a replay came to.

    Parameters
    ----------
    inputs, rows, decisions : int
        How many were gone through; decisions are orders placed.
    difference : Difference or None
        The first one; the replay ends there.
    record : RunRecord or None
        Of the replayed engine, where there was no difference.
    """

    inputs: int
    rows: int
    decisions: int
    difference: Difference | None
    record: RunRecord | None


def replay(log: SessionLog, opening: Opening, progress: Callable[[int], None] | None = None) -> ReplayReport:
    """Give the recorded inputs at their recorded places to a fresh engine, and compare every answer.

    Raises
    ------
    TradewrightError
        When the record cannot be read, or the engine cannot be opened.
    """
    core, rows, decisions, at = LocalCore(opening, remembers=True), 0, 0, 0
    entries = in_effect(log.entries())
    for place, (number, given, recorded) in enumerate(entries, start=1):
        if isinstance(given, Row):
            rows, at = rows + 1, given.close_ns
        outputs = _answer(core, given)
        decisions += sum(isinstance(each, Placed) for each in recorded)
        sentence = first_difference(recorded, outputs)
        if sentence is not None:
            return ReplayReport(place, rows, decisions, Difference(number, at, type(given).__name__, sentence), None)
        if progress is not None:
            progress(place)
    return ReplayReport(len(entries), rows, decisions, None, core.record() if rows else None)


def _answer(core: LocalCore, given: Input) -> tuple[Output, ...]:
    if isinstance(given, Command) and given.what == "ended":
        return core.finish()
    return core.answer(given)


@dataclass(frozen=True, slots=True)
class FillDrift:
    """Simulated fills beside real ones, order by order.

    Parameters
    ----------
    matched : int
        Orders that filled in both.
    only_real, only_simulated : int
        Orders that filled in one of them.
    price_bps : tuple of float
        For each order that filled in both: how much worse the real price was, in basis points of the simulated one.
    real_equity, simulated_equity : float
        At the end.
    first_other_decision : Difference or None
        Where the simulated session first decided otherwise: from there on it is another one.
    """

    matched: int
    only_real: int
    only_simulated: int
    price_bps: tuple[float, ...]
    real_equity: float
    simulated_equity: float
    first_other_decision: Difference | None

    @property
    def mean_bps(self) -> float | None:
        """How much worse real fills were on average, in basis points; None where none can be compared."""
        return float(np.mean(self.price_bps)) if self.price_bps else None

    @property
    def drift(self) -> float:
        """Real equity over simulated equity, less one."""
        return self.real_equity / self.simulated_equity - 1.0


def compare_fills(log: SessionLog, opening: Opening) -> FillDrift:
    """Run the recorded bars again on simulated fills, and compare with the fills of the day; errors as of `replay`."""
    entries = in_effect(log.entries())
    real, simulated = LocalCore(opening), LocalCore(replace(opening, at_broker=False))
    filled, made, other = _Fills(), _Fills(), None
    at = 0
    for number, given, recorded in entries:
        _answer(real, given)
        filled.take(recorded, given)
        if not isinstance(given, Row | SessionClosed | Command):
            continue
        at = given.close_ns if isinstance(given, Row) else at
        outputs = _answer(simulated, given)
        made.take(outputs, given)
        sentence = first_difference(_placed(recorded), _placed(outputs))
        if other is None and sentence is not None:
            other = Difference(number, at, type(given).__name__, sentence)
    both = sorted(filled.units.keys() & made.units.keys())
    return FillDrift(
        matched=len(both),
        only_real=len(filled.units.keys() - made.units.keys()),
        only_simulated=len(made.units.keys() - filled.units.keys()),
        price_bps=tuple(_worse(filled, made, order) for order in both),
        real_equity=float(real.standing()["equity"]),
        simulated_equity=float(simulated.standing()["equity"]),
        first_other_decision=other,
    )


class _Fills:
    """Units and money by order."""

    def __init__(self) -> None:
        self.units: dict[int, float] = {}
        self.money: dict[int, float] = {}

    def take(self, outputs: Iterable[Output], given: Input) -> None:
        """Fills that were said; those of a broker as it said them."""
        for each in outputs:
            if isinstance(each, Happened) and each.event == "fill":
                price = given.price if isinstance(given, Filled) else each.price
                self.units[each.order_id] = self.units.get(each.order_id, 0.0) + each.quantity
                self.money[each.order_id] = self.money.get(each.order_id, 0.0) + each.quantity * price

    def price(self, order: int) -> float:
        """Average price of an order."""
        return self.money[order] / self.units[order]


def _placed(outputs: Iterable[Output]) -> list[Output]:
    return [each for each in outputs if isinstance(each, Placed)]


def _worse(real: _Fills, simulated: _Fills, order: int) -> float:
    """Basis points by which a real price was worse: more for a buy, less for a sell."""
    side = 1.0 if real.units[order] > 0.0 else -1.0
    return side * (real.price(order) / simulated.price(order) - 1.0) * 1e4
