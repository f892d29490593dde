"""What is known of a strategy before it ever ran."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradewright.bootstrap.catalogue import find_catalogue, shipped_catalogue
from tradewright.bootstrap.strategy_standing import StrategyStanding, standing_of


def standing(name: str) -> StrategyStanding:
    return standing_of(shipped_catalogue().entries[name])


def test_warm_up_is_that_of_the_entrys_parameters_and_a_plain_strategy_compiles() -> None:
    assert standing("sma_cross") == StrategyStanding(31, True, None)


@pytest.mark.parametrize("name", ["pairs", "momentum_rotation"])
def test_what_is_not_compiled_says_where_and_one_that_needs_several_symbols_gets_them(name: str) -> None:
    found = standing(name)
    assert (found.warmup_bars is not None, found.is_compiled) == (True, False)
    assert f"{name}.py, line " in (found.why or "")


def test_one_that_cannot_be_set_up_says_why(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text(
        "from tradewright import Strategy\n\n\nclass Broken(Strategy):\n"
        "    def setup(self):\n        raise ValueError('no such file')\n\n    def on_bar(self, ctx):\n        pass\n",
        encoding="utf-8",
    )
    (tmp_path / "strategies.yaml").write_text("strategies:\n  broken:\n    class: broken.py:Broken\n", encoding="utf-8")
    found = standing_of(find_catalogue(tmp_path).entries["broken"])
    assert (found.warmup_bars, found.is_compiled) == (None, None)
    assert "no such file" in (found.why or "")
