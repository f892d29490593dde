"""`tw.load_strategy`: the catalogue first, then what was registered."""

from __future__ import annotations

from pathlib import Path

import pytest

import tradewright as tw
from tradewright.domain.errors import ConfigError, StrategyError

TEXT = "def strategy(ctx):\n    '''Do nothing.'''\n"


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_shipped_examples_are_known_by_name() -> None:
    assert tw.load_strategy("momentum_rotation").__name__ == "MomentumRotation"


def test_a_catalogue_of_ones_own_takes_their_place(desk: Path) -> None:
    (desk / "idle.py").write_text(TEXT)
    (desk / "strategies.yaml").write_text("strategies:\n  idle_v1: {class: idle.py}\n")
    assert tw.load_strategy("idle_v1").__doc__ == "Do nothing."
    with pytest.raises(StrategyError, match="There is no strategy 'momentum_rotation'"):
        tw.load_strategy("momentum_rotation")


def test_files_and_modules_are_loaded_as_ever(desk: Path) -> None:
    (desk / "idle.py").write_text(TEXT)
    assert tw.load_strategy("idle.py").__doc__ == "Do nothing."
    assert tw.load_strategy("idle.py:strategy").__doc__ == "Do nothing."
    assert tw.load_strategy("tradewright.examples.sma_cross:SmaCross").__name__ == "SmaCross"


def test_a_registered_name_is_found_after_the_catalogue(desk: Path) -> None:
    @tw.register("kept_by_hand_9")
    def kept(ctx):
        """Kept."""

    assert tw.load_strategy("kept_by_hand_9") is kept
    (desk / "idle.py").write_text(TEXT)
    (desk / "strategies.yaml").write_text("strategies:\n  kept_by_hand_9: {class: idle.py}\n")
    assert tw.load_strategy("kept_by_hand_9").__doc__ == "Do nothing."


def test_an_unknown_name_is_refused_with_the_nearest_of_both(desk: Path) -> None:
    with pytest.raises(StrategyError, match=r"There is no strategy 'sma_cros'\. Did you mean 'sma_cross'\?"):
        tw.load_strategy("sma_cros")
    with pytest.raises(StrategyError, match=r"There are .*sma_cross.*, or give path/file\.py:Class\."):
        tw.load_strategy("zzzzzz")


def test_a_broken_catalogue_is_told_by_file_and_line(desk: Path) -> None:
    (desk / "strategies.yaml").write_text("strategies:\n  a: {clas: x}\n")
    with pytest.raises(ConfigError, match=r"strategies\.yaml, line 2"):
        tw.load_strategy("a")
