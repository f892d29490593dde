"""Machine code and its cache: old code is never met, several processes at once, rings and slots that are small."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests import twin_interpreted
from tests.compiled_worlds import Author, load, outcome, world

import tradewright
from tradewright.engine.compiled import records, runner

pytestmark = pytest.mark.slow

RUN = """import sys
import tradewright as tw
sys.path.insert(0, sys.argv[1])
from own import Own
record = tw.backtest(Own, tw.synthetic_bars(bars=80, seed=1), engine="compiled").record
print(record.meta["engine"], record.meta.get("not_compiled", "-").partition(":")[0], record.equity[-1], sep="|")
"""
OWN = """import tradewright as tw


class Own(tw.Strategy):
    def on_bar(self, ctx):
        ctx.target_quantity(40)
"""


def backtest(package: Path, own: Path, cache: Path) -> subprocess.Popen[str]:
    """A process that runs a strategy compiled, with a package and a cache of its own."""
    settings = {**os.environ, "NUMBA_OPT": "0", "PYTHONPATH": str(package), "TRADEWRIGHT_CACHE": str(cache)}
    command = [sys.executable, "-c", RUN, str(own)]
    return subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def told(process: subprocess.Popen[str]) -> list[str]:
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return out.strip().split("|")


def copied(folder: Path) -> Path:
    """The package in another place."""
    shutil.copytree(Path(tradewright.__file__).parent, folder / "tradewright", ignore=shutil.ignore_patterns("*.pyc"))
    return folder


def test_processes_share_what_they_compile_and_a_changed_rule_or_field_meets_no_old_code(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(OWN, encoding="utf-8")
    package, cache = copied(tmp_path / "copy"), tmp_path / "cache"
    at_once = [backtest(package, tmp_path, cache) for _ in range(2)]
    first, second = (told(process) for process in at_once)
    assert first == second
    assert first[0] == "compiled"
    names = {file.name for file in cache.glob("tradewright_rules_*.py")}
    assert len(names) == 1
    rules = package / "tradewright" / "simulation" / "rules"
    change(rules / "prices.py", "return price * (1.0 + side * amount)", "return price * (1.0 + 2.0 * side * amount)")
    field = "    traded: float = 0.0\n"
    change(rules.parent / "state.py", field, f"{field}    extra: float = 0.0\n")
    later = told(backtest(package, tmp_path, cache))
    assert later[0] == "compiled"
    assert later[2] != first[2]
    assert {file.name for file in cache.glob("tradewright_rules_*.py")} > names


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def small(patch: pytest.MonkeyPatch, name: str, value: int) -> None:
    for module in (records, runner):
        if hasattr(module, name):
            patch.setattr(module, name, value)
    records.exchange_type.cache_clear()


@pytest.mark.parametrize(("rings", "slots"), [(100, 16), (100_000, 2)], ids=["small rings", "two slots"])
def test_what_does_not_fit_is_drained_or_carried_out_interpreted(
    tmp_path: Path, monkeypatch: Any, rings: int, slots: int
) -> None:
    tiers = []
    with monkeypatch.context() as patch:
        twin_interpreted.use(patch)
        patch.setattr(twin_interpreted, "RING", 64)
        for name, value in (("EVENT_RING", 4 * 80 + rings), ("ORDER_RING", 80 + rings), ("SLOTS", slots)):
            small(patch, name, value)
        for seed in range(30, 42):
            strategy = load(Author(seed, several=False).text(), tmp_path / f"small_{seed}_{slots}.py")
            options = world(seed, several=False)
            said, meta = outcome(strategy, options, "compiled")
            assert said == outcome(strategy, options, "python")[0]
            tiers.append(meta.get("engine"))
    records.exchange_type.cache_clear()
    assert "compiled" in tiers
    assert ("python" in tiers) == (slots == 2)
