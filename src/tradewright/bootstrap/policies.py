"""Words for policies, as options and catalogues use them, into the objects that carry them out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.simulation.costs import Commission, Costs

__all__ = ["COMMISSION_FORMS", "commission_of", "costs_of"]

COMMISSION_FORMS = "per-trade:1.0, per-share:0.005, percent:0.001 (a fraction: 0.1 %), venue:binance or none"


def commission_of(text: str) -> Commission:
    """A commission in words.

    Parameters
    ----------
    text : str
        ``per-trade:AMOUNT``, ``per-share:AMOUNT``, ``percent:FRACTION``, ``venue:NAME`` for a venue's published one, or
        ``none``.

    Raises
    ------
    ConfigError
        When it is none of these.
    """
    from tradewright.simulation.costs import NoCommission, Percent, PerShare, PerTrade, venue_commission

    if text == "none":
        return NoCommission()
    kinds: dict[str, type[PerTrade | PerShare | Percent]] = {
        "per-trade": PerTrade,
        "per-share": PerShare,
        "percent": Percent,
    }
    kind, _, amount = text.partition(":")
    if kind == "venue":
        return venue_commission(amount)
    try:
        return kinds[kind](float(amount))
    except (KeyError, ValueError):
        raise ConfigError(f"The commission '{text}' cannot be read.", hint=f"Write {COMMISSION_FORMS}.") from None


def costs_of(said: Mapping[str, Any]) -> Costs:
    """The cost model of a run from ``costs``, ``slippage_bps`` and ``commission``, each of which may be absent.

    Raises
    ------
    ConfigError
        When no costs are asked for together with some.
    """
    from tradewright.simulation.costs import Costs

    slippage, commission = said.get("slippage_bps"), said.get("commission")
    if said.get("costs") == "none":
        if slippage is not None or commission is not None:
            raise ConfigError("A run has no costs, or slippage and commission, not both.", hint="Leave one out.")
        return Costs.none()
    return Costs(slippage_bps=slippage, commission=None if commission is None else commission_of(commission))
