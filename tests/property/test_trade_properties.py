"""Both ways of pairing trades give the same bits."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewright.domain.events import EventKind
from tradewright.domain.record import EVENT_COLUMNS
from tradewright.engine.compiled import cache
from tradewright.engine.compiled import pairing as compiled_room
from tradewright.engine.compiled.records import exchange_type, new_ledger
from tradewright.engine.compiled.twin import rules_text
from tradewright.simulation import trades as room
from tradewright.simulation.trades import Means, Tape, open_lots, pair_trades, trades_and_basis

ROWS = 40
COMPILED = Means(compiled_room.walk_compiled, compiled_room.fold_compiled)
happenings = st.tuples(
    st.integers(0, 2),  # book
    st.sampled_from((EventKind.FILL,) * 8 + (EventKind.DIVIDEND, EventKind.INTEREST, EventKind.CANCELLED)),
    st.sampled_from(("flat", "flat", "turn", "add", "half")),
    st.integers(1, 9),
    st.integers(0, 4),  # phase
)


def events(script: list[tuple[int, EventKind, str, int, int]]) -> dict[str, np.ndarray]:
    """A log in which most fills close what is open."""
    held = [0.0, 0.0, 0.0]
    rows = []
    for place, (book, kind, wish, size, phase) in enumerate(script):
        quantity = 7.0 * size
        if kind is EventKind.FILL:
            change = {"flat": -held[book], "turn": -2 * held[book], "add": size, "half": -0.5 * held[book]}[wish]
            quantity = change or size * (-1.0) ** size
            held[book] += quantity
        row = place * ROWS // len(script)
        rows.append({"kind": kind, "row": row, "book": book, "order_id": place, "phase": phase, "quantity": quantity,
                     "price": 90.0 + 3 * size, "fee": 0.1 * size, "tax": 0.01 * size, "slippage": 0.3 * size,
                     "fx": 1.0 + 0.1 * (place % 3), "position": held[book]})  # fmt: skip
    return {name: np.array([row.get(name, 0.0) for row in rows], np.float64) for name in EVENT_COLUMNS}


def tape() -> Tape:
    """Three symbols, one of them with holes."""
    generator = np.random.default_rng(5)
    close = 100 + np.cumsum(generator.normal(size=(3, ROWS)), axis=1)
    close[2, ::5] = np.nan
    times = np.arange(ROWS, dtype=np.int64) * 100
    return Tape(times, times + 100, list(close + 1.5), list(close - 1.5), list(close), [1.0, 10.0, 0.5])


@settings(max_examples=200, deadline=None)
@given(st.lists(happenings, min_size=1, max_size=60))
def test_pairing_at_once_and_pairing_one_by_one_give_the_same_bits(
    script: list[tuple[int, EventKind, str, int, int]],
) -> None:
    log, bars = events(script), tape()
    both = pair_trades(log, bars)
    with patch.object(room, "_of_two", lambda spans: np.zeros(len(spans.first), bool)):
        walked = pair_trades(log, bars)
    assert {name: column.tobytes() for name, column in both.items()} == {
        name: column.tobytes() for name, column in walked.items()
    }


@settings(max_examples=100, deadline=None)
@given(st.lists(happenings, min_size=1, max_size=60), st.sampled_from(("fifo", "lifo", "highest_cost")))
def test_units_and_costs_go_nowhere(script: list[tuple[int, EventKind, str, int, int]], method: str) -> None:
    log, bars = events(script), tape()
    trades, lots = pair_trades(log, bars, method), open_lots(log, bars, method)
    filled = log["kind"] == EventKind.FILL
    for book in range(3):
        mine = filled & (log["book"] == book)
        held = log["quantity"][mine].sum()
        assert np.isclose(sum(lot.quantity for lot in lots.get(book, ())), held, atol=1e-9)
        closed = 2 * trades["quantity"][trades["book"] == book].sum()
        assert np.isclose(closed + abs(held), np.abs(log["quantity"][mine]).sum())
    if not lots:
        assert np.isclose(trades["commission"].sum(), log["fee"][filled].sum())
        assert np.isclose(trades["tax"].sum(), log["tax"][filled].sum())


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.lists(happenings, min_size=1, max_size=60), st.sampled_from(("fifo", "lifo", "highest_cost")))
def test_pairing_in_machine_code_and_interpreted_gives_the_same_bits(
    script: list[tuple[int, EventKind, str, int, int]], method: str
) -> None:
    log, bars = events(script), tape()
    with patch.object(compiled_room, "_PAYS", 0), patch.object(compiled_room, "PAIRING_RING", 260):
        compiled, compiled_basis = trades_and_basis(log, bars, method, COMPILED)
    interpreted, basis = trades_and_basis(log, bars, method)
    assert {name: column.tobytes() for name, column in compiled.items()} == {
        name: column.tobytes() for name, column in interpreted.items()
    }
    assert compiled_basis == basis


@pytest.mark.slow
def test_a_ledger_that_holds_more_lots_than_a_record_is_walked_interpreted() -> None:
    adding = [(0, EventKind.FILL, "add", 2, 0)] * 300
    log, bars = events([*adding, (0, EventKind.FILL, "flat", 1, 0)]), tape()
    with patch.object(compiled_room, "_PAYS", 0):
        compiled = pair_trades(log, bars, by=COMPILED)
    assert len(compiled["net"]) == 300
    assert compiled["net"].tobytes() == pair_trades(log, bars)["net"].tobytes()


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(st.lists(happenings, min_size=1, max_size=60))
def test_trades_are_counted_from_the_rings_of_a_run_as_they_are_paired(
    script: list[tuple[int, EventKind, str, int, int]],
) -> None:
    log = events([(0, *rest) for _, *rest in script])
    rules = cache.load("rules", rules_text())
    exchange, ledger, count = np.zeros(1, exchange_type()), new_ledger(0), 0
    for rows in np.array_split(np.arange(len(script)), 3):
        for name, column in log.items():
            exchange["log"][0][name][: len(rows)] = column[rows]
        exchange["n_log"] = len(rows)
        count += rules.count_closed(ledger[0], exchange[0])
    assert count == len(pair_trades(log, tape())["net"])
