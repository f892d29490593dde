"""Whether a bar ran interpreted or compiled can be seen nowhere in the result."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import twin_interpreted
from tests.compiled_worlds import Author, load, outcome, world

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("several", [False, True], ids=["one symbol", "several"])
def test_random_strategies_give_the_same_record_in_both_tiers(tmp_path: Path, seed: int, several: bool) -> None:
    text = Author(seed, several=several).text()
    strategy = load(text, tmp_path / f"drawn_{seed}_{several}.py")
    for number in range(4):
        options = world(10 * seed + number, several=several)
        interpreted, _ = outcome(strategy, options, "python")
        compiled, _ = outcome(strategy, options, "compiled")
        assert compiled == interpreted, text


@pytest.mark.parametrize("several", [False, True], ids=["one symbol", "several"])
def test_the_text_that_is_compiled_says_the_same_carried_out_by_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, several: bool
) -> None:
    twin_interpreted.use(monkeypatch)
    tiers = []
    for seed in range(20, 45):
        text = Author(seed, several=several).text()
        strategy, options = load(text, tmp_path / f"said_{seed}_{several}.py"), world(seed, several=several)
        interpreted, _ = outcome(strategy, options, "python")
        said, meta = outcome(strategy, options, "compiled")
        assert said == interpreted, text
        tiers.append(meta.get("engine"))
    assert tiers.count("compiled") >= 15


def test_most_of_the_random_strategies_do_compile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    twin_interpreted.use(monkeypatch)
    tiers = []
    for seed in range(24):
        strategy = load(Author(seed, several=False).text(), tmp_path / f"mostly_{seed}.py")
        tiers.append(outcome(strategy, world(10 * seed, several=False), "compiled")[1].get("engine"))
    ended = [tier for tier in tiers if tier is not None]
    assert len(ended) >= 20, "the others raise, in both tiers alike"
    assert ended.count("compiled") >= 4 / 6 * len(ended)
