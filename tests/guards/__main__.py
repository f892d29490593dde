"""`python -m tests.guards [WORD]…`: take every guard out, one at a time, and see its tests fail."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .register import GUARDS, Guard

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "tradewright"
FAILED = 1
"""What pytest ends with when tests failed; whatever else it ends with shows nothing."""
DEADLINE_S = 600.0


def main() -> int:
    """Try the guards whose promise or name holds one of the words, all without words; the exit code."""
    asked = argparse.ArgumentParser(prog="python -m tests.guards", description=__doc__)
    asked.add_argument("words", nargs="*", help="Only guards whose promise or name holds one of these.")
    words = asked.parse_args().words
    chosen = [each for each in GUARDS if not words or any(word in f"{each.promise} {each.name}" for word in words)]
    unnoticed = 0
    for guard in chosen:
        is_noticed = _is_noticed_without(guard)
        unnoticed += not is_noticed
        _say(f"{'noticed' if is_noticed else 'NOT NOTICED':12} {guard.promise}: {guard.name}")
    _say(f"{len(chosen)} guards taken out, {len(chosen) - unnoticed} noticed.")
    return 1 if unnoticed or not chosen else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _is_noticed_without(guard: Guard) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "src" / "tradewright"
        shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__"))
        file = copy / guard.file
        text = file.read_text()
        if text.count(guard.text) != 1:
            raise SystemExit(f"The guard '{guard.name}' does not stand once in {guard.file}.")
        file.write_text(text.replace(guard.text, guard.without))
        return _tests_fail(guard.tests, copy.parent)


def _tests_fail(tests: tuple[str, ...], source: Path) -> bool:
    """Whether tests fail over a copy of the program, in processes that find it before the installed one."""
    environment = {**os.environ, "PYTHONPATH": str(source)}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    found = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=DEADLINE_S, check=False
    )  # fmt: skip
    if found.returncode not in {0, FAILED}:
        raise SystemExit(f"The tests of a guard could not be run:\n{found.stdout[-2000:]}{found.stderr[-2000:]}")
    return found.returncode == FAILED


if __name__ == "__main__":
    raise SystemExit(main())
