"""P4's rivals: the TA-Lib function itself and pandas' rolling windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.workload import Trial

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.market import Market

CALLS = 10


def talib(name: str, columns: tuple[str, ...], *numbers: float) -> Callable[[Market], Trial]:
    """Return the preparation of TA-Lib's function called on the columns of the first symbol."""

    def prepare(market: Market) -> Trial:
        import talib as library

        function, arrays = getattr(library, name), [getattr(market, column)[0] for column in columns]

        def run() -> None:
            for _ in range(CALLS):
                function(*arrays, *numbers)

        return Trial(run, lambda _: {})

    return prepare


def pandas_rolling_mean(period: int) -> Callable[[Market], Trial]:
    """Return the preparation of the mean over a rolling window."""

    def prepare(market: Market) -> Trial:
        import pandas as pd

        series = pd.Series(market.close[0])

        def run() -> None:
            for _ in range(CALLS):
                series.rolling(period).mean()

        return Trial(run, lambda _: {})

    return prepare
