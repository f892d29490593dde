"""The curve is the same however many books and rows are worked on at a time."""

from __future__ import annotations

import pytest

import tradewright as tw
from tradewright.engine import equity


class Turning(tw.Strategy):
    """Long, short and flat in turns, several times a day."""

    def setup(self) -> None:
        self.count = 0

    def on_bar(self, ctx: tw.Context) -> None:
        self.count += 1
        for place, symbol in enumerate(ctx.symbols):
            if (self.count + place) % 5 == 0:
                ctx.target_quantity((self.count // 5 % 3) - 1, symbol)


@pytest.mark.parametrize("symbols", [1, 3])
def test_the_curve_does_not_depend_on_how_much_is_worked_on_at_a_time(
    monkeypatch: pytest.MonkeyPatch, symbols: int
) -> None:
    series = {
        f"S{seed}": tw.synthetic_bars(symbol=f"S{seed}", bars=200, timeframe="15m", seed=seed)
        for seed in range(symbols)
    }
    runs = []
    for cells in (equity._CELLS, 450, 7):
        monkeypatch.setattr(equity, "_CELLS", cells)
        runs.append(tw.backtest(Turning, series, cash=1000.0, margin=tw.Margin()).record)
    whole = runs[0]
    assert len(whole.events["kind"]) > 20
    for parts in runs[1:]:
        assert parts.equity.tobytes() == whole.equity.tobytes()
        assert parts.exposure.tobytes() == whole.exposure.tobytes()
        assert parts.rows_in_market == whole.rows_in_market
