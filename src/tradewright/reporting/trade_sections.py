"""The trades of the HTML report: their distribution and the table, whole when short, its four ends when long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.reporting import formatting, tables
from tradewright.reporting.markup import Markup, join, tag
from tradewright.reporting.sections import changed, table

if TYPE_CHECKING:
    from tradewright.domain.record import RunRecord
    from tradewright.reporting.tables import Columns

__all__ = ["ALL_UP_TO", "EACH_END", "trades"]

ALL_UP_TO = 200
EACH_END = 50


def trades(record: RunRecord) -> Markup:
    """The table of trades; a run without one says so."""
    columns = tables.trades(record)
    count = len(columns["net"])
    if not count:
        return join(tag("h2", "Trades"), tag("p", "No trade was closed.", class_="note"))
    if count <= ALL_UP_TO:
        return join(tag("h2", f"Trades ({count:,})"), _rows(record, columns, np.arange(count), "All trades"))
    return join(tag("h2", f"Trades ({count:,})"), _said(count), *_ends(record, columns))


def _said(count: int) -> Markup:
    text = (
        f"{count:,} trades are too many for a page: the first, last, best and worst {EACH_END} are shown;"
        " result.to_csv() writes all of them."
    )
    return tag("p", text, class_="note")


def _ends(record: RunRecord, columns: Columns) -> list[Markup]:
    by_return = np.argsort(columns["return"], kind="stable")
    count = len(by_return)
    parts = {
        f"First {EACH_END}": np.arange(EACH_END),
        f"Last {EACH_END}": np.arange(count - EACH_END, count),
        f"Best {EACH_END} by return": by_return[::-1][:EACH_END],
        f"Worst {EACH_END} by return": by_return[:EACH_END],
    }
    return [
        tag("details", tag("summary", name), _rows(record, columns, rows, name), open=index == 0)
        for index, (name, rows) in enumerate(parts.items())
    ]


def _rows(record: RunRecord, columns: Columns, rows: Any, caption: str) -> Markup:
    currency = record.config.currency
    head = [("#", True), ("Symbol", False), ("Side", False), ("Quantity", True), ("Entry, UTC", False), ("Price", True),
            ("Exit, UTC", False), ("Price", True), (f"Net, {currency}", True), ("Return", True), ("MAE", True),
            ("MFE", True), ("Bars", True)]  # fmt: skip
    several, tagged = len(record.strategies) > 1, bool(record.tags)
    head += [("Strategy", False)] if several else []
    head += [("Entry tag", False), ("Exit tag", False)] if tagged else []
    return table(head, [_row(record, columns, int(row), several=several, tagged=tagged) for row in rows], caption)


def _row(record: RunRecord, columns: Columns, row: int, *, several: bool, tagged: bool) -> Markup:
    trade = {name: column[row] for name, column in columns.items()}
    instrument = record.instruments[int(trade["book"]) % len(record.instruments)]
    cells = [
        _number(f"{row + 1:,}"),
        tag("td", str(trade["symbol"])),
        tag("td", str(trade["side"])),
        _number(formatting.price(float(trade["quantity"]), instrument.lot)),
        *_leg(record, trade, "entry", instrument.tick),
        *_leg(record, trade, "exit", instrument.tick),
        _change(float(trade["net"]), formatting.money(float(trade["net"]), record.config.currency, sign=True)),
        _change(float(trade["return"]), formatting.returns(float(trade["return"]))),
        _number(formatting.percent(float(trade["mae"]), sign=True)),
        _number(formatting.percent(float(trade["mfe"]), sign=True)),
        _number(formatting.count(float(trade["bars"]))),
    ]
    cells += [tag("td", str(trade["strategy"]))] if several else []
    cells += [tag("td", str(trade[name])) for name in ("entry_tag", "exit_tag")] if tagged else []
    return tag("tr", *cells)


def _leg(record: RunRecord, trade: dict[str, Any], leg: str, tick: float) -> list[Markup]:
    """When and at which price; a session date for daily and longer bars, the minute for shorter ones."""
    unit = "m" if record.timeline.intraday else "D"
    stamp = str(np.datetime64(int(trade[f"{leg}_time"]), "ns").astype(f"datetime64[{unit}]")).replace("T", " ")
    price = float(trade[f"{leg}_price"])
    return [tag("td", stamp, class_="when"), _number(formatting.price(price, tick), repr(price))]


def _number(text: str, full: str | None = None) -> Markup:
    return tag("td", text, class_="num", title=full)


def _change(value: float, text: str) -> Markup:
    return tag("td", changed(value, text), class_="num")
