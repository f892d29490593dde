"""What installed packages add is seen together, and so is what of it cannot be used."""

from __future__ import annotations

import datetime as dt
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from tradewright.bootstrap.checks import State, all_checks
from tradewright.bootstrap.plugins import packaged_parts, registries, unusable_parts

GROUPS = {
    "tradewright.strategies", "tradewright.strategy_forms", "tradewright.indicators", "tradewright.commissions",
    "tradewright.slippages", "tradewright.metrics", "tradewright.report_sections", "tradewright.executors",
    "tradewright.samplers", "tradewright.brokers", "tradewright.notifiers", "tradewright.providers",
}  # fmt: skip


def install(monkeypatch: pytest.MonkeyPatch, *points: EntryPoint) -> None:
    """Make entry points appear as those of installed packages."""
    monkeypatch.setattr(
        "importlib.metadata.entry_points", lambda group: [point for point in points if point.group == group]
    )
    for registry in registries():
        monkeypatch.setattr(registry, "_points", None)
        monkeypatch.setattr(registry, "_known", dict(registry._known))


def plug_ins(folder: Path) -> tuple[State, str]:
    """What the doctor says of them."""
    checks = all_checks(folder, dt.datetime(2024, 1, 2, tzinfo=dt.UTC), {})
    (found,) = [check for check in checks if check.name == "plug-ins"]
    return found.state, found.detail


def test_there_is_one_registry_for_every_group() -> None:
    assert {registry.group for registry in registries()} == GROUPS
    assert len(registries()) == len(GROUPS)


def test_nothing_installed_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install(monkeypatch)
    assert packaged_parts() == ()
    assert plug_ins(tmp_path) == (State.OK, "none installed")


def test_parts_of_packages_are_named_by_kind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install(monkeypatch, EntryPoint("own_percent", "tradewright.simulation.costs:Percent", "tradewright.commissions"))
    assert packaged_parts() == ("commission own_percent",)
    assert plug_ins(tmp_path) == (State.OK, "commission own_percent")


def test_a_part_that_cannot_be_used_is_a_failed_check(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install(monkeypatch, EntryPoint("gone", "no_such_package:metric", "tradewright.metrics"))
    (fault,) = unusable_parts()
    assert "The metric 'gone' of an installed package (no_such_package:metric) cannot be loaded" in fault
    state, detail = plug_ins(tmp_path)
    assert (state, detail) == (State.FAIL, fault)
