"""The list of all trades: compact data that the page itself sorts, filters and shows a page of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.quant.undefined import Undefined
from tradewright.reporting import tables
from tradewright.reporting.blocks import data_script
from tradewright.reporting.formatting import decimals_of, minor_digits
from tradewright.reporting.markup import Markup, join, tag
from tradewright.reporting.section_registry import report_section
from tradewright.reporting.times import Times

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.domain.record import RunRecord
    from tradewright.reporting.findings import Findings
    from tradewright.reporting.tables import Columns

__all__ = ["MOST_LISTED", "trade_list"]

MOST_LISTED = 30_000
"""Trades in the page; of more, the first and last half of that many are there."""

_NS_PER_MINUTE = 60 * 1_000_000_000
_TEXTS = ("symbol", "strategy", "entry_tag", "exit_tag", "exit_way")


@report_section("trades", title="Trades", after="refused")
def trade_list(findings: Findings) -> Markup:
    """Every trade, a page at a time, by any column."""
    record = findings.record
    count = len(record.trades["net"])
    if not count:
        raise Undefined("no trade was closed")
    said = (
        f"{count:,} trades are too many for one page: the first and last {MOST_LISTED // 2:,} are here;"
        " result.to_csv() writes all of them."
        if count > MOST_LISTED
        else None
    )
    without = tag("noscript", tag("p", "The list needs scripts; result.to_csv() writes it as a file.", class_="note"))
    return join(
        tag("p", said, class_="note") if said else None,
        data_script("trade-data", _data(record)),
        tag("div", without, id="trade-list", class_="trade-list", data_rows="trade-data"),
    )


def _data(record: RunRecord) -> dict[str, Any]:
    """Columns of equal length, texts as numbers into lists of words; times in minutes or days since 1970."""
    rows = _listed(len(record.trades["net"]))
    columns = {name: column[rows] for name, column in tables.trades(record).items()}
    columns["exit_way"] = _ways(record)[rows]
    times = Times(record)
    data: dict[str, Any] = {
        "intraday": times.intraday,
        "zone": times.zone,
        "city": times.city,
        "currency": record.config.currency,
        "digits": minor_digits(record.config.currency),
        "tick": {name: decimals_of(each.tick) for name, each in zip(record.symbols, record.instruments, strict=True)},
        "lot": {name: decimals_of(each.lot) for name, each in zip(record.symbols, record.instruments, strict=True)},
        "number": (rows + 1).tolist(),
        "short": (columns["side"] == "short").astype(int).tolist(),
        "words": {},
    }
    for name in _TEXTS:
        data["words"][name], data[name] = _coded(columns[name])
    return data | _numbers(record, columns) | _moments(columns, times)


def _numbers(record: RunRecord, columns: Columns) -> dict[str, list[Any]]:
    """Numbers with the digits that are shown, and two more on prices, whose last digits are slippage."""
    finest = max(decimals_of(each.tick) for each in record.instruments) + 2
    digits = {"quantity": 8, "entry_price": finest, "exit_price": finest, "net": minor_digits(record.config.currency),
              "return": 6, "mae": 6, "mfe": 6, "bars": 0}  # fmt: skip
    return {name: _finite(np.asarray(np.round(columns[name], places), np.float64)) for name, places in digits.items()}


def _finite(column: NDArray[np.float64]) -> list[float | None]:
    values = column.tolist()
    if np.isfinite(column).all():
        return [int(value) if value.is_integer() else value for value in values]
    return [value if np.isfinite(value) else None for value in values]


def _moments(columns: Columns, times: Times) -> dict[str, list[int]]:
    if times.intraday:
        return {leg: (columns[f"{leg}_time"] // _NS_PER_MINUTE).tolist() for leg in ("entry", "exit")}
    return {
        leg: times.session_dates(columns[f"{leg}_row"].astype(np.int64)).astype(np.int64).tolist()
        for leg in ("entry", "exit")
    }


def _coded(column: NDArray[np.object_]) -> tuple[list[str], list[int]]:
    words = sorted(set(column.tolist()))
    places = {word: place for place, word in enumerate(words)}
    return words, [places[word] for word in column.tolist()]


def _listed(count: int) -> NDArray[np.int64]:
    rows = np.arange(count, dtype=np.int64)
    if count <= MOST_LISTED:
        return rows
    return np.concatenate((rows[: MOST_LISTED // 2], rows[-MOST_LISTED // 2 :]))


def _ways(record: RunRecord) -> NDArray[np.object_]:
    from tradewright.reporting.shares import ways_out

    return ways_out(record)
