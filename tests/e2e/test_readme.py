"""Every block of the README runs: Python as a plain script, console line by line, in order and in one folder."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, flags=re.DOTALL | re.MULTILINE)
MAKEFILE = Path(__file__).resolve().parents[2] / "Makefile"
LONGEST_QUICK_START = 10


def run(argv: list[str], folder: Path) -> str:
    """Run one command as a reader would, with the program on the path."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        argv, cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "PATH": path}
    )
    assert done.returncode == 0, f"{argv}: {done.stderr}"
    return done.stdout


@pytest.mark.slow
def test_every_block_runs_in_order(tmp_path: Path) -> None:
    said = []
    for number, (language, text) in enumerate(BLOCKS):
        if language == "python":
            script = tmp_path / f"block_{number}.py"
            script.write_text(text, encoding="utf-8")
            said.append(run([sys.executable, script.name], tmp_path))
        else:
            commands = [line for line in text.splitlines() if not line.startswith("make ")]
            said += [run(shlex.split(line), tmp_path) for line in commands]
    assert "SYNTHETIC" in "".join(said)
    assert (tmp_path / "report.html").is_file()
    assert (tmp_path / "runs" / "acme" / "report.html").is_file()


def test_every_block_is_one_that_can_be_run() -> None:
    assert {language for language, _ in BLOCKS} == {"console", "python"}


def test_the_first_commands_are_targets_that_set_up_all_they_need() -> None:
    commands = [line.removeprefix("make ") for line in BLOCKS[0][1].splitlines()]
    assert commands == ["demo", "test"]
    for target in commands:
        assert re.search(rf"^{target}: \$\(READY\)( |$)", MAKEFILE.read_text(encoding="utf-8"), flags=re.MULTILINE)


def test_the_quick_start_is_short() -> None:
    quick = next(text for language, text in BLOCKS if language == "python")
    assert len([line for line in quick.splitlines() if line.strip()]) <= LONGEST_QUICK_START


def test_every_place_it_names_is_there() -> None:
    places = re.findall(r"`((?:docs|strategies)/[\w./-]*|CONTRIBUTING\.md)`", README)
    assert len(places) >= 4
    assert [place for place in places if not (MAKEFILE.parent / place).exists()] == []


def test_every_shipped_strategy_is_in_the_table() -> None:
    from tradewright.bootstrap.catalogue import shipped_catalogue

    assert re.findall(r"^\| `(\w+)` \|", README, flags=re.MULTILINE) == list(shipped_catalogue().entries)


def test_it_stands_on_its_own() -> None:
    assert "shared" not in README
