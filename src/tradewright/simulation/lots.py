"""Lots of a book as state: what the rules of pairing work on, and how stretches of a log are walked with them.

The vectorised path of `trades` knows the common case of one opening and one closing fill; everything else comes here:
scaling in and out, splits and financing while a position is open.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tradewright.domain.events import EventKind

from .rules.pairing import open_cost, pair_event

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    Table = Mapping[str, NDArray[np.float64]]
    Columns = Sequence[NDArray[Any]]
    Walk = Callable[["Table", "Stretches", "LotMethod"], "Walked"]

__all__ = [
    "FINANCING",
    "TRADING",
    "LotEvent",
    "LotLedger",
    "LotMethod",
    "OpenLot",
    "Pairing",
    "Stretches",
    "Walked",
    "walk",
    "walk_stretch",
]

TRADING = (EventKind.FILL, EventKind.EXPIRY, EventKind.CASH_IN_LIEU)
"""Events that change a position at a price."""

FINANCING = (EventKind.DIVIDEND, EventKind.BORROW, EventKind.INTEREST, EventKind.FUNDING)
"""Events that pay or charge for holding a position; their quantity is the money received."""


class LotMethod(StrEnum):
    """Which lot a closing fill closes first.

    `HIGHEST_COST` is the lot with the least gain: the dearest of a long position, the cheapest sold of a short one.
    """

    FIFO = "fifo"
    LIFO = "lifo"
    HIGHEST_COST = "highest_cost"

    @property
    def number(self) -> int:
        """What stands for it in the rules."""
        return tuple(LotMethod).index(self)


class OpenLot:
    """Units of one opening fill that are still held, in the units and prices after the splits since.

    `opened` is the number of the opening event; money is in account currency and is the share of `quantity` in it.
    """

    __slots__ = ("fee", "financing", "fx", "opened", "price", "quantity", "slippage", "tax")

    def __init__(self) -> None:
        self.opened = 0
        self.quantity = 0.0
        self.price = 0.0
        self.fx = 1.0
        self.fee = 0.0
        self.tax = 0.0
        self.slippage = 0.0
        self.financing = 0.0


class LotLedger:
    """The lots of one book while its events are taken in.

    The lots from `first` to ``count - 1`` may have units; `position` and `side` are those after the last event. `pairs`
    receives what is closed.
    """

    __slots__ = ("count", "first", "lots", "method", "pairs", "position", "side")

    def __init__(self, method: int = 0, lots: int = 4) -> None:
        self.method = method
        self.first = 0
        self.count = 0
        self.position = 0.0
        self.side = 1.0
        self.lots = [OpenLot() for _ in range(lots)]
        self.pairs: list[Pairing] = []

    @property
    def held(self) -> list[OpenLot]:
        """The lots that have units, oldest first."""
        return [lot for lot in self.lots[self.first : self.count] if lot.quantity > 0.0]


class Pairing(NamedTuple):
    """An opening and a closing event, the units they share and what those units cost on both sides."""

    opened: int
    closed: int
    units: float
    entry_price: float
    commission: float
    tax: float
    slippage: float
    financing: float


class LotEvent(NamedTuple):
    """What lots need to know of an event."""

    kind: float
    quantity: float
    price: float
    fee: float
    tax: float
    slippage: float
    fx: float
    position: float


class Stretches(NamedTuple):
    """Stretches of books' events, each from opening a position, from flat or by turning it around, to its end.

    Parameters
    ----------
    events : (n,) intp
        Numbers of the events in the log, stretch after stretch.
    starts, stops : (s,) intp
        Where each stretch begins and ends in `events`. A stretch whose last event leaves the position flat or turned
        closes every lot.
    multiplier : (s,) float64
        Of the stretch's instrument.
    """

    events: NDArray[np.intp]
    starts: NDArray[np.intp]
    stops: NDArray[np.intp]
    multiplier: NDArray[np.float64]


class Walked(NamedTuple):
    """The pairings of some stretches as the columns of `Pairing`, and what the lots that each leaves open cost."""

    pairings: Columns
    open_cost: Sequence[float] | NDArray[np.float64]


def walk(log: Table, stretches: Stretches, method: LotMethod) -> Walked:
    """Pair stretches one after the other; of the log, the columns that `LotEvent` names are read."""
    rows = read_events(log, stretches.events)
    numbers = stretches.events.tolist()
    pairs: list[Pairing] = []
    costs = []
    bounds = (stretches.starts.tolist(), stretches.stops.tolist(), stretches.multiplier.tolist())
    for start, stop, multiplier in zip(*bounds, strict=True):
        ledger = LotLedger(method.number)
        ledger.pairs = pairs
        for place in range(start, stop):
            pair_event(ledger, rows[place], numbers[place])
        # A fill that turns the position opens the next stretch with what is left of it.
        costs.append(open_cost(ledger, multiplier))
    return Walked(columns_of(pairs), costs)


def walk_stretch(log: Table, numbers: NDArray[np.intp], method: LotMethod) -> list[OpenLot]:
    """The lots that a stretch of events leaves open, oldest first."""
    ledger = LotLedger(method.number)
    for event, number in zip(read_events(log, numbers), numbers.tolist(), strict=True):
        pair_event(ledger, event, number)
    return ledger.held


def read_events(log: Table, numbers: NDArray[np.intp]) -> list[LotEvent]:
    """The chosen events of a log."""
    columns = (np.asarray(log[name])[numbers].tolist() for name in LotEvent._fields)
    return list(map(LotEvent, *columns))


def columns_of(pairs: list[Pairing]) -> Columns:
    """Pairings as columns, the numbers of events as whole numbers."""
    columns = zip(*pairs, strict=True) if pairs else ((),) * len(Pairing._fields)
    kinds = (np.int64, np.int64, *(np.float64,) * (len(Pairing._fields) - 2))
    found: Columns = [np.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
    return found
