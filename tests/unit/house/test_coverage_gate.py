"""The coverage gate passes what was promised and refuses what falls short."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

ROOMS = ("domain", "quant", "simulation", "risk", "engine")


@pytest.fixture
def gate(project: Path) -> ModuleType:
    """The gate, loaded from its file."""
    spec = importlib.util.spec_from_file_location("coverage_gate", project / "tools" / "coverage_gate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def entry(lines: int, branches: int) -> dict[str, dict[str, int]]:
    """A file of a report, of which so many of 100 statements and 100 branches ran."""
    return {
        "summary": {
            "covered_lines": lines, "num_statements": 100, "covered_branches": branches, "num_branches": 100,
        }
    }  # fmt: skip


def verdict(gate: ModuleType, tmp_path: Path, changes: dict[str, dict[str, dict[str, int]]]) -> int:
    """The exit status for a report in which all rooms are at 95 % but for the changes."""
    files = {f"src/tradewright/{room}/file.py": entry(95, 95) for room in ROOMS}
    report = tmp_path / "coverage.json"
    report.write_text(json.dumps({"files": files | changes}), encoding="utf-8")
    return int(gate.main(str(report)))


def test_gate_passes_when_every_floor_is_reached(gate: ModuleType, tmp_path: Path) -> None:
    assert verdict(gate, tmp_path, {}) == 0


@pytest.mark.parametrize("room", ROOMS)
def test_gate_refuses_a_room_whose_branches_fall_short(room: str, gate: ModuleType, tmp_path: Path) -> None:
    assert verdict(gate, tmp_path, {f"src/tradewright/{room}/file.py": entry(100, 89)}) == 1


def test_gate_refuses_a_package_that_falls_short_as_a_whole(gate: ModuleType, tmp_path: Path) -> None:
    elsewhere = {f"src/tradewright/cli/file{number}.py": entry(50, 50) for number in range(5)}
    assert verdict(gate, tmp_path, elsewhere) == 1


def test_gate_refuses_a_report_that_lost_a_room(gate: ModuleType, tmp_path: Path) -> None:
    report = tmp_path / "coverage.json"
    report.write_text(json.dumps({"files": {"src/tradewright/domain/file.py": entry(100, 100)}}), encoding="utf-8")
    assert gate.main(str(report)) == 1
