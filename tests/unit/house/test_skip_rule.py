"""Where nothing may skip, a skip is a failure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SKIPPING = {
    "in a test": "import pytest\ndef test_it():\n    pytest.skip('no reason')\n",
    "by a mark": "import pytest\n@pytest.mark.skip(reason='no reason')\ndef test_it():\n    pass\n",
    "a whole module": "import pytest\npytest.skip('no reason', allow_module_level=True)\n",
}
ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
READS_DATA = "def test_it(shared_data):\n    assert shared_data.is_dir()\n"


def run(project: Path, folder: Path, text: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run one test file under the project's own `conftest.py`, in a checkout that has no data beside it."""
    suite = folder / "checkout" / "tests"
    suite.mkdir(parents=True)
    (suite / "conftest.py").write_text(
        (project / "tests" / "conftest.py").read_text(encoding="utf-8"), encoding="utf-8"
    )
    (suite / "test_it.py").write_text(text, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if name not in {"CI", "TRADEWRIGHT_SHARED_DATA"}}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, f"--rootdir={suite}", suite],
        cwd=project, env=kept | variables | ALONE, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("way", sorted(SKIPPING))
def test_any_skip_fails_where_the_data_is_named(way: str, project: Path, tmp_path: Path) -> None:
    outcome = run(project, tmp_path, SKIPPING[way], TRADEWRIGHT_SHARED_DATA=str(tmp_path))
    assert outcome.returncode != 0
    assert "Nothing may skip here" in outcome.stdout


def test_any_other_skip_fails_under_ci(project: Path, tmp_path: Path) -> None:
    assert run(project, tmp_path, SKIPPING["in a test"], CI="true").returncode == 1


def test_absent_data_skips_under_ci(project: Path, tmp_path: Path) -> None:
    outcome = run(project, tmp_path, READS_DATA, CI="true")
    assert outcome.returncode == 0, outcome.stdout
    assert "1 skipped" in outcome.stdout


def test_named_data_is_read(project: Path, tmp_path: Path) -> None:
    assert "1 passed" in run(project, tmp_path, READS_DATA, TRADEWRIGHT_SHARED_DATA=str(tmp_path)).stdout


def test_a_variable_that_names_no_folder_is_refused(project: Path, tmp_path: Path) -> None:
    outcome = run(project, tmp_path, READS_DATA, TRADEWRIGHT_SHARED_DATA=str(tmp_path / "absent"))
    assert outcome.returncode != 0
    assert "which is not a folder" in outcome.stderr
