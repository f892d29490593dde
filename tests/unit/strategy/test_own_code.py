"""What a definition does, as a hash: helpers and constants count, comments and the rest of the file do not."""

from __future__ import annotations

import datetime as dt
import importlib
import subprocess
import sys
import threading
from collections import deque
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache, partial
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


class Weighted:
    def __init__(self, weight: float) -> None:
        self.weight = weight

    def score(self, x: float) -> float:
        return self.weight * x


@dataclass(slots=True)
class Slotted:
    weight: float

    def __call__(self, x: float) -> float:
        return self.weight * x


def cached(weight: float) -> Any:
    @lru_cache
    def score(x: float) -> float:
        return weight * x

    return score


def with_property(weight: float) -> Any:
    class Held:
        @cached_property
        def level(self) -> float:
            return weight

    return Held


def reading(value: Any) -> Any:
    return lambda x: x > value


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Weighted(1.0).score, Weighted(2.0).score),
        (Slotted(1.0), Slotted(2.0)),
        (cached(1.0), cached(2.0)),
        (with_property(1.0), with_property(2.0)),
        (reading(dt.date(2020, 1, 1)), reading(dt.date(2020, 1, 2))),
        (reading(Decimal("0.1")), reading(Decimal("0.2"))),
        (reading(range(3)), reading(range(4))),
        (reading(deque([1, 2])), reading(deque([1, 3]))),
    ],
    ids=["bound method", "slots", "cache", "cached property", "date", "decimal", "range", "deque"],
)
def test_what_objects_hold_counts(one: Any, other: Any) -> None:
    assert code_digest(one) == code_digest(one) != code_digest(other)


def test_what_cannot_be_copied_counts_by_its_kind() -> None:
    assert code_digest(reading(threading.Lock())) == code_digest(reading(threading.Lock()))


@pytest.mark.parametrize(
    "call",
    [
        "import own_mine\n\ndef f(x):\n    return own_mine.rule(x)",
        "def f(x):\n    import own_mine\n    return own_mine.rule(x)",
    ],
    ids=["above", "within"],
)
def test_what_is_taken_from_the_authors_modules_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def found(text: str) -> str:
        (tmp_path / "own_mine.py").write_text(text)
        sys.modules.pop("own_mine", None)
        importlib.invalidate_caches()
        return code_digest(load(call, tmp_path / "own_caller.py", "f"))

    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    rule = "LEVEL = 1\n\ndef rule(x):\n    return x > LEVEL\n"
    assert found(rule) == found(rule) != found(rule.replace("LEVEL = 1", "LEVEL = 2"))
    sys.modules.pop("own_mine", None)


def test_another_version_of_an_installed_strategy_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(text: str) -> str:
        (package / "rules.py").write_text(text)
        for name in [name for name in sys.modules if name.startswith("own_pack")]:
            del sys.modules[name]
        importlib.invalidate_caches()
        return code_digest(importlib.import_module("own_pack.mine").Mine)

    package = tmp_path / "site-packages" / "own_pack"
    package.mkdir(parents=True)
    monkeypatch.syspath_prepend(str(package.parent))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    (package / "__init__.py").touch()
    (package / "mine.py").write_text(
        "from .rules import rule\n\nclass Mine:\n    def f(self, x):\n        return rule(x)\n"
    )
    rule = "def rule(x):\n    return x > 1\n"
    assert found(rule) == found(rule) != found(rule.replace("1", "2"))


def test_modules_that_use_each_other_come_to_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "own_one.py").write_text("import own_two\n\ndef f(x):\n    return own_two.own_one.f(x)\n")
    (tmp_path / "own_two.py").write_text("import own_one\n")
    import own_one  # type: ignore[import-not-found]

    assert code_digest(own_one.f)


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
