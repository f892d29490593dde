"""Words for policies, as options and catalogues use them, into the objects that carry them out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.plugins import Registry
    from tradewright.simulation.costs import Commission, Costs, Slippage

__all__ = ["COMMISSION_FORMS", "SLIPPAGE_FORMS", "commission_of", "costs_of", "slippage_of"]

COMMISSION_FORMS = "per-trade:1.0, per-share:0.005, percent:0.001 (a fraction: 0.1 %), venue:binance or none"
SLIPPAGE_FORMS = "bps:5, spread:0.02, volume-share:0.1, square-root:0.01 or none"


def commission_of(text: str) -> Commission:
    """A commission in words.

    Parameters
    ----------
    text : str
        ``NAME:NUMBERS``: a registered commission and its numbers in order or by name, as ``per-trade:1.5``,
        ``per-share:0.005,at_least=1`` or ``mine:0.1``; ``venue:NAME`` for a venue's published one; or ``none``.

    Raises
    ------
    ConfigError
        When it is none of these.
    """
    from tradewright.simulation.costs import COMMISSIONS, venue_commission

    kind, _, amount = text.partition(":")
    if kind == "venue":
        return venue_commission(amount)
    model: Commission = _model_of(COMMISSIONS, text, COMMISSION_FORMS)
    return model


def slippage_of(text: str) -> Slippage:
    """A slippage in words: ``NAME:NUMBERS``, as ``spread:0.02`` or ``none``; see `commission_of`.

    Raises
    ------
    ConfigError
        When it cannot be read.
    """
    from tradewright.simulation.costs import SLIPPAGES

    model: Slippage = _model_of(SLIPPAGES, text, SLIPPAGE_FORMS)
    return model


def _model_of(registry: Registry[Any], text: str, forms: str) -> Any:
    name, _, numbers = text.partition(":")
    model = registry.get(name)
    said = [word.partition("=") for word in numbers.split(",") if word]
    try:
        in_order = [_number(key) for key, equals, _ in said if not equals]
        made = model(*in_order, **{key.strip(): _number(value) for key, equals, value in said if equals})
        made.terms()
    except (TypeError, ValueError):
        from dataclasses import fields

        takes = [item.name for item in fields(model)]
        raise ConfigError(
            f"The {registry.kind} '{text}' cannot be read: {name} takes {', '.join(takes) or 'no numbers'}.",
            hint=f"Write {forms}, or {name}:{','.join(f'{each}=…' for each in takes)}.",
        ) from None
    return made


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text.strip()


def costs_of(said: Mapping[str, Any]) -> Costs:
    """The cost model of a run from ``costs``, ``slippage_bps`` or ``slippage``, and ``commission``; each may be absent.

    Raises
    ------
    ConfigError
        When no costs are asked for together with some, or slippage is said twice.
    """
    from tradewright.simulation.costs import Costs

    slippage_bps, slippage, commission = (said.get(name) for name in ("slippage_bps", "slippage", "commission"))
    if said.get("costs") == "none":
        if any(word is not None for word in (slippage_bps, slippage, commission)):
            raise ConfigError("A run has no costs, or slippage and commission, not both.", hint="Leave one out.")
        return Costs.none()
    return Costs(
        slippage_bps=slippage_bps,
        commission=None if commission is None else commission_of(commission),
        slippage=None if slippage is None else slippage_of(slippage),
    )
