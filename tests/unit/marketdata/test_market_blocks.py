"""Columns of many symbols as one block: a look at them where they lie together, else a copy with the same values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import tradewright as tw
from tradewright.marketdata.market import Market


def market(order: tuple[int, ...], *, together: bool) -> tuple[Market, np.ndarray]:
    each = [tw.synthetic_bars(symbol=f"S{seed}", bars=30, seed=seed) for seed in range(3)]
    block = np.stack([bars.close for bars in each])
    columns = block if together else [row.copy() for row in block]
    series = {bars.symbol: replace(bars, close=column) for bars, column in zip(each, columns, strict=True)}
    return Market({f"S{number}": series[f"S{number}"] for number in order}), block


def test_columns_that_lie_together_are_not_copied() -> None:
    found, block = market((0, 1, 2), together=True)
    assert np.shares_memory(found.block("close"), block)
    assert not found.block("close").flags.writeable


@pytest.mark.parametrize(("order", "together"), [((0, 1, 2), False), ((2, 0, 1), True), ((0, 2), True)])
def test_columns_that_lie_apart_or_in_another_order_are_put_together(order: tuple[int, ...], together: bool) -> None:
    found, block = market(order, together=together)
    assert not np.shares_memory(found.block("close"), block)
    assert found.block("close").tolist() == block[list(order)].tolist()
    assert found.columns("close", [1]).tolist() == block[[order[1]]].tolist()
