"""Cost models of one's own: their terms, their names, and the way back from a description."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

import pytest

from tradewright.domain.errors import ConfigError
from tradewright.domain.plugins import Registry
from tradewright.simulation import models
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
from tradewright.simulation.models import described_model
from tradewright.simulation.state import Book

BUILT_IN = [
    NoCommission(), PerTrade(1.5), PerShare(0.005, at_least=1.0), Percent(0.001, 2.0), MakerTaker(-0.0001, 0.0004),
    Tiered(((0.0, 0.003), (1e5, 0.002), (1e6, 0.001))), NoSlippage(), Bps(5.0), EntryMarkup(5.0), Spread(0.02),
    VolumeShareImpact(), SquareRootImpact(),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Capped(Commission):
    rate: float = 0.0003
    most: float = 20.0

    def terms(self) -> FeeTerms:
        return FeeTerms(per_order=0.5, maker_rate=self.rate, taker_rate=self.rate, at_most=self.most)


@pytest.fixture
def commissions(monkeypatch: pytest.MonkeyPatch) -> Registry[Any]:
    """A registry of the test's own."""
    registry: Registry[Any] = Registry("commission", "tradewright.commissions", flaw=models._flaw(Commission))
    monkeypatch.setattr(Commission, "registry", registry)
    return registry


def test_a_model_of_ones_own_is_written_by_its_terms() -> None:
    book = Book(0)
    Capped().write(book)
    assert (book.fee_per_order, book.fee_taker_rate, book.fee_maker_rate, book.fee_at_most) == (0.5, 3e-4, 3e-4, 20.0)


def test_it_describes_itself_by_its_registered_name_and_comes_back(commissions: Registry[Any]) -> None:
    commissions.add("capped", Capped)
    said = Capped(0.0005).describe()
    assert said == {"model": "capped", "rate": 0.0005, "most": 20.0}
    assert described_model(commissions, said) == Capped(0.0005)


def test_without_a_name_it_describes_itself_by_its_class_and_never_as_another(commissions: Registry[Any]) -> None:
    assert Capped().describe()["model"] == "Capped"
    commissions.add("Capped", PerTrade)
    assert Capped().describe()["model"].endswith("test_models:Capped")


@pytest.mark.parametrize("model", BUILT_IN, ids=repr)
def test_every_model_comes_back_from_its_description_as_json_keeps_it(model: Any) -> None:
    said = json.loads(json.dumps(model.describe()))
    assert said["model"] == type(model).__name__
    assert described_model(model.registry, said) == model


def test_a_description_of_other_numbers_or_of_no_model_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"'PerTrade' does not take \{'sum': 1\}"):
        described_model(COMMISSIONS, {"model": "PerTrade", "sum": 1})
    with pytest.raises(ConfigError, match=r"There is no slippage 'Bsp'\. Did you mean 'Bps'"):
        described_model(SLIPPAGES, {"model": "Bsp"})


def test_what_is_no_model_cannot_be_registered() -> None:
    with pytest.raises(ConfigError, match="it is no subclass of Commission"):
        models.commission("wrong")(Bps)
    with pytest.raises(ConfigError, match="it is no subclass of Slippage"):
        models.slippage("wrong")(PerTrade)

    class Plain(Slippage):
        def terms(self) -> SlippageTerms:
            return SlippageTerms()

    with pytest.raises(ConfigError, match="it is no frozen dataclass"):
        models.slippage("wrong")(Plain)


@pytest.mark.parametrize(
    "numbers",
    [
        {"per_order": -1}, {"per_unit": math.nan}, {"at_most": -1}, {"taker_rate": math.nan}, {"maker_rate": math.inf},
        {"at_least": math.nan}, {"tiers": ((0, 0.1),)}, {"tiers": ((2, 0.1), (1, 0.1))},
        {"tiers": ((1, 0.3), (2, 0.2), (3, 0.1))}, {"tiers": ((1, math.nan),)},
    ],
)  # fmt: skip
def test_terms_no_venue_could_charge_are_refused(numbers: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        FeeTerms(**numbers)


@pytest.mark.parametrize("terms", [("bsp", 1.0), ("bps", -1.0), ("bps", math.nan), ("bps", math.inf)])
def test_slippage_in_the_traders_favour_or_by_no_law_is_refused(terms: tuple[str, float]) -> None:
    with pytest.raises(ConfigError):
        SlippageTerms(*terms)


def test_what_charges_nothing_is_free_whatever_it_is_called() -> None:
    assert PerTrade(0).is_free
    assert Bps(0).is_free
    assert not PerTrade(0.01).is_free
    assert not Spread(0.01).is_free
