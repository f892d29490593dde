"""Lots: which units a closing fill closes, event by event, and what they carry of the costs on both sides.

A ledger holds the lots of one book. Lots stand in the order in which they were opened; what is closed stays in its
place without units until room is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .constants import (
    BORROW,
    CASH_IN_LIEU,
    DIVIDEND,
    EXPIRY,
    FIFO,
    FILL,
    FUNDING,
    INTEREST,
    LIFO,
    LOT_DUST,
    SPLIT,
)
from .log import log_pairing
from .slots import grow_lots

if TYPE_CHECKING:
    from ..lots import LotLedger, OpenLot


def pair_event(ledger: LotLedger, event: Any, number: int) -> None:
    """Take the book's next event into its lots; what it closes goes into the log of pairings.

    `event` has the columns of the record's events as fields, `number` is its place in the log. Events that neither
    trade nor finance nor split change nothing.
    """
    kind = event.kind
    if kind in (FILL, EXPIRY, CASH_IN_LIEU):
        trade_lots(ledger, event, number)
    elif kind == SPLIT:
        split_lots(ledger, event.quantity)
    elif kind in (DIVIDEND, BORROW, INTEREST, FUNDING):
        finance_lots(ledger, event.quantity)
    else:
        return
    ledger.position = event.position


def trade_lots(ledger: LotLedger, event: Any, number: int) -> None:
    """Open a lot, close some, or, as the position turns, close all and open one with what is left."""
    before = ledger.position
    after = event.position
    if before == 0.0 or before * after <= 0.0:
        if before != 0.0:
            close_lots(ledger, event, number)
        ledger.first = 0
        ledger.count = 0
        if after != 0.0:
            ledger.side = 1.0 if after > 0.0 else -1.0
            open_lot(ledger, event, number, abs(after))
    elif event.quantity * ledger.side > 0.0:
        open_lot(ledger, event, number, abs(event.quantity))
    else:
        reduce_lots(ledger, event, number)


def open_lot(ledger: LotLedger, event: Any, number: int, units: float) -> None:
    """Put units of an opening event, with their share of what it cost, behind the other lots."""
    if ledger.count == len(ledger.lots):
        pack_lots(ledger)
    share = units / abs(event.quantity)
    lot = ledger.lots[ledger.count]
    lot.opened = number
    lot.quantity = units
    lot.price = event.price
    lot.fx = event.fx
    lot.fee = event.fee * share
    lot.tax = event.tax * share
    lot.slippage = event.slippage * share
    lot.financing = 0.0
    ledger.count = ledger.count + 1


def pack_lots(ledger: LotLedger) -> None:
    """Make room: move the lots that still have units to the front."""
    kept = 0
    for place in range(ledger.first, ledger.count):
        if ledger.lots[place].quantity > 0.0:
            move_lot(ledger.lots[kept], ledger.lots[place])
            kept = kept + 1
    ledger.first = 0
    ledger.count = kept
    if kept == len(ledger.lots):
        grow_lots(ledger)


def move_lot(to: OpenLot, lot: OpenLot) -> None:
    """Copy a lot onto another."""
    to.opened = lot.opened
    to.quantity = lot.quantity
    to.price = lot.price
    to.fx = lot.fx
    to.fee = lot.fee
    to.tax = lot.tax
    to.slippage = lot.slippage
    to.financing = lot.financing


def split_lots(ledger: LotLedger, ratio: float) -> None:
    """Restate every lot in the units after a split."""
    for place in range(ledger.first, ledger.count):
        lot = ledger.lots[place]
        lot.quantity = lot.quantity * ratio
        lot.price = lot.price / ratio


def finance_lots(ledger: LotLedger, received: float) -> None:
    """Share what holding the position brought among the lots by their units."""
    held = 0.0
    for place in range(ledger.first, ledger.count):
        held = held + ledger.lots[place].quantity
    for place in range(ledger.first, ledger.count):
        lot = ledger.lots[place]
        if lot.quantity > 0.0:
            lot.financing = lot.financing - received * (lot.quantity / held)


def close_lots(ledger: LotLedger, event: Any, number: int) -> None:
    """Close every lot."""
    place = next_lot(ledger)
    while place >= 0:
        lot = ledger.lots[place]
        close_lot(ledger, lot, lot.quantity, event, number)
        place = next_lot(ledger)


def reduce_lots(ledger: LotLedger, event: Any, number: int) -> None:
    """Close as many units as an event trades; of a lot, never a remainder that is the rounding error of fractions."""
    traded = abs(event.quantity)
    left = traded
    place = next_lot(ledger)
    while place >= 0 and left > traded * LOT_DUST:
        lot = ledger.lots[place]
        units = lot.quantity if lot.quantity - left <= traded * LOT_DUST else left
        left = left - units
        close_lot(ledger, lot, units, event, number)
        place = next_lot(ledger)


def next_lot(ledger: LotLedger) -> int:
    """Place of the lot that is closed next, -1 when none has units: the first, the last, or the one with least gain."""
    if ledger.method == FIFO:
        place = ledger.first
        while place < ledger.count and ledger.lots[place].quantity <= 0.0:
            place = place + 1
        ledger.first = place
        return place if place < ledger.count else -1
    if ledger.method == LIFO:
        place = ledger.count - 1
        while place >= ledger.first and ledger.lots[place].quantity <= 0.0:
            place = place - 1
        ledger.count = place + 1
        return place if place >= ledger.first else -1
    return dearest_lot(ledger)


def dearest_lot(ledger: LotLedger) -> int:
    """Place of the dearest lot of a long position or the cheapest of a short one, the first of equals; -1 for none."""
    found = -1
    most = 0.0
    for place in range(ledger.first, ledger.count):
        lot = ledger.lots[place]
        cost = ledger.side * lot.price * lot.fx
        if lot.quantity > 0.0 and (found < 0 or cost > most):
            found = place
            most = cost
    return found


def close_lot(ledger: LotLedger, lot: OpenLot, units: float, event: Any, number: int) -> None:
    """Take units out of a lot, with their share of what the lot carries and of what the closing event cost."""
    share = units / lot.quantity
    leaving = units / abs(event.quantity)
    fee = lot.fee * share
    tax = lot.tax * share
    slippage = lot.slippage * share
    financing = lot.financing * share
    lot.quantity = lot.quantity - units
    lot.fee = lot.fee - fee
    lot.tax = lot.tax - tax
    lot.slippage = lot.slippage - slippage
    lot.financing = lot.financing - financing
    log_pairing(
        ledger,
        lot,
        number,
        units,
        fee + event.fee * leaving,
        tax + event.tax * leaving,
        slippage + event.slippage * leaving,
        financing,
    )


def open_cost(ledger: LotLedger, multiplier: float) -> float:
    """What the lots that are open cost: signed, in account currency, at the exchange rates of their fills."""
    cost = 0.0
    for place in range(ledger.first, ledger.count):
        lot = ledger.lots[place]
        if lot.quantity > 0.0:
            cost = cost + ledger.side * lot.quantity * lot.price * multiplier * lot.fx
    return cost
