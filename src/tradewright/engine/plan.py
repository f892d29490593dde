"""The plan of a run: strategies, bars and policies, complete and checked before the first bar."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError
from tradewright.domain.record import RunConfig
from tradewright.risk.limits import Limits
from tradewright.simulation.costs import CASH_ACCOUNT, Costs, Margin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tradewright.domain.bars import Bars
    from tradewright.strategy.base import Strategy

__all__ = ["RunPlan"]

_CHOICES = {
    "fill_at": ("open", "close"),
    "size_at": ("decision", "fill"),
    "intrabar": ("worst", "ohlc"),
    "limit_fill": ("through", "touch"),
    "insufficient": ("reject", "clip"),
    "metrics_from": ("start", "ready"),
    "lots": ("fifo", "lifo", "highest_cost"),
    "engine": ("auto", "python", "compiled"),
}


@dataclass(frozen=True)
class RunPlan:
    """Everything a run needs, as values.

    Parameters
    ----------
    strategies : sequence of Strategy
        They share the account; their order is the order in which they decide.
    series : mapping of symbol to Bars
    start, end : str, optional
        First and last date, both included; bars before `start` only warm up.
    fx : mapping of currency to Bars or float
        Account currency per unit of each other currency.
    detail : mapping of symbol to Bars
        Finer bars, replayed inside the trading bars where they exist.
    latency_bars, latency_ms : int
        Delay between a decision and its order reaching the venue; milliseconds need `detail`.
    engine : {"auto", "python", "compiled"}
        The tier; the record does not depend on it.
    progress : callable, optional
        Called with (rows done, rows) now and then.
    announce : callable, optional
        Called with a sentence before something that takes seconds without a bar.
    clock : callable, optional
        Seconds on a clock that never runs backwards, to tell how long machine code took to make.
    code_version : str
        Version of the code that runs, for the record.

    See `tradewright.backtest` for the policies.
    """

    strategies: Sequence[Strategy]
    series: Mapping[str, Bars]
    start: str | None = None
    end: str | None = None
    cash: float = 100_000.0
    currency: str = "USD"
    costs: Costs = field(default_factory=Costs)
    margin: Margin | None = None
    limits: Limits = field(default_factory=lambda: Limits.of("none"))
    fill_at: str = "open"
    size_at: str = "decision"
    intrabar: str = "worst"
    limit_fill: str = "through"
    insufficient: str = "reject"
    metrics_from: str = "start"
    lots: str = "fifo"
    finalize: bool = False
    raise_on_reject: bool = False
    seed: int = 0
    fx: Mapping[str, Bars | float] = field(default_factory=dict)
    detail: Mapping[str, Bars] = field(default_factory=dict)
    latency_bars: int = 0
    latency_ms: int = 0
    screen: bool = True
    engine: str = "auto"
    progress: Callable[[int, int], None] | None = None
    announce: Callable[[str], None] | None = None
    clock: Callable[[], float] | None = None
    code_version: str = ""

    def __post_init__(self) -> None:
        for name, allowed in _CHOICES.items():
            if getattr(self, name) not in allowed:
                raise ConfigError(
                    f"{name}={getattr(self, name)!r} is not a policy.", hint=f"Use {' or '.join(allowed)}."
                )
        if not (self.cash > 0 and self.cash < float("inf")):
            raise ConfigError(f"A run cannot begin with cash {self.cash}.", hint="Give a positive amount.")
        if not self.strategies:
            raise ConfigError("A run needs a strategy.", hint="Pass a class, a function or a list of them.")
        if not self.series:
            raise ConfigError(
                "A run needs bars.", hint="Pass what tw.read_bars returned, or a mapping of symbol to bars."
            )
        if self.latency_bars < 0 or self.latency_ms < 0:
            raise ConfigError("Latency cannot be negative.", hint="Give a number of bars or milliseconds from 0 up.")
        if self.latency_ms and not self.detail:
            raise ConfigError("latency_ms needs finer bars.", hint="Pass detail=, or use latency_bars.")

    def config(self) -> RunConfig:
        """The policies as plain values, for the record."""
        extra: dict[str, Any] = {"raise_on_reject": self.raise_on_reject, "latency_bars": self.latency_bars}
        extra["lots"] = self.lots
        extra |= {"latency_ms": self.latency_ms, "fx": sorted(self.fx), "detail": sorted(self.detail)}
        extra |= {"fingerprints": {name: _mark(data) for name, data in [*self.fx.items(), *self.detail.items()]}}
        return RunConfig(
            cash=self.cash,
            currency=self.currency,
            start=self.start,
            end=self.end,
            seed=self.seed,
            fill_at=self.fill_at,
            size_at=self.size_at,
            intrabar=self.intrabar,
            limit_fill=self.limit_fill,
            insufficient=self.insufficient,
            participation=self.costs.participation,
            finalize=self.finalize,
            metrics_from=self.metrics_from,
            costs=self.costs.describe(bars.instrument.venue for bars in self.series.values()),
            margin=self.margin.describe() if self.margin else CASH_ACCOUNT,
            limits=self.limits.describe(),
            extra=extra,
        )


def _mark(data: Any) -> Any:
    return data if isinstance(data, (int, float)) else data.fingerprint
