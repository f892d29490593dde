"""The promises of a strategy and of a form that strategies may be written in."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from tradewright.domain.errors import DataNotAvailableError, StrategyError
from tradewright.domain.record import EVENT_COLUMNS, ORDER_COLUMNS
from tradewright.face.backtest import backtest
from tradewright.face.bars import synthetic_bars
from tradewright.strategy.adapt import as_strategy
from tradewright.strategy.base import Strategy
from tradewright.strategy.forms import FORMS, StrategyForm

from .conformance import Conformance, require

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradewright.domain.bars import Bars
    from tradewright.domain.record import RunRecord
    from tradewright.reporting.result import Result

    Series = Mapping[str, Bars]

__all__ = ["StrategyConformance", "StrategyFormConformance"]

_SYMBOLS = ("AAA", "BBB", "CCC", "DDD")


class _RunConformance(Conformance):
    """What everything that trades promises, however it is written.

    Attributes
    ----------
    params : mapping
        In place of the defaults.
    symbols : int
        How many symbols it trades, up to four.
    bars : int
        How long a history it is shown; at least twice its warm-up.
    timeframe : str
    options : mapping
        Keyword arguments of ``tradewright.backtest``, as ``shorts``.
    """

    params: ClassVar[Mapping[str, Any]] = {}
    symbols: ClassVar[int] = 1
    bars: ClassVar[int] = 500
    timeframe: ClassVar[str] = "1d"
    options: ClassVar[Mapping[str, Any]] = {}

    def market(self, seed: int = 1, volatility: float = 1.0) -> dict[str, Bars]:
        """What it is shown; override it where it needs other data, such as given symbols."""
        made: dict[str, Bars] = synthetic_bars(
            list(_SYMBOLS[: self.symbols]),
            timeframe=self.timeframe,
            bars=self.bars,
            seed=seed,
            volatility=volatility,
        )
        return made

    def made(self) -> Any:
        """What is passed to ``tradewright.backtest``: fresh for every run."""
        return as_strategy(self.subject("strategy"), dict(self.params))

    def test_runs_on_markets_of_every_kind(self) -> None:
        """Calm, wild and still markets end in a result, with equity that is a number."""
        for seed, volatility in ((1, 1.0), (2, 4.0), (3, 0.01)):
            result = self._run(self.market(seed, volatility))
            final = result.metrics["final_equity"]
            require(final is not None and math.isfinite(final), f"{self._name()} ends with an equity of {final}.")

    def test_trades(self) -> None:
        """It places an order on one of three markets, so that the other checks say something."""
        placed = sum(len(self._run(self.market(seed)).orders) for seed in (1, 2, 3))
        require(placed, f"{self._name()} placed no order on three markets of {self.bars} bars: give it more `bars`.")

    def test_the_same_run_gives_the_same_bytes(self) -> None:
        """Two runs over the same bars have the same record; other runs between them change nothing."""
        first = self._run(self.market())
        self._run(self.market(seed=2))
        again = self._run(self.market())
        require(first.hash == again.hash, f"{self._name()} gives another record when it runs again.")

    def test_knows_nothing_of_later_bars(self) -> None:
        """Cutting the future off changes no order and no fill before the cut."""
        whole = self._run(self.market()).record
        rows = len(whole.timeline)
        for cut in (rows // 2, rows * 3 // 4):
            part = self._run({symbol: _until(bars, whole, cut) for symbol, bars in self.market().items()}).record
            for name, columns in (("events", EVENT_COLUMNS), ("orders", ORDER_COLUMNS)):
                same = _same_before(cut, getattr(whole, name), getattr(part, name), _settled(columns))
                require(same, f"{self._name()} has other {name} before bar {cut} when later bars are cut off.")

    def test_a_history_of_any_length_is_no_error(self) -> None:
        """From one bar on it runs, or is told that there are too few bars; its own code never fails for that."""
        market = self.market()
        for rows in (1, 2, 3, 10, 30, 100):
            with suppress(DataNotAvailableError):
                self._run({symbol: bars.rows(0, min(rows, len(bars))) for symbol, bars in market.items()})

    def _run(self, market: Series) -> Result:
        return backtest(self.made(), market, **{"seed": 7, **self.options})

    def _name(self) -> str:
        return str(getattr(self.subject("strategy"), "__name__", self.subject("strategy")))


class StrategyConformance(_RunConformance):
    """What a strategy promises.

    Attributes
    ----------
    strategy : Strategy class or function, or any form that a run takes
    params, symbols, bars, timeframe, options
        What it is run with; see the class above for their defaults: no parameters, one symbol, 500 daily bars.

    Examples
    --------
    >>> def buy_dips(ctx):
    ...     if ctx.history(bars=5).close.max() > 1.02 * ctx.close():
    ...         ctx.buy(1)
    >>> class TestBuyDips(StrategyConformance):
    ...     strategy = buy_dips
    >>> TestBuyDips.check()
    """

    strategy: ClassVar[Any]

    def test_the_declared_warm_up_suffices(self) -> None:
        """With exactly the bars it says it needs it decides without reading a value too early."""
        market = self.market()
        try:
            needed = max(each.warmup_bars for each in self._run(market).record.strategies)
        except DataNotAvailableError as error:
            raise AssertionError(f"{self._name()} is never ready: {error} Give the suite more `bars`.") from error
        self._run({symbol: bars.rows(0, min(max(needed, 1), len(bars))) for symbol, bars in market.items()})


class StrategyFormConformance(_RunConformance):
    """What a form of strategies promises.

    Attributes
    ----------
    form : StrategyForm class
    strategy : object
        A source in that form; give others by suites of their own.
    params, symbols, bars, timeframe, options
        What it is run with.
    """

    form: ClassVar[type[StrategyForm]]
    strategy: ClassVar[Any]

    def made(self) -> Any:
        """The source, adapted by this very form."""
        return self._form().adapt(self.subject("strategy"), dict(self.params))

    def test_is_known_by_name(self) -> None:
        """It is registered, so that every run recognises it."""
        name = FORMS.name_of(self.subject("form"))
        require(name, f"{self.subject('form')!r} is not registered: use @tradewright.strategy_form or an entry point.")

    def test_recognises_its_own(self) -> None:
        """It knows its source, and a run that is given the source takes this form."""
        source = self.subject("strategy")
        require(self._form().recognise(source), f"{self._called()} does not recognise {self._name()}.")
        made = type(as_strategy(source, dict(self.params)))
        require(made is type(self.made()), f"{self._name()} is taken by another form: give {self._called()} an order.")

    def test_recognises_nothing_else(self) -> None:
        """It leaves what is written in another form, or is no strategy at all, to others, and never fails on it."""
        for what, source in others().items():
            try:
                claimed = self._form().recognise(source)
            except Exception as error:
                raise AssertionError(f"{self._called()} fails on {what}: {type(error).__name__}: {error}") from error
            own = what.startswith(FORMS.name_of(self.subject("form")) or "unnamed")
            require(own or not claimed, f"{self._called()} claims {what}, which is not its own.")

    def test_makes_a_fresh_strategy_each_time(self) -> None:
        """Two runs share nothing."""
        first, second = self.made(), self.made()
        require(isinstance(first, Strategy), f"{self._called()} gives {first!r:.60}, which is no Strategy.")
        require(first is not second, f"{self._called()} gives the same strategy twice.")

    def test_has_a_name_and_a_text(self) -> None:
        """Records say whose strategy ran, and carry the hash of its text."""
        made = self.made()
        require(made.name, f"{self._called()} gives a strategy without a name.")
        require(callable(made.source()), f"{self._called()} gives a strategy whose source() is no class or function.")

    def _form(self) -> StrategyForm:
        form: StrategyForm = self.subject("form")()
        return form

    def _called(self) -> str:
        return str(self.subject("form").__name__)


def others() -> dict[str, Any]:
    """One source in each built-in form by the form's name, and things that are no strategy at all."""

    class ClassStrategy(Strategy):
        """A strategy."""

        def on_bar(self, ctx: Any) -> None:
            """Decide nothing."""

    class Signals:
        """A signal strategy."""

        def generate_signals(self, state: Any) -> list[Any]:  # noqa: ARG002 - the hook's shape
            """Believe nothing."""
            return []

    class BarBot:
        """A bot that returns its orders."""

        def on_bar(self, bar: Any) -> list[Any]:  # noqa: ARG002 - the hook's shape
            """Order nothing."""
            return []

    class ContextBot(BarBot):
        """A bot that submits its orders."""

        def set_context(self, context: Any) -> None:
            """Take the context."""

    return {
        "strategy": ClassStrategy, "signals": Signals, "bar-bot": BarBot, "context-bot": ContextBot,
        "function": _plain, "function, async": _coroutine, "an instance": BarBot(), "a class": dict,
        "a module": math, "a number": 5, "a text": "sma_cross", "a list": [_plain], "an array": np.arange(3.0),
        "None": None, "an error": StrategyError("no"),
    }  # fmt: skip


def _plain(ctx: Any) -> None:
    """A function of the context."""


async def _coroutine(ctx: Any) -> None:
    """A coroutine function of the context."""


def _until(bars: Bars, record: RunRecord, cut: int) -> Bars:
    """The bars of one symbol that had closed when the record's row was reached."""
    return bars.rows(0, int(np.searchsorted(bars.close_time, record.timeline.close_time[cut], side="left")))


def _settled(columns: Sequence[str]) -> list[str]:
    """Columns that are final once their row is past: how an order ended may lie behind the cut."""
    return [name for name in columns if name not in ("status", "filled", "price", "ended", "reason", "quantity")]


def _same_before(cut: int, whole: Mapping[str, Any], part: Mapping[str, Any], columns: Sequence[str]) -> bool:
    kept, shown = whole["row"] < cut, part["row"] < cut
    return all(np.array_equal(whole[name][kept], part[name][shown], equal_nan=True) for name in columns)
