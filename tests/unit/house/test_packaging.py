"""What the wheel holds, and that the examples are found from a wheel and from a checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hatchling.builders.wheel import WheelBuilder
from tools.wheel_dashboard import WITHOUT, DashboardHook, commands, is_fresh

LOCKS = ("requirements.lock", "requirements-bench.lock")


@pytest.fixture(scope="module")
def wheel(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the project as it stands, unpacked; the dashboard is in it where it was built."""
    folder = tmp_path_factory.mktemp("wheel")
    with pytest.MonkeyPatch.context() as patch:
        if not is_fresh(project / "dashboard"):
            patch.setenv(WITHOUT, "1")
        built = next(WheelBuilder(str(project)).build(directory=str(folder), versions=["standard"]))
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def examples_path(root: Path) -> list[str]:
    """Where `tradewright.examples` leads when the package is imported from a folder."""
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import tradewright.examples as e; print(*e.__path__, sep='\\n')"
    )
    run = subprocess.run([sys.executable, "-I", "-c", script, root], capture_output=True, text=True, check=True)
    return run.stdout.splitlines()


def test_wheel_ships_every_example(wheel: Path, project: Path) -> None:
    shipped = {path.name for path in (wheel / "tradewright" / "examples").iterdir()}
    assert {path.name for path in (project / "strategies").glob("*.*")} <= shipped


def test_wheel_marks_the_package_as_typed(wheel: Path) -> None:
    assert (wheel / "tradewright" / "py.typed").is_file()


def test_wheel_holds_nothing_beside_the_package(wheel: Path) -> None:
    assert {path.name for path in wheel.iterdir() if not path.name.endswith(".dist-info")} == {"tradewright"}


def test_installed_examples_come_from_the_wheel_alone(wheel: Path) -> None:
    assert examples_path(wheel) == [str(wheel / "tradewright" / "examples")]


def test_checkout_examples_lead_to_the_strategies_folder(project: Path) -> None:
    assert examples_path(project / "src")[-1] == str(project / "strategies")


def test_wheel_carries_the_dashboard(wheel: Path, project: Path) -> None:
    if not is_fresh(project / "dashboard"):
        pytest.skip("the dashboard is not built: `make dashboard` builds it, with Node and npm")
    built = {path.relative_to(project / "dashboard" / "dist") for path in (project / "dashboard/dist").rglob("*")}
    shipped = wheel / "tradewright" / "dashboard"
    assert {path.relative_to(shipped) for path in shipped.rglob("*")} == built


@pytest.mark.parametrize("version", ["editable", "standard"])
def test_an_install_that_needs_no_dashboard_builds_none(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WITHOUT, "1" if version == "standard" else "")
    data: dict[str, Any] = {"force_include": {}}
    DashboardHook(str(tmp_path), {}, None, None, "", "wheel").initialize(version, data)  # type: ignore[arg-type]
    assert data == {"force_include": {}}


def test_built_dashboard_is_old_when_a_source_is_younger(tmp_path: Path) -> None:
    folder = tmp_path / "dashboard"
    built, source = folder / "dist" / "index.html", folder / "src" / "main.tsx"
    for path, seconds in ((source, 1_000), (built, 2_000)):
        path.parent.mkdir(parents=True)
        path.touch()
        os.utime(path, (seconds, seconds))
    assert is_fresh(folder)
    os.utime(source, (3_000, 3_000))
    assert not is_fresh(folder)
    (tmp_path / "PKG-INFO").touch()
    assert is_fresh(folder)


def test_build_without_node_says_how_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RuntimeError, match=f"install Node 20.19 or newer, or set {WITHOUT}=1"):
        commands()


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_pins_every_package_by_version_and_hash(lock: str, project: Path) -> None:
    entries = re.split(r"\n(?=\w)", (project / lock).read_text(encoding="utf-8").strip())
    assert [entry for entry in entries if not re.match(r"[\w.-]+==\S+ (;.*? )?\\\n    --hash=sha256:", entry)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_host(lock: str, project: Path) -> None:
    assert not re.search(r"://|@|index|find-links", (project / lock).read_text(encoding="utf-8"))


def test_make_refuses_an_old_python_with_one_sentence(project: Path, tmp_path: Path) -> None:
    command = ["make", "setup", "PYTHON=false", f"VENV={tmp_path / 'env'}"]
    run = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "Tradewright needs Python 3.11 or newer" in run.stderr
