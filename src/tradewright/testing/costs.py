"""The promises of cost models: never in the trader's favour, honest about themselves, the same every time."""

from __future__ import annotations

import itertools
import json
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from tradewright.domain.errors import ConfigError
from tradewright.simulation.costs import COMMISSIONS, SLIPPAGES, Commission, Costs, NoCommission, NoSlippage, Slippage
from tradewright.simulation.models import described_model
from tradewright.simulation.rules.costs import order_fee, rated_fee
from tradewright.simulation.rules.prices import slipped
from tradewright.simulation.state import Book, Exchange

from .conformance import Conformance, require
from .runs import dealing, moving_market

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.plugins import Registry
    from tradewright.reporting.result import Result

__all__ = ["CommissionConformance", "SlippageConformance"]

_QUANTITIES = (1e-6, 0.1, 1.0, 7.0, 100.0, 2_500.0, 1e6)
_PRICES = (0.0001, 0.5, 17.0, 100.0, 45_000.0)
_TRADED = (0.0, 1e4, 1e6, 1e9)
_SHARES = (0.0, 0.001, 0.1, 0.5, 1.0)


class _CostConformance(Conformance, ABC):
    """What commission and slippage promise alike.

    Attributes
    ----------
    models : sequence of models
        The model with the numbers it will be used with; more than one where numbers change what it does.
    """

    models: ClassVar[Sequence[Any]]
    registry: ClassVar[Registry[Any]]
    base: ClassVar[type]

    def test_is_a_frozen_value(self) -> None:
        """Two with the same numbers are equal, and no number of one changes."""
        for model in self._models():
            require(isinstance(model, self.base), f"{model!r} is no {self.base.__name__}.")
            numbers = {name: value for name, value in model.describe().items() if name != "model"}
            twin = type(model)(**numbers)
            require(twin == model and hash(twin) == hash(model), f"{model!r} is not equal to its twin.")
            for name in numbers:
                require(not _can_change(model, name), f"{model!r} lets '{name}' change: use @dataclass(frozen=True).")

    def test_is_known_by_name(self) -> None:
        """It is registered, so that options and catalogues reach it."""
        for model in self._models():
            name = self.registry.name_of(type(model))
            kind = self.registry.kind
            require(name, f"{model!r} is not registered: use @tradewright.{kind}('name') or an entry point.")

    def test_comes_back_from_its_description(self) -> None:
        """What a record says of it, also after a way through JSON, makes it again."""
        for model in self._models():
            said = json.loads(json.dumps(model.describe()))
            made = described_model(self.registry, said)
            require(made == model, f"{model!r} describes itself as {said}, which makes {made!r}.")

    def test_says_the_same_terms_every_time(self) -> None:
        """Its terms hang on its numbers alone."""
        for model in self._models():
            require(model.terms() == model.terms(), f"{model!r} says other terms the second time.")

    def test_costs_the_same_in_every_run(self) -> None:
        """Two backtests give the same bytes, and neither earns more than one without costs."""
        for model in self._models():
            first, second, free = self._run(model), self._run(model), dealing(moving_market(), Costs.none())
            require(first.hash == second.hash, f"{model!r} gives another record the second time.")
            self._compare(model, first, free)

    def _models(self) -> Sequence[Any]:
        models: Sequence[Any] = self.subject("models")
        require(models, f"{type(self).__name__} needs at least one model.")
        return models

    @abstractmethod
    def _run(self, model: Any) -> Result:
        """A backtest in which nothing but the model costs."""

    @abstractmethod
    def _compare(self, model: Any, run: Result, free: Result) -> None:
        """Hold its result against that of a run without costs."""


class CommissionConformance(_CostConformance):
    """What every commission promises.

    Attributes
    ----------
    models : sequence of Commission
    may_rebate : bool
        Whether it may pay for orders that rested.
    grows : bool
        Whether more units never cost less.

    Examples
    --------
    >>> from tradewright.simulation.costs import PerShare
    >>> class TestPerShare(CommissionConformance):
    ...     models = (PerShare(0.005, at_least=1.0),)
    >>> TestPerShare.check()
    """

    registry = COMMISSIONS
    base = Commission
    may_rebate: ClassVar[bool] = False
    grows: ClassVar[bool] = True

    def test_never_pays_the_trader(self) -> None:
        """No order of any size, price or month earns money by its commission, resting orders of a rebate apart."""
        for model, (quantity, price, traded, maker) in self._orders():
            fee = _fee(model, quantity, price, traded, maker)
            allowed = fee >= 0 or (self.may_rebate and maker == 1)
            require(allowed, f"{model!r} pays {-fee} for an order of {quantity} at {price}.")

    def test_more_units_never_cost_less(self) -> None:
        """The fee of an order grows with its quantity, where that is promised."""
        for model, (_, price, traded, maker) in self._orders():
            if self.grows and not (self.may_rebate and maker == 1):
                fees = [_fee(model, quantity, price, traded, maker) for quantity in _QUANTITIES]
                require(fees == sorted(fees), f"{model!r} charges less for more units at {price}: {fees}.")

    def test_what_is_called_free_charges_nothing(self) -> None:
        """`is_free` is said of nothing that costs."""
        for model, (quantity, price, traded, maker) in self._orders():
            fee = _fee(model, quantity, price, traded, maker)
            require(not model.is_free or fee == 0, f"{model!r} says it is free and charges {fee}.")

    def _orders(self) -> list[tuple[Any, tuple[float, float, float, int]]]:
        cases = list(itertools.product(_QUANTITIES, _PRICES, _TRADED, (0, 1)))
        return [(model, case) for model in self._models() for case in cases]

    def _run(self, model: Any) -> Result:
        return dealing(moving_market(), Costs(commission=model, slippage=NoSlippage()))

    def _compare(self, model: Any, run: Result, free: Result) -> None:
        charged, gained = run.metrics["commission"] or 0.0, _final(run) - _final(free)
        require(self.may_rebate or charged >= 0, f"{model!r} charged {charged} in a backtest.")
        fair = abs(gained + charged) <= 1e-6 * max(1.0, abs(charged))
        require(fair, f"{model!r} charged {charged}, but the equity differs by {gained}.")


class SlippageConformance(_CostConformance):
    """What every slippage promises.

    Attributes
    ----------
    models : sequence of Slippage

    Examples
    --------
    >>> from tradewright.simulation.costs import Spread
    >>> class TestSpread(SlippageConformance):
    ...     models = (Spread(0.02),)
    >>> TestSpread.check()
    """

    registry = SLIPPAGES
    base = Slippage

    def test_never_moves_a_price_in_the_traders_favour(self) -> None:
        """Buys fill at the bar's price or above, sells at it or below, and every price stays above zero."""
        for model, price, share in self._fills():
            bought, sold = _moved(model, 1, price, share), _moved(model, -1, price, share)
            require(bought >= price >= sold, f"{model!r} fills a buy at {bought} and a sell at {sold}, price {price}.")
            require(sold > 0, f"{model!r} sells at {sold}, price {price}.")

    def test_a_larger_share_of_the_volume_never_fills_better(self) -> None:
        """Size costs, or does not matter."""
        for model, price, _ in self._fills():
            moved = [_moved(model, 1, price, share) for share in _SHARES]
            require(moved == sorted(moved), f"{model!r} fills larger orders better at {price}: {moved}.")

    def _fills(self) -> list[tuple[Any, float, float]]:
        return [(model, price, share) for model in self._models() for price in _PRICES for share in _SHARES]

    def _run(self, model: Any) -> Result:
        return dealing(moving_market(), Costs(slippage=model, commission=NoCommission()))

    def _compare(self, model: Any, run: Result, free: Result) -> None:
        require(_final(run) <= _final(free) + 1e-9, f"{model!r} earns more than fills without slippage.")


def _fee(model: Commission, quantity: float, price: float, traded: float, maker: int) -> float:
    book, exchange = Book(0), Exchange(0.0)
    model.write(book)
    exchange.traded = traded
    return order_fee(book, rated_fee(exchange, book, quantity, price, maker))


def _moved(model: Slippage, side: int, price: float, share: float) -> float:
    book = Book(0)
    model.write(book)
    return slipped(book.slip_kind, book.slip_amount, side, price, share)


def _final(result: Result) -> float:
    return float(result.metrics["final_equity"] or 0.0)


def _can_change(model: Any, name: str) -> bool:
    try:
        setattr(model, name, getattr(model, name))
    except (AttributeError, TypeError, ConfigError):
        return False
    return True
