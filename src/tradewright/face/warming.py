"""Machine code made ahead of the first run that needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import StrategyError
from tradewright.simulation.costs import Margin

from .backtest import backtest
from .bars import synthetic_bars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tradewright.domain.bars import Bars

__all__ = ["warm"]

_BARS = 600


def warm(strategy: Any = None, announce: Callable[[str], None] | None = None) -> Iterator[str]:
    """Compile the rules, and a strategy where one is given; what was done, sentence by sentence.

    Parameters
    ----------
    strategy : Strategy class or function, optional
        Compiled as for one symbol, or for several where it cannot run over one.
    announce : callable, optional
        Told before each compilation.
    """
    from tradewright.engine.compiled.ahead import AllOrders, AllOrdersOfSeveral

    one, several = _market(["ONE"]), _market(["ONE", "TWO"])
    for source, bars, of in ((AllOrders, one, "one symbol"), (AllOrdersOfSeveral, several, "several symbols")):
        for limits in ("standard", "none"):
            meta = _compiled(source, bars, announce, limits=limits, margin=Margin(0.5, 0.25))
            yield _told(f"The rules for {of}, limits {limits}", meta)
    if strategy is not None:
        try:
            meta = _compiled(strategy, one, announce)
        except StrategyError:
            meta = _compiled(strategy, several, announce)
        yield _told(getattr(strategy, "__name__", "The strategy"), meta)


def _market(symbols: list[str]) -> Mapping[str, Bars]:
    found = synthetic_bars(symbols, bars=_BARS)
    return {found.symbol: found} if not isinstance(found, dict) else found


def _compiled(
    source: Any, bars: Mapping[str, Bars], announce: Callable[[str], None] | None, **options: Any
) -> dict[str, Any]:
    return backtest(source, bars, engine="compiled", progress=_Announced(announce), **options).meta


class _Announced:
    """Progress that nobody watches, but for what is announced."""

    def __init__(self, announce: Callable[[str], None] | None) -> None:
        self._announce = announce

    def __call__(self, done: int, total: int) -> None:
        """Say nothing of the bars."""

    def announce(self, sentence: str) -> None:
        """Tell before machine code is made."""
        if self._announce is not None:
            self._announce(sentence)


def _told(what: str, meta: Mapping[str, Any]) -> str:
    if meta["engine"] != "compiled":
        return f"{what}: not compiled, {meta['not_compiled']}."
    seconds = meta.get("compiled_in")
    return f"{what}: in the cache already." if seconds is None else f"{what}: compiled in {seconds:.1f} s."
