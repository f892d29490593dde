"""Whether a bar ran interpreted or compiled can be seen nowhere in the result."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.compiled_worlds import Author, load, outcome, world

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("several", [False, True], ids=["one symbol", "several"])
def test_random_strategies_give_the_same_record_in_both_tiers(tmp_path: Path, seed: int, several: bool) -> None:
    text = Author(seed, several=several).text()
    strategy = load(text, tmp_path / f"drawn_{seed}_{several}.py")
    for number in range(4):
        options = world(10 * seed + number, several=several)
        interpreted, _ = outcome(strategy, options, "python")
        compiled, _ = outcome(strategy, options, "compiled")
        assert compiled == interpreted, text


def test_most_of_the_random_strategies_do_compile(tmp_path: Path) -> None:
    tiers = []
    for seed in range(6):
        strategy = load(Author(seed, several=False).text(), tmp_path / f"mostly_{seed}.py")
        tiers.append(outcome(strategy, world(10 * seed, several=False), "compiled")[1].get("engine"))
    assert tiers.count("compiled") >= 4
