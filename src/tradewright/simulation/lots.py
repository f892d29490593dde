"""Lots: which units a closing fill closes, walked event by event from a flat position to the next one.

The vectorised path of `trades` knows the common case of one opening and one closing fill; everything else comes here:
scaling in and out, splits and financing while a position is open.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tradewright.domain.events import EventKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Table = Mapping[str, NDArray[np.float64]]

__all__ = ["FINANCING", "TRADING", "Ledger", "LotMethod", "OpenLot", "Pairing", "walk_episode"]

TRADING = (EventKind.FILL, EventKind.EXPIRY, EventKind.CASH_IN_LIEU)
"""Events that change a position at a price."""

FINANCING = (EventKind.DIVIDEND, EventKind.BORROW, EventKind.INTEREST, EventKind.FUNDING)
"""Events that pay or charge for holding a position; their quantity is the money received."""

_TRADING = frozenset(float(kind) for kind in TRADING)
_SPLIT = float(EventKind.SPLIT)
_DUST = 1e-12
"""Share of a fill below which what is left of a lot is the rounding error of fractional units, not a holding."""


class LotMethod(StrEnum):
    """Which lot a closing fill closes first.

    `HIGHEST_COST` is the lot with the least gain: the dearest of a long position, the cheapest sold of a short one.
    """

    FIFO = "fifo"
    LIFO = "lifo"
    HIGHEST_COST = "highest_cost"


class OpenLot:
    """Units of one opening fill that are still held, in the units and prices after the splits since.

    `opened` is the number of the opening event; money is in account currency and is the share of `quantity` in it.
    """

    __slots__ = ("financing", "fx", "fee", "opened", "price", "quantity", "slippage", "tax")

    def __init__(self, opened: int, quantity: float, price: float, fx: float) -> None:
        self.opened = opened
        self.quantity = quantity
        self.price = price
        self.fx = fx
        self.fee = 0.0
        self.tax = 0.0
        self.slippage = 0.0
        self.financing = 0.0


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


class Ledger(NamedTuple):
    """The columns of the events that lots need, as lists; `number` is the event's row in the whole log."""

    number: list[int]
    kind: list[float]
    quantity: list[float]
    price: list[float]
    fee: list[float]
    tax: list[float]
    slippage: list[float]
    fx: list[float]
    position: list[float]

    @classmethod
    def read(cls, events: Table, rows: NDArray[np.intp]) -> Ledger:
        """The chosen events of a log."""
        return cls(rows.tolist(), *(np.asarray(events[name])[rows].tolist() for name in cls._fields[1:]))


def walk_episode(ledger: Ledger, span: Sequence[int], method: LotMethod, pairings: list[Pairing]) -> list[OpenLot]:
    """Pair one stretch of a book's events that begins as a position is opened from flat or by turning it around.

    Parameters
    ----------
    ledger : Ledger
    span : sequence of int
        Places in the ledger, in order. Where the last of them leaves the position flat or turned, every lot is closed.
    method : LotMethod
    pairings : list
        Receives what was closed.

    Returns
    -------
    list of OpenLot
        What is still open at the end, oldest first.
    """
    first, last = span[0], span[-1]
    side = 1.0 if ledger.position[first] > 0.0 else -1.0
    lots = [_lot(ledger, first, abs(ledger.position[first]))]
    for place in span[1:]:
        if ledger.kind[place] == _SPLIT:
            _split(lots, ledger.quantity[place])
        elif ledger.kind[place] not in _TRADING:
            _finance(lots, ledger.quantity[place])
        elif ledger.quantity[place] * side > 0.0:
            lots.append(_lot(ledger, place, abs(ledger.quantity[place])))
        elif place == last and ledger.position[place] * side <= 0.0:
            pairings.extend(_close(lot, lot.quantity, ledger, place) for lot in _in_order(lots, method, side))
            return []
        else:
            _reduce(ledger, place, _in_order(lots, method, side), pairings)
            lots = [lot for lot in lots if lot.quantity > 0.0]
    return lots


def _lot(ledger: Ledger, place: int, units: float) -> OpenLot:
    share = units / abs(ledger.quantity[place])
    lot = OpenLot(ledger.number[place], units, ledger.price[place], ledger.fx[place])
    lot.fee = ledger.fee[place] * share
    lot.tax = ledger.tax[place] * share
    lot.slippage = ledger.slippage[place] * share
    return lot


def _split(lots: list[OpenLot], ratio: float) -> None:
    for lot in lots:
        lot.quantity *= ratio
        lot.price /= ratio


def _finance(lots: list[OpenLot], received: float) -> None:
    held = 0.0
    for lot in lots:
        held += lot.quantity
    for lot in lots:
        lot.financing -= received * (lot.quantity / held)


def _in_order(lots: list[OpenLot], method: LotMethod, side: float) -> list[OpenLot]:
    if method is LotMethod.FIFO or len(lots) == 1:
        return lots
    if method is LotMethod.LIFO:
        return lots[::-1]
    return sorted(lots, key=lambda lot: -side * lot.price * lot.fx)


def _reduce(ledger: Ledger, place: int, lots: list[OpenLot], pairings: list[Pairing]) -> None:
    traded = abs(ledger.quantity[place])
    left = traded
    for lot in lots:
        if left <= traded * _DUST:
            return
        units = lot.quantity if lot.quantity - left <= traded * _DUST else left
        left -= units
        pairings.append(_close(lot, units, ledger, place))


def _close(lot: OpenLot, units: float, ledger: Ledger, place: int) -> Pairing:
    """Take units out of a lot, with their share of what the lot carries and of what the closing event cost."""
    share = units / lot.quantity
    leaving = units / abs(ledger.quantity[place])
    fee, tax = lot.fee * share, lot.tax * share
    slippage, financing = lot.slippage * share, lot.financing * share
    lot.quantity -= units
    lot.fee -= fee
    lot.tax -= tax
    lot.slippage -= slippage
    lot.financing -= financing
    return Pairing(
        lot.opened,
        ledger.number[place],
        units,
        lot.price,
        fee + ledger.fee[place] * leaving,
        tax + ledger.tax[place] * leaving,
        slippage + ledger.slippage[place] * leaving,
        financing,
    )
