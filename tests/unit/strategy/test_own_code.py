"""What a definition does, as a hash: helpers and constants count, comments and the rest of the file do not."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.compiled_worlds import load

from tradewright.strategy.own_code import code_digest

TEXT = """
import math
from tradewright import Param, Strategy

LEVEL = 3
TABLE = {"a": [1, 2]}

def helper(x):
    def inner(y):
        return y + LEVEL
    return inner(x)

class Base(Strategy):
    def by(self):
        return helper(2)

class Mine(Base):
    fast = Param(10, low=2)

    @property
    def word(self):
        return "long" in {"long", "short", "flat"}

    def on_bar(self, ctx):
        self.by()

print_count = 0
"""


def digest(folder: Path, name: str, text: str = TEXT) -> str:
    return code_digest(load(text, folder / f"{name}.py", "Mine"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LEVEL = 3", "LEVEL = 4"), ("y + LEVEL", "y - LEVEL"), ("helper(2)", "helper(3)"), ("low=2", "low=3"),
        ("Param(10", "Param(11"), ("self.by()", "self.by"), ('"flat"', '"none"'),
        ("    def on_bar", "    extra = [1]\n\n    def on_bar"),
    ],
)  # fmt: skip
def test_whatever_changes_what_it_does_changes_the_hash(tmp_path: Path, old: str, new: str) -> None:
    assert old in TEXT
    assert digest(tmp_path, "own_a") != digest(tmp_path, "own_b", TEXT.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\nclass Base", "\n# a word\n\nclass Base"), ("print_count = 0", "print_count = 1"),
        ("TABLE = {", "TABLE = {'b': 2, "), ("import math", "import math, os"),
    ],
)  # fmt: skip
def test_what_it_does_not_use_is_left_out(tmp_path: Path, old: str, new: str) -> None:
    assert old in TEXT
    assert digest(tmp_path, "own_c") == digest(tmp_path, "own_d", TEXT.replace(old, new))


def test_what_a_function_remembers_of_where_it_was_made_counts() -> None:
    def made(level: float) -> Any:
        return lambda x, by=2: x > level * by

    assert code_digest(made(1.0)) == code_digest(made(1.0)) != code_digest(made(2.0))
    assert code_digest(partial(made(1.0), by=3)) != code_digest(partial(made(1.0), by=4))


def test_arrays_count_by_what_is_in_them() -> None:
    def made(table: Any) -> Any:
        return lambda x: table[x]

    assert code_digest(made(np.arange(5_000))) == code_digest(made(np.arange(5_000)))
    assert code_digest(made(np.arange(5_000))) != code_digest(made(np.arange(5_000) + (np.arange(5_000) == 2_500)))


def test_it_is_the_same_in_every_process(tmp_path: Path) -> None:
    (tmp_path / "own_e.py").write_text(TEXT)
    code = "from tradewright.strategy.own_code import code_digest; import own_e; print(code_digest(own_e.Mine))"
    found = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONHASHSEED": seed, "PATH": ""}, text=True,
            capture_output=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(found) == 1


def test_functions_that_call_each_other_come_to_an_end() -> None:
    def one() -> Any:
        return two()

    def two() -> Any:
        return one()

    assert code_digest(one) != code_digest(two)
