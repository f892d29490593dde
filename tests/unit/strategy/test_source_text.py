"""Texts of strategies: what is kept of them, what runs again, and what cannot."""

from __future__ import annotations

import functools
import inspect
import sys
from pathlib import Path
from typing import Any

import pytest

from tradewright.domain.errors import StrategyError
from tradewright.domain.recipe import StrategyRecipe
from tradewright.strategy.adapt import as_strategy
from tradewright.strategy.registry import load_strategy, registered
from tradewright.strategy.source_text import obstacle, strategy_again, strategy_recipe

TEXT = """from tradewright import Param, Strategy

UNITS = 3


class Buyer(Strategy):
    units = Param(1)

    def on_bar(self, ctx):
        ctx.buy(self.units * UNITS)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "buyer.py"
    path.write_text(TEXT)
    return path


def kept(text: str, name: str = "Buyer", *, is_script: bool = False, package: str = "") -> StrategyRecipe:
    return StrategyRecipe(f"buyer.py:{name}", name, package, is_script, text, {}, None)


def at_module_level(ctx: Any, units: int = 1) -> None:
    """A strategy."""


def test_the_text_is_the_whole_file_and_the_reference_says_where(file: Path) -> None:
    recipe = strategy_recipe(as_strategy(load_strategy(str(file)), {"units": 4}))
    assert (recipe.text, recipe.name, recipe.params) == (TEXT, "Buyer", {"units": 4})
    assert recipe.reference == f"{file}:Buyer"
    assert not recipe.is_script


def test_a_kept_text_runs_again_whatever_became_of_the_file(file: Path) -> None:
    before = load_strategy(str(file))
    recipe = strategy_recipe(as_strategy(before))
    file.unlink()
    again = strategy_again(recipe)
    assert again is not before
    assert inspect.getsource(again) == TEXT[TEXT.index("class") :]


def test_the_same_text_is_run_once() -> None:
    assert strategy_again(kept(TEXT)) is strategy_again(kept(TEXT))


def test_of_a_program_only_the_definitions_run() -> None:
    text = "import sys\n" + TEXT + "\nLIST = [1, 2]\nsys.modules['ran_again'] = sys\nsys.exit('ran')\n"
    assert strategy_again(kept(text, is_script=True)).__name__ == "Buyer"
    assert "ran_again" not in sys.modules


def test_relative_imports_count_from_the_package() -> None:
    text = "from .base import Strategy\n\n\nclass Mine(Strategy):\n    def on_bar(self, ctx): ...\n"
    assert strategy_again(kept(text, "Mine", package="tradewright.strategy")).__name__ == "Mine"


def test_a_name_that_was_registered_stays_with_the_strategy_of_today(tmp_path: Path) -> None:
    text = "from tradewright import register\n\n\n@register('mine_to_keep')\ndef hold(ctx): ...\n"
    (tmp_path / "hold.py").write_text(text)
    today = load_strategy(str(tmp_path / "hold.py"))
    again = strategy_again(kept(text, "hold"))
    assert again is not today
    assert load_strategy("mine_to_keep") is today
    assert "mine_to_keep" in registered()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import nowhere_to_be_found\n" + TEXT, "cannot be run here, ModuleNotFoundError"),
        ("class Buyer(\n", "cannot be run here, SyntaxError"),
        ("UNITS = 1\n", "has no Buyer"),
    ],
)
def test_a_text_that_cannot_run_is_a_sentence(text: str, said: str) -> None:
    with pytest.raises(StrategyError, match=said):
        strategy_again(kept(text))


def with_a_thing(ctx: Any, thing: Any) -> None:
    """A strategy that must be given something."""


def closure() -> Any:
    def inner(ctx: Any) -> None:
        """A strategy."""

    return inner


@pytest.mark.parametrize(
    ("source", "params", "said"),
    [
        (lambda ctx: None, {}, "is a lambda"),
        (closure(), {}, "was made inside a function"),
        (functools.partial(at_module_level, units=3), {}, "is a partial"),
        (with_a_thing, {"thing": object()}, "The parameter thing of with_a_thing cannot be written down"),
    ],
)
def test_what_is_in_no_file_is_an_obstacle(source: Any, params: dict[str, Any], said: str) -> None:
    assert said in str(obstacle(as_strategy(source, params)))


def test_what_was_written_at_the_prompt_is_an_obstacle(monkeypatch: pytest.MonkeyPatch) -> None:
    def typed(ctx: Any) -> None:
        """A strategy."""

    monkeypatch.setattr(typed, "__qualname__", "typed")
    monkeypatch.setattr(typed, "__module__", "__a_notebook__")
    monkeypatch.setitem(sys.modules, "__a_notebook__", type(sys)("__a_notebook__"))
    assert "in a notebook or at the prompt" in str(obstacle(as_strategy(typed)))


def test_a_file_that_was_edited_after_loading_is_an_obstacle(file: Path) -> None:
    strategy = as_strategy(load_strategy(str(file)))
    assert obstacle(strategy) is None
    file.write_text(TEXT.replace("UNITS = 3", "UNITS = 4"))
    assert "was changed after it was loaded" in str(obstacle(strategy))


def test_a_function_at_module_level_is_none() -> None:
    assert obstacle(as_strategy(at_module_level)) is None
