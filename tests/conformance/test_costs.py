"""Every cost model keeps what the suites promise, and the suites catch one that does not."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import pytest

from tradewright.simulation.costs import (
    COMMISSIONS,
    SLIPPAGES,
    Bps,
    Commission,
    EntryMarkup,
    FeeTerms,
    MakerTaker,
    NoCommission,
    NoSlippage,
    Percent,
    PerShare,
    PerTrade,
    Slippage,
    SlippageTerms,
    Spread,
    SquareRootImpact,
    Tiered,
    VolumeShareImpact,
)
from tradewright.simulation.rules.constants import SLIP_BPS, SLIP_SQUARE_ROOT
from tradewright.testing import CommissionConformance, SlippageConformance


class TestFixed(CommissionConformance):
    models = (
        NoCommission(),
        PerTrade(1.0),
        PerShare(0.005, at_least=1.0, at_most=50.0),
        Percent(0.001, 0.5, 1.0, 20.0),
    )


class TestByRole(CommissionConformance):
    models = (MakerTaker(0.001, 0.002), Tiered(((0.0, 0.003), (1e5, 0.002), (1e8, 0.001))))


class TestRebate(CommissionConformance):
    models = (MakerTaker(-0.0001, 0.0004),)
    may_rebate = True


class TestEverySlippage(SlippageConformance):
    models = (NoSlippage(), Bps(10.0), EntryMarkup(5.0), VolumeShareImpact(), SquareRootImpact())


class TestSpread(SlippageConformance):
    models = (Spread(0.00001),)


@pytest.fixture(autouse=True)
def own_models(monkeypatch):
    for registry in (COMMISSIONS, SLIPPAGES):
        monkeypatch.setattr(registry, "_known", dict(registry._known))


def of(terms):
    """A commission with these terms, known by name."""

    @dataclass(frozen=True, slots=True)
    class Planted(Commission):
        def terms(self):
            return terms() if callable(terms) else terms

    COMMISSIONS.add("planted", Planted)
    return CommissionConformance.of(models=(Planted(),))


def test_a_commission_that_pays_is_caught():
    with pytest.raises(AssertionError, match=r"Planted\(\) pays .* for an order of"):
        of(FeeTerms(taker_rate=-0.001, at_least=-10.0)).check("test_never_pays_the_trader")


def test_a_rebate_must_be_declared_and_is_no_licence_for_takers():
    rebate = CommissionConformance.of(models=(MakerTaker(-0.0001, 0.0004),))
    with pytest.raises(AssertionError, match=r"MakerTaker.* pays"):
        rebate.check("test_never_pays_the_trader")
    both = CommissionConformance.of(models=(MakerTaker(-0.0001, -0.0004),), may_rebate=True)
    with pytest.raises(AssertionError, match=r"MakerTaker.* pays"):
        both.check("test_never_pays_the_trader")


def test_a_commission_that_falls_with_size_is_caught():
    suite = CommissionConformance.of(models=(MakerTaker(0.0004, -0.0004),))
    with pytest.raises(AssertionError, match="charges less for more units"):
        suite.check("test_more_units_never_cost_less")
    suite.of(grows=False).check("test_more_units_never_cost_less")


def test_terms_that_change_from_call_to_call_are_caught():
    numbers = itertools.count()
    with pytest.raises(AssertionError, match="says other terms the second time"):
        of(lambda: FeeTerms(per_order=float(next(numbers)))).check("test_says_the_same_terms_every_time")


def test_a_run_that_costs_something_else_the_second_time_is_caught():
    numbers = itertools.count()
    with pytest.raises(AssertionError, match="gives another record the second time"):
        of(lambda: FeeTerms(per_order=float(next(numbers)))).check("test_costs_the_same_in_every_run")


def test_a_model_without_a_name_is_caught():
    @dataclass(frozen=True, slots=True)
    class Nameless(Commission):
        def terms(self):
            return FeeTerms()

    with pytest.raises(AssertionError, match=r"is not registered: use @tradewright\.commission\('name'\)"):
        CommissionConformance.of(models=(Nameless(),)).check("test_is_known_by_name")


def test_a_number_that_its_description_leaves_out_is_caught():
    @dataclass(frozen=True, slots=True)
    class Hiding(Commission):
        amount: float = 1.0

        def terms(self):
            return FeeTerms(per_order=self.amount)

        def describe(self):
            return {"model": "hiding"}

    COMMISSIONS.add("hiding", Hiding)
    with pytest.raises(AssertionError, match="which makes"):
        CommissionConformance.of(models=(Hiding(2.0),)).check("test_comes_back_from_its_description")


def test_a_model_that_can_be_changed_is_caught():
    @dataclass(eq=True, unsafe_hash=True)
    class Loose(Slippage):
        bps: float = 1.0

        def terms(self):
            return SlippageTerms("bps", self.bps / 1e4)

    with pytest.raises(AssertionError, match="lets 'bps' change"):
        SlippageConformance.of(models=(Loose(),)).check("test_is_a_frozen_value")


def test_twins_that_differ_are_caught():
    @dataclass(frozen=True)
    class Alone(Slippage):
        seen: list = field(default_factory=list, compare=False)

        def terms(self):
            return SlippageTerms()

        def __eq__(self, other):
            return self is other

        def __hash__(self):
            return id(self)

    with pytest.raises(AssertionError, match="is not equal to its twin"):
        SlippageConformance.of(models=(Alone(),)).check("test_is_a_frozen_value")


def test_what_calls_itself_free_and_charges_is_caught():
    @dataclass(frozen=True, slots=True)
    class Cheeky(Commission):
        @property
        def is_free(self):
            return True

        def terms(self):
            return FeeTerms(per_order=1.0)

    with pytest.raises(AssertionError, match=r"says it is free and charges 1\.0"):
        CommissionConformance.of(models=(Cheeky(),)).check("test_what_is_called_free_charges_nothing")


class Written:
    """Terms that go past the ones the house checks."""

    def __init__(self, kind, amount):
        self.kind, self.amount = kind, amount

    def write(self, book):
        book.slip_kind, book.slip_amount = self.kind, self.amount


def slippage_of(terms):
    @dataclass(frozen=True, slots=True)
    class Planted(Slippage):
        def terms(self):
            return terms

    return SlippageConformance.of(models=(Planted(),))


def test_a_slippage_in_the_traders_favour_is_caught():
    with pytest.raises(AssertionError, match="fills a buy at"):
        slippage_of(Written(SLIP_BPS, -0.001)).check("test_never_moves_a_price_in_the_traders_favour")


def test_a_slippage_that_sells_for_nothing_is_caught():
    with pytest.raises(AssertionError, match=r"sells at (0\.0|-)"):
        slippage_of(SlippageTerms("bps", 1.0)).check("test_never_moves_a_price_in_the_traders_favour")


def test_a_slippage_that_falls_with_size_is_caught():
    with pytest.raises(AssertionError, match="fills larger orders better"):
        slippage_of(Written(SLIP_SQUARE_ROOT, -0.1)).check("test_a_larger_share_of_the_volume_never_fills_better")


def test_a_slippage_that_earns_in_a_backtest_is_caught():
    @dataclass(frozen=True, slots=True)
    class Planted(Slippage):
        def terms(self):
            return Written(SLIP_BPS, -0.001)

        @property
        def is_free(self):
            return False

    SLIPPAGES.add("planted", Planted)
    with pytest.raises(AssertionError, match="earns more than fills without slippage"):
        SlippageConformance.of(models=(Planted(),)).check("test_costs_the_same_in_every_run")
