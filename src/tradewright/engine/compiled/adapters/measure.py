"""What a parameter sweep keeps of a run: the equity at the session closes, the deepest drawdown, the closed trades.

`water` holds peak, lowest equity since, deepest drawdown and last equity; `count` the closed trades, whether each of
them closed what one fill had opened, the books that hold something, and the next session to be written.
"""

from __future__ import annotations

from typing import Any


def begin_measure(cash: float, held: Any, parts: Any, curve: Any, water: Any, count: Any) -> None:
    """Before the first row."""
    for k in range(len(held)):
        held[k] = 0.0
        parts[k] = 0
    curve[0] = cash
    water[0] = cash
    water[1] = cash
    water[2] = 0.0
    water[3] = cash
    count[0] = 0
    count[1] = 1
    count[2] = 0
    count[3] = 0


def note_event(event: Any, held: Any, parts: Any, count: Any) -> None:
    """Follow one book's position through an event."""
    k = int(event.book)
    before = held[k]
    after = event.position
    held[k] = after
    if event.kind != 1.0:
        return
    parts[k] = parts[k] + 1
    if before * after > 0.0:
        # What closes a part is a trade as well, and which one the lots tell.
        if abs(after) < abs(before):
            count[1] = 0
        return
    if before != 0.0:
        count[0] = count[0] + 1
        count[2] = count[2] - 1
        if parts[k] != 2:
            count[1] = 0
    parts[k] = 1
    if after != 0.0:
        count[2] = count[2] + 1


def rest(stop: int, money: float, session_rows: Any, curve: Any, water: Any, count: Any) -> None:
    """Rows in which nothing is held, up to `stop`: equity is cash."""
    if money > water[0]:
        water[2] = min(water[2], water[1] / water[0] - 1.0)
        water[0] = money
        water[1] = money
    elif money < water[1]:
        water[1] = money
    water[3] = money
    session = count[3]
    while session < len(session_rows) and session_rows[session] < stop:
        curve[session + 1] = money
        session = session + 1
    count[3] = session


def hold_one(  # noqa: PLR0913, PLR0917 - the columns of a run
    i: int,
    stop: int,
    money: float,
    units: float,
    multiplier: float,
    closes: Any,
    session_rows: Any,
    curve: Any,
    water: Any,
    count: Any,
) -> None:
    """Rows in which the only book holds the same units, up to `stop`."""
    peak = water[0]
    low = water[1]
    session = count[3]
    equity = water[3]
    while i < stop:
        value = units * closes[i]
        if multiplier != 1.0:
            value = value * multiplier
        equity = money + value
        if equity > peak:
            water[2] = min(water[2], low / peak - 1.0)
            peak = equity
            low = equity
        elif equity < low:
            low = equity
        if session < len(session_rows) and session_rows[session] == i:
            curve[session + 1] = equity
            session = session + 1
        i = i + 1
    water[0] = peak
    water[1] = low
    water[3] = equity
    count[3] = session


def hold_several(  # noqa: PLR0913, PLR0917 - the columns of a run
    i: int,
    stop: int,
    money: float,
    held: Any,
    multipliers: Any,
    closes: Any,
    session_rows: Any,
    curve: Any,
    water: Any,
    count: Any,
) -> None:
    """Rows in which several books hold the same units, up to `stop`."""
    while i < stop:
        equity = money
        for k in range(len(held)):
            if held[k] != 0.0:
                value = held[k] * closes[k, i]
                if multipliers[k] != 1.0:
                    value = value * multipliers[k]
                equity = equity + value
        rest(i + 1, equity, session_rows, curve, water, count)
        i = i + 1


def measure(  # noqa: PLR0913, PLR0917 - the columns of a run
    log: Any,
    n_log: int,
    closes: Any,
    multipliers: Any,
    cash: float,
    first: int,
    session_rows: Any,
    held: Any,
    parts: Any,
    curve: Any,
    water: Any,
    count: Any,
) -> None:
    """Walk the events of a run beside its closes.

    Equity is cash plus positions, added in order of book number, as `engine.equity` adds them. `curve` gets the
    starting cash and the equity at each of `session_rows`; drawdowns are of the equity marked at every row from
    `first` on.
    """
    rows = closes.shape[1]
    begin_measure(cash, held, parts, curve, water, count)
    money = cash
    place = 0
    i = first
    while i < rows:
        while place < n_log and log[place].row <= i:
            money = log[place].cash
            note_event(log[place], held, parts, count)
            place = place + 1
        stop = rows
        if place < n_log:
            stop = int(log[place].row)
        if count[2] == 0:
            rest(stop, money, session_rows, curve, water, count)
        elif len(held) == 1:
            hold_one(i, stop, money, held[0], multipliers[0], closes[0], session_rows, curve, water, count)
        else:
            hold_several(i, stop, money, held, multipliers, closes, session_rows, curve, water, count)
        i = stop
    water[2] = min(water[2], water[1] / water[0] - 1.0)
