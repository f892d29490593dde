"""What the wheel holds, and that the examples are found from a wheel and from a checkout."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

LOCKS = ("requirements.lock", "requirements-bench.lock")


@pytest.fixture(scope="module")
def wheel(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the project as it stands, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
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
