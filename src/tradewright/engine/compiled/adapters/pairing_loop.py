"""How the compiled tier goes through events with the rules of pairing."""

from __future__ import annotations

from typing import Any

from tradewright.simulation.rules.constants import NAN
from tradewright.simulation.rules.pairing import open_cost, pair_event


def pair_stretches(  # noqa: PLR0913, PLR0917 - columns of the stretches, arrays are the caller's
    ledgers: Any, events: Any, numbers: Any, starts: Any, stops: Any, multiplier: Any, costs: Any, place: int, most: int
) -> int:
    """Pair stretches of events from a place on, until the ring has more than `most` pairings; the place reached.

    `events` are the rows of the stretches, `numbers` theirs in the log; `costs` receives what the lots that each
    stretch leaves open cost.
    """
    ledger = ledgers[0]
    stretch = 0
    while stretch < len(stops) and stops[stretch] <= place:
        stretch = stretch + 1
    while stretch < len(stops):
        if place == starts[stretch]:
            ledger.first = 0
            ledger.count = 0
            ledger.position = 0.0
        while place < stops[stretch]:
            if ledger.n_pairs > most:
                return place
            pair_event(ledger, events[place], numbers[place])
            place = place + 1
        costs[stretch] = open_cost(ledger, multiplier[stretch])
        stretch = stretch + 1
    return place


def count_closed(ledger: Any, exchange: Any) -> int:
    """How many trades the events in the ring of a run over one book close; the ledger goes on to the next ring."""
    closed = 0
    for number in range(exchange.n_log):
        pair_event(ledger, exchange.log[number], number)
        closed = closed + ledger.n_pairs
        ledger.n_pairs = 0
    return closed


def fold_rows(column: Any, first: Any, last: Any, sign: float, folded: Any) -> None:
    """The highest value of each range of rows, or with a sign of -1 the lowest; NaN where there is none."""
    for place in range(len(first)):
        found = NAN
        for row in range(first[place], last[place] + 1):
            value = column[row]
            if sign * value > sign * found or found != found:  # noqa: PLR0124 - NaN
                found = value
        folded[place] = found
