"""Cost models: what they accept, how they describe themselves, what they write."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from tradewright.domain.errors import ConfigError
from tradewright.simulation.costs import (
    CASH_ACCOUNT,
    Bps,
    Costs,
    MakerTaker,
    Margin,
    NoCommission,
    NoSlippage,
    Percent,
    PerShare,
    PerTrade,
    Spread,
    SquareRootImpact,
    Tiered,
    VolumeShareImpact,
    venue_commission,
)
from tradewright.simulation.rules import constants as c
from tradewright.simulation.state import Book


@pytest.mark.parametrize(
    "build",
    [
        lambda: PerTrade(-1), lambda: PerShare(-0.1), lambda: PerShare(0.1, at_least=-1), lambda: Percent(-0.1),
        lambda: Bps(-1), lambda: Spread(-1), lambda: VolumeShareImpact(-1), lambda: SquareRootImpact(-1),
        lambda: PerTrade(math.nan), lambda: Tiered(()), lambda: Tiered(((1, 0.1),)),
        lambda: Tiered(((0, 0.1), (0, 0.2))), lambda: Tiered(((0, 0.1), (5, 0.2), (4, 0.3))),
        lambda: Tiered(((0, 0.4), (1, 0.3), (2, 0.2), (3, 0.1))),
        lambda: Costs(slippage_bps=1, slippage=NoSlippage()), lambda: Costs(tax_buy=-0.1), lambda: Costs(tax_sell=-0.1),
        lambda: Costs(borrow_rate=-0.1), lambda: Costs(interest_rate=math.nan), lambda: Costs(participation=0),
        lambda: Margin(initial=0), lambda: Margin(initial=1.1), lambda: Margin(initial=0.3, maintenance=0.4),
        lambda: Margin(maintenance=-0.1), lambda: venue_commission("nowhere"),
    ],
)  # fmt: skip
def test_impossible_numbers_are_refused(build: Callable[[], Any]) -> None:
    with pytest.raises(ConfigError):
        build()


def written(model: Any) -> Book:
    """A book with the model's terms."""
    book = Book(0)
    model.write(book)
    return book


def test_amount_per_unit_with_bounds() -> None:
    book = written(PerShare(0.005, at_least=1, at_most=9))
    assert (book.fee_per_unit, book.fee_at_least, book.fee_at_most) == (0.005, 1, 9)


def test_percent_with_bounds() -> None:
    book = written(Percent(0.001, at_least=1, at_most=9))
    assert (book.fee_taker_rate, book.fee_at_least, book.fee_at_most) == (0.001, 1, 9)


def test_makers_and_takers_differ() -> None:
    book = written(MakerTaker(maker=0.001, taker=0.002))
    assert (book.fee_maker_rate, book.fee_taker_rate) == (0.001, 0.002)


@pytest.mark.parametrize(
    ("tiers", "above"),
    [
        (((0, 0.3),), (math.inf, math.inf)),
        (((0, 0.3), (10, 0.2)), (10, math.inf)),
        (((0, 0.3), (10, 0.2), (20, 0.1)), (10, 20)),
    ],
)
def test_tiers_begin_where_stated(tiers: Any, above: tuple[float, float]) -> None:
    book = written(Tiered(tiers))
    assert (book.fee_taker_rate, book.tier_above_1, book.tier_above_2) == (0.3, *above)


@pytest.mark.parametrize(
    ("model", "kind", "amount"),
    [
        (NoSlippage(), c.SLIP_NONE, 0),
        (Bps(10), c.SLIP_BPS, 0.001),
        (Spread(0.04), c.SLIP_SPREAD, 0.02),
        (VolumeShareImpact(0.2), c.SLIP_VOLUME_SHARE, 0.2),
        (SquareRootImpact(0.3), c.SLIP_SQUARE_ROOT, 0.3),
    ],
)
def test_slippage_is_a_kind_and_one_number(model: Any, kind: int, amount: float) -> None:
    book = written(model)
    assert (book.slip_kind, book.slip_amount) == (kind, amount)


def test_models_describe_themselves() -> None:
    assert PerShare(0.005, at_least=1).describe() == {
        "model": "PerShare",
        "amount": 0.005,
        "at_least": 1,
        "at_most": math.inf,
    }


class TestDefaults:
    def test_ten_basis_points_and_one_per_order(self) -> None:
        assert Costs().slippage_model == Bps(10)
        assert Costs().commission_model(None) == PerTrade(1.0)

    def test_venue_preset_stands_before_the_default_and_behind_what_is_given(self) -> None:
        assert Costs().commission_model("alpaca") == NoCommission()
        assert Costs(commission=PerTrade(2)).commission_model("alpaca") == PerTrade(2)

    def test_description_shows_every_number(self) -> None:
        shown = Costs().describe()
        assert shown["slippage"] == {"model": "Bps", "bps": 10.0}
        assert shown["commission"] == {"model": "PerTrade", "amount": 1.0}
        assert (shown["participation"], shown["free"]) == (0.1, False)

    def test_cash_account_describes_itself_like_a_margin_account(self) -> None:
        assert set(CASH_ACCOUNT) == set(Margin().describe())


class TestFree:
    def test_no_costs_are_written_out_and_shown(self) -> None:
        assert Costs.none().is_free
        assert Costs.none().describe()["free"] is True
        assert Costs.none().describe()["commission"] == {"model": "NoCommission"}

    @pytest.mark.parametrize(
        "costs",
        [
            Costs(),
            Costs(commission=NoCommission()),
            Costs(commission=PerTrade(1), slippage_bps=0),
            Costs(commission=NoCommission(), slippage_bps=0, tax_sell=0.001),
        ],
    )
    def test_anything_that_costs_is_not_free(self, costs: Costs) -> None:
        assert not costs.is_free

    def test_free_commission_writes_nothing(self) -> None:
        assert written(NoCommission()).fee_per_order == 0
