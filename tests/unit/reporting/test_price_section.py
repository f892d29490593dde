"""Trades on the price: candles, marks, and which symbols are drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.builders import Dealt, random_walk, round_trips, run_record
from tests.markets import daily

import tradewright as tw
from tradewright.domain.record import RunRecord
from tradewright.quant.undefined import Undefined
from tradewright.reporting.figures.price import MOST_MARKED, marked_trades, price_figure
from tradewright.reporting.findings import examine
from tradewright.reporting.sections.trading import MOST_PICTURES, on_price

CLOSES = random_walk(600, seed=5)


def traces(record: RunRecord, symbol: int = 0) -> dict[str, Any]:
    figure = price_figure(record, symbol)
    assert figure
    return {trace["name"]: trace for trace in figure["data"]}


def really_run() -> RunRecord:
    def trade(ctx: Any) -> None:
        if ctx.has_position():
            ctx.close_position()
        else:
            ctx.buy(10)

    rows = [(price, price + 1.0, price - 1.0, price + 0.5) for price in CLOSES[:60].tolist()]
    return tw.backtest(trade, daily(rows)).record


def test_candles_are_hollow_up_and_filled_down() -> None:
    candles = traces(really_run())["Price"]
    assert candles["type"] == "candlestick"
    assert candles["increasing"]["fillcolor"] == "rgba(0,0,0,0)"
    assert candles["decreasing"]["fillcolor"] == "var(--loss)"
    assert candles["high"][0] == pytest.approx(CLOSES[0] + 1.0, rel=1e-6)


def test_every_entry_and_exit_is_marked_by_shape_and_says_what_it_was() -> None:
    record = really_run()
    found = traces(record)
    entries, gains, losses = (found[name] for name in ("Long entry", "Exit with a gain", "Exit with a loss"))
    assert len(entries["x"]) == len(record.trades["net"]) == len(gains["x"]) + len(losses["x"])
    assert len({trace["marker"]["symbol"] for trace in (entries, gains, losses)}) == 3
    assert entries["text"][0].startswith("Trade 1, entry: long 10 at ")
    assert gains["text"][0].split("<br>")[1] == gains["x"][0]


def test_without_highs_and_lows_closes_are_a_line() -> None:
    assert traces(run_record(CLOSES, round_trips(CLOSES)))["Close"]["mode"] == "lines"


def test_of_many_trades_those_that_made_or_lost_most_are_marked() -> None:
    closes = random_walk(2_000)
    record = run_record(closes, round_trips(closes, every=4, hold=2, units=1.0))
    chosen = marked_trades(record, 0)
    size = np.abs(record.trades["net"])
    assert len(chosen) == MOST_MARKED
    assert size[chosen].min() >= np.sort(size)[-MOST_MARKED]
    assert "Marked: the 200 trades that gained or lost most." in str(on_price(examine(record)))


def test_of_many_symbols_those_that_mattered_are_drawn_and_the_rest_named() -> None:
    names = [f"S{number:02}" for number in range(MOST_PICTURES + 2)]
    fills = [
        fill
        for book in range(MOST_PICTURES)
        for fill in (Dealt(1, 10 + book, 10.0, book=book), Dealt(2, -10 - book, 12.0, book=book))
    ]
    record = run_record({name: [10.0, 11.0, 12.0, 12.0] for name in names}, sorted(fills, key=lambda fill: fill.row))
    text = str(on_price(examine(record)))
    assert text.count("<option") == MOST_PICTURES
    assert text.index(">S11 · 1 trade") < text.index(">S00 · 1 trade")
    assert "Not drawn, for they mattered less: S12, S13." in text


def test_a_record_without_prices_says_so() -> None:
    record = run_record(CLOSES, round_trips(CLOSES))
    record.bars.clear()  # type: ignore[attr-defined]
    with pytest.raises(Undefined, match="the record carries no prices"):
        on_price(examine(record))
