"""Trades on the price of one symbol: candles or closes, entries and exits as marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.reporting import curves, formatting
from tradewright.reporting.figures import layout as shape
from tradewright.reporting.times import Times

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.domain.record import RunRecord

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Figure = dict[str, Any]

__all__ = ["MOST_CANDLES", "MOST_MARKED", "marked_trades", "price_figure"]

MOST_CANDLES = 500
"""Most candles of one picture; more bars are put together, their highest and lowest kept."""

MOST_MARKED = 200
"""Most trades marked in one picture: those that gained or lost most."""

_LEGS = (
    ("entry", "Long entry", 1.0, "triangle-up", "var(--accent)"),
    ("entry", "Short entry", -1.0, "triangle-down-open", "var(--accent)"),
    ("exit", "Exit with a gain", 1.0, "circle-open", "var(--gain)"),
    ("exit", "Exit with a loss", -1.0, "x-thin", "var(--loss)"),
)


def price_figure(record: RunRecord, symbol: int) -> Figure | None:
    """The price of a symbol by its number with its trades; None where the record carries no prices."""
    held: Any = record.bars.get(record.symbols[symbol])
    if held is None or not len(getattr(held, "close", held)):
        return None
    times = Times(record)
    data = [_prices(record, times, held), *_marks(record, times, symbol)]
    figure = shape.base(400)
    figure |= {"showlegend": len(data) > 1, "legend": shape.legend(), "hovermode": "closest"}
    shape.time_axis(figure, times)
    figure["xaxis"] |= {"rangeslider": {"visible": False}, "fixedrange": False}
    figure["yaxis"] |= {"tickformat": shape.PLAIN}
    figure["annotations"] = [shape.pane_title(f"{record.symbols[symbol]}, {record.instruments[symbol].currency}", 1.0)]
    return {"data": data, "layout": figure}


def marked_trades(record: RunRecord, symbol: int) -> Ints:
    """Rows of the trades that are marked, in order: all, or those with the largest gains and losses."""
    own = np.flatnonzero(record.trades["book"].astype(np.int64) % len(record.instruments) == symbol)
    if len(own) <= MOST_MARKED:
        return own
    largest = np.argsort(-np.abs(record.trades["net"][own]), kind="stable")[:MOST_MARKED]
    return np.sort(own[largest])


def _prices(record: RunRecord, times: Times, held: Any) -> Figure:
    close = np.asarray(getattr(held, "close", held), np.float64)
    if not hasattr(held, "high"):
        kept = curves.keep_extremes((close,), 2 * MOST_CANDLES)
        style = {"color": "var(--muted)", "width": 1.2}
        return shape.line("Close", times.rows(kept), close[kept], style, "%{y:,.6~g}")
    candles = curves.candles(held, _first(record, held), MOST_CANDLES)
    x = times.instants(candles.time) if times.intraday else _dates(candles.label)
    edge = {"width": 1}
    return {
        "type": "candlestick", "name": "Price", "showlegend": False, "x": x,
        **{name: shape.drawn(getattr(candles, name), 7) for name in ("open", "high", "low", "close")},
        "increasing": {"line": {**edge, "color": "var(--gain)"}, "fillcolor": "rgba(0,0,0,0)"},
        "decreasing": {"line": {**edge, "color": "var(--loss)"}, "fillcolor": "var(--loss)"},
    }  # fmt: skip


def _first(record: RunRecord, held: Any) -> int:
    """The first bar of the symbol at or after the first traded row."""
    line = record.timeline
    if line.first_row >= len(line):
        return 0
    return int(np.searchsorted(held.open_time, line.open_time[line.first_row]))


def _dates(labels: Ints) -> list[str]:
    return [str(day) for day in np.datetime_as_string(labels.astype("datetime64[D]")).tolist()]


def _marks(record: RunRecord, times: Times, symbol: int) -> list[Figure]:
    chosen = marked_trades(record, symbol)
    trades = record.trades
    found = []
    for leg, name, sign, mark, colour in _LEGS:
        measure = trades["side"] if leg == "entry" else np.where(trades["net"] > 0, 1.0, -1.0)
        rows = chosen[measure[chosen] == sign]
        if len(rows):
            found.append(_mark(record, times, rows, (leg, name, mark, colour)))
    return found


def _mark(record: RunRecord, times: Times, rows: Ints, how: tuple[str, str, str, str]) -> Figure:
    leg, name, mark, colour = how
    trades = record.trades
    at = trades[f"{leg}_row"][rows].astype(np.int64)
    instants = trades[f"{leg}_time"][rows].astype(np.int64)
    return {
        "type": "scatter", "mode": "markers", "name": name,
        "x": times.instants(instants) if times.intraday else times.rows(at),
        "y": shape.drawn(trades[f"{leg}_price"][rows]),
        "marker": {"symbol": mark, "size": 9, "color": colour, "line": {"width": 1.6, "color": colour}},
        "text": [_said(record, times, int(row), leg) for row in rows.tolist()],
        "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip


def _said(record: RunRecord, times: Times, row: int, leg: str) -> str:
    trade = {name: column[row] for name, column in record.trades.items()}
    instrument = record.instruments[int(trade["book"]) % len(record.instruments)]
    side = "long" if trade["side"] > 0 else "short"
    when = times.full(int(trade[f"{leg}_time"]), int(trade[f"{leg}_row"]))
    price = formatting.price(float(trade[f"{leg}_price"]), instrument.tick)
    quantity = formatting.price(float(trade["quantity"]), instrument.lot)
    lines = [f"Trade {row + 1:,}, {leg}: {side} {quantity} at {price}", when]
    if leg == "exit":
        net = formatting.money(float(trade["net"]), record.config.currency, sign=True)
        lines.append(f"{net} {record.config.currency}, {formatting.returns(float(trade['return']))}")
    return "<br>".join(lines)
