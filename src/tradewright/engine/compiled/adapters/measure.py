"""What a parameter sweep keeps of a run: the equity at the session closes, the deepest drawdown, the closed trades."""

from __future__ import annotations

from typing import Any


def measure(  # noqa: PLR0912, PLR0913, PLR0915, PLR0917, C901 - one pass over rows and events, compiled
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
    out: Any,
) -> None:
    """Walk the events of a run beside its closes.

    Equity is cash plus positions, added in order of book number, as `engine.equity` adds them. `curve` gets the
    starting cash and the equity at each of `session_rows`; `out` the deepest drawdown of the equity marked at every row
    from `first` on, the last equity, the closed trades, and 1 where each of these closed what one fill had opened (else
    lots decide, and the number means nothing).
    """
    rows = closes.shape[1]
    books = closes.shape[0]
    money = cash
    peak = cash
    low = cash
    deepest = 0.0
    equity = cash
    trades = 0
    simple = 1
    n_held = 0
    place = 0
    session = 0
    curve[0] = cash
    i = first
    while i < rows:
        while place < n_log and log[place].row <= i:
            event = log[place]
            money = event.cash
            k = int(event.book)
            before = held[k]
            after = event.position
            if event.kind == 1.0:
                parts[k] = parts[k] + 1
                if before * after <= 0.0:
                    if before != 0.0:
                        trades = trades + 1
                        n_held = n_held - 1
                        if parts[k] != 2:
                            simple = 0
                    parts[k] = 1
                    if after != 0.0:
                        n_held = n_held + 1
            held[k] = after
            place = place + 1
        stop = rows
        if place < n_log:
            stop = int(log[place].row)
        if n_held == 0:
            equity = money
            if equity > peak:
                deepest = min(deepest, low / peak - 1.0)
                peak = equity
                low = equity
            elif equity < low:
                low = equity
            while session < len(session_rows) and session_rows[session] < stop:
                curve[session + 1] = equity
                session = session + 1
            i = stop
        while i < stop:
            if books == 1:
                value = held[0] * closes[0, i]
                if multipliers[0] != 1.0:
                    value = value * multipliers[0]
                equity = money + value
            else:
                equity = money
                for k in range(books):
                    if held[k] != 0.0:
                        value = held[k] * closes[k, i]
                        if multipliers[k] != 1.0:
                            value = value * multipliers[k]
                        equity = equity + value
            if equity > peak:
                deepest = min(deepest, low / peak - 1.0)
                peak = equity
                low = equity
            elif equity < low:
                low = equity
            if session < len(session_rows) and session_rows[session] == i:
                curve[session + 1] = equity
                session = session + 1
            i = i + 1
    out[0] = min(deepest, low / peak - 1.0)
    out[1] = equity
    out[2] = trades
    out[3] = simple
