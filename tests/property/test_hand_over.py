"""A run that starts interpreted may go on compiled at any row, its working orders and memory handed over."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from tests import twin_interpreted
from tests.compiled_worlds import Author, load, outcome, world

from tradewright.engine import run as engine_run
from tradewright.engine.compiled.runner import compiled_run

pytestmark = pytest.mark.slow


def handed_over(row: int) -> Any:
    """In place of `carry_out`: interpreted up to a row, compiled from there on, interpreted where that cannot be."""

    def carry_out(loop: Any) -> dict[str, Any]:
        ran = compiled_run(loop, even_if_new=True, even_if_cold=True, from_row=row)
        if ran.reason is None:
            return {"engine": "compiled"}
        loop.run()
        return {"engine": "python", "not_compiled": ran.reason}

    return carry_out


@pytest.mark.parametrize("several", [False, True], ids=["one symbol", "several"])
def test_it_can_be_seen_nowhere_in_the_record(tmp_path: Path, monkeypatch: Any, several: bool) -> None:
    twin_interpreted.use(monkeypatch)
    tiers = []
    for seed in range(60, 80):
        text, chance = Author(seed, several=several).text(), random.Random(seed)  # noqa: S311 - examples
        strategy, options = load(text, tmp_path / f"handed_{seed}_{several}.py"), world(seed, several=several)
        interpreted, _ = outcome(strategy, options, "python")
        for row in (chance.randrange(1, 20), chance.randrange(20, 60), chance.randrange(60, 400)):
            with monkeypatch.context() as patch:
                patch.setattr(engine_run, "carry_out", handed_over(row))
                said, meta = outcome(strategy, options, "compiled")
            assert said == interpreted, text
            tiers.append(meta.get("engine"))
    assert tiers.count("compiled") >= 30
