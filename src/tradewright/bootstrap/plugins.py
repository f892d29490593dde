"""Every registry of the house, seen together: what installed packages add, and what of it cannot be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tradewright.domain.plugins import Registry

__all__ = ["packaged_parts", "registries", "unusable_parts"]


def registries() -> tuple[Registry[Any], ...]:
    """One registry for each kind of part that a package can add."""
    import tradewright.reporting.sections  # noqa: F401 - the built-in sections register there
    from tradewright.bootstrap.broker_kinds import BROKERS
    from tradewright.bootstrap.executors import EXECUTORS
    from tradewright.bootstrap.notifiers import NOTIFIERS
    from tradewright.bootstrap.provider_kinds import PROVIDERS
    from tradewright.bootstrap.samplers import SAMPLERS
    from tradewright.quant.indicators import INDICATORS
    from tradewright.reporting.metric_registry import METRICS
    from tradewright.reporting.section_registry import SECTIONS
    from tradewright.simulation.costs import COMMISSIONS, SLIPPAGES
    from tradewright.strategy.forms import FORMS
    from tradewright.strategy.registry import STRATEGIES

    return (
        STRATEGIES, FORMS, INDICATORS, COMMISSIONS, SLIPPAGES, METRICS, SECTIONS, EXECUTORS, SAMPLERS, BROKERS,
        NOTIFIERS, PROVIDERS,
    )  # fmt: skip


def packaged_parts() -> tuple[str, ...]:
    """What installed packages add, each as its kind and name."""
    return tuple(f"{registry.kind} {name}" for registry in registries() for name in registry.packaged())


def unusable_parts() -> tuple[str, ...]:
    """One sentence for each part that cannot be used."""
    return tuple(fault for registry in registries() for fault in registry.faults())
