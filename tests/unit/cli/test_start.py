"""Starting stays light: what is not used is not imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("numpy", "pandas", "polars", "pyarrow", "pydantic", "yaml", "rich", "plotly", "talib", "exchange_calendars")


def imported_by(code: str) -> list[str]:
    shown = f"import sys; {code}; print(*[name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1].split()


@pytest.mark.parametrize(
    "code",
    [
        "import tradewright",
        "import tradewright.cli",
        "from tradewright.cli import main; main(['--help'])",
        "from tradewright.cli import main; main(['new', '--help'])",
        "from tradewright.cli import main; main(['config', 'check', '--help'])",
        "from tradewright.cli import main; main(['init', '--help'])",
        "from tradewright.cli import main; main(['data', 'import', '--help'])",
    ],
)
def test_names_and_helps_import_nothing_heavy(code: str) -> None:
    assert imported_by(code) == []


def test_a_backtest_of_a_file_around_the_clock_needs_no_frames(tmp_path: pytest.TempPathFactory) -> None:
    from pathlib import Path

    from tests.command_line import SAY, SMA, csv_of

    folder = Path(str(tmp_path))
    (folder / "sma.py").write_text(SMA)
    (folder / "ACME.csv").write_text(csv_of())
    args = ["backtest", str(folder / "sma.py"), "--data", str(folder / "ACME.csv"), *SAY, "--json"]
    assert imported_by(f"from tradewright.cli import main; main({args})") == ["numpy", "pyarrow", "talib"]
