"""The fused loop as text: the engine's order of things around the statements of one strategy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .translate import Translator

__all__ = ["loop_text"]

_HEAD = '''"""A strategy fused with the rules; written by the program, named by its content."""

from numba import njit

from {rules} import *
from {rules} import _SLACK


@njit(cache=True, nogil=True)
def run(exchanges, books, start, stop, most_events, most_orders, open_time, close_time, opens, highs, lows,
        closes, volumes, session_end, new_session, new_month, ready, tick, scratch, keys{arguments}):
    exchange = exchanges[0]
{load}
    i = start
'''

_SINGLE = """    book = books[0]
    while i < stop:
        if exchange.n_log > most_events or exchange.n_placed > most_orders:
            break
        if book.n_open > 0:
            if highs[i] >= book.wake_above or lows[i] <= book.wake_below:
                exchange.row = i
                show(book, i, open_time, close_time, opens, highs, lows, closes, volumes)
                work_alone(exchange, book)
            if session_end[i] != 0 and book.n_open > 0:
                exchange.row = i
                expire_orders(exchange, book, DAY, open_time[i] + 1, TIME_IN_FORCE)
                sweep(book)
                watch(book)
"""

_SEVERAL = """    awake, ids, places, slots = scratch[0], scratch[1], scratch[2], scratch[3]
    scan = True
    while i < stop:
        if exchange.n_log > most_events or exchange.n_placed > most_orders:
            break
        if scan:
            scan = False
            n_awake = 0
            for k in range(len(books)):
                book = books[k]
                if book.n_open > 0:
                    scan = True
                    if highs[k, i] >= book.wake_above or lows[k, i] <= book.wake_below:
                        awake[n_awake] = k
                        n_awake = n_awake + 1
                        show(book, i, open_time, close_time, opens[k], highs[k], lows[k], closes[k], volumes[k])
            if n_awake > 0:
                exchange.row = i
                work_together(exchange, books, awake, n_awake, ids, places, slots)
            if scan and session_end[i] != 0:
                for k in range(len(books)):
                    book = books[k]
                    if book.n_open > 0:
                        exchange.row = i
                        expire_orders(exchange, book, DAY, open_time[i] + 1, TIME_IN_FORCE)
                        sweep(book)
                        watch(book)
        placed = exchange.n_placed
"""


def loop_text(translator: Translator, rules: str) -> str:
    """The source of the module that holds the loop of one strategy, importing the rules by that module name."""
    arguments = [*translator.lines.values(), *(f"self_{name}" for name in translator.numbers)]
    arguments += ["state"] if translator.state else []
    load = [f"    self_{name} = state[0].{name}" for name in translator.state]
    load += [f"    rank{number} = scratch[{4 + number}]" for number in range(translator.rankings)]
    head = _HEAD.format(rules=rules, arguments="".join(f", {name}" for name in arguments), load="\n".join(load))
    rows = [head + (_SINGLE if translator.single else _SEVERAL)]
    rows += ["        _left = False", "        while True:", translator.body, "            break"]
    if not translator.single:
        rows += ["        if exchange.n_placed != placed:", "            scan = True"]
    rows += ["        i = i + 1"]
    rows += [f"    state[0].{name} = self_{name}" for name in translator.state]
    rows += ["    return i", ""]
    return "\n".join(rows)
