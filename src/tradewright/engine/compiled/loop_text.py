"""The fused loop as text: the engine's order of things around the statements of one strategy."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .account import Account
    from .translate import Translator

__all__ = ["loop_text"]

_HEAD = '''"""A strategy fused with the rules; written by the program, named by its content."""

from numba import njit

from {rules} import *
from {rules} import _SLACK


@njit(cache=True, nogil=True)
def run(exchanges, books, start, stop, most_events, most_orders, open_time, close_time, opens, highs, lows,
        closes, volumes, session_end, new_session, new_month, tick{terms}, scratch, keys, ready{arguments}):
    exchange = exchanges[0]
{load}
    i = start
'''

_SINGLE = """    book = books[0]
    while i < stop:
        if exchange.n_log > most_events or exchange.n_placed > most_orders:
            break
{session}        if book.n_open > 0:
            if highs[i] >= book.wake_above or lows[i] <= book.wake_below:
                exchange.row = i
{value}                show(book, i, open_time, close_time, opens, highs, lows, closes, volumes)
                work_alone(exchange, book)
            if session_end[i] != 0 and book.n_open > 0:
                exchange.row = i
                expire_orders(exchange, book, DAY, open_time[i] + 1, TIME_IN_FORCE)
                sweep(book)
                watch(book)
{after}"""

_SEVERAL = """    awake, ids, places, slots = scratch[0], scratch[1], scratch[2], scratch[3]
    scan = True
    while i < stop:
        if exchange.n_log > most_events or exchange.n_placed > most_orders:
            break
{session}        if scan:
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
{value}                work_together(exchange, books, awake, n_awake, ids, places, slots)
            if scan and session_end[i] != 0:
                for k in range(len(books)):
                    book = books[k]
                    if book.n_open > 0:
                        exchange.row = i
                        expire_orders(exchange, book, DAY, open_time[i] + 1, TIME_IN_FORCE)
                        sweep(book)
                        watch(book)
        placed = exchange.n_placed
{after}"""

_EQUITY = {
    True: "(exchange.cash + value_at(book, closes[{row}]) if book.position != 0.0 else exchange.cash)",
    False: "equity_at(exchange, books, closes, {row})",
}
"""Equity at a row's closes, with one symbol and with several."""

_MARK = {
    True: "if book.position != 0.0:\n    book.mark = closes[{row}]\n",
    False: "mark_all(books, closes, {row})\n",
}


def loop_text(translator: Translator, rules: str) -> str:
    """The source of the module that holds the loop of one strategy, importing the rules by that module name."""
    account = translator.account
    arguments = [*translator.lines.values(), *(f"self_{name}" for name in translator.numbers)]
    arguments += ["state"] if translator.state else []
    load = [f"    self_{name} = state[0].{name}" for name in translator.state]
    load += [f"    rank{number} = scratch[{4 + number}]" for number in range(translator.rankings)]
    head = _HEAD.format(rules=rules, terms=_named(account.arguments), arguments=_named(arguments), load="\n".join(load))
    around = {
        "session": _at(2, _before_session(account, translator.single)),
        "value": _at(4, _value_before(account, translator.single)),
        "after": _at(2, _after_work(account, translator.single)),
    }
    rows = [head + (_SINGLE if translator.single else _SEVERAL).format(**around)]
    rows += ["        _left = False", "        while True:", translator.body, "            break"]
    if not translator.single:
        rows += ["        if exchange.n_placed != placed:", "            scan = True"]
    rows += ["        i = i + 1"]
    rows += [f"    state[0].{name} = self_{name}" for name in translator.state]
    rows += ["    return i", ""]
    return "\n".join(rows)


def _named(arguments: list[str]) -> str:
    return "".join(f", {name}" for name in arguments)


def _at(depth: int, text: str) -> str:
    return indent(text, "    " * depth)


def _before_session(account: Account, single: bool) -> str:
    """What comes before the first bar of a session."""
    if not account.minds_sessions:
        return ""
    rows = "exchange.row = i\n"
    if account.valued:
        rows += "if i > 0:\n" + _at(1, _MARK[single].format(row="i - 1"))
    if account.limited:
        rows += f"begin_session(exchange.guard, {_EQUITY[single].format(row='i - 1')})\n"
    if account.tiered:
        rows += "if new_month[i] != 0:\n    exchange.traded = 0.0\n"
    if account.finances:
        rows += "charge_all(exchange, books, borrow_rate, interest_rate, days[i])\n"
    return "if new_session[i] != 0:\n" + _at(1, rows)


def _value_before(account: Account, single: bool) -> str:
    """Totals of the account as they stood before the bar."""
    if not account.valued:
        return ""
    return _MARK[single].format(row="max(i - 1, 0)") + "value_account(exchange, books)\n"


def _after_work(account: Account, single: bool) -> str:
    """Margin calls and limits, once the bar has been worked."""
    equity, rows = _EQUITY[single].format(row="i"), ""
    if account.valued:
        rows += _MARK[single].format(row="i") + f"call_margin(exchange, books, {equity}, i, close_time[i])\n"
    if account.limited:
        rows += f"if has_moved(exchange, books):\n    watch_account(exchange, books, {equity}, i)\n"
    return rows
